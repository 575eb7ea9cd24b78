//! Proofs about rules: is there a request for which a formula holds?
//!
//! The answer is one of three, always told apart: proved that there is none, a request that the engine itself confirms, or
//! not proved, with the reason. First some concrete requests are tried, made of the texts of the tests. Only if none of
//! them will do is the space of all requests searched: finite fields by their cells, texts by automata. What is searched
//! counts against a budget of states, never against a clock, so that the answer depends on nothing but the rules.

mod atom;
mod bare;
mod cells;
mod dead;
pub mod difference;
mod formula;
mod guarantee;
mod lengths;
mod made;
mod overlaps;
mod relevant;
mod sample;
mod search;
mod sets;
mod table;
mod walk;
mod whole;

use std::{collections::HashMap, fmt, sync::Arc};

use jiff::Timestamp;

use crate::{
    engine::{Condition, Identity, Rule, quota::Per},
    facts::{Command, Facts},
};

pub use dead::{Cause, Finding, Kind, findings};
pub use guarantee::{Guarantee, Outcome, Promise, Proof, prove};
pub use overlaps::{Open, Overlap, Overlaps, overlaps};
pub use whole::Whole;

use formula::Question;
use table::Table;

/// States that one question may visit, where nobody says otherwise.
pub const DEFAULT_STATES: usize = 20_000;

/// How much may be searched for the answer to one question.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// States of automata, and combinations of cells.
    pub states: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { states: DEFAULT_STATES }
    }
}

/// What is asked of a request.
#[derive(Debug)]
pub enum Formula<'r> {
    /// A condition holds.
    Holds(&'r Condition),
    /// The command is one of these.
    Among(&'r [Command]),
    /// The request comes before this.
    Before(Timestamp),
    /// The request has what a quota counts by.
    Given(Per),
    /// A rule applies, and its counter, if it has one, is over its limit.
    Applies(&'r Rule),
    /// The name is by itself what a test looks for.
    Whole(&'r Whole),
    /// A rule applies if its share and its counter, where it has them, say so.
    Reaches(&'r Rule),
    /// The other does not hold.
    Not(Box<Formula<'r>>),
    /// All of them hold.
    All(Vec<Formula<'r>>),
    /// One of them holds.
    Any(Vec<Formula<'r>>),
}

impl<'r> Formula<'r> {
    /// The opposite.
    pub fn negated(self) -> Formula<'r> {
        Formula::Not(Box::new(self))
    }
}

/// An answer.
#[derive(Debug)]
pub enum Answer {
    /// Proved: there is no such request.
    None,
    /// Here is one; it was confirmed.
    Witness(Box<Facts<'static>>),
    /// Neither was found, for a reason.
    NotProved(Reason),
}

/// Why something could not be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The budget is spent.
    Budget,
    /// A pattern has a Unicode word boundary, which no table can follow.
    WordBoundary,
    /// A pattern or a set of texts is too large for a table.
    TooLarge,
    /// Tests look at different views of the name.
    Views,
    /// A test is not followed exactly, such as words, scripts and the length in characters.
    Inexact,
    /// A schedule or a share of operators is in the way.
    Life,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Reason::Budget => "there are too many cases; allow more with `--proof-states`",
            Reason::WordBoundary => "a pattern has a word boundary of Unicode",
            Reason::TooLarge => "a pattern or a set of texts is too large",
            Reason::Views => "the tests look at different views of the name",
            Reason::Inexact => "a test of words, scripts or length is not followed exactly",
            Reason::Life => "a schedule or a rollout decides it",
        })
    }
}

/// Answers questions about rules; it keeps the tables of their tests.
#[derive(Debug)]
pub struct Solver {
    at: Timestamp,
    budget: Budget,
    /// Steps that all questions together may still take: one for each table of a state.
    left: usize,
    /// Whether single requests are tried where no more steps may be taken.
    tries_on: bool,
    /// What the tables took that are kept.
    kept: usize,
    tables: HashMap<(Identity, table::Side), Result<Arc<Table>, Reason>>,
    folded: Option<Arc<Table>>,
    every: Option<Arc<Table>>,
}

impl Solver {
    /// `at` is when a witness is decided, where nothing depends on it. A solver is for the rules of one set: it knows tests
    /// by where they lie in memory.
    pub fn new(at: Timestamp, budget: Budget) -> Solver {
        Solver {
            at,
            budget,
            left: usize::MAX,
            tries_on: false,
            kept: 0,
            tables: HashMap::new(),
            folded: None,
            every: None,
        }
    }

    /// The same, with a bound on the steps that all questions together may take. Beyond it nothing is proved.
    pub fn bounded(self, steps: usize) -> Solver {
        Solver { left: steps, ..self }
    }

    /// The same, but that beyond the bound single requests are still tried.
    pub fn trying_on(self) -> Solver {
        Solver { tries_on: true, ..self }
    }

    /// Looks for a request for which the formula holds. `confirm` is asked about each that may be one: a witness is what it
    /// says yes to.
    pub fn find(&mut self, formula: &Formula<'_>, mut confirm: impl FnMut(&Facts<'_>) -> bool) -> Answer {
        if self.left == 0 && !self.tries_on {
            return Answer::NotProved(Reason::Budget);
        }
        search::find(self, &Question::of(formula), &mut confirm)
    }
}
