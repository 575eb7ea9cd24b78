//! Finds the rules that a request has to be asked about, so that the others cost nothing.
//!
//! A rule waits for something that a request must have before its condition can hold: an account of a list, a word in the
//! name. What all rules wait for in a field is looked for at once. A rule that waits for nothing is asked about every
//! request.

mod exact;
mod gathered;
mod guard;
mod hits;
mod networks;
mod owners;
mod parts;
mod waiting;

use std::{
    iter::{Copied, Peekable},
    slice,
};

use crate::{
    engine::{Rule, Value, Views},
    facts::{Command, Field},
};

use exact::Exact;
use gathered::Numbers;
use hits::{Found, Hits};
use networks::Networks;
use owners::Owners;
use parts::Parts;
use waiting::Waiting;

/// The index of a rule set.
// INVARIANT: a rule whose condition holds for a request is among the candidates for it.
#[derive(Debug)]
pub struct Index {
    /// The rules that wait for nothing, in order, for each of [`Command::ALL`].
    always: [Vec<u32>; Command::ALL.len()],
    /// The rules that wait for each need.
    rules: Owners,
    lookups: Vec<(Field, Lookup)>,
}

/// How needs are looked for in one field.
#[derive(Debug)]
enum Lookup {
    Exact(Exact),
    Parts(Parts),
    Numbers(Numbers<u64>),
    Networks(Networks),
}

/// The rules that a request has to be asked about, as indexes into [`Snapshot::rules`](crate::engine::Snapshot::rules), in
/// order.
#[derive(Debug)]
pub struct Candidates<'i> {
    always: Peekable<Copied<slice::Iter<'i, u32>>>,
    found: Peekable<Found>,
}

impl Index {
    /// The index of some rules.
    pub fn of(rules: &[Rule]) -> Index {
        Waiting::of(rules).index()
    }

    /// The rules that may apply to a request: no other does.
    pub fn candidates(&self, views: &Views<'_>) -> Candidates<'_> {
        let mut needs = Hits::default();
        for (field, lookup) in &self.lookups {
            match (lookup, views.value(*field)) {
                (Lookup::Networks(networks), Some(Value::Address(address))) => networks.collect(address, &mut needs),
                (Lookup::Numbers(numbers), Some(Value::Number(number))) => numbers.collect(&number, &mut needs),
                (Lookup::Exact(exact), Some(Value::Text(text) | Value::Looks { text, .. })) => {
                    exact.collect(text, &mut needs);
                }
                (Lookup::Parts(parts), Some(Value::Text(text) | Value::Looks { text, .. })) => {
                    parts.collect(text, &mut needs);
                }
                _ => {}
            }
        }
        let mut found = Hits::default();
        needs.sorted().for_each(|need| found.extend(self.rules.get(need)));
        let command = views.facts().command;
        let always = Command::ALL.iter().zip(&self.always).find(|(one, _)| **one == command);
        let always = always.map(|(_, rules)| rules.as_slice()).unwrap_or_default();
        Candidates { always: always.iter().copied().peekable(), found: found.sorted().peekable() }
    }

    /// Whether a rule is asked about every request for one of its commands.
    pub fn is_always_asked(&self, rule: usize) -> bool {
        let is_it = |number: &u32| usize::try_from(*number) == Ok(rule);
        self.always.iter().any(|rules| rules.iter().any(is_it))
    }

    /// Bytes that its automata take.
    pub fn memory(&self) -> usize {
        let parts =
            self.lookups.iter().map(|(_, lookup)| if let Lookup::Parts(parts) = lookup { parts.memory() } else { 0 });
        parts.sum::<usize>() + self.rules.memory()
    }
}

impl Iterator for Candidates<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let number = match (self.always.peek(), self.found.peek()) {
            (Some(always), Some(found)) if found < always => self.found.next(),
            (None, _) => self.found.next(),
            _ => self.always.next(),
        };
        number.and_then(|number| usize::try_from(number).ok())
    }
}
