//! The counters in the memory of one process: exact to the request, bounded, and gone with the process.

use std::{
    collections::HashSet,
    fmt,
    hash::{BuildHasher, RandomState},
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::future::{self, BoxFuture, FutureExt};
use jiff::Timestamp;

use crate::{
    engine::{
        Counts, Mode, Snapshot,
        quota::{Counted, Quota},
    },
    quota::{
        Store, StoreError,
        keys::{Counter, Keys, Name},
    },
    telemetry::quotas::Quotas,
};

/// Shards of a large store: with so many, two threads seldom meet in one.
const SHARDS: usize = 16;

/// Keys of a shard for which a further one is worth it: few keys spread so unevenly that some would go too early.
const LEAST: usize = 1024;

/// Counters in memory.
// INVARIANT: all shards together hold no more than `max_keys`; nothing slow is done while one is locked.
pub struct Memory {
    shards: Vec<Shard>,
    seeds: [RandomState; 2],
    shown: Quotas,
}

struct Shard {
    keys: Mutex<Keys>,
    most: usize,
}

impl Memory {
    /// Room for so many keys, at least one, of all rules together.
    pub fn new(max_keys: usize, shown: Quotas) -> Memory {
        let count = (max_keys / LEAST).clamp(1, SHARDS);
        let (each, left) = (max_keys.max(1) / count, max_keys % count);
        let shard = |index: usize| Shard { keys: Mutex::default(), most: each + usize::from(index < left) };
        shown.max_keys.set(i64::try_from(max_keys).unwrap_or(i64::MAX));
        Memory { shards: (0..count).map(shard).collect(), seeds: [RandomState::new(), RandomState::new()], shown }
    }

    /// Counts one request for each of these rules in order, up to the one that ends it. A count goes no further than one
    /// over the limit.
    pub fn counts(&self, counted: &[Counted<'_>], at: Timestamp) -> Counts {
        Counts::asked(counted, |one| self.hit(one, at))
    }

    fn hit(&self, counted: &Counted<'_>, at: Timestamp) -> u64 {
        let name = self.name(counted);
        let shard = usize::try_from(name.1 % self.shards.len() as u64).unwrap_or_default();
        let Some(shard) = self.shards.get(shard) else { return 0 };
        self.locked(shard).hit(name, counted, at.as_millisecond(), shard.most, &self.shown)
    }

    /// The key itself is not kept: it may be as long as a request, and 128 random bits tell all keys apart.
    fn name(&self, counted: &Counted<'_>) -> Name {
        let [first, second] = &self.seeds;
        let counter = self.counter(counted.rule, counted.mode, counted.quota);
        let named = &(counter, &counted.key);
        (counter, first.hash_one(named), second.hash_one(named))
    }

    fn counter(&self, rule: &str, mode: Mode, quota: Quota) -> Counter {
        let [first, _] = &self.seeds;
        first.hash_one((rule, mode.name(), quota))
    }

    fn locked<'s>(&self, shard: &'s Shard) -> MutexGuard<'s, Keys> {
        // A defect elsewhere in a request must not end the counting.
        shard.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn count<'a>(&'a self, counted: &'a [Counted<'a>], at: Timestamp) -> BoxFuture<'a, Result<Counts, StoreError>> {
        future::ready(Ok(self.counts(counted, at))).boxed()
    }

    fn follow(&self, snapshot: &Snapshot) {
        let counted = snapshot.rules.iter().filter_map(|rule| Some((rule, rule.quota?)));
        let live: HashSet<Counter> = counted.map(|(rule, quota)| self.counter(&rule.id, rule.mode, quota)).collect();
        for shard in &self.shards {
            let mut from = Bound::Unbounded;
            while let Some(place) = self.locked(shard).retain(&live, from, &self.shown) {
                from = Bound::Excluded(place);
            }
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Memory").field("shown", &self.shown).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        thread,
    };

    use super::*;
    use crate::engine::quota::Per;

    fn key(name: &str, limit: u32) -> Counted<'_> {
        let quota = Quota { limit, per: Per::Operator, within: 1000 };
        Counted { rule: "rule", index: 0, mode: Mode::Enforce, quota, key: name.into() }
    }

    #[test]
    fn a_defect_while_a_shard_is_locked_does_not_end_the_counting() {
        let memory = Memory::new(10, Quotas::default());
        let defect = catch_unwind(AssertUnwindSafe(|| {
            let _locked = memory.shards[0].keys.lock();
            panic!("a defect");
        }));
        assert!(defect.is_err() && memory.shards[0].keys.is_poisoned());
        for count in 1..=3 {
            assert_eq!(memory.counts(&[key("leckie", 3)], Timestamp::UNIX_EPOCH).0, [count]);
        }
    }

    #[test]
    fn shards_have_room_for_all_keys_and_for_no_more() {
        for max_keys in [1, 2, 1023, 2048, 2049, 100_000, 100_003] {
            let memory = Memory::new(max_keys, Quotas::default());
            assert_eq!(memory.shards.iter().map(|shard| shard.most).sum::<usize>(), max_keys);
            assert!(memory.shards.iter().all(|shard| shard.most > 0));
        }
    }

    #[test]
    fn threads_that_count_one_key_lose_no_request() {
        let memory = Memory::new(100_000, Quotas::default());
        let counted = || (0..1000).map(|_| memory.counts(&[key("leckie", 1_000_000)], Timestamp::UNIX_EPOCH).0[0]);
        let mut counts: Vec<u64> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| counted().collect::<Vec<_>>())).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        counts.sort_unstable();
        assert_eq!(counts, (1..=8000).collect::<Vec<_>>());
    }
}
