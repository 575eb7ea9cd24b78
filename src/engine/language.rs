//! Which values a matcher lets pass, said so that a proof can follow it.

use std::{collections::HashSet, ops::RangeInclusive};

use ipnet::IpNet;

use crate::text::set::TextSet;

/// The values of a field that a proof can speak of.
#[derive(Clone, Debug)]
pub enum Language<'m> {
    /// Every value.
    Every,
    /// No value.
    Nothing,
    /// These texts.
    Texts(&'m TextSet),
    /// Texts that begin with one of these.
    Starts(&'m TextSet),
    /// Texts that end with one of these.
    Ends(&'m TextSet),
    /// Texts in which one of these occurs.
    Parts(&'m TextSet),
    /// What is in one of these.
    AnyOf(Vec<Language<'m>>),
    /// Texts in which one of these patterns is found.
    Patterns(Vec<Expression<'m>>),
    /// Texts of so many bytes.
    Bytes(RangeInclusive<usize>),
    /// Texts of so many code points.
    Characters(RangeInclusive<usize>),
    /// Texts in which nowhere more than so many letters of ASCII, digits and Han characters stand in a row.
    Runs(usize),
    /// These numbers.
    Numbers(&'m HashSet<u64>),
    /// Addresses of these networks.
    Networks(&'m [IpNet]),
}

/// A regular expression as it was written.
#[derive(Clone, Copy, Debug)]
pub struct Expression<'m> {
    /// What was written.
    pub text: &'m str,
    /// Whether letters match in both cases.
    pub is_folded: bool,
}

/// What is certain about the values that pass: they are all in `over`, and all of `under` pass.
#[derive(Clone, Debug)]
pub struct Bounds<'m> {
    /// What passes is one of these.
    pub over: Language<'m>,
    /// All of these pass; `None` where it is the same language.
    pub under: Option<Language<'m>>,
}

impl<'m> Bounds<'m> {
    /// Exactly the values of a language pass.
    pub fn exactly(language: Language<'m>) -> Bounds<'m> {
        Bounds { over: language, under: None }
    }

    /// Those of `under` pass, and none outside `over`.
    pub fn between(under: Language<'m>, over: Language<'m>) -> Bounds<'m> {
        Bounds { over, under: Some(under) }
    }

    /// Nothing is certain.
    pub fn unknown() -> Bounds<'m> {
        Bounds::between(Language::Nothing, Language::Every)
    }
}
