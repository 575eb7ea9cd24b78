//! What `topicgate bench` measures, and what it says when there is nothing to measure. Its figures change, so that only their
//! shape is looked at.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;

const RULES: &str = r"
lists:
  banned: { file: lists/banned.txt }
  words: [casino, lottery]
rules:
  - id: banned-operators
    action: deny
    when: { operator: { in: { list: banned } } }
  - id: no-adverts
    action: deny
    when: { name: { contains: { list: words } } }
    examples:
      match: [Free casino]
      no_match: [Chess]
  - id: newcomers
    action: deny
    when: always
    quota: { limit: 3, per: operator, within: 1h }
tests:
  - name: a banned operator
    request: { operator: mallory, name: Chess }
    expect: { decision: deny, rule: banned-operators }
";

/// A directory with rules, and a file with names beside them.
fn directory(names: &[u8]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir_all(directory.path().join("rules/lists")).unwrap();
    fs::write(directory.path().join("rules/10.yaml"), RULES).unwrap();
    fs::write(directory.path().join("rules/lists/banned.txt"), "mallory\ntrent\n").unwrap();
    fs::write(directory.path().join("names.txt"), names).unwrap();
    directory
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.arg("bench").args(arguments).current_dir(directory).env("NO_COLOR", "1").env("COLUMNS", "100");
    command
}

fn run(directory: &TempDir, arguments: &[&str]) -> Output {
    command(directory.path(), arguments).output().unwrap()
}

/// The figures, which the command must have.
fn figures(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is said about wrong usage.
fn misused(directory: &TempDir, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
    String::from_utf8(output.stderr).unwrap().lines().next().unwrap().to_owned()
}

fn number(value: &Value, path: &str) -> f64 {
    value.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no number at {path}: {value:#}"))
}

/// A line without its figures, bars and gaps; what is slowest and how often something was done changes, too.
fn words(line: &str) -> String {
    let line = line.split_once(" ns: `").map_or(line, |(figures, _)| figures);
    let line = line.split_once(", revision ").map_or(line, |(counts, _)| counts);
    let line = line.replace("loads", "load");
    let mut words = String::new();
    for character in line.trim_end().chars() {
        match character {
            '0'..='9' | '.' | ',' if words.ends_with('N') => {}
            '0'..='9' => words.push('N'),
            '#' => {}
            ' ' if words.ends_with(' ') => {}
            _ => words.push(character),
        }
    }
    words.trim_end().to_owned()
}

#[test]
fn every_figure_is_there_and_they_fit_each_other() {
    let directory = directory(b"");
    let output = run(&directory, &["rules", "--seconds", "1", "--format", "json"]);
    let figures = figures(&output);
    for path in
        ["/decision/median_ns", "/decision/in_turn_ns", "/decision/per_second", "/verdict_ns", "/load/median_ms"]
    {
        assert!(number(&figures, path) > 0.0, "{path}");
    }
    assert!(number(&figures, "/decision/median_ns") <= number(&figures, "/decision/p99_ns"));
    assert!(number(&figures, "/decision/p99_ns") <= number(&figures, "/decision/slowest_ns"));
    assert!(number(&figures, "/decision/fastest_round_ns") <= number(&figures, "/decision/p90_round_ns"));
    assert_eq!(figures["requests"]["of_the_set"], 3);
    assert_eq!(figures["requests"]["refused"], 2);
    assert!(number(&figures, "/requests/built_in") > 100.0);
    assert_eq!(figures["rules_asked"]["live"], 3);
    assert_eq!(figures["views"][0]["view"], "name");
    assert_eq!(figures["memory"]["lists"][0]["name"], "banned");
    assert_eq!(figures["memory"]["lists"][0]["entries"], 2);
    assert!(number(&figures, "/memory/lists/0/bytes") > 0.0);
    assert_eq!(figures["memory"]["lists"][1]["bytes"], Value::Null);
}

#[test]
fn rules_come_by_their_cost_and_are_asked_as_the_index_says() {
    let directory = directory(b"");
    let figures = figures(&run(&directory, &["rules", "--seconds", "1", "--format", "json"]));
    let rules = figures["by_rule"].as_array().unwrap();
    let costs: Vec<f64> = rules.iter().map(|rule| number(rule, "/ns")).collect();
    assert!(costs.is_sorted_by(|one, other| one >= other), "{costs:?}");
    let rule = |id: &str| rules.iter().find(|rule| rule["id"] == id).unwrap();
    assert_eq!(rule("newcomers")["always_asked"], true);
    assert!(number(rule("newcomers"), "/share") > 0.9);
    assert_eq!(rule("banned-operators")["always_asked"], false);
    assert!(number(rule("banned-operators"), "/share") < 0.1);
    assert_eq!(rule("no-adverts")["file"], "rules/10.yaml");
    assert_eq!(rule("no-adverts")["line"], 9);
    let asked: f64 = rules.iter().map(|rule| number(rule, "/share")).sum();
    assert!((asked - number(&figures, "/rules_asked/mean")).abs() < 1e-6);
    let notes = figures["notes"].as_array().unwrap();
    let said = |text: &str| notes.iter().any(|note| note.as_str().unwrap().contains(text));
    assert!(said("rule newcomers is asked about every request: its `when` is `always`"), "{notes:?}");
    assert!(said("1 rule with a quota"), "{notes:?}");
}

#[test]
fn the_names_of_a_file_are_decided_instead_of_the_built_in_ones() {
    let directory = directory("\u{feff}Casino night\r\n\n  \n加微信\nLottery\n".as_bytes());
    let arguments = ["--names", "names.txt", "rules", "--seconds", "1", "--format", "json"];
    let figures = figures(&run(&directory, &arguments));
    assert_eq!(figures["requests"]["given"], 3);
    assert_eq!(figures["requests"]["built_in"], 0);
    assert_eq!(figures["requests"]["refused"], 4);
}

#[test]
fn names_come_from_standard_input_too() {
    let directory = directory(b"");
    let mut command = command(directory.path(), &["--names", "-", "rules", "--seconds", "1", "--format", "json"]);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(b"Chess\nGo\n").unwrap();
    assert_eq!(figures(&process.wait_with_output().unwrap())["requests"]["given"], 2);
}

#[test]
fn the_report_for_people_has_its_parts_in_order() {
    let directory = directory(b"Chess\nGo\n");
    let output = run(&directory, &["--names", "names.txt", "rules", "--seconds", "1"]);
    assert_eq!(output.status.code(), Some(0));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.lines().take_while(|line| *line != "notes").all(|line| line.chars().count() <= 104), "{report}");
    let mut lines: Vec<String> = report.lines().map(words).collect();
    lines.retain(|line| !line.contains("something else used") && !line.contains("without optimisation"));
    // Their order is by cost.
    let rules = lines.iter().position(|line| line.contains("rule ")).unwrap()..;
    let end = lines.iter().position(|line| line.contains("the verdict")).unwrap();
    lines[rules.start..end].sort();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_set_that_does_not_load_is_reported_as_check_does() {
    let directory = directory(b"");
    fs::write(directory.path().join("rules/10.yaml"), "rules: [{ id: one, acton: deny, when: always }]\n").unwrap();
    let output = run(&directory, &["rules"]);
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    let checked = check.args(["check", "rules"]).env("NO_COLOR", "1").current_dir(directory.path()).output().unwrap();
    let checked = String::from_utf8(checked.stdout).unwrap();
    assert!(report.starts_with("error[unknown-key]: a rule has no key `acton`"), "{report}");
    assert!(checked.starts_with(&report), "{checked}");
    let output = run(&directory, &["rules", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["decision"], &json["rules"]["findings"][0]["code"]), (&Value::Null, &"unknown-key".into()));
}

#[test]
fn what_has_no_rules_is_wrong_usage() {
    let directory = directory(b"");
    fs::create_dir(directory.path().join("empty")).unwrap();
    assert_eq!(run(&directory, &["empty"]).status.code(), Some(2));
    assert_eq!(run(&directory, &["nowhere"]).status.code(), Some(2));
    assert_eq!(run(&directory, &[]).status.code(), Some(2));
}

#[test]
fn a_file_with_names_that_cannot_be_used_is_wrong_usage() {
    let directory = directory(b"");
    let with = |names: &[u8]| {
        fs::write(directory.path().join("names.txt"), names).unwrap();
        misused(&directory, &["rules", "--names", "names.txt"])
    };
    let long = with(&[b"Chess\n", "a".repeat(10_000_000).as_bytes()].concat());
    assert_eq!(long, "error: line 2 of `names.txt` has 10000000 bytes: the service decides names of at most 4096");
    assert_eq!(with(b"\n \n\r\n"), "error: `names.txt` has no name: write one a line");
    assert_eq!(with(b"Chess\n\nCaf\xe9\n"), "error: line 3 of `names.txt` is not UTF-8: save the file as UTF-8");
    assert_eq!(with(&vec![b'\n'; 17 << 20]), "error: `names.txt` is larger than 16 MiB: take some of its names");
    let many = with("a\n".repeat(100_001).as_bytes());
    assert_eq!(many, "error: `names.txt` has 100001 names: at most 100000 are measured");
    let directories = misused(&directory, &["rules", "--names", "rules"]);
    assert!(directories.starts_with("error: cannot read `rules`: "), "{directories}");
    let missing = misused(&directory, &["rules", "--names", "missing.txt"]);
    assert!(missing.starts_with("error: cannot read `missing.txt`: "), "{missing}");
}

#[test]
fn it_measures_for_one_to_sixty_seconds() {
    let directory = directory(b"");
    for seconds in ["0", "61", "1.5", "-1"] {
        let seconds = format!("--seconds={seconds}");
        assert!(misused(&directory, &["rules", &seconds]).contains("--seconds"), "{seconds}");
    }
}
