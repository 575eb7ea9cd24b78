//! The rule language through its front door: files in, what the user sees out.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod cookbook;
mod diagnostics;
mod language;
mod pages;
mod starter;

use topicgate::{
    diagnostic::render::{self, Style},
    engine::{self, Counts, Decision, Snapshot},
    facts::Facts,
    rules::{self, Input, ListFault, ListFile, Loaded, RuleFile},
};

/// The files of a set: `NAME.yaml` is a rule file, anything else a list file of the first one.
pub fn load(files: &[(&str, &str)]) -> Loaded {
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
                input.list_files.push(ListFile { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() });
                input.list_files.len() - 1
            });
            let fault =
                ListFault { message: "the list file does not exist".to_owned(), help: Some("create it".to_owned()) };
            input.lists.insert((index, name), list.ok_or(fault));
        }
    }
    rules::load(input, jiff::Timestamp::UNIX_EPOCH)
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
    let verdict = engine::settle(snapshot, &facts, &engine::evaluate(snapshot, &facts), &Counts::default());
    let rule = verdict.rule.map_or("none", |rule| snapshot.rules[rule].id.as_str());
    (rule.to_owned(), verdict.decision)
}
