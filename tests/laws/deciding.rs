//! What holds of every decision.

use proptest::prelude::*;
use topicgate::{
    engine::{Decision, Snapshot},
    facts::Facts,
};

use crate::{
    generated::{self, loaded},
    loading,
    model::{self, Mode},
    reference,
};

/// The deciding rule, the answer, and the shadow rules.
fn decided(snapshot: &Snapshot, facts: &Facts<'_>) -> (Option<String>, Decision, Vec<String>) {
    let verdict = loading::check_decision(snapshot, facts);
    let id = |index: usize| snapshot.rules[index].id.clone();
    (verdict.rule.map(id), verdict.decision, verdict.shadow.into_iter().map(id).collect())
}

/// A rule that never applies, because a set without rules does not load.
const LAST: &str = "- {id: last, action: allow, when: {operator: {is: nobody}}}\n";

#[test]
fn the_set_of_the_fuzz_targets_loads() {
    loaded(include_str!("../fuzz/every-matcher.yaml"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_first_enforced_rule_that_applies_decides((rules, requests) in generated::case(1..12)) {
        let snapshot = loaded(&model::file(&rules));
        for facts in &requests {
            loading::check_decision(&snapshot, facts);
            prop_assert!(reference::check(&snapshot, &rules, facts).is_ok(), "{:?}\n{facts:?}", reference::check(&snapshot, &rules, facts));
        }
    }

    #[test]
    fn a_shadow_rule_never_changes_an_answer((rules, requests) in generated::case(1..12)) {
        let with = loaded(&(model::file(&rules) + LAST));
        let without = loaded(&(model::file(rules.iter().filter(|rule| rule.mode != Mode::Shadow)) + LAST));
        for facts in &requests {
            let (rule, decision, _) = decided(&with, facts);
            let (other_rule, other_decision, shadows) = decided(&without, facts);
            prop_assert_eq!((rule, decision), (other_rule, other_decision));
            prop_assert!(shadows.is_empty());
        }
    }

    #[test]
    fn to_shadow_a_rule_is_to_remove_it((rules, requests) in generated::case(1), at in any::<proptest::sample::Index>()) {
        let at = at.index(rules.len());
        let mut shadowed = rules.clone();
        shadowed[at].mode = Mode::Shadow;
        let others = rules.iter().filter(|rule| rule.id != at);
        let (rule, decision, _) = decided(&loaded(&(model::file(&shadowed) + LAST)), &requests[0]);
        let (other_rule, other_decision, _) = decided(&loaded(&(model::file(others) + LAST)), &requests[0]);
        prop_assert_eq!((rule, decision), (other_rule, other_decision));
    }
}
