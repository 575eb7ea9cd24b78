//! How often each rule decides, counted without a lock: the counters of a snapshot are looked up before it becomes live.

use std::{
    collections::HashSet,
    hash::Hash,
    iter, ptr,
    sync::{Arc, Weak},
};

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
    /// A table for each snapshot that a request may still hold, the newest first.
    tables: ArcSwap<Vec<Arc<Table>>>,
}

/// The counters of one snapshot, by the index of the rule.
#[derive(Debug)]
struct Table {
    // INVARIANT: as long as this stands here, no other snapshot has its address.
    snapshot: Weak<Snapshot>,
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
        Decisions { decided, shadow, no_rule, tables: ArcSwap::default() }
    }

    /// Makes every rule of a snapshot visible, at zero if it is new. To be called before the snapshot is live, or its first
    /// decisions are not counted.
    pub fn prepare(&self, snapshot: &Arc<Snapshot>) {
        if self.tables.load().iter().any(|table| table.is_of(snapshot)) {
            return;
        }
        let counters = snapshot.rules.iter().map(|rule| self.counter(rule)).collect();
        let table = Arc::new(Table { snapshot: Arc::downgrade(snapshot), counters });
        self.tables.rcu(|tables| {
            let held = tables.iter().filter(|table| table.snapshot.strong_count() > 0);
            iter::once(&table).chain(held).cloned().collect::<Vec<_>>()
        });
    }

    /// Forgets the rules that the live snapshot does not have, of every other snapshot that somebody holds: whoever replaces
    /// one holds it until this is done.
    pub fn follow(&self, snapshot: &Arc<Snapshot>) {
        self.prepare(snapshot);
        let stay: HashSet<_> = snapshot.rules.iter().map(key).collect();
        let others = self.tables.load();
        for left in others.iter().filter_map(|table| table.snapshot.upgrade()) {
            for rule in left.rules.iter().filter(|rule| !stay.contains(&key(rule))) {
                match rule.mode {
                    Mode::Enforce => self.decided.remove(&decided(rule)),
                    Mode::Shadow => self.shadow.remove(&matched(rule)),
                };
            }
        }
    }

    /// Counts a decision of a snapshot.
    pub fn count(&self, snapshot: &Arc<Snapshot>, verdict: &Verdict) {
        if verdict.rule.is_none() {
            self.no_rule.inc();
        }
        let tables = self.tables.load();
        let Some(table) = tables.iter().find(|table| table.is_of(snapshot)) else { return };
        for counter in verdict.shadow.iter().chain(&verdict.rule).filter_map(|index| table.counters.get(*index)) {
            counter.inc();
        }
    }

    /// How often each rule of a snapshot decided, or would have, in the order of the rules.
    pub fn counts(&self, snapshot: &Arc<Snapshot>) -> Vec<u64> {
        let tables = self.tables.load();
        let table = tables.iter().find(|table| table.is_of(snapshot));
        table.map(|table| table.counters.iter().map(Counter::get).collect()).unwrap_or_default()
    }

    fn counter(&self, rule: &Rule) -> Counter {
        match rule.mode {
            Mode::Enforce => self.decided.get_or_create_owned(&decided(rule)),
            Mode::Shadow => self.shadow.get_or_create_owned(&matched(rule)),
        }
    }
}

impl Table {
    fn is_of(&self, snapshot: &Arc<Snapshot>) -> bool {
        ptr::eq(self.snapshot.as_ptr(), Arc::as_ptr(snapshot))
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
        engine::{Condition, Decision, Index, snapshot::Counts},
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
            active: Default::default(),
            schedule: None,
            rollout: None,
            except: Vec::new(),
            quota: None,
        };
        let rules: Vec<Rule> = rules.iter().map(rule).collect();
        let zone = jiff::tz::TimeZone::UTC;
        Arc::new(Snapshot {
            content: String::new(),
            revision: String::new(),
            zone,
            index: Index::of(&rules),
            rules,
            counts: Counts::default(),
        })
    }

    fn verdict(rule: Option<usize>, shadow: Vec<usize>) -> Verdict {
        Verdict { decision: Decision::Allow, rule, shadow, excepted: Vec::new() }
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
    fn a_decision_counts_from_the_swap_on_and_until_nobody_holds_its_rules() {
        let mut registry = Registry::default();
        let decisions = Decisions::register(&mut registry);
        let sets =
            ["first", "second", "third"].map(|name| snapshot(&[("stays", Mode::Enforce), (name, Mode::Enforce)]));
        for set in &sets {
            decisions.prepare(set);
            decisions.count(set, &verdict(Some(1), vec![]));
            decisions.count(&sets[0], &verdict(Some(0), vec![]));
            decisions.follow(set);
        }
        let lines = shown(&registry);
        assert!(lines.contains(&r#"decisions_total{rule="third",outcome="deny"} 1"#.to_owned()), "{lines:?}");
        assert!(lines.contains(&r#"decisions_total{rule="stays",outcome="deny"} 3"#.to_owned()), "{lines:?}");
        assert_eq!(lines.len(), 3);
        assert_eq!(decisions.tables.load().len(), 3);
        drop(sets);
        decisions.follow(&snapshot(&[]));
        assert_eq!(decisions.tables.load().len(), 1);
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
