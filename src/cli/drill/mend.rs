//! The smallest change of a rule that stops more: every one that is told was loaded and asked.

use jiff::Timestamp;

use crate::{
    cli::{
        drill::ask::{self, Drilled, Stop},
        edited::{Edit, edited},
    },
    diagnostic::{Place, Sources},
    engine::Snapshot,
    facts::Field,
    rules::{self, Input, NameTest},
};

/// Rules for which a change is looked for: each is loaded some dozen times.
pub(super) const MOST_RULES: usize = 30;

/// Tests of one rule that are changed one by one, and not only together.
const MOST_TESTS: usize = 4;

/// A change that was tried.
pub(super) struct Mend {
    pub(super) edits: Vec<Word>,
    /// How many of those that got through it stops.
    pub(super) stops: usize,
}

/// A word for another.
#[derive(Clone)]
pub(super) struct Word {
    place: Place,
    pub(super) line: usize,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// Looks for a change of every rule that lets something through.
pub(super) fn suggest(
    input: &Input,
    sources: &Sources,
    snapshot: &Snapshot,
    drilled: &mut [Drilled<'_>],
    at: Timestamp,
) {
    let open = drilled.iter_mut().filter(|rule| !rule.through.is_empty());
    for rule in open.take(MOST_RULES) {
        rule.mend = best(input, sources, snapshot, rule, at);
    }
}

fn best(input: &Input, sources: &Sources, snapshot: &Snapshot, drilled: &Drilled<'_>, at: Timestamp) -> Option<Mend> {
    let mut best: Option<Mend> = None;
    for edits in changes(&drilled.samples.tests, sources) {
        let words: Vec<Edit> = edits.iter().map(Word::edit).collect();
        let stops = edited(input, sources, &words)
            .and_then(|input| rules::load(input, at).snapshot)
            .map_or(0, |changed| stops(snapshot, &changed, drilled));
        if stops > best.as_ref().map_or(0, |best| best.stops) {
            best = Some(Mend { edits, stops });
        }
        if best.as_ref().is_some_and(|best| best.stops == drilled.through.len()) {
            break;
        }
    }
    best
}

/// How many more names the changed set stops; none where the rule would lose an example.
fn stops(before: &Snapshot, changed: &Snapshot, drilled: &Drilled<'_>) -> usize {
    let Some(rule) = changed.rules.iter().position(|rule| rule.id == drilled.rule.id) else { return 0 };
    let keeps = drilled.samples.matches.iter().all(|example| {
        ask::stop(changed, rule, example) != Stop::Nobody
            || ask::stop(before, drilled.samples.rule, example) == Stop::Nobody
    });
    let stopped = drilled.through.iter().filter(|variant| ask::stop(changed, rule, &variant.facts) != Stop::Nobody);
    if keeps { stopped.count() } else { 0 }
}

/// Every change that may help, the smallest first.
fn changes(tests: &[NameTest], sources: &Sources) -> Vec<Vec<Word>> {
    let mut changes = Vec::new();
    let views = [Field::Name, Field::NameLookalike, Field::NameSqueezed];
    let alone = if tests.len() > MOST_TESTS { &[] } else { tests };
    let groups: Vec<&[NameTest]> = alone.chunks(1).chain((tests.len() != 1).then_some(tests)).collect();
    for group in &groups {
        changes.extend(views.iter().map(|view| fields(group, *view, sources)));
        changes.push(matchers(group, sources));
    }
    for group in &groups {
        let both = |view: &Field| [fields(group, *view, sources), matchers(group, sources)];
        let both = views.iter().map(both).filter(|parts| parts.iter().all(|part| !part.is_empty()));
        changes.extend(both.map(|parts| parts.concat()));
    }
    changes.retain(|edits| !edits.is_empty());
    changes.sort_by_key(Vec::len);
    changes
}

/// Other views, wherever they see more.
fn fields(tests: &[NameTest], view: Field, sources: &Sources) -> Vec<Word> {
    let mut edits: Vec<Word> = Vec::new();
    for test in tests.iter().filter(|test| sight(test.field) < sight(view)) {
        // Several matchers may stand under one field.
        if !edits.iter().any(|edit| edit.place == test.field_place) {
            edits.push(Word::of(test.field_place, test.field.name(), view.name(), sources));
        }
    }
    edits
}

fn sight(field: Field) -> usize {
    let order = [Field::NameRaw, Field::Name, Field::NameLookalike, Field::NameSqueezed];
    order.iter().position(|other| *other == field).unwrap_or(order.len())
}

fn matchers(tests: &[NameTest], sources: &Sources) -> Vec<Word> {
    let narrow = tests.iter().filter(|test| ["is", "in", "contains_word"].contains(&test.matcher));
    narrow.map(|test| Word::of(test.matcher_place, test.matcher, "contains", sources)).collect()
}

impl Word {
    fn of(place: Place, from: &'static str, to: &'static str, sources: &Sources) -> Word {
        Word { place, line: sources.line(place), from, to }
    }

    fn edit(&self) -> Edit {
        Edit { place: self.place, to: self.to.to_owned() }
    }
}
