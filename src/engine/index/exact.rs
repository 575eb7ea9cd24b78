//! Texts that a value is compared with as a whole.

use std::sync::Arc;

use super::{gathered::Numbers, hits::Hits};
use crate::text::set::TextSet;

/// Sets of more texts are looked up one by one, so that no text of them is kept twice.
const MAX_JOINED: usize = 1000;

/// The texts of one field.
#[derive(Debug)]
pub(super) struct Exact {
    /// The texts of all small sets: one look-up, however many sets there are.
    joined: Numbers<Box<str>>,
    large: Vec<(Arc<TextSet>, u32)>,
}

impl Exact {
    /// From sets and the numbers of the needs that they are.
    pub(super) fn of(sets: &[(&Arc<TextSet>, u32)]) -> Exact {
        let (large, small): (Vec<_>, Vec<_>) = sets.iter().copied().partition(|(set, _)| set.len() > MAX_JOINED);
        let joined = small.iter().flat_map(|(set, need)| set.iter().map(|text| (Box::from(text), *need)));
        Exact {
            joined: Numbers::of(joined),
            large: large.into_iter().map(|(set, need)| (Arc::clone(set), need)).collect(),
        }
    }

    pub(super) fn collect(&self, text: &str, hits: &mut Hits) {
        self.joined.collect(text, hits);
        self.large.iter().filter(|(set, _)| set.contains(text)).for_each(|(_, need)| hits.add(*need));
    }
}
