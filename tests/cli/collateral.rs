//! What `topicgate collateral` says of harmless names.

use std::{
    fs,
    process::{Command, Output},
};

use insta::assert_snapshot;
use tempfile::TempDir;

const PARTS: &str = r#"
rules:
  - {id: staff, action: allow, when: {name: {is: Assassin of staff}}}
  - {id: words, action: deny, when: {name: {contains: [ass, 口交], ignoring: [classic]}}}
  - {id: hourly, action: deny, when: always, quota: {limit: 1, per: operator, within: 1h}}
"#;

fn collateral(rules: &str, names: Option<&str>, arguments: &[&str]) -> Output {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("rules.yaml"), rules).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.arg("collateral").args(arguments).current_dir(directory.path()).env("NO_COLOR", "1");
    if let Some(names) = names {
        fs::write(directory.path().join("names.txt"), names).unwrap();
        command.args(["--names", "names.txt"]);
    }
    command.arg("rules.yaml").output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

const NAMES: &str =
    "\u{feff}# ours\n\nClassic cars\n  Assassin of staff\nThe Bass\nclassic grass\n十字路口交通灯\n#1 fan\n";

#[test]
fn a_harmless_name_is_shown_with_the_rule_and_what_it_found() {
    let output = collateral(PARTS, Some(NAMES), &[]);
    assert_eq!(output.status.code(), Some(0));
    assert_snapshot!(printed(&output), @"
    `The Bass`: words found `ass` (rules.yaml:4)
    `classic grass`: words found `ass` (rules.yaml:4)
    `十字路口交通灯`: words found `口交` (rules.yaml:4)
    6 names asked about, 3 refused
    help: `ignoring` beside `contains` and `contains_word` keeps such names, and `contains_word` many
    ");
}

#[test]
fn programs_get_one_object() {
    let output = collateral(PARTS, Some("The Bass\nfine"), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let refused =
        serde_json::json!({"name": "The Bass", "rule": "words", "file": "rules.yaml", "line": 4, "found": "ass"});
    assert_eq!(report, serde_json::json!({"names": 2, "refused": [refused]}));
}

#[test]
fn any_refused_name_fails_where_that_is_asked_for() {
    assert_eq!(collateral(PARTS, Some("The Bass"), &["--fail-on-any"]).status.code(), Some(1));
    assert_eq!(collateral(PARTS, Some("fine"), &["--fail-on-any"]).status.code(), Some(0));
}

#[test]
fn no_names_and_a_broken_set_are_told_apart() {
    assert_eq!(collateral(PARTS, Some("# none\n"), &[]).status.code(), Some(2));
    assert_eq!(collateral("rules: [{id: a}]", None, &[]).status.code(), Some(1));
}

#[test]
fn the_built_in_names_are_enough_and_each_stands_once() {
    let all = "rules: [{id: all, action: deny, when: always}]";
    let output = collateral(all, None, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&str> =
        report["refused"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap()).collect();
    let (english, chinese): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| name.chars().any(|letter| letter < '\u{250}'));
    assert!(english.len() >= 300 && chinese.len() >= 150, "{} {}", english.len(), chinese.len());
    let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(distinct.len(), names.len());
}
