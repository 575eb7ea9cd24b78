//! The documentation: its generated parts are what the source says, and its examples are rule sets that load.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` rewrites the generated parts.

#![expect(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "it reads and writes the documentation")]

#[path = "docs/diagnostics.rs"]
mod diagnostics;
#[path = "docs/evasion.rs"]
mod evasion;
#[path = "docs/generated.rs"]
mod generated;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Command};
use generated::{at, keep_part};
use topicgate::{
    diagnostic::render::{self, Style},
    facts::Field,
    matchers::{Kind, REGISTRY},
    rules::{self, Input, RuleFile},
    settings::Flags,
    source,
};

/// What writes a log line.
const MACROS: [&str; 6] = ["debug!(", "info!(", "warn!(", "error!(", "log_line!(", " line!("];

fn manual() -> String {
    fs::read_to_string(at("docs/rules.md")).unwrap()
}

/// The manual page of a matcher: the `//!` lines of its file.
fn page(kind: &Kind) -> String {
    let file = if kind.name == "in" { "is_in" } else { kind.name };
    let source = fs::read_to_string(at(&format!("src/matchers/{file}.rs"))).unwrap();
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}

fn matcher(kind: &Kind) -> String {
    let page = page(kind);
    let first = format!("`{}`: {}.\n", kind.name, kind.summary);
    let rest = page.strip_prefix(&first).unwrap_or_else(|| panic!("the page of `{}` must begin: {first}", kind.name));
    let fields = Field::ALL.into_iter().filter(|field| kind.is_for(*field));
    let fields: Vec<String> = fields.map(|field| format!("`{}`", field.name())).collect();
    let (summary, argument, fields) = (capital(kind.summary), kind.argument, fields.join(", "));
    let hosts: Vec<String> = kind.hosts().iter().map(|host| format!("`{host}`")).collect();
    let beside = if hosts.is_empty() { String::new() } else { format!(" Beside {}.", hosts.join(" or ")) };
    format!("#### `{}`\n\n{summary}. Takes {argument}.{beside} For {fields}.\n{rest}\n", kind.name)
}

fn capital(sentence: &str) -> String {
    let (first, rest) = sentence.split_at(1);
    first.to_uppercase() + rest
}

fn matchers() -> String {
    REGISTRY.iter().map(matcher).collect()
}

fn findings() -> String {
    diagnostics::index("diagnostics.md")
}

/// Every setting, from the definitions that `--help` is made of.
fn settings() -> String {
    let command = Flags::augment_args(Command::new("serve"));
    let rows = command.get_arguments().filter(|argument| argument.get_id() != "config").map(|argument| {
        let flag = argument.get_long().unwrap();
        let value = argument.get_value_names().unwrap().first().unwrap().replace('|', "\\|");
        format!("| `{}` | `--{flag} {value}` | {} |\n", key(flag), argument.get_help().unwrap())
    });
    "| key | flag | meaning |\n| --- | --- | --- |\n".to_owned() + &rows.collect::<String>()
}

/// The key of the settings file for a flag.
fn key(flag: &str) -> String {
    flag.replace('-', "_").replace("quota_", "quota.")
}

#[test]
fn the_generated_parts_are_what_the_source_says() {
    let parts = [
        ("docs/rules.md", "matchers", matchers()),
        ("docs/rules.md", "findings", findings()),
        ("docs/rules.md", "evasion", evasion::table()),
        ("docs/operations.md", "settings", settings()),
    ];
    for (page, part, text) in parts {
        keep_part(page, part, &text);
    }
}

/// The fenced blocks of a language, each with the line before it.
fn blocks(text: &str, language: &str) -> Vec<(String, String)> {
    let fence = format!("```{language}\n");
    let blocks = text.match_indices(&fence).map(|(start, _)| {
        let before = text[..start].trim_end().lines().next_back().unwrap_or_default();
        let body = &text[start + fence.len()..];
        (before.to_owned(), body[..body.find("```").unwrap()].to_owned())
    });
    blocks.collect()
}

#[test]
fn every_rule_set_in_the_manual_loads_without_a_finding() {
    let manual = manual();
    let named = |before: &str| before.strip_prefix('`').and_then(|name| name.strip_suffix("`:")).map(str::to_owned);
    let lists = blocks(&manual, "text").into_iter().filter_map(|(before, body)| Some((named(&before)?, body)));
    let lists: Vec<(String, String)> = lists.collect();
    let readme = fs::read_to_string(at("README.md")).unwrap();
    let sets = blocks(&manual, "yaml").into_iter().chain(blocks(&readme, "yaml")).map(|(_, body)| body);
    let sets: Vec<String> = sets.filter(|set| set.lines().any(|line| line == "rules:")).collect();
    assert!(sets.len() >= 10, "the manual teaches by example");
    for set in sets {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("lists")).unwrap();
        for (name, body) in &lists {
            fs::write(directory.path().join(name), body).unwrap();
        }
        fs::write(directory.path().join("first.yaml"), &set).unwrap();
        let paths = [directory.path().to_owned()];
        let loaded = rules::load(source::read(&paths, &source::Options::default()), jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(render::text(&loaded.report, Style::Plain), "", "{set}");
        assert!(loaded.outcomes.iter().all(|outcome| outcome.differences.is_empty()), "{set}");
    }
}

#[test]
fn every_line_of_a_matchers_example_is_a_condition() {
    for kind in REGISTRY {
        for line in blocks(&page(kind), "yaml").iter().flat_map(|(_, body)| body.lines()) {
            let lists = "lists: { banned: [mallory], office-networks: [10.0.0.0/8] }";
            let text = format!("{lists}\nrules:\n  - id: example\n    action: deny\n    when:\n      {line}\n");
            let file =
                RuleFile { path: "rules.yaml".to_owned(), relative: String::new(), bytes: Ok(text.into_bytes()) };
            let report =
                rules::load(Input { files: vec![file], ..Input::default() }, jiff::Timestamp::UNIX_EPOCH).report;
            assert_eq!(render::text(&report, Style::Plain), "");
        }
    }
}

fn sources(directory: &Path) -> Vec<String> {
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let texts = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![fs::read_to_string(path).unwrap()] };
    paths
        .filter(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "rs"))
        .flat_map(texts)
        .collect()
}

/// What stands before the closing bracket of a call.
fn arguments(rest: &str) -> &str {
    let mut open = 1;
    let end = rest.find(|letter| {
        open += i32::from(letter == '(') - i32::from(letter == ')');
        open == 0
    });
    &rest[..end.unwrap()]
}

/// The messages of all log lines: the last literal of each macro that writes one, and those that are handed to one.
fn messages() -> BTreeSet<String> {
    let mut found =
        BTreeSet::from(["refused", "would have decided", "rules loaded", "rules reloaded"].map(str::to_owned));
    for text in sources(&at("src")) {
        for (_, rest) in
            MACROS.iter().flat_map(|name| text.match_indices(name)).map(|(at, name)| text.split_at(at + name.len()))
        {
            let call = arguments(rest);
            let message =
                call.trim_end().trim_end_matches(',').strip_suffix('"').and_then(|call| call.rsplit('"').next());
            found.extend(message.filter(|message| !message.starts_with('{')).map(|message| message.replace('`', "")));
        }
    }
    found
}

#[test]
fn every_log_line_is_explained() {
    let page = fs::read_to_string(at("docs/operations.md")).unwrap();
    let (_, table) = page.split_once("| message | level |").unwrap();
    let rows = table.split("\n\n").next().unwrap().lines().filter_map(|row| row.split('|').nth(1));
    let explained: BTreeSet<String> =
        rows.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    assert_eq!(messages(), explained);
}
