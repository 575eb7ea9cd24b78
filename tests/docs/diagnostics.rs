//! `docs/diagnostics.md`: every page of `topicgate explain` in one place; and that each finding is shown in `docs/mistakes`.

use std::fs;

use topicgate::diagnostic::Code;

use crate::generated::{at, keep};

const INTRODUCTION: &str = "\
# Diagnostics

Everything that `topicgate check` and the service can find wrong in rules and settings: the cause, a wrong example and a
right one. `topicgate explain CODE` prints the same. [docs/mistakes](mistakes/README.md) shows what `check` says of each.

An error keeps a set from being loaded. A warning does not, and `--deny-warnings` makes CI fail on it. A note never fails
anything.

";

/// A table of every code, each a link to its section of a page.
pub fn index(page: &str) -> String {
    let row = |code: &Code| {
        let (word, severity, summary) = (code.word(), code.severity().name(), code.summary());
        format!("| [`{word}`]({page}#{word}) | {severity} | {summary} |\n")
    };
    "| code | severity | what it is |\n| --- | --- | --- |\n".to_owned()
        + &Code::ALL.iter().map(row).collect::<String>()
}

/// A page of `explain` as a section: each heading one level lower, and the severity below the first.
fn section(code: Code) -> String {
    let mut fenced = false;
    let mut section = String::new();
    for line in code.explanation().lines() {
        fenced ^= line.starts_with("```");
        let heading = line.starts_with('#') && !fenced;
        section += if heading { "#" } else { "" };
        section += line;
        section += "\n";
        if heading && line.starts_with("# ") {
            section += &format!("\n*{}*: {}\n", code.severity().name(), code.summary());
        }
    }
    section
}

#[test]
fn the_diagnostics_are_what_explain_prints() {
    let sections: Vec<String> = Code::ALL.iter().map(|code| section(*code)).collect();
    keep("docs/diagnostics.md", &format!("{INTRODUCTION}{}\n{}", index(""), sections.join("\n")));
}

#[test]
fn every_finding_is_shown_among_the_mistakes_or_said_not_to_be() {
    let page = fs::read_to_string(at("docs/mistakes/README.md")).unwrap();
    let (shown, hidden) = page.split_once("## What cannot be shown here").unwrap();
    for code in Code::ALL.iter().map(|code| code.word()) {
        let is_shown = shown.contains(&format!("[{code}]: "));
        let is_said = hidden.contains(&format!("`{code}`"));
        assert!(is_shown != is_said, "add a mistake to docs/mistakes, or to its last table, for `{code}`");
    }
}
