//! `in`: the value is one of these.
//!
//! ```yaml
//! operator: { in: [ops_amy, ops_bo] }
//! operator: { in: { list: banned } }
//! app: { in: [1400000000, 1400000001] }
//! ```
//!
//! The argument is texts (numbers for `app`) or a list. A list used here on `operator`, `owner` or `name_raw` may have
//! ten million entries, on any other field 100,000.

use std::{collections::HashSet, sync::Arc};

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::{Bounds, Language, Matcher, Needs, Value},
    facts::{Field, FieldType},
    matchers::{Argument, Context, Fit, Kind, Role, is_text, literals, vocabulary},
    text::set::TextSet,
    yaml::{self, Node, read::whole_number},
};

pub(super) const KIND: Kind = Kind {
    name: "in",
    summary: "the value is one of these",
    argument: "texts (numbers for `app`) or `{list: NAME}`",
    takes: Argument::SomeOrList,
    fits: is_text_or_number,
    role: Role::Test(build),
};

/// What can be equal to what is written.
pub(super) fn is_text_or_number(field: Field) -> Fit {
    if field.holds() == FieldType::Number { Fit::Yes } else { is_text(field) }
}

/// A text is one of a set.
#[derive(Debug)]
pub(super) struct TextIn(pub(super) Arc<TextSet>);

#[derive(Debug)]
struct NumberIn(HashSet<u64>);

impl Matcher for TextIn {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Texts(&self.0))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        Some(vec![Needs::Texts(&self.0)])
    }

    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.0.contains(text))
    }
}

impl Matcher for NumberIn {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Numbers(&self.0))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        Some(vec![Needs::Numbers(&self.0)])
    }

    fn holds(&self, value: Value<'_>) -> bool {
        matches!(value, Value::Number(number) if self.0.contains(&number))
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    if context.field == Field::App {
        return numbers_of(context, argument, sink);
    }
    Some(Box::new(TextIn(known_texts(context, argument, sink)?)))
}

/// The texts of an argument; a keyword that Chat does not document is a warning.
pub(super) fn known_texts(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Arc<TextSet>> {
    let texts = literals::texts(context, argument, sink)?;
    vocabulary::check(context, argument, sink);
    Some(texts)
}

/// Matches any of some numbers.
pub(super) fn numbers(numbers: impl IntoIterator<Item = u64>) -> Box<dyn Matcher> {
    Box::new(NumberIn(numbers.into_iter().collect()))
}

/// One number.
pub(super) fn number(node: &Node, sink: &mut Sink) -> Option<u64> {
    let word = node.word("an app id", sink)?;
    app(word, node.place, sink)
}

fn app(word: &str, place: Place, sink: &mut Sink) -> Option<u64> {
    let refuse = |help: Option<String>| {
        let found = Diagnostic::new(Code::InvalidValue, place, format!("`{word}` is not an app id"));
        sink.push(found.help(help.unwrap_or_else(|| "an app id is a whole number, such as 1400000000".to_owned())));
    };
    whole_number(word).map_err(refuse).ok()
}

fn numbers_of(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    if let yaml::Value::Mapping(_) = argument.value {
        let (name, _) = literals::list_name(context, argument, sink)?;
        let made = context.lists.made(&name, context.field, |list| {
            let read: Vec<Option<u64>> = list.entries.iter().map(|(entry, place)| app(entry, place, sink)).collect();
            read.into_iter().collect::<Option<_>>().map(NumberIn)
        });
        return Some(Box::new(made?));
    }
    let items = literals::items(argument, "the app ids of a test", sink)?;
    let found: Vec<Option<u64>> = items.iter().map(|item| number(item, sink)).collect();
    found.into_iter().collect::<Option<Vec<u64>>>().map(numbers)
}
