//! The latest requests of one key, as many as its limit: more are not needed to know whether one is over it.

use std::collections::VecDeque;

use crate::engine::quota::Quota;

/// Milliseconds that a request may be late: requests that come at once overtake each other, but seldom by much.
const LATE: u64 = 10_000;

/// When the latest requests came, in milliseconds.
// INVARIANT: at most `limit` of them, none earlier than the one before it.
#[derive(Debug, Default)]
pub(super) struct Window(VecDeque<i64>);

impl Window {
    /// Counts a request: how many there were within the window, this one included, but never more than `limit` + 1. One
    /// that is a little late counts as the latest.
    pub(super) fn hit(&mut self, quota: Quota, now: i64) -> u64 {
        let late = self.0.back().copied().filter(|latest| *latest > now && latest.abs_diff(now) <= LATE);
        let now = late.unwrap_or(now);
        // The clock was set back: what seems to come later counts as now, or it would count for as long as it was set back.
        self.0.iter_mut().rev().take_while(|then| **then > now).for_each(|then| *then = now);
        while self.0.front().is_some_and(|then| now.abs_diff(*then) >= quota.within) {
            self.0.pop_front();
        }
        let count = self.0.len() as u64 + 1;
        self.push(usize::try_from(quota.limit).unwrap_or(usize::MAX), now);
        count
    }

    /// When the latest request ceases to count.
    pub(super) fn expires(&self, quota: Quota) -> i64 {
        self.0.back().map_or(i64::MIN, |latest| latest.saturating_add_unsigned(quota.within))
    }

    /// Most keys come once or twice, so it grows as they come.
    fn push(&mut self, limit: usize, now: i64) {
        if self.0.len() >= limit {
            self.0.pop_front();
        }
        let len = self.0.len();
        if len == self.0.capacity() {
            self.0.reserve_exact(len.clamp(1, limit.saturating_sub(len).max(1)));
        }
        self.0.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::quota::Per;

    /// The counts of requests at these times.
    fn counts(limit: u32, within: u64, times: &[i64]) -> Vec<u64> {
        let (mut window, quota) = (Window::default(), Quota { limit, per: Per::Operator, within });
        times.iter().map(|now| window.hit(quota, *now)).collect()
    }

    #[test]
    fn a_request_counts_until_the_window_has_passed() {
        assert_eq!(counts(3, 1000, &[0, 999, 1000, 1998, 2997]), [1, 2, 2, 3, 2]);
    }

    #[test]
    fn a_count_goes_no_further_than_one_over_the_limit() {
        assert_eq!(counts(2, 1000, &[0, 1, 2, 3, 1002, 1003]), [1, 2, 3, 3, 2, 2]);
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nothing_longer_than_the_window() {
        assert_eq!(counts(2, 1000, &[5_000_000, 5_000_001, 0, 999, 1000, 2000]), [1, 2, 3, 3, 2, 1]);
        assert_eq!(counts(1, 1000, &[i64::MAX, i64::MIN, i64::MAX]), [1, 2, 1]);
    }

    #[test]
    fn a_request_that_comes_a_little_late_counts_as_the_latest() {
        assert_eq!(counts(3, 1000, &[10_000, 10_001, 10_002, 9100, 10_150, 11_001]), [1, 2, 3, 4, 4, 4]);
        assert_eq!(counts(3, 1000, &[10_000, 0, 10_001]), [1, 2, 3]);
    }

    #[test]
    fn a_window_takes_no_more_room_than_its_limit() {
        let (mut window, quota) = (Window::default(), Quota { limit: 10, per: Per::App, within: 1000 });
        let mut room = Vec::new();
        for now in 0..100 {
            window.hit(quota, now);
            room.push(window.0.capacity());
        }
        room.dedup();
        assert_eq!(room, [1, 2, 4, 8, 10]);
    }
}
