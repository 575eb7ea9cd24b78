//! What the examples and tests of a set show of it. Only `topicgate test` asks; a load does not pay for it.

use std::collections::HashMap;

use crate::{
    engine::{Coverage, Snapshot, Views},
    rules::{
        ast::{Claim, Example, RuleSet},
        cases,
    },
};

/// Looks at every example and test of a set that was loaded.
pub(super) fn of(snapshot: &Snapshot, set: &RuleSet<'_>) -> Coverage {
    let mut coverage = Coverage::of(snapshot);
    let written = set.rules.iter().filter_map(|rule| Some((rule.id?.value, rule.examples.as_slice())));
    let examples: HashMap<&str, &[Example<'_>]> = written.collect();
    for (index, rule) in snapshot.rules.iter().enumerate() {
        let examples = examples.get(rule.id.as_str()).into_iter().copied().flatten();
        // What a known miss shows is not what the rule is for.
        for example in examples.filter(|example| example.claim != Claim::KnownMiss) {
            coverage.asked(index, snapshot, &Views::of(&cases::shown(example)));
        }
    }
    for case in &set.tests {
        let (facts, verdict) = cases::decide(snapshot, case);
        coverage.decided(&verdict, snapshot, &Views::of(&facts));
    }
    coverage
}
