//! `except` and `accept`: what a rule does not apply to, and which findings about it are accepted.

use std::collections::HashMap;

use crate::{
    diagnostic::{Code, Diagnostic, Place, Severity, Sink, did_you_mean},
    rules::{
        ast::{Accept, Condition, Exception, Expiry},
        grammar::{self, can_be_accepted},
        parse::{condition, items, rule, time},
    },
    yaml::{Fields, Node},
};

/// The word in `expires` for "does not expire".
const NEVER: &str = "never";

/// The exceptions of a rule.
pub(super) fn parse<'t>(node: &'t Node, sink: &mut Sink) -> Vec<Exception<'t>> {
    let nodes = items(node, "`except`", sink).unwrap_or_default();
    let exceptions: Vec<Exception<'t>> = nodes.iter().filter_map(|node| exception(node, sink)).collect();
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for id in exceptions.iter().filter_map(|exception| exception.id) {
        let first = *seen.entry(id.value).or_insert(id.place);
        if first != id.place {
            let message = format!("two exceptions of the rule have the id `{}`", id.value);
            let help = "give each exception an id of its own: tests name it by it";
            sink.push(Diagnostic::new(Code::DeclaredTwice, id.place, message).related(first, "first here").help(help));
        }
    }
    exceptions
}

fn exception<'t>(node: &'t Node, sink: &mut Sink) -> Option<Exception<'t>> {
    let fields = grammar::EXCEPTION.fields(node, sink)?;
    let id = fields.require("id", sink).and_then(|node| rule::id(node, "an exception", sink));
    reason(&fields, sink);
    let expires = fields.require("expires", sink).and_then(|node| expiry(node, sink));
    let when = fields.require("when", sink).map(|node| condition::parse(node, sink).unwrap_or(Condition::Reported));
    Some(Exception { id, expires, when })
}

/// Why: a text for the next reader.
fn reason(fields: &Fields<'_>, sink: &mut Sink) {
    let Some(node) = fields.require("reason", sink) else { return };
    if node.text("`reason`", sink).is_some_and(|text| text.trim().is_empty()) {
        let found = Diagnostic::new(Code::EmptyValue, node.place, "`reason` is empty");
        sink.push(found.help("say why, for those who read the rule after you"));
    }
}

fn expiry<'t>(node: &'t Node, sink: &mut Sink) -> Option<Expiry<'t>> {
    let word = node.word("`expires`", sink)?;
    if word == NEVER {
        return Some(Expiry::Never);
    }
    // Every date has a year of four digits; `30d` is none.
    if word.chars().filter(char::is_ascii_digit).count() >= 4 {
        return time::moment(node, "`expires`", sink).map(Expiry::Ends);
    }
    let help = format!("write a date like 2026-11-23, a time with its zone, or `{NEVER}`");
    sink.push(Diagnostic::new(Code::InvalidValue, node.place, format!("`expires` cannot be `{word}`")).help(help));
    None
}

/// The findings that a rule accepts, whose text is `rule`.
pub(super) fn accept(node: &Node, rule: Place, sink: &mut Sink) -> Vec<Accept> {
    let mut accepts: Vec<Accept> = Vec::new();
    for node in items(node, "`accept`", sink).unwrap_or_default() {
        let Some(fields) = grammar::ACCEPT.fields(node, sink) else { continue };
        reason(&fields, sink);
        let Some(node) = fields.require("code", sink) else { continue };
        let Some(code) = code(node, sink) else { continue };
        if let Some(first) = accepts.iter().find(|first| first.code == code) {
            let message = format!("`{}` is accepted twice", code.word());
            let found = Diagnostic::new(Code::DeclaredTwice, node.place, message);
            sink.push(found.related(first.place, "first here").help("keep one of the two"));
        }
        accepts.push(Accept { code, place: node.place, rule });
    }
    accepts
}

fn code(node: &Node, sink: &mut Sink) -> Option<Code> {
    let word = node.word("`code`", sink)?;
    let code = Code::named(word);
    let found = |message: String| Diagnostic::new(Code::InvalidValue, node.place, message);
    match code {
        None => {
            let words = Code::ALL.iter().filter(|code| can_be_accepted(**code)).map(|code| code.word());
            let help = "write the word in brackets behind `warning` or `note`";
            sink.push(found(format!("there is no finding `{word}`")).help(help).meant_if(did_you_mean(word, words)));
        }
        Some(code) if code.severity() == Severity::Error => {
            let help = "an error cannot be accepted: mend what it finds";
            sink.push(found(format!("`{word}` is an error")).help(help));
        }
        Some(Code::UnusedAccept) => {
            let help = "remove the entry of `accept` that it tells of";
            sink.push(found(format!("`{word}` cannot be accepted")).help(help));
        }
        Some(other) if !can_be_accepted(other) => {
            let help = "remove the entry: a rule accepts what is found in its own text";
            sink.push(found(format!("`{word}` is never about a rule")).help(help));
        }
        Some(_) => return code,
    }
    None
}
