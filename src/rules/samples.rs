//! What each rule was written to match, and where its tests of the name stand: what a drill begins with.

use std::collections::HashMap;

use crate::{
    diagnostic::Place,
    engine::Snapshot,
    facts::{Facts, Field},
    rules::{
        ast::{Claim, Rule, RuleSet},
        cases, requests,
    },
};

/// The examples of a live rule.
#[derive(Debug)]
pub struct Samples {
    /// An index into [`Snapshot::rules`].
    pub rule: usize,
    /// What it must match.
    pub matches: Vec<Facts<'static>>,
    /// What it is known to miss.
    pub known_misses: Vec<Facts<'static>>,
    /// The tests of the name in its condition, in written order.
    pub tests: Vec<NameTest>,
}

/// A test of the name as it is written.
#[derive(Clone, Copy, Debug)]
pub struct NameTest {
    /// The view of the name.
    pub field: Field,
    /// Where the view is written.
    pub field_place: Place,
    /// The matcher.
    pub matcher: &'static str,
    /// Where it is written.
    pub matcher_place: Place,
}

/// The samples of every live rule, in order.
pub(super) fn of(snapshot: &Snapshot, set: &RuleSet<'_>) -> Vec<Samples> {
    let written: HashMap<&str, &Rule<'_>> = set.rules.iter().filter_map(|rule| Some((rule.id?.value, rule))).collect();
    let live = snapshot.rules.iter().enumerate();
    live.filter_map(|(index, rule)| Some(samples(index, written.get(rule.id.as_str())?))).collect()
}

fn samples(rule: usize, written: &Rule<'_>) -> Samples {
    let of = |claim: Claim| {
        let examples = written.examples.iter().filter(|example| example.claim == claim);
        examples.map(|example| requests::owned(cases::shown(example))).collect()
    };
    let mut tests = Vec::new();
    if let Some(when) = &written.when {
        when.tests(&mut |test| {
            if test.field.value.is_name() {
                tests.push(NameTest {
                    field: test.field.value,
                    field_place: test.field.place,
                    matcher: test.matcher.value.name,
                    matcher_place: test.matcher.place,
                });
            }
        });
    }
    Samples { rule, matches: of(Claim::Match), known_misses: of(Claim::KnownMiss), tests }
}
