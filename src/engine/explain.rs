//! Why each rule did or did not apply: the same conditions as a decision, followed step by step.

mod passed;

use std::fmt;

use crate::{
    engine::{Condition, Mode, Snapshot, Standing, Test, Value, Views},
    facts::Field,
    text,
};

pub use passed::{Passed, passed};

/// Characters of a value that are shown.
const SHOWN_CHARACTERS: usize = 60;

/// A rule that was looked at.
#[derive(Debug)]
pub struct Considered {
    /// An index into [`Snapshot::rules`].
    pub rule: usize,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of looking at a rule.
#[derive(Debug)]
pub enum Outcome {
    /// It applies; with a quota, if its counter says so.
    Applies,
    /// Its condition does not hold.
    Fails(Reason),
    /// It does not apply for another reason.
    Passed(Standing),
}

/// Why a condition does not hold.
#[derive(Debug)]
pub enum Reason {
    /// A test did not pass.
    Test {
        /// The line of the test.
        line: usize,
        /// What was looked at.
        field: Field,
        /// The test as a sentence.
        sentence: String,
        /// The value that it saw; `None` where the request has none.
        saw: Option<String>,
    },
    /// No branch held.
    Any {
        /// The line of `any`.
        line: usize,
        /// Why, for each branch.
        branches: Vec<Reason>,
    },
    /// What must not hold did.
    Not {
        /// The line of `not`.
        line: usize,
        /// The test that holds, where it is a single one.
        sentence: Option<String>,
    },
}

/// Looks at the rules in order, up to the one that decides.
pub fn explain(snapshot: &Snapshot, views: &Views<'_>) -> Vec<Considered> {
    let mut considered = Vec::new();
    for (index, rule) in snapshot.rules.iter().enumerate() {
        let outcome = match rule.standing(views) {
            Standing::Applies => Outcome::Applies,
            standing => failure(&rule.when, views)
                .filter(|_| standing == Standing::Fails)
                .map_or(Outcome::Passed(standing), Outcome::Fails),
        };
        let decides = matches!(outcome, Outcome::Applies) && rule.mode == Mode::Enforce && rule.quota.is_none();
        considered.push(Considered { rule: index, outcome });
        if decides {
            break;
        }
    }
    considered
}

/// The first part of a condition that does not hold; `None` where it holds.
pub fn failure(condition: &Condition, views: &Views<'_>) -> Option<Reason> {
    match condition {
        Condition::Always => None,
        Condition::All(parts) => parts.iter().find_map(|part| failure(part, views)),
        Condition::Any { branches, line } => {
            let reasons: Option<Vec<Reason>> = branches.iter().map(|branch| failure(branch, views)).collect();
            reasons.map(|branches| Reason::Any { line: *line, branches })
        }
        Condition::Not { inner, line } => inner.holds(views).then(|| excluded(inner, *line)),
        Condition::Test(test) => (!test.holds(views)).then(|| unmet(test, views)),
    }
}

fn excluded(inner: &Condition, line: usize) -> Reason {
    let sentence = if let Condition::Test(test) = inner { Some(test.sentence.clone()) } else { None };
    Reason::Not { line, sentence }
}

fn unmet(test: &Test, views: &Views<'_>) -> Reason {
    let saw = views.value(test.field).map(|value| match value {
        Value::Text(text) | Value::Looks { text, .. } => text.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Address(address) => address.to_string(),
    });
    Reason::Test { line: test.line, field: test.field, sentence: test.sentence.clone(), saw }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Test { sentence, field, saw: Some(saw), .. } => {
                write!(
                    formatter,
                    "`{sentence}` does not hold: {} is `{}`",
                    field.name(),
                    text::shortened(saw, SHOWN_CHARACTERS)
                )
            }
            Reason::Test { sentence, field, saw: None, .. } => {
                write!(formatter, "`{sentence}` does not hold: the request has no {}", field.name())
            }
            Reason::Any { branches, .. } => {
                write!(formatter, "none of `any`: ")?;
                for (index, branch) in branches.iter().enumerate() {
                    write!(formatter, "{}{branch}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Reason::Not { sentence: Some(sentence), .. } => {
                write!(formatter, "`{sentence}` holds, and `not` excludes that")
            }
            Reason::Not { sentence: None, .. } => write!(formatter, "what `not` excludes holds"),
        }
    }
}

impl Reason {
    /// The line of the rule file that says so, from 1.
    pub fn line(&self) -> usize {
        match self {
            Reason::Test { line, .. } | Reason::Any { line, .. } | Reason::Not { line, .. } => *line,
        }
    }
}
