//! The rule language through its front door: files in, what the user sees out.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

/// Tests that show what is said of a text.
macro_rules! mistakes {
    ($($name:ident: $text:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(said(&$text));
        })*
    };
}

mod cookbook;
mod coverage;
mod diagnostics;
mod format;
mod guarantees;
mod language;
mod life;
mod looks;
mod pages;
mod proofs;
mod proved;
mod schema;
mod starter;

use topicgate::{
    diagnostic::render::{self, Style},
    engine::{self, Counts, Decision, Snapshot, Views},
    facts::Facts,
    rules::{self, Input, ListFault, ListFile, Loaded, RuleFile},
};

/// When the pages and fixtures are read.
pub fn now() -> jiff::Timestamp {
    "2026-11-23T18:00:00+08:00".parse().unwrap()
}

/// The files of a set: `NAME.yaml` is a rule file, anything else a list file of the first one.
pub fn load(files: &[(&str, &str)]) -> Loaded {
    rules::load(input(files), now())
}

/// The same, before it is read.
pub fn input(files: &[(&str, &str)]) -> Input {
    let mut input = Input { content: "content".to_owned(), ..Input::default() };
    for (path, text) in files {
        if path.ends_with(".yaml") {
            input.files.push(RuleFile {
                path: (*path).to_owned(),
                relative: (*path).to_owned(),
                bytes: Ok(text.as_bytes().to_vec()),
            });
        }
    }
    for (index, file) in input.files.iter().enumerate() {
        for name in rules::lists_named(file) {
            let found = files.iter().find(|(path, _)| *path == name);
            let list = found.map(|(path, text)| {
                input.list_files.push(ListFile::new(*path, text.as_bytes().to_vec()));
                input.list_files.len() - 1
            });
            let fault =
                ListFault { message: "the list file does not exist".to_owned(), help: Some("create it".to_owned()) };
            input.lists.insert((index, name), list.ok_or(fault));
        }
    }
    input
}

/// What `check` says of one rule file.
pub fn said(text: &str) -> String {
    render::text(&load(&[("rules.yaml", text)]).report, Style::Plain)
}

/// A set that must load.
pub fn loaded(text: &str) -> Snapshot {
    let loaded = load(&[("rules.yaml", text)]);
    let said = render::text(&loaded.report, Style::Plain);
    loaded.snapshot.unwrap_or_else(|| panic!("does not load:\n{said}"))
}

/// Decides a topic: the deciding rule and the decision.
pub fn decide(snapshot: &Snapshot, operator: &str, name: &str) -> (String, Decision) {
    let facts = Facts::topic(operator, name, jiff::Timestamp::UNIX_EPOCH);
    let views = Views::of(&facts);
    let verdict = engine::settle(snapshot, &views, &engine::evaluate(snapshot, &views), &Counts::default());
    let rule = verdict.rule.map_or("none", |rule| snapshot.rules[rule].id.as_str());
    (rule.to_owned(), verdict.decision)
}
