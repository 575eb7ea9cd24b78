//! `guarantees`: what must come of all requests of a kind.

use crate::{
    analysis::{Outcome, Promise},
    diagnostic::{Code, Diagnostic, Place, Sink},
    facts::Command,
    rules::{
        ast::{Action, Condition, Guarantee, Written},
        grammar::{self, ALWAYS, NEVER},
        parse::{action, condition, rule},
    },
    yaml::{Fields, Node},
};

pub(super) fn parse<'t>(node: &'t Node, sink: &mut Sink) -> Option<Guarantee<'t>> {
    let fields = grammar::GUARANTEE.fields(node, sink)?;
    let id = fields.require("id", sink).and_then(|node| rule::id(node, "a guarantee", sink));
    if let Some(node) = fields.get("description") {
        node.text("`description`", sink);
    }
    let commands = fields.get("commands").map_or_else(|| vec![Command::CreateTopic], |node| rule::commands(node, sink));
    let code = fields.get("code").and_then(|node| rule::code(node, sink));
    let promise = promise(node, &fields, code, sink);
    let when = fields.require("when", sink).map(|node| condition::parse(node, sink).unwrap_or(Condition::Reported));
    Some(Guarantee { id: id?, commands, promise: promise?, code, when: when? })
}

/// Exactly one of the two words.
fn promise(node: &Node, fields: &Fields<'_>, code: Option<Written<u32>>, sink: &mut Sink) -> Option<Written<Promise>> {
    let given = [fields.entry(NEVER), fields.entry(ALWAYS)];
    if let [Some((first, _)), Some((second, _))] = given {
        let message = format!("a guarantee has `{NEVER}` or `{ALWAYS}`, not both");
        let found = Diagnostic::new(Code::UnknownKey, second.place, message).related(first.place, "the other one");
        sink.push(found.help("make two guarantees of it, each with an id of its own"));
    }
    let Some((key, value)) = given.into_iter().flatten().next() else {
        let help = format!("add `{NEVER}: deny` or `{ALWAYS}: deny`, or the same with `allow`");
        let message = format!("a guarantee has no `{NEVER}` and no `{ALWAYS}`");
        sink.push(Diagnostic::new(Code::MissingKey, node.place, message).help(help));
        return None;
    };
    let action = action(value, &format!("`{}`", key.text), sink)?;
    let outcome = match (action, code) {
        (Action::Deny, None) => Outcome::Deny,
        (Action::Deny, Some(code)) => Outcome::DenyWith(code.value),
        (Action::Allow, _) => Outcome::Allow,
    };
    if let Some((key, _)) = fields.entry("code").filter(|_| action == Action::Allow) {
        let help = "remove it, or write `deny`";
        sink.push(Diagnostic::new(Code::InvalidValue, key.place, "what is allowed has no `code`").help(help));
    }
    let place = Place { end: value.extent().end, ..key.place };
    let value = if key.text == NEVER { Promise::Never(outcome) } else { Promise::Always(outcome) };
    Some(Written { value, place })
}
