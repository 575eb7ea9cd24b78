//! What `topicgate drill` says of the ways past a rule.

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

fn drill(rules: &str, arguments: &[&str]) -> Output {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("rules.yaml"), rules).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.arg("drill").args(arguments).current_dir(directory.path()).env("NO_COLOR", "1");
    command.arg("rules.yaml").output().unwrap()
}

fn json(rules: &str) -> Value {
    serde_json::from_slice(&drill(rules, &["--format", "json"]).stdout).unwrap()
}

fn rule(test: &str, examples: &str) -> String {
    format!("rules:\n  - id: casino\n    action: deny\n    when: {{ {test} }}\n    examples: {{ {examples} }}\n")
}

#[test]
fn a_suggested_change_stops_what_it_says_once_it_is_made() {
    let before = rule("name: { contains_word: casino }", "match: [My casino]");
    let report = json(&before);
    let change = &report["rules"][0]["change"];
    assert_eq!(change["stops"], report["through"]);
    let mut after = before;
    for edit in change["edits"].as_array().unwrap() {
        after = after.replacen(edit["from"].as_str().unwrap(), edit["to"].as_str().unwrap(), 1);
    }
    assert_eq!(json(&after)["through"], 0, "{after}");
}

#[test]
fn a_change_that_breaks_an_example_is_not_suggested() {
    let report = json(&rule("name: { contains: casino }", "match: [casino], no_match: [c4sino, c a s i n o]"));
    assert!(report["through"].as_u64().unwrap() > 0);
    assert_eq!(report["rules"][0]["change"], Value::Null);
}

#[test]
fn a_known_miss_is_accepted_and_a_stale_one_is_told() {
    let report = json(&rule("name: { contains: casino }", "match: [casino], known_miss: [c a s i n o, CASINO]"));
    assert_eq!(report["known_miss"], 1);
    assert_eq!(report["rules"][0]["stale_known_misses"][0], "CASINO");
}

#[test]
fn the_share_decides_how_it_ends() {
    let weak = rule("name: { contains: casino }", "match: [casino]");
    let strong = rule("name_squeezed: { contains: casino }", "match: [casino]");
    assert_eq!(drill(&weak, &["--fail-under", "99%"]).status.code(), Some(1));
    assert_eq!(drill(&weak, &[]).status.code(), Some(0));
    assert_eq!(drill(&strong, &["--fail-under", "99.5"]).status.code(), Some(0));
    assert_eq!(drill(&strong, &["--fail-under", "101"]).status.code(), Some(2));
}

#[test]
fn a_set_without_examples_has_nothing_to_drill() {
    let rules = "rules: [{id: casino, action: deny, when: {name: {contains: casino}}}]";
    assert_eq!(drill(rules, &[]).status.code(), Some(2));
    assert_eq!(drill("rules: [{id: a}]", &[]).status.code(), Some(1));
}

#[test]
fn a_seed_gives_the_same_names_each_time() {
    let rules = rule("name: { contains: casino }", "match: [casino]");
    assert_eq!(json(&rules), json(&rules));
}

/// Examples are about the condition, so a bare one is asked for what the rule is for.
#[test]
fn a_rule_for_groups_is_drilled_like_any_other() {
    let rules = rule("name: { contains: casino }", "match: [casino]")
        .replace("    action", "    commands: [create_group]\n    action");
    let report = json(&rules);
    assert!(report["through"].as_u64().unwrap() > 0 && report["rules"][0]["notes"].as_array().unwrap().is_empty());
    assert_eq!(report["stopped"], json(&rule("name: { contains: casino }", "match: [casino]"))["stopped"]);
}
