//! What a value must have so that a test of it can hold: what the index looks for instead of asking each rule.

use std::{collections::HashSet, sync::Arc};

use ipnet::IpNet;

use crate::text::set::TextSet;

/// What a value must have so that a matcher can hold.
#[derive(Debug)]
pub enum Needs<'m> {
    /// Nothing that could be looked for.
    Unknown,
    /// It is one of these texts.
    Texts(&'m Arc<TextSet>),
    /// One of these occurs in it, none of them empty. The matcher may still say no.
    Parts(Vec<&'m str>),
    /// It is one of these numbers.
    Numbers(&'m HashSet<u64>),
    /// It is an address in one of these networks.
    Networks(&'m [IpNet]),
}
