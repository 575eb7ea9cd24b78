//! What is proved of the rules of a set, as findings.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::{
    analysis::{self, Budget, Cause, Finding, Kind, Solver},
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::{self, Snapshot, Views, evaluate},
    facts::Facts,
    rules::{
        ast::{self, Mode, Rule, RuleSet},
        causes,
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
    let written: Vec<&Rule<'_>> = set.rules.iter().filter(|rule| rule.mode != Mode::Disabled).collect();
    let mut solver = Solver::new(at, budget);
    let findings = analysis::findings(snapshot, at, budget);
    for finding in &findings {
        let index = finding.rule;
        let when = written.get(index).and_then(|written| written.when.as_ref());
        let (Some(place), Some(rule), Some(when)) = (live.get(index), snapshot.rules.get(index), when) else {
            continue;
        };
        if is_known(rule, &finding.kind) || shown.iter().any(|facts| settles(snapshot, finding, facts)) {
            continue;
        }
        let about = About { snapshot, rule, when, place: *place };
        sink.push(about.told(&finding.kind, &mut solver));
    }
    let is_idle =
        |finding: &&Finding| matches!(finding.kind, Kind::NeverDecides(_) | Kind::NeverApplies(_) | Kind::NeverMatches);
    let idle: Vec<usize> = findings.iter().filter(is_idle).map(|finding| finding.rule).collect();
    overlaps::settled(snapshot, set, &idle)
}

/// Whether it is so because of an empty list alone: somebody allowed that, and means to fill it.
fn is_known(rule: &engine::Rule, kind: &Kind) -> bool {
    match kind {
        Kind::NeverMatches => causes::settled_by_lists(&rule.when) == Some(false),
        Kind::AlwaysMatches => causes::settled_by_lists(&rule.when) == Some(true),
        _ => false,
    }
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

/// What a finding is about.
struct About<'a> {
    snapshot: &'a Snapshot,
    rule: &'a engine::Rule,
    when: &'a ast::Condition<'a>,
    place: Place,
}

impl About<'_> {
    fn told(&self, kind: &Kind, solver: &mut Solver) -> Diagnostic {
        let (code, message, help) = match kind {
            Kind::NeverMatches => return causes::told(solver, (self.when, &self.rule.when), self.place),
            Kind::AlwaysMatches => (
                Code::RuleAlwaysMatches,
                "every request passes this condition".to_owned(),
                "write `when: always` if that is meant, otherwise test for less",
            ),
            Kind::NeverApplies(cause) => return self.never_applies(*cause),
            Kind::NeverDecides(takers) => (
                Code::RuleNeverDecides,
                format!("this rule never decides: {} everything that it matches", self.taken_by(takers)),
                "move it up, make the earlier rules narrower, or remove it",
            ),
            Kind::NotProved(reason) => (
                Code::NotProved,
                format!("whether this rule can decide is not proved: {reason}"),
                "an example or a test that this rule decides settles it; if there can be none, remove the rule",
            ),
            Kind::MayAlwaysMatch(reason) => (
                Code::NotProved,
                format!("whether every request passes this condition is not proved: {reason}"),
                "an example under `no_match` settles it; if there can be none, write `when: always`",
            ),
        };
        Diagnostic::new(code, self.place, message).help(help)
    }

    fn never_applies(&self, cause: Cause) -> Diagnostic {
        let (why, help) = match cause {
            Cause::Key(per) => (
                format!("no request that it matches has a `{}`, which its quota counts by", per.name()),
                "count by something that those requests have, such as `per: operator`",
            ),
            Cause::Exceptions => {
                ("its exceptions hold whenever it does".to_owned(), "make the exceptions narrower, or remove the rule")
            }
            Cause::Together => (
                format!("{} together leave nothing of what it matches", self.limits()),
                "make them fit each other, or remove the rule",
            ),
        };
        Diagnostic::new(Code::RuleNeverDecides, self.place, format!("this rule never decides: {why}")).help(help)
    }

    /// What the rule asks besides its condition.
    fn limits(&self) -> String {
        let limits = [
            ("`active`", self.rule.active.from.is_some() || self.rule.active.until.is_some()),
            ("`schedule`", self.rule.schedule.is_some()),
            ("`except`", !self.rule.except.is_empty()),
            ("`quota`", self.rule.quota.is_some()),
        ];
        let limits: Vec<&str> = limits.into_iter().filter(|(_, is_there)| *is_there).map(|(key, _)| key).collect();
        limits.join(" and ")
    }

    /// The rules that decide instead, as the beginning of a sentence.
    fn taken_by(&self, takers: &[usize]) -> String {
        let ids = takers.iter().filter_map(|taker| self.snapshot.rules.get(*taker));
        let ids: Vec<String> = ids.map(|rule| format!("`{}`", rule.id)).collect();
        match ids.as_slice() {
            [one] => format!("{one} before it takes"),
            _ => format!("{} before it together take", ids.join(", ")),
        }
    }
}
