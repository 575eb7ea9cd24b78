//! What a test can ask of a field: [`REGISTRY`] is the one list of matchers, with everything known about each.
//!
//! A new matcher is one file and one line here. The parser, "did you mean", the type check and `docs/rules.md` all read
//! this list.

mod affixes;
mod bytes;
mod contains;
mod contains_word;
mod ends_with;
mod ignoring;
mod in_cidr;
mod is;
mod is_in;
mod length;
mod limits;
pub mod lists;
mod literals;
mod matches;
mod occurrences;
mod pattern;
mod patterns;
mod present;
pub mod scripts;
mod search;
mod starts_with;
mod vocabulary;

use std::fmt;

use crate::{
    diagnostic::{Place, Sink},
    engine::Matcher,
    facts::{Field, FieldType},
    yaml::Node,
};

pub use lists::{List, Lists};
pub use literals::prepared;
pub use pattern::{Budget, narrow};

/// Everything known about a matcher.
pub struct Kind {
    /// The key in a rule file.
    pub name: &'static str,
    /// What it asks, in one sentence.
    pub summary: &'static str,
    /// What it takes.
    pub argument: &'static str,
    /// The same, as data.
    pub takes: Argument,
    /// Whether it can be asked of a field.
    pub fits: fn(Field) -> Fit,
    /// What it does in a test.
    pub role: Role,
}

/// What a matcher takes; values are numbers for `app`, texts elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// One value.
    One,
    /// One or several values.
    Some,
    /// One or several values, or `{list: NAME}`.
    SomeOrList,
    /// `{min, max}`.
    Limits,
    /// Codes of scripts, or the word `mixed`.
    Scripts,
    /// `true` or `false`.
    Flag,
}

/// Whether a matcher can be asked of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It can.
    Yes,
    /// It asks something that such a value does not have.
    No,
    /// It cannot, and this says why and what to use instead.
    Not(&'static str),
}

/// What a key of a test does.
#[derive(Clone, Copy)]
pub enum Role {
    /// It asks something of the field.
    Test(Build),
    /// It narrows what one of these asks, beside which it stands.
    Beside(&'static [&'static str]),
}

/// Reads the argument; `None` after a finding.
pub type Build = fn(&mut Context<'_, '_>, &Node, &mut Sink) -> Option<Box<dyn Matcher>>;

/// Every matcher, in the order of the manual.
pub const REGISTRY: &[Kind] = &[
    is::KIND,
    is_in::KIND,
    starts_with::KIND,
    ends_with::KIND,
    contains::KIND,
    contains_word::KIND,
    ignoring::KIND,
    matches::KIND,
    length::KIND,
    bytes::KIND,
    scripts::KIND,
    in_cidr::KIND,
    present::KIND,
];

/// Where a test stands.
#[derive(Debug)]
pub struct Context<'c, 's> {
    /// The field that is looked at.
    pub field: Field,
    /// The argument of `ignoring` beside it.
    pub ignoring: Option<&'c Node>,
    /// Whether a request that passes the test comes nearer to being let through.
    pub grants: Grants,
    /// The lists of the set.
    pub lists: &'c mut Lists<'s>,
    /// What the patterns before have taken.
    pub budget: &'c mut Budget,
    /// The patterns that no text of theirs says when to run.
    pub slow: &'c mut Vec<Place>,
}

/// Whether passing a test leads to an allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grants {
    /// In a rule with `action: allow` or an exception of another one, not under `not`.
    Yes,
    /// In such a place under `not`, or in an exception of an allow rule.
    Hinders,
    /// Anywhere else.
    No,
}

impl Grants {
    /// The same under `not`.
    pub fn turned(self) -> Grants {
        match self {
            Grants::Yes => Grants::Hinders,
            Grants::Hinders => Grants::Yes,
            Grants::No => Grants::No,
        }
    }
}

impl Kind {
    /// The matcher of a key.
    pub fn named(key: &str) -> Option<&'static Kind> {
        REGISTRY.iter().find(|kind| kind.name == key)
    }

    /// Whether it can be asked of a field.
    pub fn is_for(&self, field: Field) -> bool {
        (self.fits)(field) == Fit::Yes
    }

    /// The names of the matchers beside which alone it stands; none for a matcher of its own.
    pub fn hosts(&self) -> &'static [&'static str] {
        if let Role::Beside(hosts) = self.role { hosts } else { &[] }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Fit {
    /// What there is to say of a field where nothing needs a reason.
    fn of(fits: bool) -> Fit {
        if fits { Fit::Yes } else { Fit::No }
    }
}

/// Fields with characters.
fn is_text(field: Field) -> Fit {
    Fit::of(matches!(field.holds(), FieldType::Exact | FieldType::Prepared | FieldType::Keyword))
}
