//! What holds of every decision.

use proptest::{collection::vec, prelude::*};
use topicgate::{
    diagnostic::render::{self, Style},
    engine::{Decision, Snapshot},
    facts::Facts,
};

use crate::{
    loading,
    model::{self, Mode, Rule},
};

fn loaded(text: &str) -> Snapshot {
    let loaded = loading::check(text.as_bytes());
    let said = render::text(&loaded.report, Style::Plain);
    loaded.snapshot.unwrap_or_else(|| panic!("does not load:\n{text}\n{said}"))
}

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
    fn the_first_enforced_rule_that_applies_decides(rules in model::rules(), requests in vec(model::facts(), 1..12)) {
        let snapshot = loaded(&model::file(&rules));
        for facts in &requests {
            let decides = |rule: &&Rule| rule.mode == Mode::Enforce && rule.applies(facts);
            let first = rules.iter().find(decides);
            let before = rules.iter().take_while(|rule| first.is_none_or(|first| rule.id < first.id));
            let shadow = before.filter(|rule| rule.mode == Mode::Shadow && rule.applies(facts));
            let shadow: Vec<String> = shadow.map(|rule| format!("r{}", rule.id)).collect();
            let (rule, decision, shadows) = decided(&snapshot, facts);
            prop_assert_eq!(rule, first.map(|rule| format!("r{}", rule.id)));
            prop_assert_eq!(decision == Decision::Allow, first.is_none_or(|rule| rule.allow));
            prop_assert_eq!(shadows, shadow);
            let alive = rules.iter().take_while(|rule| first.is_none_or(|first| rule.id < first.id));
            let excepted = alive.filter(|rule| rule.mode != Mode::Disabled).filter_map(|rule| rule.excepted(facts));
            let verdict = loading::check_decision(&snapshot, facts);
            prop_assert_eq!(verdict.excepted_by(&snapshot), excepted.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_shadow_rule_never_changes_an_answer(rules in model::rules(), requests in vec(model::facts(), 1..12)) {
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
    fn to_shadow_a_rule_is_to_remove_it(rules in model::rules(), at in any::<proptest::sample::Index>(), facts in model::facts()) {
        let at = at.index(rules.len());
        let mut shadowed = rules.clone();
        shadowed[at].mode = Mode::Shadow;
        let others = rules.iter().filter(|rule| rule.id != at);
        let (rule, decision, _) = decided(&loaded(&(model::file(&shadowed) + LAST)), &facts);
        let (other_rule, other_decision, _) = decided(&loaded(&(model::file(others) + LAST)), &facts);
        prop_assert_eq!((rule, decision), (other_rule, other_decision));
    }
}
