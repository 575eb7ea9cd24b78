//! How what rules wait for is looked for in one field.

use super::{exact::Exact, gathered::Numbers, hits::Hits, networks::Networks, parts::Parts, patterns::Patterns};
use crate::{
    engine::{Value, Views},
    facts::Field,
};

/// All that is looked for in one field in one way.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) field: Field,
    pub(super) way: Way,
    /// The first rule that waits for something here.
    pub(super) first: u32,
}

#[derive(Debug)]
pub(super) enum Way {
    Exact(Exact),
    Parts(Parts),
    Patterns(Patterns),
    Numbers(Numbers<u64>),
    Networks(Networks),
}

impl Lookup {
    /// Adds the needs that a request has.
    pub(super) fn collect(&self, views: &Views<'_>, needs: &mut Hits) {
        match (&self.way, views.value(self.field)) {
            (Way::Networks(networks), Some(Value::Address(address))) => networks.collect(address, needs),
            (Way::Numbers(numbers), Some(Value::Number(number))) => numbers.collect(&number, needs),
            (Way::Exact(exact), Some(Value::Text(text) | Value::Looks { text, .. })) => exact.collect(text, needs),
            (Way::Parts(parts), Some(Value::Text(text) | Value::Looks { text, .. })) => parts.collect(text, needs),
            (Way::Patterns(patterns), Some(Value::Text(text) | Value::Looks { text, .. })) => {
                patterns.collect(text, needs);
            }
            _ => {}
        }
    }

    pub(super) fn memory(&self) -> usize {
        match &self.way {
            Way::Parts(parts) => parts.memory(),
            Way::Patterns(patterns) => patterns.memory(),
            Way::Exact(_) | Way::Numbers(_) | Way::Networks(_) => 0,
        }
    }
}
