//! A bounded number of keys with their windows: what has expired goes first, then the keys of shadow rules, then what
//! expires next, and a key over its limit last.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Bound,
};

use foldhash::fast::RandomState;

use crate::{
    engine::{Mode, quota::Counted},
    quota::window::Window,
    telemetry::quotas::Quotas,
};

/// How many expired keys of a class a request clears away; more than it can leave behind, so that none stay while others
/// come.
const CLEARED: usize = 2;

/// How many keys are looked at in one go when the rules change: no request waits for more.
const LOOKED_AT: usize = 500;

/// Names a rule, its mode and its quota: random bits, which nobody outside can aim at.
pub(super) type Counter = u64;

/// Names a key of a counter: random bits too, so many that no two keys have the same.
pub(super) type Name = (Counter, u64, u64);

/// Where a key stands in the order of what is forgotten first.
pub(super) type Place = (Class, i64, Name);

/// What is forgotten before what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Of a shadow rule.
    Shadow,
    /// Of an enforced rule.
    Within,
    /// Of an enforced rule, and its latest request was over the limit.
    Over,
}

impl Class {
    /// Those that a request may take room from. A shadow rule must not change what enforced ones count, so it touches
    /// nothing of theirs, not even what has expired.
    fn reached(mode: Mode) -> &'static [Class] {
        match mode {
            Mode::Shadow => &[Class::Shadow],
            Mode::Enforce => &[Class::Shadow, Class::Within, Class::Over],
        }
    }
}

/// Keys with their windows.
// INVARIANT: each key stands in the order exactly once, with its class and the moment at which it expires.
#[derive(Debug, Default)]
pub(super) struct Keys {
    held: HashMap<Name, Held, RandomState>,
    order: BTreeSet<Place>,
}

#[derive(Debug)]
struct Held {
    window: Window,
    class: Class,
    expires: i64,
}

impl Keys {
    /// Counts a request of a key; at most so many keys are held after it. A new key of a shadow rule is forgotten at once
    /// where enforced ones take all room.
    pub(super) fn hit(&mut self, name: Name, counted: &Counted<'_>, now: i64, most: usize, shown: &Quotas) -> u64 {
        let classes = Class::reached(counted.mode);
        classes.iter().for_each(|class| self.clear(*class, now, shown));
        let mut window = self.take(name).unwrap_or_else(|| {
            while self.held.len() >= most && self.evict(classes, shown) {}
            shown.keys.inc();
            Window::default()
        });
        let count = window.hit(counted.quota, now);
        self.keep(name, counted, window, count);
        if self.held.len() > most {
            self.forget(name, shown);
            shown.live.inc();
        }
        count
    }

    /// Forgets the keys of other counters among the next ones behind a place; the place to go on from, until all were looked
    /// at.
    pub(super) fn retain(&mut self, live: &HashSet<Counter>, from: Bound<Place>, shown: &Quotas) -> Option<Place> {
        let places: Vec<Place> = self.order.range((from, Bound::Unbounded)).take(LOOKED_AT).copied().collect();
        for (.., name) in places.iter().filter(|(.., (counter, ..))| !live.contains(counter)) {
            self.forget(*name, shown);
        }
        places.last().copied()
    }

    fn take(&mut self, name: Name) -> Option<Window> {
        let held = self.held.remove(&name)?;
        self.order.remove(&(held.class, held.expires, name));
        Some(held.window)
    }

    fn keep(&mut self, name: Name, counted: &Counted<'_>, window: Window, count: u64) {
        let class = match counted.mode {
            Mode::Shadow => Class::Shadow,
            Mode::Enforce if counted.quota.is_over(count) => Class::Over,
            Mode::Enforce => Class::Within,
        };
        let expires = window.expires(counted.quota);
        self.order.insert((class, expires, name));
        self.held.insert(name, Held { window, class, expires });
    }

    /// Forgets some keys of a class that have expired.
    fn clear(&mut self, class: Class, now: i64, shown: &Quotas) {
        let expired = (class, i64::MIN, Name::default())..=(class, now, (u64::MAX, u64::MAX, u64::MAX));
        let expired: Vec<_> = self.order.range(expired).take(CLEARED).map(|(.., name)| *name).collect();
        for name in expired {
            self.forget(name, shown);
            shown.expired.inc();
        }
    }

    /// Forgets the key that is missed least, if it is of one of these classes.
    fn evict(&mut self, classes: &[Class], shown: &Quotas) -> bool {
        let Some((class, _, name)) = self.order.first().copied().filter(|(class, ..)| classes.contains(class)) else {
            return false;
        };
        self.forget(name, shown);
        if class == Class::Over {
            shown.over.inc()
        } else {
            shown.live.inc()
        };
        true
    }

    fn forget(&mut self, name: Name, shown: &Quotas) {
        self.take(name);
        shown.keys.dec();
    }
}
