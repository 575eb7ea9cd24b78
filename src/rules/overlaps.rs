//! Rules with different outcomes that match the same name, as findings, and as tests that say who decides.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::{
    analysis::{self, Budget, Overlap, Overlaps},
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::{Mode, Snapshot, Standing, Views, evaluate},
    facts::{Facts, Field},
    rules::{
        ast::{Expect, RuleSet},
        cases, hinge,
        witness::{self, Witnesses},
    },
    text,
};

/// So many are told; the rest are counted.
const SHOWN: usize = 20;

/// Pushes a note for each two rules that overlap and are not settled, and gives the tests that would settle them.
pub(super) fn findings(
    snapshot: &Snapshot,
    set: &RuleSet<'_>,
    settled: &HashSet<[usize; 2]>,
    live: &[Place],
    at: Timestamp,
    budget: Budget,
    sink: &mut Sink,
) -> Witnesses {
    let overlaps = analysis::overlaps(snapshot, settled, at, budget);
    let place = |rule: usize| live.get(rule).copied();
    for overlap in overlaps.found.iter().take(SHOWN) {
        let [Some(earlier), Some(later)] = overlap.rules.map(place) else { continue };
        sink.push(told(snapshot, overlap, earlier, later));
    }
    let rest = overlaps.found.get(SHOWN..).unwrap_or_default();
    if let Some(later) = rest.iter().filter_map(|overlap| place(overlap.rules[1])).max() {
        let others = if rest.len() == 1 { "1 more pair of rules overlaps" } else { "more pairs of rules overlap" };
        let count = if rest.len() == 1 { String::new() } else { format!("{} ", rest.len()) };
        let found = Diagnostic::new(Code::RulesOverlap, later, format!("{count}{others}, this one among them"));
        sink.push(found.help("settle the ones that are shown first"));
    }
    tell_open(snapshot, &overlaps, place, sink);
    let tests = overlaps.found.iter().take(SHOWN).filter_map(|overlap| witness::of(snapshot, set, overlap));
    Witnesses { tests: tests.collect(), left: rest.len() }
}

fn told(snapshot: &Snapshot, overlap: &Overlap, earlier: Place, later: Place) -> Diagnostic {
    let winner = snapshot.rules.get(overlap.rules[0]).map_or("", |rule| &rule.id);
    let rules = overlap.rules.map(|rule| snapshot.rules.get(rule));
    let facts = &overlap.facts;
    let name = text::visible(&facts.name);
    let besides: String =
        witness::besides(facts).iter().map(|(key, value)| format!(", `{key}` `{}`", text::visible(value))).collect();
    let hangs_on = |field: &Field| rules.iter().flatten().any(|rule| hinge::is_of_rule(rule, facts, *field));
    let absent = hinge::absent(facts).into_iter().filter(hangs_on);
    let besides = absent.fold(besides, |besides, field| format!("{besides}, without `{}`", field.name()));
    let message = format!("`{winner}` and this rule both match the name `{name}`{besides}: `{winner}` decides");
    let help = "if that is right, a test that expects it settles it (`--write-witness` adds one); otherwise make one of \
                them narrower, or move it";
    Diagnostic::new(Code::RulesOverlap, later, message).related(earlier, "this one decides").help(help)
}

/// Says in one line what is not known.
fn tell_open(snapshot: &Snapshot, overlaps: &Overlaps, place: impl Fn(usize) -> Option<Place>, sink: &mut Sink) {
    let Some(first) = overlaps.open.first() else { return };
    let [Some(earlier), Some(later)] = first.rules.map(&place) else { return };
    let id = snapshot.rules.get(first.rules[0]).map_or("", |rule| &rule.id);
    let others = match overlaps.open.len() - 1 {
        0 => String::new(),
        1 => " (and 1 more pair of rules)".to_owned(),
        more => format!(" (and {more} more pairs of rules)"),
    };
    let message = format!("whether this rule and `{id}` match the same name is not proved{others}: {}", first.reason);
    let found = Diagnostic::new(Code::NotProved, later, message).related(earlier, "this one comes first");
    sink.push(found.help("a test in `tests:` with a name that both match, if there is one, settles it"));
}

/// The pairs of rules of which a test says who decides, and those with a rule that never does.
pub(super) fn settled(snapshot: &Snapshot, set: &RuleSet<'_>, idle: &[usize]) -> HashSet<[usize; 2]> {
    let pair = |one: usize, other: usize| [one.min(other), one.max(other)];
    let with = |one: usize| (0..snapshot.rules.len()).map(move |other| pair(one, other));
    let mut settled: HashSet<[usize; 2]> = idle.iter().copied().flat_map(with).collect();
    for case in &set.tests {
        let facts = cases::asked(case);
        let views = Views::of(&facts);
        let Some(winner) = evaluate(snapshot, &views).applies.last().copied() else { continue };
        let rules = snapshot.rules.iter().enumerate().skip(winner + 1);
        let applies = rules
            .filter(|(_, rule)| rule.mode == Mode::Enforce && rule.standing(&views) == Standing::Applies)
            .filter(|(other, _)| says_who(&case.expect, snapshot, [winner, *other], &facts));
        settled.extend(applies.map(|(other, _)| [winner, other]));
    }
    settled
}

/// Whether only the first of two rules gives what is expected.
fn says_who(expect: &Expect<'_>, snapshot: &Snapshot, rules: [usize; 2], facts: &Facts<'_>) -> bool {
    let views = Views::of(facts);
    let [Some(one), Some(other)] =
        rules.map(|rule| snapshot.rules.get(rule)).map(|rule| rule.map(|it| it.decide(&views)))
    else {
        return false;
    };
    expect.rule.is_some()
        || (expect.code.is_some() && one.code() != other.code())
        || (expect.decision.is_some() && one.name() != other.name())
}
