//! Findings as code hosts want them.

use std::{collections::BTreeSet, fs, process::Command};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A misspelt action, behind characters of several bytes; a rule that is there twice; nothing wrong with the last.
const RULES: &str = "\
rules:
  - {id: 'a', description: 赌🅰场, acton: deny, when: {name: {contains: a}}}
  - {id: b, action: deny, when: {name: {contains: b}}}
  - {id: b, action: deny, when: {name: {contains: c}}}
";

fn checked(path: &str, rules: &str, format: &str) -> (Option<i32>, Value) {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join(path), rules).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    let output = command.args(["check", "--format", format, path]).current_dir(directory.path()).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn sarif_has_each_finding_in_its_place_with_what_mends_it() {
    let (exit, log) = checked("my rules 100%.yaml", RULES, "sarif");
    assert_eq!(exit, Some(1));
    assert_snapshot!(serde_json::to_string_pretty(&log["runs"][0]["results"]).unwrap());
    assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    // Each result names its code, which the log describes.
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][index];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("## Wrong"));
    }
}

#[test]
fn sarif_of_a_clean_set_has_no_result() {
    let (exit, log) = checked("a.yaml", "rules: [{id: a, action: deny, when: {name: {contains: ab}}}]", "sarif");
    assert_eq!((exit, &log["runs"][0]["results"]), (Some(0), &json!([])));
}

#[test]
fn gitlab_knows_a_finding_again_when_its_line_changes() {
    let fingerprints = |rules: &str| {
        let (_, entries) = checked("a.yaml", rules, "gitlab");
        let all = entries.as_array().unwrap().iter().map(|entry| entry["fingerprint"].clone());
        all.collect::<Vec<Value>>()
    };
    let found = fingerprints(RULES);
    assert_eq!(fingerprints(&format!("# one line more\n{RULES}")), found);
    let twice = fingerprints(&(RULES.to_owned() + "  - {id: b, action: deny, when: {name: {contains: d}}}\n"));
    let distinct: BTreeSet<String> = twice.iter().map(Value::to_string).collect();
    assert_eq!((twice.len(), distinct.len()), (found.len() + 1, found.len() + 1));
}
