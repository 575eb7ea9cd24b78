//! What two rule sets decide differently, with a request for each difference, or the proof that there is none.
//!
//! Rules that apply to the same requests on both sides, in the same order, are no reason for a difference: where both sides
//! decide by such rules, they decide by the same. So only the others are asked about, each against the other side.

mod align;
mod focus;
mod meeting;

use jiff::Timestamp;

use crate::{
    analysis::{Budget, Reason, Solver},
    engine::{Action, Decision, Rule, Snapshot},
    facts::{Facts, PLAIN_REFUSAL},
};

pub use align::longest_rise;

use align::Alignment;
use focus::{Focus, Way};

/// One of the two sets.
#[derive(Clone, Copy, Debug)]
pub struct Side<'r> {
    /// Its rules.
    pub snapshot: &'r Snapshot,
    /// For each of them, what it applies to, shares and counters aside: equal only for rules that apply to the same requests.
    pub scopes: &'r [String],
}

impl<'r> Side<'r> {
    fn rule(&self, index: usize) -> Option<&'r Rule> {
        self.snapshot.rules.get(index)
    }
}

/// A kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What was allowed is refused.
    Tightened,
    /// What was refused is allowed.
    Loosened,
    /// It is refused with another code.
    Code,
    /// It is refused with another message.
    Text,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Tightened, Kind::Loosened, Kind::Code, Kind::Text];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Tightened => "tightened",
            Kind::Loosened => "loosened",
            Kind::Code => "code",
            Kind::Text => "text",
        }
    }

    /// The difference of two decisions, if there is one.
    pub fn of(old: &Decision, new: &Decision) -> Option<Kind> {
        match (old, new) {
            (Decision::Allow, Decision::Allow) => None,
            (Decision::Allow, Decision::Deny { .. }) => Some(Kind::Tightened),
            (Decision::Deny { .. }, Decision::Allow) => Some(Kind::Loosened),
            (Decision::Deny { .. }, Decision::Deny { .. }) if old.code() != new.code() => Some(Kind::Code),
            (Decision::Deny { .. }, Decision::Deny { .. }) => (old != new).then_some(Kind::Text),
        }
    }
}

/// What one side decides.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The deciding rule, an index into [`Snapshot::rules`]; `None` where none decides.
    pub rule: Option<usize>,
    /// The decision.
    pub decision: Decision,
}

/// A request that is decided differently. Both engines were asked about it.
#[derive(Debug)]
pub struct Change {
    /// How.
    pub kind: Kind,
    /// The request.
    pub facts: Facts<'static>,
    /// How many requests came before by the counters of these rules, where it matters.
    pub counted: Vec<Counted>,
    /// What the old set decides.
    pub old: Ruling,
    /// What the new set decides.
    pub new: Ruling,
}

/// How many requests of the same key a rule counted before, on each side; `None` where it has no counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The id of the rule.
    pub rule: String,
    /// By the old set.
    pub old: Option<u64>,
    /// By the new set.
    pub new: Option<u64>,
}

/// A question that has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The id of the rule that it is about.
    pub rule: String,
    /// The kinds of difference that it may make, though none was found.
    pub kinds: Vec<Kind>,
    /// Why.
    pub reason: Reason,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Difference {
    /// For each rule that is not the same on both sides, one request of each kind at most.
    pub changes: Vec<Change>,
    /// What is not proved: there may be more differences than [`changes`](Difference::changes).
    pub open: Vec<Open>,
}

impl Difference {
    /// Whether there is a difference of some kind.
    pub fn has(&self, kind: Kind) -> bool {
        self.changes.iter().any(|change| change.kind == kind)
    }

    /// The kinds of difference that there may be, though none was found.
    pub fn open_kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(|kind| !self.has(*kind) && self.open.iter().any(|open| open.kinds.contains(kind)))
    }

    /// Whether it is proved that no request is decided differently.
    pub fn is_none(&self) -> bool {
        self.changes.is_empty() && self.open.is_empty()
    }
}

/// Looks for requests that are made at `from` or later and decided differently.
pub fn between(old: Side<'_>, new: Side<'_>, from: Timestamp, budget: Budget) -> Difference {
    let alignment = Alignment::of(&old, &new);
    let mut solver = Solver::new(from, budget);
    let mut difference = Difference::default();
    for way in [Way::Forward, Way::Backward] {
        for focus in Focus::all(way, old, new, &alignment, from) {
            focus.look(&mut solver, &mut difference);
        }
    }
    difference
}

/// How the decisions of two rules can differ; none where they cannot. `None` stands for no rule.
fn may_differ(old: Option<&Rule>, new: Option<&Rule>) -> Option<Kind> {
    let refusal = |rule: Option<&Rule>| rule.and_then(code_of);
    match (refusal(old), refusal(new)) {
        (None, None) => None,
        (None, Some(_)) => Some(Kind::Tightened),
        (Some(_), None) => Some(Kind::Loosened),
        (Some(old), Some(new)) if old != new => Some(Kind::Code),
        (Some(_), Some(_)) => (!says_the_same(old?, new?)).then_some(Kind::Text),
    }
}

fn code_of(rule: &Rule) -> Option<u32> {
    let Action::Deny { code, .. } = &rule.action else { return None };
    Some(code.unwrap_or(PLAIN_REFUSAL))
}

/// Whether two refusals are worded alike; what is put in for their placeholders is not followed.
fn says_the_same(old: &Rule, new: &Rule) -> bool {
    match (&old.action, &new.action) {
        (Action::Deny { message: old, .. }, Action::Deny { message: new, .. }) => old == new,
        _ => false,
    }
}
