//! `topicgate check --write-witness`: the tests that it adds, and that nothing else changes.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

const RULES: &str = "\
# Ours.
rules:
  - id: no-gambling
    action: deny
    code: 10120
    when: { name: { contains: casino } }
  - id: no-adverts   # for money
    action: deny
    code: 10130
    when: { platform: { is: web }, name: { contains: [casino bonus, \"x\\u200by: 'z'\"] } }
";

const ADDED: &str = "  - name: no-gambling comes before no-adverts
    request: { operator: someone, name: casino bonus, platform: web }
    expect: { decision: deny, rule: no-gambling, code: 10120 }
";

fn write_witness(folder: &Path) -> Output {
    let mut check = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    check.args(["check", "--write-witness"]).arg(folder).env("NO_COLOR", "1").output().unwrap()
}

/// What a check says, once it has added tests.
fn settle(folder: &Path) -> (String, String) {
    let check = write_witness(folder);
    assert_eq!(check.status.code(), Some(0));
    (String::from_utf8(check.stdout).unwrap(), String::from_utf8(check.stderr).unwrap())
}

/// What a check says that cannot add tests.
fn refused(folder: &Path) -> String {
    let check = write_witness(folder);
    assert_ne!(check.status.code(), Some(0));
    String::from_utf8(check.stderr).unwrap()
}

#[track_caller]
fn check(files: &[(&str, &str)], changed: &str, expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    lay(&folder, files);
    let path = folder.path().join(changed);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let (out, err) = settle(folder.path());
    assert!(
        out.contains("note[rules-overlap]: `no-gambling` and this rule both match the name `casino bonus`"),
        "{out}"
    );
    assert_eq!(err, format!("{}: 1 test added\n", path.display()));
    for (name, text) in files {
        let expected = if *name == changed { expected } else { text };
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), expected, "{name}");
    }
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    let (out, err) = settle(folder.path());
    assert!(!out.contains("rules-overlap") && err.is_empty(), "{out}{err}");
    assert_eq!(fs::read_to_string(&path).unwrap(), expected, "a second time nothing is left to do");
}

fn lay(folder: &TempDir, files: &[(&str, &str)]) {
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
}

#[test]
fn a_file_without_tests_gets_some() {
    check(&[("one.yaml", RULES)], "one.yaml", &format!("{RULES}\ntests:\n{ADDED}"));
}

#[test]
fn tests_come_after_those_that_there_are() {
    let tests =
        "tests:\n    - name: hello   # why\n      request: { operator: a, name: b }\n      expect: { rule: none }\n";
    let before = format!("{tests}\n# The rules.\n{}", RULES.trim_start_matches("# Ours.\n"));
    let (head, rest) = before.split_once("\n# The").unwrap();
    let added: String = ADDED.lines().map(|line| format!("  {line}\n")).collect();
    check(&[("one.yaml", &before)], "one.yaml", &format!("{head}\n{added}\n# The{rest}"));
}

#[test]
fn tests_go_where_tests_are() {
    let tests = "tests: [{ name: hello, request: { operator: a, name: b }, expect: { rule: none } }]   # all\n";
    let added: Vec<&str> = ADDED.lines().map(|line| line.trim_start_matches([' ', '-'])).collect();
    let expected = tests.replace("}]", &format!("}}, {{ {} }}]", added.join(", ")));
    check(&[("one.yaml", RULES), ("two.yaml", tests)], "two.yaml", &expected);
}

#[test]
fn the_line_ends_and_the_mark_of_a_file_stay() {
    let before = format!("\u{feff}{}", RULES.replace('\n', "\r\n"));
    let after = format!("\u{feff}{}", format!("{RULES}\ntests:\n{ADDED}").replace('\n', "\r\n"));
    check(&[("one.yaml", &before)], "one.yaml", &after);
}

#[test]
fn a_file_that_nobody_may_write_to_is_left() {
    let folder = tempfile::tempdir().unwrap();
    lay(&folder, &[("one.yaml", RULES)]);
    let path = folder.path().join("one.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let err = refused(folder.path());
    assert!(err.contains(&format!("{} cannot be written: it is read-only", path.display())), "{err}");
    assert_eq!(fs::read_to_string(&path).unwrap(), RULES);
}

#[test]
fn where_no_test_can_be_added_it_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let ended = format!("{RULES}...\n");
    lay(&folder, &[("one.yaml", &ended)]);
    let err = refused(folder.path());
    assert!(err.contains(&format!("add this under `tests:` by hand\n{ADDED}")) && err.contains("laid out"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("one.yaml")).unwrap(), ended);
}

#[test]
fn the_overlaps_that_are_left_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let rule = |number: u32| {
        format!("  - {{ id: r{number}, action: deny, when: {{ name: {{ contains: w{number:02} }} }} }}\n")
    };
    let names: String = (1..23).map(|number| format!(", w{number:02}")).collect();
    let last = format!("  - {{ id: last, action: allow, when: {{ name: {{ in: [other{names}] }} }} }}\n");
    lay(&folder, &[("one.yaml", &format!("rules:\n{}{last}", (1..23).map(rule).collect::<String>()))]);
    assert!(settle(folder.path()).1.ends_with("20 tests added\n2 overlaps left: run it again to add tests for more\n"));
    assert!(settle(folder.path()).1.ends_with("one.yaml: 2 tests added\n"));
    assert_eq!(settle(folder.path()).1, "");
}

#[test]
fn where_a_rule_depends_on_time_the_test_says_when() {
    let folder = tempfile::tempdir().unwrap();
    let rules = RULES.replace("    code: 10130\n", "    code: 10130\n    active: { from: 2020-01-01 }\n");
    lay(&folder, &[("one.yaml", &rules)]);
    settle(folder.path());
    let text = fs::read_to_string(folder.path().join("one.yaml")).unwrap();
    assert!(text.contains("no-adverts\n    at: 20"), "{text}");
    let (out, err) = settle(folder.path());
    assert!(out.starts_with("no findings") && err.is_empty(), "{out}{err}");
}

#[test]
fn what_is_hard_to_write_is_written_so_that_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let rules = RULES.replace("contains: casino }", "contains: ['casino', \"Y: '\"] }");
    let odd = rules.replace("no-gambling", "'yes'").replace("casino bonus, ", "free, ");
    lay(&folder, &[("one.yaml", &odd)]);
    let (out, _) = settle(folder.path());
    assert!(out.contains("rules-overlap"), "{out}");
    let (out, err) = settle(folder.path());
    assert!(
        out.starts_with("no findings: 1 file, 2 rules, 0 lists, 0 examples, 1 test") && err.is_empty(),
        "{out}{err}"
    );
}
