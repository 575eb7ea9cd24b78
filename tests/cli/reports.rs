//! What `topicgate test` prints for programs can be read by programs, whatever stands in the files.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use roxmltree::{Document, Node};
use serde_json::Value;

/// Fails with text that is not allowed in XML, ends a workflow command or colours a terminal.
const HOSTILE: &str = r#"
rules:
  - id: words
    action: deny
    when: { name: { contains: casino } }
    examples:
      match: ["a\x1b[31m\x00\x08\uFFFE\uFFFF]]> <b a=\"&quot;\">", "::error::x\r\n::stop-commands::y"]
      no_match: ["my \x01 casino"]
tests:
  - name: "<![CDATA[\t\x9b]]>\u2028\n::error title=a,b::c%0A"
    request: { operator: leckie, name: "casino\x0b" }
    expect: { decision: allow }
"#;

/// What the command says of one rule file.
fn tested(text: &str, arguments: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("10.yaml"), text).unwrap();
    run(directory.path(), arguments)
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    let topicgate = env!("CARGO_BIN_EXE_topicgate");
    Command::new(topicgate).arg("test").args(arguments).arg("10.yaml").current_dir(directory).output().unwrap()
}

fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn count(node: Node<'_, '_>, attribute: &str) -> usize {
    node.attribute(attribute).unwrap().parse().unwrap()
}

#[test]
fn a_junit_report_is_xml_that_counts_what_it_holds() {
    let output = tested(HOSTILE, &["--format", "junit", "--min-coverage", "100"]);
    assert_eq!(output.status.code(), Some(1));
    let document = Document::parse(printed(&output)).unwrap();
    let root = document.root_element();
    let named = |name: &str| root.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count(root, "tests"), count(root, "failures"), count(root, "errors")), (5, 4, 0));
    assert_eq!((named("testsuite"), named("testcase"), named("failure")), (3, 5, 4));
    for suite in root.children().filter(Node::is_element) {
        let cases = suite.children().filter(Node::is_element);
        let failed = cases.clone().filter(|case| case.children().any(|child| child.has_tag_name("failure")));
        assert_eq!((cases.count(), failed.count()), (count(suite, "tests"), count(suite, "failures")));
    }
    let first = root.descendants().find(|node| node.has_tag_name("testcase")).unwrap();
    assert_eq!((first.attribute("file"), first.attribute("line")), (Some("10.yaml"), Some("7")));
    assert!(first.descendants().find_map(|node| node.text().filter(|text| text.contains("expected: holds"))).is_some());
}

#[test]
fn a_set_that_does_not_load_is_an_error_in_a_junit_report() {
    let output = tested("rules:\n  - id: \"\\x1b\\uFFFE\"\n    when: <always>\n", &["--format", "junit"]);
    assert_eq!(output.status.code(), Some(1));
    let document = Document::parse(printed(&output)).unwrap();
    let errors = document.descendants().filter(|node| node.has_tag_name("error")).count();
    assert!(errors > 0);
    assert_eq!(count(document.root_element(), "errors"), errors);
}

#[test]
fn a_json_report_names_each_result_and_place() {
    let output = tested(HOSTILE, &["--format", "json"]);
    let json: Value = serde_json::from_str(printed(&output)).unwrap();
    assert_eq!((&json["passed"], &json["failed"]), (&0.into(), &4.into()));
    let results = json["results"].as_array().unwrap();
    let kinds: Vec<_> = results.iter().map(|result| result["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["example", "example", "example", "test"]);
    assert_eq!(results[3]["differences"][0]["what"], "decision");
    assert_eq!(
        (&results[3]["differences"][0]["file"], &results[3]["differences"][0]["line"]),
        (&"10.yaml".into(), &12.into())
    );
    assert_eq!(json["rules"]["errors"], 4);
    assert_eq!(json["coverage"]["percent"], 100.0);
}

#[test]
fn workflow_commands_stay_on_their_lines() {
    let output = tested(HOSTILE, &["--format", "github"]);
    let lines: Vec<&str> = printed(&output).lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[..4].iter().all(|line| line.starts_with("::error file=10.yaml,line=")), "{lines:#?}");
    assert_eq!(lines[4], "0 passed; 4 failed; coverage: 100.0% (2 of 2 outcomes)");
}

/// A rule with so many branches of which one was seen.
fn branches(count: usize) -> String {
    let branches: String = (0..count).map(|index| format!("\n        - name: {{ is: word{index} }}")).collect();
    format!(
        "
rules:
  - id: words
    action: deny
    when:
      any:{branches}
    examples:
      match: [word0]
      no_match: [another]
"
    )
}

#[test]
fn people_get_a_short_list_and_programs_all_of_it() {
    let text = tested(&branches(60), &[]);
    let text = printed(&text);
    assert_eq!(text.lines().filter(|line| line.contains("no example or test")).count(), 20);
    assert!(text.ends_with("... and 39 more; `--format json` has all of them\n"), "{text}");
    let json = tested(&branches(60), &["--format", "json"]);
    let json: Value = serde_json::from_str(printed(&json)).unwrap();
    assert_eq!(json["coverage"]["missing"].as_array().unwrap().len(), 59);
    let github = tested(&branches(60), &["--format", "github"]);
    assert_eq!(printed(&github).lines().count(), 21);
}

#[test]
fn a_coverage_just_under_all_of_it_is_not_shown_as_all() {
    let seen: Vec<String> = (0..999).map(|index| format!("word{index}")).collect();
    let text = branches(1000).replace("[word0]", &format!("[{}]", seen.join(", ")));
    assert!(printed(&tested(&text, &[])).contains("coverage: 99.9% (2001 of 2002 outcomes)"));
    assert_eq!(tested(&text, &["--min-coverage", "100"]).status.code(), Some(1));
    assert_eq!(tested(&text, &["--min-coverage", "99"]).status.code(), Some(0));
}
