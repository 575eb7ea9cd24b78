//! What `topicgate codes export` prints for the clients of an app.

use std::{
    fs,
    process::{Command, Output},
};

use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// Names that no language takes as they are, and a message with all that ends a text or a comment.
const ODD: &str = r#"
codes:
  10100: operator-banned
  10101: 广告
  10102: default
  10103: two words
  10104: two_words
  10105: 404-page
  10106: code-10101
  10107: not used
rules:
  - {id: a, action: deny, code: 10100, message: "No /* */ $name \\(x) \"{match}\"\u202e\n{{rule}}", when: {name: {contains: a}}}
  - {id: b, action: deny, code: 10100, message: Another one, when: {name: {contains: b}}, mode: shadow}
  - {id: c, action: deny, code: 10100, message: Another one, when: {name: {contains: c}}}
  - {id: d, action: deny, code: 10101, message: Not live, when: {name: {contains: d}}, mode: disabled}
  - {id: e, action: deny, code: 10102, when: {name: {contains: e}}}
"#;

fn export(rules: &str, format: &str) -> Output {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("rules.yaml"), rules).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.args(["codes", "export", "--format", format, "rules.yaml"]).current_dir(directory.path());
    command.env("NO_COLOR", "1").output().unwrap()
}

fn printed(rules: &str, format: &str) -> String {
    let output = export(rules, format);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(rules: &str) -> (Option<i32>, String) {
    let output = export(rules, "ts");
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn json_has_every_code_with_what_users_are_told() {
    assert_snapshot!(printed(ODD, "json"));
}

#[test]
fn typescript_has_a_name_for_every_code() {
    assert_snapshot!(printed(ODD, "ts"));
}

#[test]
fn kotlin_has_a_name_for_every_code() {
    assert_snapshot!(printed(ODD, "kotlin"));
}

#[test]
fn swift_has_a_name_for_every_code() {
    assert_snapshot!(printed(ODD, "swift"));
}

#[test]
fn codes_that_are_not_declared_have_their_numbers_for_names() {
    let rules = "rules: [{id: a, action: deny, code: 10150, message: Never, when: always}]";
    let json: Value = serde_json::from_str(&printed(rules, "json")).unwrap();
    assert_eq!(json["codes"][0]["name"], Value::Null);
    assert!(printed(rules, "ts").contains("\n  Code10150: 10150,\n"));
}

#[test]
fn a_set_without_codes_has_nothing_to_print() {
    let (exit, said) = refused("rules: [{id: a, action: deny, when: {name: {contains: spam}}}]");
    assert_eq!(exit, Some(2));
    assert_snapshot!(said, @r"
    error: the rules use no code of the app
    help: give rules a `code` from 10100 to 10200, and declare it under `codes`
    ");
}

#[test]
fn a_set_with_errors_prints_them_and_no_codes() {
    let (exit, said) = refused("rules: [{id: a, action: deny, code: 1, when: always}]");
    assert_eq!(exit, Some(1));
    assert!(said.contains("`1` is not a code that an app may use"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// A literal of TypeScript is one of JSON, which can be read back.
    #[test]
    fn a_message_is_the_same_text_in_the_client(message in r#"[ -~]{0,20}[\u{0}\u{7}\u{200b}\u{2028}\u{202e}"\\$*/{\n\r\t赌🅰]{1,9}x"#) {
        let message = message.replace('{', "{{");
        let quoted = serde_json::to_string(&message).unwrap().replace('\u{0}', "").replace("\u{7f}", "");
        let rules = format!("rules: [{{id: a, action: deny, code: 10150, message: {quoted}, when: always}}]");
        let output = export(&rules, "ts");
        prop_assume!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.contains("messages: [\"")).unwrap();
        let literal = line.split_once("messages: [").unwrap().1.strip_suffix("] },").unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(literal).unwrap(), message);
        let has_hidden = text.contains(['\u{200b}', '\u{202e}', '\u{2028}', '\u{7}']);
        prop_assert!(!has_hidden);
    }
}
