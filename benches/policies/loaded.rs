//! A policy as a loaded rule set, and one decision by it. Nothing is read from disk.

use std::{collections::BTreeMap, hint::black_box};

use jiff::Timestamp;
use topicgate::{
    engine::{self, Counts, Snapshot, Verdict, Views},
    facts::Facts,
    rules::{self, Input, ListFile, RuleFile},
};

use crate::policy::{LIST, Policy};

/// What a policy is loaded from.
pub fn input(policy: &Policy) -> Input {
    let (lists, rules): (Vec<_>, Vec<_>) = policy.files().into_iter().partition(|(path, _)| *path == LIST);
    let lists = lists.into_iter().map(|(path, text)| ListFile::new(path, text.into_bytes()));
    input_of(rules.into_iter().map(|(path, text)| (path.to_owned(), text)).collect(), lists.collect())
}

/// The same of rule files, each with its text, and of one list file at most, which all of them may name.
pub fn input_of(rules: Vec<(String, String)>, list_files: Vec<ListFile>) -> Input {
    let mut lists = BTreeMap::new();
    if !list_files.is_empty() {
        lists.extend((0..rules.len()).map(|file| ((file, LIST.to_owned()), Ok(0))));
    }
    let file = |(path, text): (String, String)| RuleFile { relative: path.clone(), path, bytes: Ok(text.into_bytes()) };
    Input { files: rules.into_iter().map(file).collect(), list_files, lists, ..Input::default() }
}

/// The rule set of an input that has no mistakes.
pub fn load(input: Input) -> Snapshot {
    let loaded = rules::load(input, Timestamp::UNIX_EPOCH);
    assert!(loaded.snapshot.is_some(), "{:?}", loaded.report);
    loaded.snapshot.unwrap()
}

/// A topic that somebody creates.
pub fn topic<'a>(operator: &'a str, name: &'a str) -> Facts<'a> {
    Facts::topic(operator, name, Timestamp::UNIX_EPOCH)
}

/// What the engine does for one request.
pub fn decide(snapshot: &Snapshot, facts: &Facts<'_>) -> Verdict {
    let views = Views::of(black_box(facts));
    let plan = engine::evaluate(snapshot, &views);
    engine::settle(snapshot, &views, &plan, &Counts::default())
}
