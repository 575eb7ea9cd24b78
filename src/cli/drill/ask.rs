//! Asks a rule set about the variants of the examples of one rule.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    cli::drill::mend::Mend,
    engine::{Action, Rule, Snapshot, Standing, Views},
    facts::Facts,
    rules::Samples,
    text::evasion::{self, TECHNIQUES},
};

/// What came of the drill of a rule.
pub(super) struct Drilled<'a> {
    pub(super) rule: &'a Rule,
    pub(super) samples: &'a Samples,
    pub(super) variants: usize,
    /// By technique, in the order of the list.
    pub(super) tallies: Vec<Tally>,
    /// What gets through and a view could find.
    pub(super) through: Vec<Variant>,
    /// How many are stopped by other rules.
    pub(super) by_others: BTreeMap<&'a str, usize>,
    /// Known misses that the rule's condition holds for by now.
    pub(super) stale: Vec<&'a str>,
    /// Why it was not drilled, or not with all examples.
    pub(super) notes: Vec<String>,
    pub(super) mend: Option<Mend>,
}

/// How often something came of a technique.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) stopped: usize,
    pub(super) through: usize,
    /// It gets through, and no view finds it.
    pub(super) beyond: usize,
    /// It gets through, and is a known miss.
    pub(super) accepted: usize,
}

/// A name that gets through.
pub(super) struct Variant {
    pub(super) technique: &'static str,
    pub(super) example: String,
    pub(super) facts: Facts<'static>,
}

/// Who stops a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Itself,
    Other(usize),
    Nobody,
}

/// Nothing for a rule that does not refuse.
pub(super) fn drill<'a>(snapshot: &'a Snapshot, samples: &'a Samples, seed: u64, at: Timestamp) -> Option<Drilled<'a>> {
    let rule = snapshot.rules.get(samples.rule).filter(|rule| matches!(rule.action, Action::Deny { .. }))?;
    let mut drilled = Drilled {
        rule,
        samples,
        variants: 0,
        tallies: vec![Tally::default(); TECHNIQUES.len()],
        through: Vec::new(),
        by_others: BTreeMap::new(),
        stale: Vec::new(),
        notes: Vec::new(),
        mend: None,
    };
    let holds = |facts: &&Facts<'static>| rule.when.holds(&Views::of(facts));
    drilled.stale = samples.known_misses.iter().filter(holds).map(|facts| facts.name.as_ref()).collect();
    if !rule.when.tests_name() {
        drilled.notes.push("it does not look for a name".to_owned());
    } else if samples.matches.is_empty() {
        drilled.notes.push("it has no `match` example".to_owned());
    } else {
        samples.matches.iter().for_each(|example| drilled.ask(snapshot, example, seed, at));
    }
    Some(drilled)
}

impl<'a> Drilled<'a> {
    fn ask(&mut self, snapshot: &'a Snapshot, example: &Facts<'static>, seed: u64, at: Timestamp) {
        let example = Facts { at, ..example.clone() };
        if stop(snapshot, self.samples.rule, &example) == Stop::Nobody {
            let name = crate::text::visible(&example.name);
            return self.notes.push(format!("its example `{name}` is let through by another rule or an exception"));
        }
        for (technique, place) in TECHNIQUES.iter().zip(0..) {
            for name in technique.variants(&example.name, seed) {
                let facts = Facts { name: name.into(), ..example.clone() };
                self.variant(snapshot, place, &example, facts);
            }
        }
    }

    fn variant(&mut self, snapshot: &'a Snapshot, place: usize, example: &Facts<'static>, facts: Facts<'static>) {
        let (Some(tally), Some(technique)) = (self.tallies.get_mut(place), TECHNIQUES.get(place)) else { return };
        self.variants += 1;
        match stop(snapshot, self.samples.rule, &facts) {
            Stop::Itself => tally.stopped += 1,
            Stop::Other(other) => {
                tally.stopped += 1;
                let id = snapshot.rules.get(other).map_or("", |rule| rule.id.as_str());
                *self.by_others.entry(id).or_default() += 1;
            }
            Stop::Nobody if self.samples.known_misses.iter().any(|miss| is_same(miss, &facts)) => tally.accepted += 1,
            Stop::Nobody if !evasion::found(&example.name, &facts.name).contains(&true) => tally.beyond += 1,
            Stop::Nobody => {
                tally.through += 1;
                let example = example.name.clone().into_owned();
                self.through.push(Variant { technique: technique.name, example, facts });
            }
        }
    }
}

fn is_same(miss: &Facts<'_>, facts: &Facts<'_>) -> bool {
    miss.name == facts.name && miss.operator == facts.operator && miss.command == facts.command
}

/// Who stops a request: the rule at hand counts as enforced and alive, another one only where it surely decides now.
pub(super) fn stop(snapshot: &Snapshot, drilled: usize, facts: &Facts<'_>) -> Stop {
    let views = Views::of(facts);
    for index in snapshot.index.candidates(&views) {
        let Some(rule) = snapshot.rules.get(index) else { continue };
        if index == drilled {
            let is_excepted = rule.except.iter().any(|exception| exception.holds(&views));
            if rule.commands.contains(&facts.command) && rule.when.holds(&views) && !is_excepted {
                return Stop::Itself;
            }
        } else if rule.is_sure() && rule.standing(&views) == Standing::Applies {
            return if matches!(rule.action, Action::Allow) { Stop::Nobody } else { Stop::Other(index) };
        }
    }
    Stop::Nobody
}
