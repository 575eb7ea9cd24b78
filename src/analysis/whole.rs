//! Names that are by themselves what a test looks for, with nothing around it.

use std::sync::Arc;

use regex_syntax::hir::Hir;

use crate::{
    analysis::{Reason, table::Table},
    engine::{Condition, Test, Value, Views},
    facts::Field,
};

/// The names that are by themselves one of the texts of a test, or all of what its pattern matches.
#[derive(Debug)]
pub struct Whole {
    pub(super) field: Field,
    pub(super) table: Arc<Table>,
}

impl Whole {
    /// Of a pattern.
    pub(super) fn of_pattern(field: Field, pattern: Hir) -> Result<Whole, Reason> {
        Ok(Whole { field, table: Table::alone(pattern)?.into() })
    }

    /// Whether the name of a request is one of them.
    pub(super) fn holds(&self, views: &Views<'_>) -> bool {
        let text = views.value(self.field).and_then(Value::text);
        text.is_some_and(|text| self.table.has(text))
    }
}

/// The tests of the name in a condition, without those under `not`.
pub(super) fn tests(condition: &Condition) -> Vec<&Test> {
    match condition {
        Condition::Always | Condition::Not { .. } => Vec::new(),
        Condition::All(parts) | Condition::Any { branches: parts, .. } => parts.iter().flat_map(tests).collect(),
        Condition::Test(test) if test.field.is_name() => vec![test],
        Condition::Test(_) => Vec::new(),
    }
}

/// The views of the name that a condition looks at.
pub(super) fn views(condition: &Condition) -> Vec<Field> {
    match condition {
        Condition::Always => Vec::new(),
        Condition::All(parts) | Condition::Any { branches: parts, .. } => parts.iter().flat_map(views).collect(),
        Condition::Not { inner, .. } => views(inner),
        Condition::Test(test) => Some(test.field).into_iter().filter(|field| field.is_name()).collect(),
    }
}
