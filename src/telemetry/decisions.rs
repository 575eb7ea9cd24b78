//! How often each rule decides, counted without a lock: the counters of a snapshot are looked up once, when it becomes live.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use arc_swap::ArcSwap;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use crate::engine::{Action, Mode, Rule, Snapshot, Verdict};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decided {
    rule: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Matched {
    rule: String,
}

/// The counters of all live rules.
#[derive(Debug)]
pub struct Decisions {
    decided: Family<Decided, Counter>,
    shadow: Family<Matched, Counter>,
    no_rule: Counter,
    current: ArcSwap<Current>,
}

/// The counters of one snapshot, by the index of the rule.
#[derive(Debug, Default)]
struct Current {
    snapshot: Option<Arc<Snapshot>>,
    counters: Vec<Counter>,
}

impl Decisions {
    /// Counters for no rules yet.
    pub fn register(registry: &mut Registry) -> Decisions {
        let (decided, shadow) = (Family::<Decided, Counter>::default(), Family::default());
        registry.register(
            "decisions",
            "Requests by the rule that decided; an empty rule where none did",
            decided.clone(),
        );
        registry.register("shadow_matches", "Requests that a shadow rule would have decided", shadow.clone());
        let no_rule = decided.get_or_create_owned(&Decided { rule: String::new(), outcome: "allow" });
        Decisions { decided, shadow, no_rule, current: ArcSwap::default() }
    }

    /// Makes every rule of a snapshot visible, at zero if it is new, and forgets the rules that left.
    pub fn follow(&self, snapshot: &Arc<Snapshot>) {
        let counters = snapshot.rules.iter().map(|rule| self.counter(rule)).collect();
        let left = self.current.swap(Arc::new(Current { snapshot: Some(Arc::clone(snapshot)), counters }));
        let Some(left) = &left.snapshot else { return };
        let stay: HashSet<_> = snapshot.rules.iter().map(key).collect();
        for rule in left.rules.iter().filter(|rule| !stay.contains(&key(rule))) {
            match rule.mode {
                Mode::Enforce => self.decided.remove(&decided(rule)),
                Mode::Shadow => self.shadow.remove(&matched(rule)),
            };
        }
    }

    /// Counts a decision of a snapshot.
    pub fn count(&self, snapshot: &Arc<Snapshot>, verdict: &Verdict) {
        if verdict.rule.is_none() {
            self.no_rule.inc();
        }
        let current = self.current.load();
        let followed = current.snapshot.as_ref().is_some_and(|followed| Arc::ptr_eq(followed, snapshot));
        for index in verdict.shadow.iter().chain(&verdict.rule).copied() {
            match current.counters.get(index) {
                Some(counter) if followed => _ = counter.inc(),
                _ => self.count_slowly(snapshot, index),
            }
        }
    }

    /// For the moment between a swap and `follow`; a rule that is not visible, not yet or no longer, stays so.
    fn count_slowly(&self, snapshot: &Snapshot, index: usize) {
        let Some(rule) = snapshot.rules.get(index) else { return };
        match rule.mode {
            Mode::Enforce => _ = self.decided.get(&decided(rule)).map(|counter| counter.inc()),
            Mode::Shadow => _ = self.shadow.get(&matched(rule)).map(|counter| counter.inc()),
        }
    }

    fn counter(&self, rule: &Rule) -> Counter {
        match rule.mode {
            Mode::Enforce => self.decided.get_or_create_owned(&decided(rule)),
            Mode::Shadow => self.shadow.get_or_create_owned(&matched(rule)),
        }
    }
}

fn key(rule: &Rule) -> (&str, bool, &'static str) {
    (&rule.id, rule.mode == Mode::Enforce, outcome(rule))
}

fn outcome(rule: &Rule) -> &'static str {
    match rule.action {
        Action::Allow => "allow",
        Action::Deny { .. } => "deny",
    }
}

fn decided(rule: &Rule) -> Decided {
    Decided { rule: rule.id.clone(), outcome: outcome(rule) }
}

fn matched(rule: &Rule) -> Matched {
    Matched { rule: rule.id.clone() }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;
    use crate::{
        engine::{Condition, Decision, snapshot::Counts},
        facts::Command,
    };

    fn snapshot(rules: &[(&str, Mode)]) -> Arc<Snapshot> {
        let rule = |(id, mode): &(&str, Mode)| Rule {
            id: (*id).to_owned(),
            description: None,
            file: "rules/a.yaml".to_owned(),
            line: 1,
            mode: *mode,
            commands: vec![Command::CreateTopic],
            action: Action::Deny { code: None, message: None },
            when: Condition::Always,
        };
        let rules = rules.iter().map(rule).collect();
        Arc::new(Snapshot { content: String::new(), revision: String::new(), rules, counts: Counts::default() })
    }

    fn verdict(rule: Option<usize>, shadow: Vec<usize>) -> Verdict {
        Verdict { decision: Decision::Allow, rule, shadow }
    }

    fn shown(registry: &Registry) -> Vec<String> {
        let mut text = String::new();
        encode(&mut text, registry).unwrap();
        let mut lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
        lines.sort();
        lines
    }

    #[test]
    fn every_rule_is_shown_at_zero_and_counted_by_its_index() {
        let mut registry = Registry::default();
        let decisions = Decisions::register(&mut registry);
        let rules = snapshot(&[("trial", Mode::Shadow), ("adverts", Mode::Enforce), ("quiet", Mode::Enforce)]);
        decisions.follow(&rules);
        decisions.count(&rules, &verdict(Some(1), vec![0]));
        decisions.count(&rules, &verdict(None, vec![]));
        assert_eq!(
            shown(&registry),
            [
                r#"decisions_total{rule="",outcome="allow"} 1"#,
                r#"decisions_total{rule="adverts",outcome="deny"} 1"#,
                r#"decisions_total{rule="quiet",outcome="deny"} 0"#,
                r#"shadow_matches_total{rule="trial"} 1"#,
            ]
        );
    }

    #[test]
    fn a_rule_that_left_is_forgotten_and_one_that_stayed_keeps_its_count() {
        let mut registry = Registry::default();
        let decisions = Decisions::register(&mut registry);
        let old = snapshot(&[("stays", Mode::Enforce), ("leaves", Mode::Enforce)]);
        decisions.follow(&old);
        decisions.count(&old, &verdict(Some(0), vec![]));
        decisions.follow(&snapshot(&[("new", Mode::Enforce), ("stays", Mode::Enforce)]));
        decisions.count(&old, &verdict(Some(0), vec![]));
        decisions.count(&old, &verdict(Some(1), vec![]));
        assert_eq!(
            shown(&registry),
            [
                r#"decisions_total{rule="",outcome="allow"} 0"#,
                r#"decisions_total{rule="new",outcome="deny"} 0"#,
                r#"decisions_total{rule="stays",outcome="deny"} 2"#,
            ]
        );
    }
}
