//! Numbers that were found, as a set that is cheap while it is small.

use std::cmp::Reverse;

use smallvec::SmallVec;

/// Most requests have no more.
const FEW: usize = 16;

/// Numbers; between two calls of [`tidy`](Hits::tidy) one may be there several times.
#[derive(Debug, Default)]
pub(super) struct Hits(SmallVec<[u32; FEW]>);

impl Hits {
    /// Adds a number. However often the same ones come, it does not grow much beyond those that are distinct.
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

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives each number once.
    pub(super) fn each(mut self, give: impl FnMut(u32)) {
        self.tidy();
        self.0.into_iter().for_each(give);
    }

    /// Lets each number be there once, the least last.
    pub(super) fn tidy(&mut self) {
        self.0.sort_unstable_by_key(|number| Reverse(*number));
        self.0.dedup();
    }

    /// The least number of a tidy set.
    pub(super) fn least(&self) -> Option<u32> {
        self.0.last().copied()
    }

    /// Takes a number out that is the least, if it is there.
    pub(super) fn take(&mut self, number: u32) {
        if self.least() == Some(number) {
            self.0.pop();
        }
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
        let mut all = Vec::new();
        hits.each(|number| all.push(number));
        assert_eq!(all, (0..100).rev().collect::<Vec<u32>>());
    }

    #[test]
    fn the_least_comes_first() {
        let mut hits = Hits::default();
        hits.extend(&[5, 3, 9, 3]);
        hits.tidy();
        hits.take(9);
        for least in [3, 5, 9] {
            assert_eq!(hits.least(), Some(least));
            hits.take(least);
        }
        assert!(hits.is_empty());
    }
}
