//! A few lines of many: at most ten at once and ten a second after that, and each says how many were left out before it.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// The lines that may be written at once.
pub const BURST: u64 = 10;

/// The microseconds until one more may be written.
const INTERVAL: u64 = 1_000_000 / BURST;

/// A bucket of tokens, one for a line. No line waits for a lock, and one that is left out costs two loads and an addition.
#[derive(Debug, Default)]
pub struct Sample {
    /// When the bucket will be full again, in microseconds: all that there is to know of it.
    full_at: AtomicU64,
    skipped: AtomicU64,
}

impl Sample {
    /// How many lines were left out since the latest one, if a line may be written `now`, by a clock that is never set back.
    pub fn admit(&self, now: Duration) -> Option<u64> {
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let taken = self.full_at.fetch_update(Relaxed, Relaxed, |full_at| {
            let full_at = full_at.max(now).saturating_add(INTERVAL);
            (full_at - now <= BURST * INTERVAL).then_some(full_at)
        });
        if taken.is_err() {
            self.skipped.fetch_add(1, Relaxed);
            return None;
        }
        Some(self.skipped.swap(0, Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use std::{iter, thread};

    use super::*;

    const SECOND: u64 = 1000;

    /// How many of the lines at these times, in milliseconds, are written, and what each says was left out.
    fn written(times: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let sample = Sample::default();
        times.into_iter().filter_map(|time| sample.admit(Duration::from_millis(time))).collect()
    }

    #[test]
    fn few_lines_are_all_written() {
        assert_eq!(written([5; 10]), [0; 10]);
        assert_eq!(written((0..1000).map(|line| line * 100)), [0; 1000]);
    }

    #[test]
    fn a_flood_is_sampled_and_every_line_says_what_was_left_out() {
        let mut expected = vec![0; 10];
        expected.push(90);
        expected.extend([99; 18]);
        assert_eq!(written(0..2 * SECOND), expected);
    }

    #[test]
    fn no_second_has_more_than_twice_the_burst() {
        let quiet_then_flood = iter::once(0).chain(60 * SECOND..61 * SECOND);
        assert_eq!(written(quiet_then_flood).len(), 1 + 19);
    }

    #[test]
    fn the_end_of_time_is_no_end_of_lines() {
        let sample = Sample::default();
        assert_eq!(sample.admit(Duration::MAX), Some(0));
        assert_eq!(sample.admit(Duration::MAX), Some(0));
    }

    #[test]
    fn no_line_is_lost_or_counted_twice_where_threads_write_at_once() {
        let sample = Sample::default();
        let accounted = |first: u64| {
            let told = (first..first + 10_000).filter_map(|time| sample.admit(Duration::from_millis(time)));
            told.map(|skipped| skipped + 1).sum::<u64>()
        };
        let accounted = &accounted;
        let told: u64 = thread::scope(|scope| {
            let threads = [0, 1, 2, 3].map(|first| scope.spawn(move || accounted(first)));
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(told + sample.skipped.load(Relaxed), 40_000);
    }
}
