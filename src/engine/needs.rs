//! What a value must have so that a test of it can hold: what the index looks for instead of asking each rule.

use std::{collections::HashSet, sync::Arc};

use ipnet::IpNet;
use regex_syntax::hir::Hir;

use crate::text::set::TextSet;

/// Something that a value must have so that a matcher can hold. The matcher may still say no.
#[derive(Debug)]
pub enum Needs<'m> {
    /// It is one of these texts.
    Texts(&'m Arc<TextSet>),
    /// One of these occurs in it, none of them empty.
    Parts(Vec<&'m str>),
    /// This pattern is found in it.
    Pattern(&'m Hir),
    /// It is one of these numbers.
    Numbers(&'m HashSet<u64>),
    /// It is an address in one of these networks.
    Networks(&'m [IpNet]),
}
