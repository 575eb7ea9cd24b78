//! What is proved of the rules of a set, as findings.

use jiff::Timestamp;

use crate::{
    analysis::{self, Budget, Kind},
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::Snapshot,
    rules::{ast::Mode, compile::Compiled},
};

/// Where the live rules stand, in order.
pub(super) fn live(rules: &[Compiled<'_, '_>]) -> Vec<Place> {
    let live = rules.iter().filter(|compiled| compiled.written.mode != Mode::Disabled);
    live.map(|compiled| compiled.written.id.map_or(compiled.written.place, |id| id.place)).collect()
}

/// Pushes what is proved of the live rules, and what could not be.
pub(super) fn findings(snapshot: &Snapshot, live: &[Place], at: Timestamp, budget: Budget, sink: &mut Sink) {
    for finding in analysis::findings(snapshot, at, budget) {
        let Some(place) = live.get(finding.rule) else { continue };
        sink.push(told(snapshot, *place, &finding.kind));
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
            "a test in `tests:` that this rule decides shows it to a reader",
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
