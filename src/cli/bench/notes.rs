//! What somebody should know who reads the figures: why rules are asked about every name, and what the figures leave out.

use crate::{
    cli::bench::costs::Costs,
    diagnostic::counted,
    engine::{Condition, Rule, Snapshot},
    text,
};

/// The most rules that a note is made about.
const MOST_RULES: usize = 10;

/// The most characters of a test.
const MOST_SHOWN: usize = 48;

/// Where nine of ten rounds take up to so many times as long as the fastest, they were disturbed.
const SCATTER: f64 = 1.5;

pub(super) fn of(snapshot: &Snapshot, costs: &Costs) -> Vec<String> {
    let mut notes = Vec::new();
    if cfg!(debug_assertions) {
        notes.push("this program was built without optimisation: its figures say nothing".to_owned());
    }
    let (fastest, slowest) = costs.scatter();
    if slowest > fastest * SCATTER {
        let note =
            format!("rounds took from {fastest:.0} to {slowest:.0} ns a decision: something else used this machine");
        notes.push(note);
    }
    notes.extend(asked_always(snapshot, costs));
    let quotas = snapshot.rules.iter().filter(|rule| rule.quota.is_some()).count();
    if quotas > 0 {
        let rules = counted(quotas, "rule");
        notes.push(format!("{rules} with a quota: counting is not part of the figures, and none of them decides"));
    }
    notes
}

/// A note for each rule that is asked about every request, the costliest first.
fn asked_always(snapshot: &Snapshot, costs: &Costs) -> Vec<String> {
    let rules = snapshot.rules.iter().zip(&costs.rules).enumerate();
    let mut found: Vec<(f64, String)> = rules
        .filter_map(|(index, (rule, cost))| Some((cost.added(), note(snapshot, index, rule, cost.share)?)))
        .collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    let more = found.len().saturating_sub(MOST_RULES);
    let mut notes: Vec<String> = found.into_iter().take(MOST_RULES).map(|(_, note)| note).collect();
    if more > 0 {
        notes.push(format!(
            "{} more {} asked about every request",
            more,
            if more == 1 { "rule is" } else { "rules are" }
        ));
    }
    notes
}

fn note(snapshot: &Snapshot, index: usize, rule: &Rule, share: f64) -> Option<String> {
    if snapshot.index.is_always_asked(index) {
        return Some(format!("rule {} is asked about every request: {}", rule.id, reason(&rule.when)));
    }
    (share >= 1.0).then(|| format!("rule {} was asked about every request: each has what it looks for", rule.id))
}

/// Why there is nothing in a condition that could be looked for instead.
fn reason(condition: &Condition) -> String {
    match condition {
        Condition::Always => "its `when` is `always`".to_owned(),
        Condition::Not { line, .. } => format!("the `not` in line {line} holds for what has nothing in particular"),
        Condition::All(parts) | Condition::Any { branches: parts, .. } => {
            let part = parts.iter().find(|part| !waits(part));
            part.map_or_else(|| "what it looks for is too much to be looked for at once".to_owned(), reason)
        }
        Condition::Test(test) => {
            let (sentence, line) = (text::shortened(&test.sentence, MOST_SHOWN), test.line);
            if waits(condition) {
                return format!("what `{sentence}` in line {line} looks for is too much to be looked for at once");
            }
            format!("`{sentence}` in line {line} asks for no text that could be looked for first")
        }
    }
}

/// Whether there is something that a request must have for the condition to hold, as the index sees it.
fn waits(condition: &Condition) -> bool {
    match condition {
        Condition::Always | Condition::Not { .. } => false,
        Condition::All(parts) => parts.iter().any(waits),
        Condition::Any { branches, .. } => branches.iter().all(waits),
        Condition::Test(test) => test.matcher.needs().is_some(),
    }
}
