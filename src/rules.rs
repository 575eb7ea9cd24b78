//! The rule language: from the bytes of a rule set to a [`Snapshot`](crate::engine::Snapshot), or to everything that is
//! wrong with it. No file is read here: [`source`](crate::source) brings the bytes.

mod input;

pub use input::{Input, ListFault, ListFile, Problem, RuleFile, lists_named};

use crate::{diagnostic::Report, engine::Snapshot};

/// The outcome of loading a rule set.
#[derive(Debug)]
pub struct Loaded {
    /// The set, unless it has errors.
    pub snapshot: Option<Snapshot>,
    /// Every finding, sorted by place.
    pub report: Report,
}

/// Parses, validates and compiles a rule set, and proves its examples and tests.
pub fn load(input: Input) -> Loaded {
    let _ = input;
    todo!()
}
