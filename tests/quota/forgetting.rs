//! A store that is too small: it never holds more than it may, and forgets what is missed least.

use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use topicgate::{
    engine::{
        Mode,
        quota::{Counted, Per, Quota},
    },
    quota::{Memory, Store},
    telemetry::quotas::Quotas,
};

use crate::deciding::load;

/// Milliseconds.
const WITHIN: u64 = 1000;

fn counted(key: &str, limit: u32) -> Counted<'_> {
    counted_as(Mode::Enforce, key, limit)
}

fn counted_as(mode: Mode, key: &str, limit: u32) -> Counted<'_> {
    let quota = Quota { limit, per: Per::Operator, within: WITHIN };
    Counted { rule: "rule", index: 0, mode, quota, key: key.into() }
}

fn at(now: u64) -> Timestamp {
    Timestamp::from_millisecond(now.try_into().unwrap()).unwrap()
}

/// One key with every request that still counts.
#[derive(Debug)]
struct Key {
    name: (u8, u32),
    seen: Vec<u64>,
    is_over: bool,
}

/// Counts a request in a list that is searched from end to end.
fn expected(keys: &mut Vec<Key>, name: (u8, u32), now: u64, most: usize) -> u64 {
    keys.retain(|key| now - key.seen.last().unwrap() < WITHIN);
    if !keys.iter().any(|key| key.name == name) {
        if keys.len() == most {
            let missed_least = keys.iter().min_by_key(|key| (key.is_over, *key.seen.last().unwrap())).unwrap().name;
            keys.retain(|key| key.name != missed_least);
        }
        keys.push(Key { name, seen: Vec::new(), is_over: false });
    }
    let key = keys.iter_mut().find(|key| key.name == name).unwrap();
    key.seen.push(now);
    key.seen.retain(|then| now - then < WITHIN);
    let limit = u64::from(name.1);
    key.is_over = key.seen.len() as u64 > limit;
    (key.seen.len() as u64).min(limit + 1)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_expires_next_is_forgotten_first_and_a_key_over_its_limit_last(
        most in 1..8_usize,
        hits in vec((0..12_u8, 1..4_u32, 1..300_u64), 1..300),
    ) {
        let shown = Quotas::default();
        let memory = Memory::new(most, shown.clone());
        let (mut keys, mut now) = (Vec::new(), 0);
        for (key, limit, later) in hits {
            now += later;
            let expected = expected(&mut keys, (key, limit), now, most);
            let name = key.to_string();
            prop_assert_eq!(memory.counts(&[counted(&name, limit)], at(now)).0, [expected]);
            prop_assert!(shown.keys.get() <= i64::try_from(most).unwrap());
            prop_assert!(shown.keys.get() >= i64::try_from(keys.len()).unwrap());
        }
    }

    #[test]
    fn a_shadow_rule_changes_no_count_of_an_enforced_one(
        most in 1..8_usize,
        hits in vec((any::<bool>(), 0..12_u8, 1..4_u32, 0..50_u64), 1..300),
    ) {
        let shown = Quotas::default();
        let (with, without) = (Memory::new(most, shown.clone()), Memory::new(most, Quotas::default()));
        for (number, (is_shadow, key, limit, late)) in (1_000..).zip(hits) {
            let mode = if is_shadow { Mode::Shadow } else { Mode::Enforce };
            let name = key.to_string();
            // In no order, because a request may have waited before it is counted; never two at once, because which of two
            // keys that expire together goes first is chance.
            let (one, at) = ([counted_as(mode, &name, limit)], at(50 * (number - late) + number % 50));
            let counts = with.counts(&one, at);
            prop_assert!(is_shadow || counts == without.counts(&one, at));
            prop_assert!(shown.keys.get() <= i64::try_from(most).unwrap());
        }
    }
}

#[test]
fn a_shadow_rule_is_not_counted_where_enforced_ones_take_all_room() {
    let shown = Quotas::default();
    let memory = Memory::new(2, shown.clone());
    let count = |mode, key: &str, now| memory.counts(&[counted_as(mode, key, 1)], at(now)).0[0];
    assert_eq!([count(Mode::Shadow, "a", 0), count(Mode::Shadow, "a", 1), count(Mode::Enforce, "a", 2)], [1, 2, 1]);
    assert_eq!([count(Mode::Enforce, "b", 3), count(Mode::Shadow, "a", 4), count(Mode::Shadow, "a", 5)], [1; 3]);
    assert_eq!((shown.keys.get(), shown.live.get()), (2, 3));
    assert_eq!([count(Mode::Enforce, "a", 6), count(Mode::Enforce, "b", 7)], [2; 2]);
}

#[test]
fn a_large_store_never_holds_more_than_it_may() {
    let shown = Quotas::default();
    let memory = Memory::new(3000, shown.clone());
    for key in 0..20_000 {
        memory.counts(&[counted(&key.to_string(), 1)], at(key / 100));
        assert!(shown.keys.get() <= 3000);
    }
    assert_eq!(shown.keys.get(), 3000);
    assert_eq!((shown.expired.get(), shown.live.get(), shown.over.get()), (0, 17_000, 0));
}

#[test]
fn a_flood_of_new_keys_does_not_free_one_that_is_over_its_limit() {
    let shown = Quotas::default();
    let memory = Memory::new(100, shown.clone());
    let count = |key: &str, now| memory.counts(&[counted(key, 1)], at(now)).0[0];
    assert_eq!([count("leckie", 0), count("leckie", 1)], [1, 2]);
    for key in 0..1000 {
        count(&key.to_string(), 2);
    }
    assert_eq!(count("leckie", 500), 2);
    assert_eq!(shown.over.get(), 0);
}

#[test]
fn the_keys_of_rules_that_are_gone_vanish_with_their_window() {
    let shown = Quotas::default();
    let memory = Memory::new(100, shown.clone());
    for key in 0..100 {
        memory.counts(&[counted(&key.to_string(), 1)], at(key));
    }
    for now in 2000..2051 {
        memory.counts(&[counted("leckie", 1)], at(now));
    }
    assert_eq!((shown.keys.get(), shown.expired.get(), shown.live.get()), (1, 100, 0));
}

#[test]
fn the_keys_of_rules_that_are_gone_leave_their_room() {
    let shown = Quotas::default();
    let memory = Memory::new(3000, shown.clone());
    for key in 0..6000 {
        // Twice, so that most are over their limit and would be the last to go.
        let key = (key / 2).to_string();
        memory.counts(&[counted(&key, 1)], at(0));
    }
    assert!(shown.keys.get() > 2900);
    let snapshot =
        load("rules: [{ id: rule, action: deny, when: always, quota: { limit: 2, per: operator, within: 1s } }]");
    memory.follow(&snapshot);
    assert_eq!(shown.keys.get(), 0);
    assert_eq!(memory.counts(&[counted("leckie", 2)], at(1)).0, [1]);
    memory.follow(&snapshot);
    assert_eq!(memory.counts(&[counted("leckie", 2)], at(2)).0, [2], "those of rules that stay do not go");
}
