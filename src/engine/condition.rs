//! When a rule applies: a tree of tests.

use std::{
    fmt,
    net::IpAddr,
    ops::{Range, RangeInclusive},
    sync::Arc,
};

use crate::{
    engine::{Bounds, Needs, Views, index::Guard},
    facts::Field,
};

/// A condition of a rule.
#[derive(Debug)]
pub enum Condition {
    /// Holds for every request.
    Always,
    /// Holds when all of them do.
    All(Vec<Condition>),
    /// Holds when one of them does.
    Any {
        /// The branches, in written order.
        branches: Vec<Condition>,
        /// The line of the key, from 1.
        line: usize,
    },
    /// Holds when the other does not.
    Not {
        /// What must not hold.
        inner: Box<Condition>,
        /// The line of the key, from 1.
        line: usize,
    },
    /// Asks one thing of one field.
    Test(Test),
}

/// One matcher on one field.
#[derive(Debug)]
pub struct Test {
    /// What is looked at.
    pub field: Field,
    /// What is asked.
    pub matcher: Box<dyn Matcher>,
    /// The test as a sentence, such as `name contains "casino"`; long arguments are cut.
    pub sentence: String,
    /// The line of the matcher, from 1.
    pub line: usize,
    /// Equal for tests that ask the same, also of another set that is loaded.
    pub identity: Identity,
}

/// Names what a test asks: a hash of its field, its matcher, its argument, and where the entries of its lists lie.
pub type Identity = [u8; 16];

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Of a text field.
    Text(&'a str),
    /// Of the field that shows what the name looks like.
    Looks {
        /// What it looks like.
        text: &'a str,
        /// The folded name that it was made of.
        name: &'a str,
    },
    /// Of a number field.
    Number(u64),
    /// Of an address field.
    Address(IpAddr),
}

impl<'a> Value<'a> {
    /// The text, where it is one.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Value::Text(text) | Value::Looks { text, .. } => Some(text),
            Value::Number(_) | Value::Address(_) => None,
        }
    }
}

/// What a test asks of a value.
///
/// An implementation is total: it must not fail, block, do I/O or ask a clock, whatever the value is.
pub trait Matcher: fmt::Debug + Send + Sync {
    /// Whether the value passes. A value of a type that the matcher is not for does not.
    fn holds(&self, value: Value<'_>) -> bool;

    /// What a value must have so that it can pass: one of these; `None` where there is nothing to look for. Whatever passes
    /// must have one, or the index would keep the rule from requests that it applies to.
    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        None
    }

    /// Which values pass, for proofs. What is said must hold: a proof that rests on it decides what people delete.
    fn bounds(&self) -> Bounds<'_> {
        Bounds::unknown()
    }

    /// How many characters a text must have, where nothing else is asked of it: for proofs, like the bounds.
    fn length(&self) -> Option<RangeInclusive<usize>> {
        None
    }

    /// Whether an absent field passes: only `present: false` says yes.
    fn holds_absent(&self) -> bool {
        false
    }

    /// The leftmost bytes of a text that made it pass: all of it, unless the matcher looks for a part.
    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        let text = value.text()?;
        self.holds(value).then_some(0..text.len())
    }
}

impl<M: Matcher + ?Sized> Matcher for Arc<M> {
    fn holds(&self, value: Value<'_>) -> bool {
        (**self).holds(value)
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        (**self).needs()
    }

    fn bounds(&self) -> Bounds<'_> {
        (**self).bounds()
    }

    fn length(&self) -> Option<RangeInclusive<usize>> {
        (**self).length()
    }

    fn holds_absent(&self) -> bool {
        (**self).holds_absent()
    }

    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        (**self).find(value)
    }
}

impl Condition {
    /// Whether it holds for a request.
    pub fn holds(&self, views: &Views<'_>) -> bool {
        match self {
            Condition::Always => true,
            Condition::All(parts) => parts.iter().all(|part| part.holds(views)),
            Condition::Any { branches, .. } => branches.iter().any(|branch| branch.holds(views)),
            Condition::Not { inner, .. } => !inner.holds(views),
            Condition::Test(test) => test.holds(views),
        }
    }

    /// Whether something keeps it from most requests that the [index](crate::engine::Index) can look for in no time.
    pub fn waits(&self) -> bool {
        Guard::of(self).is_some_and(|guard| guard.is_cheap())
    }

    /// Whether a test of the name, not under `not`, is part of it.
    pub fn tests_name(&self) -> bool {
        match self {
            Condition::Always | Condition::Not { .. } => false,
            Condition::All(parts) | Condition::Any { branches: parts, .. } => parts.iter().any(Condition::tests_name),
            Condition::Test(test) => test.field.is_name(),
        }
    }

    /// Whether a test of the name is part of it.
    pub fn reads_name(&self) -> bool {
        match self {
            Condition::Always => false,
            Condition::Not { inner, .. } => inner.reads_name(),
            Condition::All(parts) | Condition::Any { branches: parts, .. } => parts.iter().any(Condition::reads_name),
            Condition::Test(test) => test.field.is_name(),
        }
    }

    /// The first test of the name, in written order, that holds; what stands under `not` is not looked at.
    pub fn name_test(&self, views: &Views<'_>) -> Option<&Test> {
        match self {
            Condition::Always | Condition::Not { .. } => None,
            Condition::All(parts) | Condition::Any { branches: parts, .. } => {
                parts.iter().filter(|part| part.holds(views)).find_map(|part| part.name_test(views))
            }
            Condition::Test(test) => (test.field.is_name() && test.holds(views)).then_some(test),
        }
    }
}

impl Test {
    /// Whether it holds for a request.
    pub fn holds(&self, views: &Views<'_>) -> bool {
        match views.value(self.field) {
            Some(value) => self.matcher.holds(value),
            None => self.matcher.holds_absent(),
        }
    }
}
