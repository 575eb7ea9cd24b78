//! `topicgate eval --nearest`: the smallest change of a name that would be accepted.

use std::{fs, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

fn nearest(rules: &str, name: &str, arguments: &[&str]) -> Value {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("rules.yaml"), rules).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.args([
        "eval",
        "--rules",
        "rules.yaml",
        "--operator",
        "leckie",
        "--format",
        "json",
        "--nearest",
        "--name",
        name,
    ]);
    let output = command.args(arguments).current_dir(directory.path()).output().unwrap();
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    printed["nearest"].clone()
}

#[test]
fn what_a_name_must_have_is_put_in() {
    for (test, name, accepted) in [
        ("{ starts_with: '#' }", "News", "#ews"),
        ("{ contains: [':', '；'] }", "News", ":ews"),
        ("{ matches: '[5-9]' }", "Room", "5oom"),
        ("{ matches: '^[0-9]' }", "Room", "1oom"),
    ] {
        let rules = format!("rules: [{{id: must, action: deny, when: {{not: {{name: {test}}}}}}}]");
        assert_eq!(nearest(&rules, name, &[]), json!({"name": accepted, "edits": 1}), "{test}");
    }
}

#[test]
fn what_a_rule_allows_is_put_in() {
    let rules = "
rules:
  - {id: official, action: allow, when: {name: {starts_with: '★'}}}
  - {id: others, action: deny, when: {name: {length: {min: 1}}}}
";
    assert_eq!(nearest(rules, "News", &[]), json!({"name": "★ews", "edits": 1}));
}

/// A name that another rule would refuse for what came before is no help.
#[test]
fn what_came_before_is_counted() {
    let rules = "
rules:
  - {id: casinos, action: deny, when: {name: {contains: casino}}}
  - {id: hourly, action: deny, when: always, quota: {limit: 2, per: operator, within: 1h}}
";
    assert_eq!(nearest(rules, "my casino", &["--count", "hourly=1"])["edits"], 1);
    assert_eq!(nearest(rules, "my casino", &["--count", "hourly=5"]), Value::Null);
}

/// A pattern that goes over all of a name leaves as many names as there are pairs of characters.
#[test]
fn a_long_name_for_which_nothing_helps_is_given_up() {
    let rules = "rules: [{id: all, action: deny, when: {name: {matches: 'a.*b.*c'}}}]";
    assert_eq!(nearest(rules, &"abc".repeat(300), &[]), Value::Null);
}
