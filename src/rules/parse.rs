//! From the tree of a file to the parts of a rule set. Knows the keys of the language, resolves nothing.

mod case;
mod condition;
mod except;
mod guarantee;
mod life;
mod lists;
mod quota;
mod rule;
mod time;

pub(super) use lists::files_named;
pub use time::instant;

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    facts::{Command, OWN_CODES},
    rules::{
        ast::{Action, RuleSet, Written},
        grammar,
    },
    yaml::{Node, Value, read::whole_number},
};

/// The word in `expect` for "no rule decided".
const NO_RULE: &str = "none";

/// Adds what one file declares to the set.
pub(super) fn file<'t>(index: usize, root: &'t Node, set: &mut RuleSet<'t>, sink: &mut Sink) {
    if let Value::Sequence(_) = root.value {
        let message = "a rule file must be a mapping, not a list";
        let help = "write `rules:` on a line of its own above the list";
        sink.push(Diagnostic::new(Code::WrongType, root.place, message).help(help));
        return;
    }
    let Some(fields) = grammar::FILE.fields(root, sink) else { return };
    if let Some(node) = fields.get("version") {
        version(node, sink);
    }
    if let Some(node) = fields.get("time_zone") {
        let name = node.word("`time_zone`", sink);
        set.time_zones.extend(name.map(|value| Written { value, place: node.place }));
    }
    if let Some(node) = fields.get("codes") {
        codes(node, set, sink);
    }
    if let Some(node) = fields.get("lists") {
        lists::parse(index, node, set, sink);
    }
    for node in fields.get("rules").and_then(|node| items(node, "`rules`", sink)).unwrap_or_default() {
        set.rules.extend(rule::parse(node, sink));
    }
    for node in fields.get("guarantees").and_then(|node| items(node, "`guarantees`", sink)).unwrap_or_default() {
        set.guarantees.extend(guarantee::parse(node, sink));
    }
    for node in fields.get("tests").and_then(|node| items(node, "`tests`", sink)).unwrap_or_default() {
        set.tests.extend(case::parse(node, sink));
    }
}

/// An action, under the name of its key.
fn action(node: &Node, what: &str, sink: &mut Sink) -> Option<Action> {
    keyword(node, what, &[("allow", Action::Allow), ("deny", Action::Deny)], sink)
}

/// A command.
fn command(node: &Node, sink: &mut Sink) -> Option<Command> {
    keyword(node, "a command", &Command::ALL.map(|command| (command.name(), command)), sink)
}

/// The items of a list that must have some.
fn items<'t>(node: &'t Node, what: &str, sink: &mut Sink) -> Option<&'t [Node]> {
    let items = node.sequence(what, sink)?;
    if items.is_empty() {
        empty(node, what, sink);
    }
    Some(items)
}

/// An item that stands in the list before.
fn repeated(node: &Node, word: &str, sink: &mut Sink) {
    let message = format!("`{word}` is in the list twice");
    sink.push(Diagnostic::new(Code::DuplicateEntry, node.place, message).help("remove one"));
}

/// Whether nothing at all is written in a mapping; unknown keys are findings of their own.
fn has_no_keys(node: &Node) -> bool {
    matches!(&node.value, Value::Mapping(entries) if entries.is_empty())
}

fn empty(node: &Node, what: &str, sink: &mut Sink) {
    sink.push(
        Diagnostic::new(Code::EmptyValue, node.place, format!("{what} is empty"))
            .help("remove the key, or put something into it"),
    );
}

fn version(node: &Node, sink: &mut Sink) {
    if let Some(word) = node.word("`version`", sink).filter(|word| *word != "1") {
        let message = format!("this program reads version 1 of the format, not `{word}`");
        sink.push(Diagnostic::new(Code::UnsupportedVersion, node.place, message).help("write `version: 1`").fix("1"));
    }
}

fn codes<'t>(node: &'t Node, set: &mut RuleSet<'t>, sink: &mut Sink) {
    let entries = node.mapping("`codes`", sink).unwrap_or_default();
    for (key, value) in entries {
        let code = own_code(&key.text, key.place, sink);
        let name = value.text("the name of a code", sink);
        set.codes.extend(code.zip(name).map(|(value, name)| (Written { value, place: key.place }, name)));
    }
}

/// One of the app's own codes.
fn own_code(word: &str, place: crate::diagnostic::Place, sink: &mut Sink) -> Option<u32> {
    let read = whole_number(word);
    let code = read.clone().ok().filter(|code| OWN_CODES.contains(code));
    if code.is_none() {
        let message = format!("`{word}` is not a code that an app may use");
        let help = format!(
            "write a number from {} to {}: those are passed on to the client",
            OWN_CODES.start(),
            OWN_CODES.end()
        );
        sink.push(Diagnostic::new(Code::InvalidValue, place, message).help(help).help_if(read.err().flatten()));
    }
    code
}

/// A keyword out of a closed set.
fn keyword<T: Copy>(node: &Node, what: &str, words: &[(&str, T)], sink: &mut Sink) -> Option<T> {
    let word = node.word(what, sink)?;
    let found = words.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let near = crate::diagnostic::did_you_mean(word, names.iter().copied());
        let found = Diagnostic::new(Code::InvalidValue, node.place, format!("{what} cannot be `{word}`"));
        sink.push(found.help(format!("it takes {}", crate::yaml::read::listed(&names))).meant_if(near));
    }
    found
}
