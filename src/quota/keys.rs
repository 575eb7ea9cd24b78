//! A bounded number of keys with their windows: what has expired goes first, then what expires next, and a key over its
//! limit last.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::{engine::quota::Quota, quota::window::Window, telemetry::quotas::Quotas};

/// How many expired keys a request clears away; more than it can leave behind, so that none stay while others come.
const CLEARED: usize = 2;

/// Names a rule, its mode, its quota and a key: random bits, which nobody outside can aim at.
pub(super) type Name = (u64, u64);

/// Keys with their windows.
// INVARIANT: each key stands in exactly one of the two orders, with the moment at which it expires.
#[derive(Debug, Default)]
pub(super) struct Keys {
    held: HashMap<Name, Held, RandomState>,
    within: BTreeSet<(i64, Name)>,
    /// The keys whose latest request was over the limit.
    over: BTreeSet<(i64, Name)>,
}

#[derive(Debug)]
struct Held {
    window: Window,
    expires: i64,
    is_over: bool,
}

impl Keys {
    /// Counts a request of a key; at most so many keys are held after it.
    pub(super) fn hit(&mut self, name: Name, quota: Quota, now: i64, most: usize, shown: &Quotas) -> u64 {
        for _ in 0..CLEARED {
            self.clear(now, shown);
        }
        let mut held = self.take(name).unwrap_or_else(|| {
            while self.held.len() >= most && self.evict(now, shown) {}
            shown.keys.inc();
            Held { window: Window::default(), expires: 0, is_over: false }
        });
        let count = held.window.hit(quota, now);
        held.is_over = quota.is_over(count);
        held.expires = now.saturating_add_unsigned(quota.within);
        self.order(held.is_over).insert((held.expires, name));
        self.held.insert(name, held);
        count
    }

    fn order(&mut self, is_over: bool) -> &mut BTreeSet<(i64, Name)> {
        if is_over { &mut self.over } else { &mut self.within }
    }

    fn take(&mut self, name: Name) -> Option<Held> {
        let held = self.held.remove(&name)?;
        self.order(held.is_over).remove(&(held.expires, name));
        Some(held)
    }

    /// Forgets a key that has expired.
    fn clear(&mut self, now: i64, shown: &Quotas) -> bool {
        let firsts = [self.within.first(), self.over.first()];
        let expired = firsts.into_iter().flatten().find(|(expires, _)| *expires <= now);
        let Some(name) = expired.map(|(_, name)| *name) else { return false };
        self.forget(name, shown);
        shown.expired.inc();
        true
    }

    /// Forgets the key that is missed least.
    fn evict(&mut self, now: i64, shown: &Quotas) -> bool {
        if self.clear(now, shown) {
            return true;
        }
        let (first, evicted) = match self.within.first() {
            Some(first) => (Some(first), &shown.live),
            None => (self.over.first(), &shown.over),
        };
        let Some(name) = first.map(|(_, name)| *name) else { return false };
        self.forget(name, shown);
        evicted.inc();
        true
    }

    fn forget(&mut self, name: Name, shown: &Quotas) {
        self.take(name);
        shown.keys.dec();
    }
}
