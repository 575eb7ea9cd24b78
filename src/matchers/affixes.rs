//! Literals at one end of a text: one look-up for each length that a literal has, however many there are.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use crate::{engine::Needs, text::set::TextSet};

/// The literals, and their lengths in bytes in rising order.
#[derive(Debug)]
pub(super) struct Affixes {
    literals: Arc<TextSet>,
    lengths: Vec<usize>,
}

impl Affixes {
    pub(super) fn of(literals: Arc<TextSet>) -> Affixes {
        let lengths: BTreeSet<usize> = literals.iter().map(str::len).collect();
        Affixes { literals, lengths: lengths.into_iter().collect() }
    }

    pub(super) fn literals(&self) -> &TextSet {
        &self.literals
    }

    /// One of the literals must occur.
    pub(super) fn needs(&self) -> Option<Vec<Needs<'_>>> {
        Some(vec![Needs::Parts(self.literals.iter().collect())])
    }

    /// The longest literal in a text, at the place that `end` gives for each length.
    pub(super) fn longest(&self, text: &str, end: impl Fn(usize) -> Option<Range<usize>>) -> Option<Range<usize>> {
        let mut places = self.lengths.iter().rev().filter_map(|length| end(*length));
        places.find(|place| text.get(place.clone()).is_some_and(|found| self.literals.contains(found)))
    }
}
