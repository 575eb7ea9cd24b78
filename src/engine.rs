//! Decides a request: [`evaluate`] finds the rules that apply, [`settle`] picks the one that decides.
//!
//! Both are pure and total: no clock, no I/O, no failure. The server, `test` and `eval` use the same two. They share the
//! [`Views`] of a request, so that each is prepared at most once.

pub mod condition;
pub mod coverage;
mod deciders;
pub mod explain;
pub mod index;
mod language;
pub mod life;
pub mod message;
pub mod nearest;
mod needs;
pub mod quota;
pub mod snapshot;
mod views;

pub use condition::{Condition, Identity, Matcher, Test, Value};
pub use coverage::Coverage;
pub use deciders::Deciders;
pub use index::Index;
pub use language::{Bounds, Expression, Language};
pub use message::Message;
pub use needs::Needs;
pub use quota::Counts;
pub use snapshot::{Action, Mode, Rule, Snapshot, Standing};
pub use views::Views;

use smallvec::SmallVec;

/// The rules that apply to a request, in order, up to the first decision that needs no counter.
///
/// `None` of them deciding means the request is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Indexes into [`Snapshot::rules`]. One with a quota applies only if its counter says so.
    pub applies: SmallVec<[usize; 4]>,
    /// The rules that an exception kept from the request, in order.
    pub excepted: Vec<Excepted>,
}

/// A rule that would have applied, had it not been for an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excepted {
    /// An index into [`Snapshot::rules`].
    pub rule: usize,
    /// An index into [`Rule::except`].
    pub exception: usize,
}

/// What was decided, and by which rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub decision: Decision,
    /// The deciding rule, an index into [`Snapshot::rules`]; `None` when no rule decided.
    pub rule: Option<usize>,
    /// The shadow rules that would have decided, in rule order.
    pub shadow: Vec<usize>,
    /// The rules before the deciding one that an exception kept from the request, in rule order.
    pub excepted: Vec<Excepted>,
}

impl Verdict {
    /// Those that [`excepted`](Verdict::excepted) names, each as `RULE/EXCEPTION`.
    pub fn excepted_by(&self, snapshot: &Snapshot) -> Vec<String> {
        let named = |excepted: &Excepted| {
            let rule = snapshot.rules.get(excepted.rule)?;
            Some(format!("{}/{}", rule.id, rule.except.get(excepted.exception)?.id))
        };
        self.excepted.iter().filter_map(named).collect()
    }
}

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The action may go on.
    Allow,
    /// The action is refused.
    Deny {
        /// The reply's code: 1, or 10100 to 10200.
        code: u32,
        /// The reply's text, at most 512 bytes.
        message: String,
    },
}

impl Decision {
    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Decision::Allow => "allow",
            Decision::Deny { .. } => "deny",
        }
    }

    /// The reply's code; 0 where the action may go on.
    pub fn code(&self) -> u32 {
        match self {
            Decision::Allow => 0,
            Decision::Deny { code, .. } => *code,
        }
    }

    /// The reply's text; empty where there is none.
    pub fn message(&self) -> &str {
        match self {
            Decision::Allow => "",
            Decision::Deny { message, .. } => message,
        }
    }
}

/// Finds the rules that apply to a request.
pub fn evaluate(snapshot: &Snapshot, views: &Views<'_>) -> Plan {
    let mut plan = Plan::default();
    for index in snapshot.index.candidates(views) {
        let Some(rule) = snapshot.rules.get(index) else { continue };
        match rule.standing(views) {
            Standing::Excepted(exception) => plan.excepted.push(Excepted { rule: index, exception }),
            Standing::Applies => {
                plan.applies.push(index);
                if rule.mode == Mode::Enforce && rule.quota.is_none() {
                    break;
                }
            }
            _ => {}
        }
    }
    plan
}

/// Picks the decision of a plan: the only place where counts are applied. A rule whose counter was not asked does not
/// apply.
pub fn settle(snapshot: &Snapshot, views: &Views<'_>, plan: &Plan, counts: &Counts) -> Verdict {
    let mut counts = counts.0.iter();
    let mut verdict = Verdict { decision: Decision::Allow, rule: None, shadow: Vec::new(), excepted: Vec::new() };
    for index in plan.applies.iter().copied() {
        let Some(rule) = snapshot.rules.get(index) else { continue };
        if rule.quota.is_some_and(|quota| !counts.next().is_some_and(|count| quota.is_over(*count))) {
            continue;
        }
        match rule.mode {
            Mode::Shadow => verdict.shadow.push(index),
            Mode::Enforce => {
                verdict.decision = rule.decide(views);
                verdict.rule = Some(index);
                break;
            }
        }
    }
    let before = |excepted: &&Excepted| verdict.rule.is_none_or(|rule| excepted.rule < rule);
    verdict.excepted = plan.excepted.iter().take_while(before).copied().collect();
    verdict
}
