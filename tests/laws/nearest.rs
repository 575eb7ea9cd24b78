//! The nearest name that passes, against trying every name.

use proptest::prelude::*;
use topicgate::{
    engine::{
        Decision, Snapshot,
        nearest::{fillers, nearest},
    },
    facts::Facts,
};

use crate::{
    generated::{self, loaded},
    loading, model,
};

fn passes(snapshot: &Snapshot, facts: &Facts<'_>, name: &str) -> bool {
    let facts = Facts { name: name.into(), ..facts.clone() };
    loading::check_decision(snapshot, &facts).decision == Decision::Allow
}

/// Every name that is one character away.
fn neighbours(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut all = Vec::new();
    for at in 0..=characters.len() {
        let (before, after) = characters.split_at(at);
        for filler in fillers(snapshot) {
            all.push([before, &[filler], after].concat());
            if let [_, rest @ ..] = after {
                all.push([before, &[filler], rest].concat());
            }
        }
        if let [_, rest @ ..] = after {
            all.push([before, rest].concat());
        }
    }
    all.into_iter().map(String::from_iter).filter(|name: &String| !name.trim().is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_passes_and_no_nearer_one_does((rules, requests) in generated::case(1..4)) {
        let snapshot = loaded(&model::file(&rules));
        for facts in requests.iter().filter(|facts| facts.name.chars().count() < 30) {
            let one_away = neighbours(&snapshot, &facts.name).into_iter().find(|name| passes(&snapshot, facts, name));
            match nearest(&snapshot, facts, |_| 0) {
                _ if passes(&snapshot, facts, &facts.name) => prop_assert_eq!(nearest(&snapshot, facts, |_| 0), None),
                Some(found) => {
                    prop_assert!(passes(&snapshot, facts, &found.name), "{found:?}\n{facts:?}");
                    prop_assert_eq!(found.edits, strsim::levenshtein(&facts.name, &found.name));
                    prop_assert_eq!(found.edits == 1, one_away.is_some(), "{:?}\n{:?}", one_away, facts);
                }
                None => prop_assert_eq!(one_away, None, "{:?}", facts),
            }
        }
    }
}
