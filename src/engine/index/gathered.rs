//! Things that are looked for, each once, with those who need it.

use std::{borrow::Borrow, collections::HashMap, hash::Hash};

use foldhash::fast::RandomState;

use super::{hits::Hits, owners::Owners};

/// Each thing with its number, and who needs it.
#[derive(Debug)]
pub(super) struct Numbers<K> {
    numbers: HashMap<K, u32, RandomState>,
    owners: Owners,
}

impl<K: Eq + Hash> Numbers<K> {
    /// From things and the numbers of those who need them.
    pub(super) fn of(things: impl IntoIterator<Item = (K, u32)>) -> Numbers<K> {
        let mut numbers = HashMap::default();
        let mut pairs = Vec::new();
        for (thing, owner) in things {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            pairs.push((*numbers.entry(thing).or_insert(next), owner));
        }
        Numbers { owners: Owners::of(numbers.len(), pairs), numbers }
    }

    /// The things in the order of their numbers, and who needs each.
    pub(super) fn in_order(self) -> (Vec<K>, Owners) {
        let mut things: Vec<(K, u32)> = self.numbers.into_iter().collect();
        things.sort_unstable_by_key(|(_, number)| *number);
        (things.into_iter().map(|(thing, _)| thing).collect(), self.owners)
    }

    /// Adds those who need a thing.
    pub(super) fn collect<Q: Eq + Hash + ?Sized>(&self, thing: &Q, hits: &mut Hits)
    where
        K: Borrow<Q>,
    {
        if !self.numbers.is_empty()
            && let Some(number) = self.numbers.get(thing)
        {
            hits.extend(self.owners.get(*number));
        }
    }
}
