//! The text of a refusal, with placeholders.

use std::{cell::LazyCell, ops::Range};

use crate::{
    engine::{Rule, Views},
    text,
};

/// The longest message of a reply, in bytes of UTF-8.
pub const MAX_MESSAGE_BYTES: usize = 512;

/// A message, split at its placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message(pub Vec<Part>);

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// What to put in.
    Placeholder(Placeholder),
}

/// What a message can show of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// What the user typed where the first name test that held matched.
    Match,
    /// The name as it was sent.
    Name,
    /// Who asked.
    Operator,
    /// The id of the rule.
    Rule,
    /// The code of the reply.
    Code,
}

impl Placeholder {
    /// Every placeholder.
    pub const ALL: [Placeholder; 5] =
        [Placeholder::Match, Placeholder::Name, Placeholder::Operator, Placeholder::Rule, Placeholder::Code];

    /// The word between the braces.
    pub fn name(self) -> &'static str {
        match self {
            Placeholder::Match => "match",
            Placeholder::Name => "name",
            Placeholder::Operator => "operator",
            Placeholder::Rule => "rule",
            Placeholder::Code => "code",
        }
    }
}

impl Message {
    /// The text for one refusal: placeholders filled in and cleaned, cut at a character.
    pub fn render(&self, rule: &Rule, code: u32, views: &Views<'_>) -> String {
        let mut text = String::new();
        // The way back to what was typed is long, and a message may show it many times.
        let matched = LazyCell::new(|| text::clean(matched(rule, views)));
        for part in &self.0 {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Placeholder(Placeholder::Match) => text.push_str(&matched),
                Part::Placeholder(Placeholder::Name) => text.push_str(&text::clean(&views.facts().name)),
                Part::Placeholder(Placeholder::Operator) => text.push_str(&text::clean(&views.facts().operator)),
                Part::Placeholder(Placeholder::Rule) => text.push_str(&rule.id),
                Part::Placeholder(Placeholder::Code) => text.push_str(&code.to_string()),
            }
            if text.len() > MAX_MESSAGE_BYTES {
                break;
            }
        }
        text.truncate(text.floor_char_boundary(MAX_MESSAGE_BYTES));
        text
    }
}

/// What the user typed that made the rule apply: the whole name unless a test of the name found a part of it.
pub fn matched<'a>(rule: &Rule, views: &Views<'a>) -> &'a str {
    let name = views.facts().name.as_ref();
    name.get(matched_bytes(rule, views)).unwrap_or(name)
}

/// The same as bytes of the name.
pub fn matched_bytes(rule: &Rule, views: &Views<'_>) -> Range<usize> {
    let found = rule.when.name_test(views).and_then(|test| {
        let value = views.value(test.field)?;
        Some(views.typed(test.field, test.matcher.find(value)?))
    });
    found.unwrap_or(0..views.facts().name.len())
}
