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
    help: words (rules.yaml:4): beside `contains`, ignoring: [bass, grass, '口交通']
    ");
}

#[test]
fn programs_get_one_object() {
    let output = collateral(PARTS, Some("The Bass\nfine"), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let refused =
        serde_json::json!({"name": "The Bass", "rule": "words", "file": "rules.yaml", "line": 4, "found": "ass"});
    let suggestion = serde_json::json!({
        "rule": "words", "file": "rules.yaml", "line": 4, "matcher": "contains", "list": null, "ignoring": ["bass"]
    });
    assert_eq!(report, serde_json::json!({"names": 2, "refused": [refused], "suggestions": [suggestion]}));
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

const SEVERAL: &str = r#"
lists:
  fine: [essex]
rules:
  - id: words
    action: deny
    when:
      any:
        - name:
            contains: [ass, 口交]
        - name_lookalike: { contains_word: [casino], ignoring: [casino royale] }
        - name_squeezed: { contains: [sex], ignoring: { list: fine } }
    examples:
      match: [bass guitar, Sexy]
  - id: links
    action: deny
    when: { name: { matches: '\.com' } }
"#;

#[test]
fn what_is_told_to_be_ignored_stands_beside_the_test_that_finds_it() {
    let names = "The Bass\nGrass court\n十字路口交通灯\nCasino de Paris\nUnisex hair\nwww.com";
    assert_snapshot!(printed(&collateral(SEVERAL, Some(names), &[])), @"
    `The Bass`: words found `ass` (rules.yaml:5)
    `Grass court`: words found `ass` (rules.yaml:5)
    `十字路口交通灯`: words found `口交` (rules.yaml:5)
    `Casino de Paris`: words found `Casino` (rules.yaml:5)
    `Unisex hair`: words found `sex` (rules.yaml:5)
    `www.com`: links found `.com` (rules.yaml:15)
    6 names asked about, 6 refused
    help: words (rules.yaml:10): beside `contains`, ignoring: [the bass, grass, '口交通']
    help: words (rules.yaml:11): beside `contains_word`, ignoring: [casino de]
    help: words (rules.yaml:12): add to the list `fine`: unisex
    ");
}

/// The changed set is loaded, and its examples are a part of it.
#[test]
fn nothing_is_told_that_would_break_an_example_or_not_help() {
    let names = "Bass guitar\nwww.com\nSexy";
    assert_snapshot!(printed(&collateral(SEVERAL, Some(names), &[])), @"
    `Bass guitar`: words found `ass` (rules.yaml:5)
    `www.com`: links found `.com` (rules.yaml:15)
    `Sexy`: words found `Sex` (rules.yaml:5)
    3 names asked about, 3 refused
    help: nothing to ignore was found that lets them pass; `contains_word` finds whole words only, and an exception (`except`) lets single names pass
    ");
}

#[test]
fn a_file_of_names_in_another_encoding_is_said() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("rules.yaml"), PARTS).unwrap();
    fs::write(directory.path().join("names.txt"), b"caf\xe9\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    let output = command
        .args(["collateral", "--names", "names.txt", "rules.yaml"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(printed(&output), @r"
    error: `names.txt` is not UTF-8
    help: save it as UTF-8 in the editor, one name on a line
    ");
}
