//! Laws of coverage: more tests never show less, in whatever order, and all of it is nothing left out.

use jiff::Timestamp;
use proptest::prelude::*;
use topicgate::{
    engine::{Coverage, coverage::Share},
    rules::{self, Input, RuleFile},
};

/// A condition on names of the letters `a` to `d`, in YAML's flow style.
fn condition() -> impl Strategy<Value = String> {
    let test = (0..4_usize).prop_map(|letter| format!("{{ name: {{ contains: {} }} }}", ["a", "b", "c", "d"][letter]));
    test.prop_recursive(3, 12, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.join(", "));
        let all = several.clone().prop_map(|parts| format!("{{ all: [{parts}] }}"));
        let any = several.prop_map(|parts| format!("{{ any: [{parts}] }}"));
        prop_oneof![all, any, inner.prop_map(|inner| format!("{{ not: {inner} }}"))]
    })
}

fn rules() -> impl Strategy<Value = String> {
    let rule = (condition(), condition(), any::<bool>()).prop_map(|(when, except, enforced)| {
        let mode = if enforced { "enforce" } else { "shadow" };
        let except = format!("[{{ id: e, reason: r, expires: never, when: {except} }}]");
        format!("    mode: {mode}\n    action: deny\n    when: {when}\n    except: {except}\n")
    });
    let numbered = |(index, rule)| format!("  - id: rule-{index}\n{rule}");
    prop::collection::vec(rule, 1..4)
        .prop_map(move |rules| "rules:\n".to_owned() + &rules.into_iter().enumerate().map(numbered).collect::<String>())
}

fn names() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[abcd]{1,4}", 0..8)
}

fn cover(rules: &str, names: &[String]) -> Coverage {
    let test = |name: &String| {
        format!("  - {{ name: x, request: {{ operator: o, name: {name} }}, expect: {{ shadow: [] }} }}\n")
    };
    let tests: String = names.iter().map(test).collect();
    let tests = if tests.is_empty() { tests } else { format!("tests:\n{tests}") };
    let bytes = Ok((rules.to_owned() + &tests).into_bytes());
    let file = RuleFile { path: "rules.yaml".to_owned(), relative: "rules.yaml".to_owned(), bytes };
    rules::cover(Input { files: vec![file], ..Input::default() }, Timestamp::UNIX_EPOCH).1.unwrap()
}

fn unseen(coverage: &Coverage) -> Vec<String> {
    let items = coverage.rules.iter().flat_map(|rule| &rule.items);
    items.map(|item| format!("{:?} {:?}", item.branch, item.unseen())).collect()
}

proptest! {
    #[test]
    fn a_test_more_never_shows_less(rules in rules(), names in names(), one in "[abcd]{1,4}") {
        let before = cover(&rules, &names);
        let more: Vec<String> = names.into_iter().chain([one]).collect();
        let after = cover(&rules, &more);
        prop_assert!(after.share().seen >= before.share().seen);
        prop_assert_eq!(after.share().possible, before.share().possible);
        let count = |coverage: &Coverage| coverage.rules.iter().flat_map(|it| &it.items).filter(|it| it.unseen().is_none()).count();
        prop_assert!(count(&after) >= count(&before));
    }

    #[test]
    fn the_order_of_tests_does_not_count(rules in rules(), names in names()) {
        let turned: Vec<String> = names.iter().rev().cloned().collect();
        prop_assert_eq!(unseen(&cover(&rules, &names)), unseen(&cover(&rules, &turned)));
    }

    #[test]
    fn all_of_it_is_seen_where_nothing_is_missing(rules in rules(), names in names()) {
        let coverage = cover(&rules, &names);
        let Share { seen, possible } = coverage.share();
        let none = coverage.rules.iter().flat_map(|rule| &rule.items).all(|item| item.unseen().is_none());
        prop_assert!(seen <= possible);
        prop_assert_eq!(none, seen == possible);
        prop_assert_eq!(none, coverage.share().per_mille() == 1000);
        prop_assert_eq!(none, coverage.share().reaches(1000));
    }

    #[test]
    fn a_share_is_rounded_down(seen in 0..5000_usize, unseen in 0..5000_usize) {
        let share = Share { seen, possible: seen + unseen };
        let shown = share.per_mille();
        prop_assert!(shown * share.possible <= seen * 1000 || share.possible == 0);
        prop_assert!((shown + 1) * share.possible > seen * 1000 || share.possible == 0);
        for percent in 0..=100 {
            prop_assert_eq!(share.reaches(percent * 10), share.possible == 0 || shown >= percent * 10);
        }
    }
}
