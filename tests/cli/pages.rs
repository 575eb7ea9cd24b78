//! `topicgate eval --html`: the explanation as one page.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use insta::assert_snapshot;
use tempfile::TempDir;

const RULES: &str = r#"
rules:
  - id: staff
    action: allow
    when: { operator: { in: [amy] } }
  - id: trial
    mode: shadow
    action: deny
    when: { name: { contains: bet } }
  - id: odd-clients
    action: deny
    when: { any: [{ platform: { is: Windows } }, { not: { operator: { starts_with: '<' } } }] }

  - id: adverts # <b>adverts</b>
    description: Bets & casinos
    action: deny
    code: 10130
    message: 'No "{match}" <please>'
    when:
      name_lookalike: { contains: casino }
"#;

fn eval(directory: &Path, arguments: &[&str]) -> Output {
    fs::write(directory.join("rules.yaml"), RULES).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.args(["eval", "--rules", "rules.yaml", "--html", "page.html", "--at", "2026-12-01T12:00:00Z"]);
    command.args(arguments).current_dir(directory).env("NO_COLOR", "1").output().unwrap()
}

fn page(arguments: &[&str]) -> String {
    let directory = TempDir::new().unwrap();
    let output = eval(directory.path(), arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(directory.path().join("page.html")).unwrap()
}

/// What is shown, an element a line.
fn body(page: &str) -> String {
    page.split_once("</style>")
        .unwrap()
        .1
        .replace('<', "\n<")
        .replace("\n</", "</")
        .replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

const HOSTILE: [&str; 4] =
    ["--operator", "<script>alert(1)</script>", "--name", "</span>bet CАS\u{200b}ІNO \u{202e}\"'&x"];

#[test]
fn a_page_shows_the_request_what_was_found_and_why() {
    assert_snapshot!(body(&page(&[&HOSTILE[..], &["--nearest", "--platform", "Web", "--app", "7"]].concat())));
}

#[test]
fn nothing_of_a_request_becomes_a_part_of_the_page() {
    let page = page(&HOSTILE);
    let (head, body) = page.split_once("</style>").unwrap();
    assert!(head.contains(r#"content="default-src 'none'; style-src 'unsafe-inline'""#));
    for never in ["<script", "</span>bet", "<please>", "<b>adverts", "\u{202e}", "\u{200b}", "http:", "https:", "src="]
    {
        assert!(!body.contains(never), "{never}");
    }
}

#[test]
fn an_allowed_request_has_a_page_too() {
    assert_snapshot!(body(&page(&["--operator", "<bo", "--name", "Tea"])));
}

#[test]
fn the_decision_is_printed_beside_the_page() {
    let directory = TempDir::new().unwrap();
    let output = eval(directory.path(), &["--operator", "amy", "--name", "Tea", "--format", "json"]);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["rule"]["id"], "staff");
}

#[test]
fn a_page_that_cannot_be_written_is_said() {
    let directory = TempDir::new().unwrap();
    fs::create_dir(directory.path().join("page.html")).unwrap();
    let output = eval(directory.path(), &["--operator", "amy", "--name", "Tea"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: cannot write `page.html`"), "{said}");
}
