//! One entry of `rules`: its keys, and what each takes.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    facts::Command,
    rules::{
        ast::{Action, Claim, Condition, Example, Mode, Rule, Subject, Written},
        grammar,
        parse::{NO_RULE, action, case, command, condition, items, keyword, life, own_code, quota, repeated},
    },
    yaml::{Fields, Node, Value},
};

const MAX_ID: usize = 64;

pub(super) fn parse<'t>(node: &'t Node, sink: &mut Sink) -> Option<Rule<'t>> {
    let fields = grammar::RULE.fields(node, sink)?;
    let id_node = fields.require("id", sink);
    let action = fields.require("action", sink).and_then(|node| action(node, "`action`", sink));
    let when = fields.require("when", sink);
    for key in ["owner", "description"] {
        if let Some(node) = fields.get(key) {
            node.text(&format!("`{key}`"), sink);
        }
    }
    tags(&fields, sink);
    if action == Some(Action::Allow) {
        refuse_on_allow(&fields, sink);
    }
    Some(Rule {
        place: id_node.unwrap_or(node).place,
        id: id_node.and_then(|node| id(node, "a rule", sink)),
        description: fields.get("description").and_then(Node::scalar).map(|scalar| scalar.text.as_str()),
        commands: fields.get("commands").map_or_else(|| vec![Command::CreateTopic], |node| commands(node, sink)),
        action,
        code: fields.get("code").and_then(|node| code(node, sink)),
        message: fields.get("message").filter(|node| node.text("`message`", sink).is_some()),
        when: when.map(|node| condition::parse(node, sink).unwrap_or(Condition::Reported)),
        mode: fields.get("mode").and_then(|node| mode(node, sink)).unwrap_or(Mode::Enforce),
        life: life::parse(node, &fields, sink),
        quota: fields.get("quota").map(|node| quota::parse(node, sink)),
        examples: fields.get("examples").map(|node| examples(node, sink)).unwrap_or_default(),
    })
}

/// The id of a rule or an exception.
pub(super) fn id<'t>(node: &'t Node, what: &str, sink: &mut Sink) -> Option<Written<&'t str>> {
    let id = node.text("`id`", sink)?;
    let begins = id.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit());
    let allowed = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if !begins || !id.chars().all(allowed) || id.len() > MAX_ID || id == NO_RULE {
        let message = format!("`{id}` cannot be the id of {what}");
        let help = format!(
            "an id has small letters, digits and `-`, at most {MAX_ID}, and begins with a letter or digit; `{NO_RULE}` is reserved"
        );
        sink.push(Diagnostic::new(Code::InvalidValue, node.place, message).help(help));
        return None;
    }
    Some(Written { value: id, place: node.place })
}

fn mode(node: &Node, sink: &mut Sink) -> Option<Mode> {
    keyword(node, "`mode`", &Mode::ALL.map(|mode| (mode.name(), mode)), sink)
}

pub(super) fn commands(node: &Node, sink: &mut Sink) -> Vec<Command> {
    let mut commands = Vec::new();
    for node in items(node, "`commands`", sink).unwrap_or_default() {
        match command(node, sink) {
            Some(command) if commands.contains(&command) => repeated(node, command.name(), sink),
            command => commands.extend(command),
        }
    }
    commands
}

pub(super) fn code(node: &Node, sink: &mut Sink) -> Option<Written<u32>> {
    let word = node.word("`code`", sink)?;
    own_code(word, node.place, sink).map(|value| Written { value, place: node.place })
}

fn tags(fields: &Fields<'_>, sink: &mut Sink) {
    for node in fields.get("tags").and_then(|node| node.sequence("`tags`", sink)).unwrap_or_default() {
        node.text("a tag", sink);
    }
}

fn refuse_on_allow(fields: &Fields<'_>, sink: &mut Sink) {
    for (key, _) in ["code", "message"].iter().filter_map(|key| fields.entry(key)) {
        let message = format!("an allow rule sends no `{}`", key.text);
        sink.push(Diagnostic::new(Code::InvalidValue, key.place, message).help("remove it, or write `action: deny`"));
    }
    if let Some((key, _)) = fields.entry("quota") {
        let message = "an allow rule has no `quota`";
        let help = "it would let through only the requests that are too many; write `action: deny`, or remove it";
        sink.push(Diagnostic::new(Code::InvalidValue, key.place, message).help(help));
    }
}

fn examples<'t>(node: &'t Node, sink: &mut Sink) -> Vec<Example<'t>> {
    let claims = [Claim::Match, Claim::NoMatch, Claim::KnownMiss];
    let Some(fields) = grammar::EXAMPLES.fields(node, sink) else {
        return Vec::new();
    };
    let mut examples = Vec::new();
    for claim in claims {
        let Some(node) = fields.get(claim.name()) else { continue };
        for node in items(node, &format!("`{}`", claim.name()), sink).unwrap_or_default() {
            let subject = match &node.value {
                Value::Mapping(_) => case::request(node, sink).map(Subject::Request),
                _ => node.text("an example", sink).map(Subject::Name),
            };
            examples.extend(subject.map(|subject| Example { claim, place: node.place, subject }));
        }
    }
    examples
}
