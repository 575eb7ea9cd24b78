//! Numbers that were found, as a set that is cheap while it is small.

use smallvec::{IntoIter, SmallVec};

/// Most requests have no more.
const FEW: usize = 16;

/// The numbers that were found.
pub(super) type Found = IntoIter<[u32; FEW]>;

/// Numbers, each perhaps more than once.
#[derive(Debug, Default)]
pub(super) struct Hits(SmallVec<[u32; FEW]>);

impl Hits {
    /// Adds a number. However often the same ones come, it does not grow beyond twice of what is distinct.
    pub(super) fn add(&mut self, number: u32) {
        if self.0.len() == self.0.capacity() {
            self.tidy();
            self.0.reserve(self.0.len() / 2 + 1);
        }
        self.0.push(number);
    }

    pub(super) fn extend(&mut self, numbers: &[u32]) {
        numbers.iter().for_each(|number| self.add(*number));
    }

    /// Each number once, in rising order.
    pub(super) fn sorted(mut self) -> Found {
        self.tidy();
        self.0.into_iter()
    }

    fn tidy(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_kept_once_and_room_only_for_what_is_distinct() {
        let mut hits = Hits::default();
        (0..100_000).for_each(|number| hits.add(number * 7 % 100));
        assert!(hits.0.capacity() <= 256);
        assert_eq!(hits.sorted().collect::<Vec<u32>>(), (0..100).collect::<Vec<u32>>());
    }
}
