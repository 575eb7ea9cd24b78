//! What is proved of the rules of a set, as findings.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::{
    analysis::{self, Budget, Finding, Kind},
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::{Snapshot, Views, evaluate},
    facts::Facts,
    rules::{
        ast::{Mode, RuleSet},
        compile::Compiled,
        overlaps, requests,
    },
};

/// Where the live rules stand, in order.
pub(super) fn live(rules: &[Compiled<'_, '_>]) -> Vec<Place> {
    let live = rules.iter().filter(|compiled| compiled.written.mode != Mode::Disabled);
    live.map(|compiled| compiled.written.id.map_or(compiled.written.place, |id| id.place)).collect()
}

/// Pushes what is proved of the live rules, and what could not be where no example or test shows it. Gives the pairs of
/// rules that need not be compared.
pub(super) fn findings(
    snapshot: &Snapshot,
    set: &RuleSet<'_>,
    live: &[Place],
    at: Timestamp,
    budget: Budget,
    sink: &mut Sink,
) -> HashSet<[usize; 2]> {
    let shown = requests::of(set);
    let findings = analysis::findings(snapshot, at, budget);
    for finding in &findings {
        let Some(place) = live.get(finding.rule) else { continue };
        if !shown.iter().any(|facts| settles(snapshot, finding, facts)) {
            sink.push(told(snapshot, *place, &finding.kind));
        }
    }
    let is_idle = |finding: &&Finding| matches!(finding.kind, Kind::NeverDecides(_) | Kind::NeverMatches);
    let idle: Vec<usize> = findings.iter().filter(is_idle).map(|finding| finding.rule).collect();
    overlaps::settled(snapshot, set, &idle)
}

/// Whether a request of an example or a test answers what is open.
fn settles(snapshot: &Snapshot, finding: &Finding, facts: &Facts<'_>) -> bool {
    let views = Views::of(facts);
    match finding.kind {
        Kind::NotProved(_) => evaluate(snapshot, &views).applies.last() == Some(&finding.rule),
        Kind::MayAlwaysMatch(_) => snapshot.rules.get(finding.rule).is_some_and(|rule| !rule.when.holds(&views)),
        _ => false,
    }
}

fn told(snapshot: &Snapshot, place: Place, kind: &Kind) -> Diagnostic {
    let (code, message, help) = match kind {
        Kind::NeverMatches => (
            Code::RuleNeverMatches,
            "no request can pass this condition: its tests contradict each other".to_owned(),
            "take one of the tests out, or put them under `any` if one of them is enough",
        ),
        Kind::AlwaysMatches => (
            Code::RuleAlwaysMatches,
            "every request passes this condition".to_owned(),
            "write `when: always` if that is meant, otherwise test for less",
        ),
        Kind::NeverDecides(takers) if takers.is_empty() => (
            Code::RuleNeverDecides,
            "this rule never decides: its exceptions hold whenever it does".to_owned(),
            "make the exceptions narrower, or remove the rule",
        ),
        Kind::NeverDecides(takers) => (
            Code::RuleNeverDecides,
            format!("this rule never decides: {} everything that it matches", taken_by(snapshot, takers)),
            "move it up, make the earlier rules narrower, or remove it",
        ),
        Kind::NotProved(reason) => (
            Code::NotProved,
            format!("whether this rule can decide is not proved: {reason}"),
            "an example or a test that this rule decides settles it; if there is no such request, remove the rule",
        ),
        Kind::MayAlwaysMatch(reason) => (
            Code::NotProved,
            format!("whether every request passes this condition is not proved: {reason}"),
            "an example under `no_match` settles it; if there can be none, write `when: always`",
        ),
    };
    Diagnostic::new(code, place, message).help(help)
}

/// The rules that decide instead, as the beginning of a sentence.
fn taken_by(snapshot: &Snapshot, takers: &[usize]) -> String {
    let ids = takers.iter().filter_map(|taker| snapshot.rules.get(*taker));
    let ids: Vec<String> = ids.map(|rule| format!("`{}`", rule.id)).collect();
    match ids.as_slice() {
        [one] => format!("{one} before it takes"),
        _ => format!("{} before it together take", ids.join(", ")),
    }
}
