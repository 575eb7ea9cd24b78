//! Overlaps agree with brute force: every name that a small test looks for, by a few operators, on a few platforms.

use std::collections::HashSet;

use jiff::Timestamp;
use proptest::prelude::*;
use topicgate::{
    analysis::{self, Budget},
    engine::{Action, Rule, Snapshot, Standing, Views, evaluate},
    facts::Facts,
};

use crate::generated::loaded;

/// Tests of the name, each with the names of at most three characters that it looks for.
const TESTS: [(&str, &[&str]); 14] = [
    ("name: {is: ab}", &["ab"]),
    ("name: {in: [a, b, ab, ba]}", &["a", "b", "ab", "ba"]),
    ("name: {starts_with: a}", &["a"]),
    ("name: {ends_with: [b, ba]}", &["b", "ba"]),
    ("name: {contains: [ab, bb]}", &["ab", "bb"]),
    ("name: {contains_word: [a, ab]}", &["a", "ab"]),
    ("name: {contains: a, ignoring: ab}", &["a"]),
    (
        "name: {matches: '^[ab]+$'}",
        &["a", "b", "aa", "ab", "ba", "bb", "aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"],
    ),
    ("name: {matches: '^a+b'}", &["ab", "aab"]),
    ("name: {matches: 'a.*b'}", &["ab"]),
    ("name_raw: {contains: A}", &["A"]),
    ("name_raw: {matches: '^a'}", &["a"]),
    ("name_lookalike: {contains: ab}", &["ab"]),
    ("name_squeezed: {contains: aba}", &["aba"]),
];

const OTHERS: [&str; 6] = [
    "{operator: {in: [x, z]}}",
    "{platform: {is: web}}",
    "{not: {operator: {is: x}}}",
    "{name: {bytes: {max: 2}}}",
    "{not: {name: {matches: '^[ab]*$'}}}",
    "{not: {name: {contains: bb}}}",
];

const OUTCOMES: [&str; 4] = ["allow", "deny", "deny, code: 10101", "deny, code: 10102"];

/// A rule, and the names that it looks for.
type Written = (String, Vec<&'static str>);

fn rule() -> impl Strategy<Value = Written> {
    let test = prop::sample::select(TESTS.to_vec());
    let other = prop::option::of(prop::sample::select(OTHERS.to_vec()));
    let mode = prop::sample::select(vec!["", "", "", "mode: shadow, "]);
    (prop::collection::vec(test, 1..3), other, prop::sample::select(OUTCOMES.to_vec()), mode).prop_map(
        |(tests, other, outcome, mode)| {
            let any: Vec<String> = tests.iter().map(|(test, _)| format!("{{{test}}}")).collect();
            let any = format!("{{any: [{}]}}", any.join(", "));
            let when = other.map_or(any.clone(), |other| format!("{{all: [{any}, {other}]}}"));
            let names = tests.iter().flat_map(|(_, names)| names.iter().copied()).collect();
            (format!("{mode}action: {outcome}, when: {when}"), names)
        },
    )
}

fn set(rules: &[Written]) -> String {
    let rules = rules.iter().enumerate().map(|(id, (rule, _))| format!("- {{id: r{id}, {rule}}}\n"));
    format!("rules:\n{}", rules.collect::<String>())
}

/// Every request with one of these names.
fn requests(names: &[&str]) -> Vec<Facts<'static>> {
    let mut requests = Vec::new();
    for name in names {
        for operator in ["w", "x", "z"] {
            for platform in [None, Some("web")] {
                let mut facts = Facts::topic(operator, (*name).to_owned(), Timestamp::UNIX_EPOCH);
                facts.platform = platform.map(Into::into);
                requests.push(facts);
            }
        }
    }
    requests
}

fn outcome(rule: &Rule) -> Option<u32> {
    if let Action::Deny { code, .. } = &rule.action { Some(code.unwrap_or(1)) } else { None }
}

/// Whether the first of two rules decides a request that the other matches too, with another outcome.
fn is_overlap(snapshot: &Snapshot, [one, other]: [usize; 2], facts: &Facts<'_>) -> bool {
    let views = Views::of(facts);
    let [first, second] = [one, other].map(|index| &snapshot.rules[index]);
    let applies = [first, second].into_iter().all(|rule| rule.standing(&views) == Standing::Applies);
    let decides = evaluate(snapshot, &views).applies.last() == Some(&one);
    applies && decides && one < other && outcome(first) != outcome(second)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_witness_is_matched_by_both_and_no_name_is_overlooked(rules in prop::collection::vec(rule(), 2..6)) {
        let text = set(&rules);
        let snapshot = loaded(&text);
        let found = analysis::overlaps(&snapshot, &HashSet::new(), Timestamp::UNIX_EPOCH, Budget::default());
        for overlap in &found.found {
            prop_assert!(is_overlap(&snapshot, overlap.rules, &overlap.facts), "{text}{overlap:?}");
        }
        let known: HashSet<[usize; 2]> =
            found.found.iter().map(|one| one.rules).chain(found.open.iter().map(|one| one.rules)).collect();
        for (one, (_, names)) in rules.iter().enumerate() {
            for other in (0..rules.len()).filter(|other| *other != one) {
                let pair = [one.min(other), one.max(other)];
                let is_enforced = pair.iter().all(|rule| !rules[*rule].0.starts_with("mode"));
                if !is_enforced || known.contains(&pair) {
                    continue;
                }
                let overlooked = requests(names).into_iter().find(|facts| is_overlap(&snapshot, pair, facts));
                prop_assert!(overlooked.is_none(), "{text}{pair:?} {overlooked:?}");
            }
        }
    }

    #[test]
    fn what_is_settled_is_not_looked_for(rules in prop::collection::vec(rule(), 2..5)) {
        let snapshot = loaded(&set(&rules));
        let all = |settled: &HashSet<[usize; 2]>| {
            analysis::overlaps(&snapshot, settled, Timestamp::UNIX_EPOCH, Budget::default()).found
        };
        let settled: HashSet<[usize; 2]> = all(&HashSet::new()).iter().map(|one| one.rules).collect();
        prop_assert!(all(&settled).is_empty());
    }
}
