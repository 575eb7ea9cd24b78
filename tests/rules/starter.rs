//! The rule set that a community can start from: `rules/` of this repository.

#![expect(clippy::disallowed_methods, reason = "it edits a copy of the rule set")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use topicgate::{
    diagnostic::render::{self, Style},
    engine::Decision,
    rules::{self, Loaded},
    source,
};

use crate::decide;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

fn load(rules: &Path) -> Loaded {
    rules::load(source::read(&[rules.to_owned()], &source::Options::default()), jiff::Timestamp::UNIX_EPOCH)
}

fn starter() -> Loaded {
    load(&root())
}

#[test]
fn the_starter_set_loads_without_a_finding() {
    let loaded = starter();
    assert_eq!(render::text(&loaded.report, Style::Plain), "");
    assert!(loaded.outcomes.iter().all(|outcome| outcome.differences.is_empty()));
}

#[test]
fn the_starter_set_proves_all_that_it_says() {
    let input = source::read(&[root()], &source::Options::default());
    let (_, coverage) = rules::cover(input, jiff::Timestamp::UNIX_EPOCH);
    let unseen: Vec<_> =
        coverage.unwrap().rules.into_iter().filter(|rule| rule.share().seen < rule.share().possible).collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
}

#[test]
fn every_rule_of_the_starter_set_says_what_it_matches() {
    let snapshot = starter().snapshot.unwrap();
    assert!(snapshot.rules.iter().all(|rule| rule.description.is_some()));
    assert!(snapshot.counts.examples > 8 * snapshot.rules.len() && snapshot.counts.tests > 10);
}

#[test]
fn the_documented_request_is_allowed() {
    let (rule, decision) = decide(&starter().snapshot.unwrap(), "leckie", "MyFirstTopic");
    assert_eq!((rule.as_str(), decision), ("none", Decision::Allow));
}

#[test]
fn one_more_line_in_a_list_refuses_a_name() {
    let rules = tempfile::tempdir().unwrap();
    copy(&root(), rules.path());
    let list = rules.path().join("lists/reserved-names.txt");
    fs::write(&list, fs::read_to_string(&list).unwrap() + "myfirsttopic\n").unwrap();
    let (rule, decision) = decide(&load(rules.path()).snapshot.unwrap(), "leckie", "MyFirstTopic");
    assert_eq!(rule, "reserved-names");
    let message = "The name \"MyFirstTopic\" is reserved. 名称“MyFirstTopic”为保留名称。".to_owned();
    assert_eq!(decision, Decision::Deny { code: 10111, message });
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
