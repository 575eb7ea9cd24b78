//! Finds the rules that a request has to be asked about, so that the others cost nothing.
//!
//! A rule waits for something that a request must have before its condition can hold: an account of a list, a word in the
//! name. What all rules wait for in a field is looked for at once. A rule that waits for nothing is asked about every
//! request.

mod candidates;
mod exact;
mod gathered;
mod guard;
mod hits;
mod lookup;
mod networks;
mod owners;
mod parts;
mod patterns;
mod waiting;

use crate::{
    engine::{Rule, Views},
    facts::Command,
};

pub use candidates::Candidates;
pub(super) use guard::Guard;

use lookup::Lookup;
use owners::Owners;
use waiting::Waiting;

/// The index of a rule set.
// INVARIANT: a rule whose condition holds for a request is among the candidates for it.
#[derive(Debug)]
pub struct Index {
    /// The rules that wait for nothing, in order, for each of [`Command::ALL`].
    always: [Vec<u32>; Command::ALL.len()],
    /// The rules that wait for each need.
    rules: Owners,
    /// In the order of the first rules that wait there.
    lookups: Vec<Lookup>,
}

impl Index {
    /// The index of some rules.
    pub fn of(rules: &[Rule]) -> Index {
        Waiting::of(rules).index()
    }

    /// The rules that may apply to a request, in order: no other does.
    pub fn candidates<'r, 'a>(&'r self, views: &'r Views<'a>) -> Candidates<'r, 'a> {
        let command = views.facts().command;
        let always = Command::ALL.iter().zip(&self.always).find(|(one, _)| **one == command);
        let always = always.map(|(_, rules)| rules.as_slice()).unwrap_or_default();
        Candidates::of(self, always, views)
    }

    /// Whether a rule is asked about every request for one of its commands.
    pub fn is_always_asked(&self, rule: usize) -> bool {
        let is_it = |number: &u32| usize::try_from(*number) == Ok(rule);
        self.always.iter().any(|rules| rules.iter().any(is_it))
    }

    /// Bytes that its automata take.
    pub fn memory(&self) -> usize {
        self.lookups.iter().map(Lookup::memory).sum::<usize>() + self.rules.memory()
    }
}
