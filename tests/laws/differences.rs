//! What two rule sets decide differently agrees with brute force: every short name, by a few operators, on a few platforms,
//! whatever the counters say.

use std::{cmp::Ordering, collections::BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;
use topicgate::{
    analysis::{
        Budget,
        difference::{self, Difference, Kind, Side},
    },
    engine::{
        Counts, Decision, Snapshot, Views, evaluate,
        quota::{Counted, Quota},
        settle,
    },
    facts::Facts,
    rules::{self, Input, Inventory, RuleFile},
};

use crate::proofs::{rule, world};

struct Set {
    snapshot: Snapshot,
    scopes: Vec<String>,
}

impl Set {
    fn of(text: &str) -> Set {
        let file = RuleFile { path: "r.yaml".into(), relative: "r.yaml".into(), bytes: Ok(text.as_bytes().to_vec()) };
        let (loaded, Inventory { rules, .. }) =
            rules::inventory(Input { files: vec![file], ..Input::default() }, Timestamp::UNIX_EPOCH);
        let scopes = rules.into_iter().filter(|rule| rule.live.is_some()).map(|rule| rule.scope).collect();
        Set { snapshot: loaded.snapshot.unwrap_or_else(|| panic!("does not load: {text}")), scopes }
    }

    fn side(&self) -> Side<'_> {
        Side { snapshot: &self.snapshot, scopes: &self.scopes }
    }

    fn decides(&self, facts: &Facts<'_>, before: impl Fn(&Counted<'_>) -> u64) -> Decision {
        let views = Views::of(facts);
        let plan = evaluate(&self.snapshot, &views);
        let counted: Vec<Counted<'_>> = plan.counted(&self.snapshot, facts).collect();
        let counts = Counts::asked(&counted, |one| before(one) + 1);
        settle(&self.snapshot, &views, &plan, &counts).decision
    }

    fn quota(&self, id: &str) -> Option<Quota> {
        self.snapshot.rules.iter().find(|rule| rule.id == id)?.quota
    }
}

/// What decides, besides the condition.
const ACTIONS: [&str; 5] = [
    "action: deny, ",
    "action: deny, ",
    "action: deny, code: 10101, ",
    "action: deny, code: 10101, message: other, ",
    "action: allow, ",
];

/// What quotas there are instead of the one of [`rule`].
const QUOTAS: [&str; 5] = [
    "limit: 1, per: client_ip, within: 1h",
    "limit: 2, per: client_ip, within: 1h",
    "limit: 1, per: client_ip, within: 1d",
    "limit: 2, per: client_ip, within: 1d",
    "limit: 1, per: operator, within: 1h",
];

fn ruled(loose: bool) -> impl Strategy<Value = String> {
    let choices = (prop::sample::select(ACTIONS.to_vec()), prop::sample::select(QUOTAS.to_vec()));
    (rule(loose), choices).prop_filter_map("a quota is for refusals", |(rule, (action, quota))| {
        let is_right = !(action.contains("allow") && rule.contains("quota"));
        is_right.then(|| rule.replacen("action: deny, ", action, 1).replacen(QUOTAS[0], quota, 1))
    })
}

/// What happens to a set.
#[derive(Clone, Debug)]
enum Edit {
    Remove(prop::sample::Index),
    Move(prop::sample::Index, prop::sample::Index),
    Put(prop::sample::Index, String),
    Change(prop::sample::Index, String),
    /// Where the rule has a quota, it gets another one.
    Count(prop::sample::Index, &'static str),
}

fn edit(loose: bool) -> impl Strategy<Value = Edit> {
    use prop::sample::Index;
    prop_oneof![
        any::<Index>().prop_map(Edit::Remove),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Move(from, to)),
        (any::<Index>(), ruled(loose)).prop_map(|(at, rule)| Edit::Put(at, rule)),
        (any::<Index>(), ruled(loose)).prop_map(|(at, rule)| Edit::Change(at, rule)),
        (any::<Index>(), prop::sample::select(QUOTAS.to_vec())).prop_map(|(at, quota)| Edit::Count(at, quota)),
    ]
}

type Rules = Vec<(usize, String)>;

fn edited(rules: &Rules, edits: Vec<Edit>) -> Rules {
    let mut rules = rules.clone();
    for edit in edits {
        let next = 100 + rules.len();
        match edit {
            Edit::Remove(at) => drop(rules.remove(at.index(rules.len()))),
            Edit::Move(from, to) => {
                let moved = rules.remove(from.index(rules.len()));
                rules.insert(to.index(rules.len() + 1), moved);
            }
            Edit::Put(at, rule) => rules.insert(at.index(rules.len() + 1), (next, rule)),
            Edit::Change(at, rule) => {
                let at = at.index(rules.len());
                rules[at].1 = rule;
            }
            Edit::Count(at, quota) => {
                let at = at.index(rules.len());
                let rule = &mut rules[at].1;
                *rule =
                    QUOTAS.iter().fold(rule.clone(), |rule, old| rule.replace(old, "QUOTA")).replace("QUOTA", quota);
            }
        }
        if rules.is_empty() {
            rules.push((99, "action: deny, mode: shadow, when: {operator: {is: q}}".to_owned()));
        }
    }
    rules
}

fn written(rules: &Rules) -> String {
    let rules = rules.iter().map(|(id, rule)| format!("- {{id: r{id}, {rule}}}\n"));
    format!("rules:\n{}", rules.collect::<String>())
}

fn pair(loose: bool) -> impl Strategy<Value = (String, String)> {
    let rules =
        prop::collection::vec(ruled(loose), 1..6).prop_map(|rules| rules.into_iter().enumerate().collect::<Rules>());
    (rules, prop::collection::vec(edit(loose), 1..3)).prop_map(|(rules, edits)| {
        let new = edited(&rules, edits);
        (written(&rules), written(&new))
    })
}

const HOUR: u64 = 3_600_000;

/// What can have come before, within an hour and within a day.
const COUNTS: [(u64, u64); 6] = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)];

/// Whether requests can have come so that both sides counted what a difference says.
fn is_possible(old: &Set, new: &Set, counted: &difference::Counted) -> bool {
    let ((Some(before), Some(one)), (Some(after), Some(other))) =
        ((counted.old, old.quota(&counted.rule)), (counted.new, new.quota(&counted.rule)))
    else {
        return true;
    };
    one.per != other.per
        || match one.within.cmp(&other.within) {
            Ordering::Less => before <= after,
            Ordering::Equal => before == after,
            Ordering::Greater => before >= after,
        }
}

/// Every kind of difference in the small world.
fn kinds(old: &Set, new: &Set) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::new();
    for facts in world() {
        for (in_an_hour, in_a_day) in COUNTS {
            let before = |one: &Counted<'_>| if one.quota.within == HOUR { in_an_hour } else { in_a_day };
            kinds.extend(Kind::of(&old.decides(&facts, before), &new.decides(&facts, before)));
        }
    }
    kinds
}

fn compared(old: &Set, new: &Set) -> Difference {
    let from: Timestamp = "1990-01-01T00:00:00Z".parse().unwrap();
    difference::between(old.side(), new.side(), from, Budget::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_kind_of_difference_is_overlooked((old, new) in pair(true)) {
        let (one, other) = (Set::of(&old), Set::of(&new));
        let found = compared(&one, &other);
        for kind in kinds(&one, &other) {
            prop_assert!(found.has(kind) || !found.open.is_empty(), "{kind:?}\n{old}{new}{found:?}");
        }
    }

    #[test]
    fn what_is_shown_is_decided_as_it_says((old, new) in pair(true)) {
        let (one, other) = (Set::of(&old), Set::of(&new));
        for change in compared(&one, &other).changes {
            let found = |id: &str| change.counted.iter().find(|counted| counted.rule == id);
            let old_counts = |counted: &Counted<'_>| found(counted.rule).and_then(|one| one.old).unwrap_or_default();
            let new_counts = |counted: &Counted<'_>| found(counted.rule).and_then(|one| one.new).unwrap_or_default();
            let decisions = (one.decides(&change.facts, old_counts), other.decides(&change.facts, new_counts));
            let is_possible = change.counted.iter().all(|counted| is_possible(&one, &other, counted));
            prop_assert!(is_possible, "{old}{new}{:?}", change.counted);
            prop_assert_eq!(&decisions, &(change.old.decision, change.new.decision), "{}{}", old, new);
            prop_assert_eq!(Kind::of(&decisions.0, &decisions.1), Some(change.kind));
        }
    }

    #[test]
    fn a_set_is_the_same_as_itself((set, _) in pair(true)) {
        let (one, other) = (Set::of(&set), Set::of(&set));
        prop_assert!(compared(&one, &other).is_none());
    }

    #[test]
    fn a_change_and_its_opposite_are_each_others_opposites((old, new) in pair(true)) {
        let (one, other) = (Set::of(&old), Set::of(&new));
        let (there, back) = (compared(&one, &other), compared(&other, &one));
        if there.open.is_empty() && back.open.is_empty() {
            prop_assert_eq!(there.has(Kind::Tightened), back.has(Kind::Loosened), "{}{}", old, new);
            prop_assert_eq!(there.has(Kind::Code), back.has(Kind::Code), "{}{}", old, new);
        }
    }

    #[test]
    fn what_is_followed_exactly_is_shown_or_proved((old, new) in pair(false)) {
        let on_one_view = !([&old, &new].iter().any(|set| set.contains("name:")) && [&old, &new].iter().any(|set| set.contains("name_raw:")));
        let found = compared(&Set::of(&old), &Set::of(&new));
        prop_assert!(found.open.is_empty() || !on_one_view, "{old}{new}{:?}", found.open);
    }
}
