//! `ignoring`: occurrences inside one of these do not count.
//!
//! ```yaml
//! name: { contains: casino, ignoring: [casino royale, casino de paris] }
//! name: { contains_word: 赌, ignoring: 赌气 }
//! ```
//!
//! It stands beside `contains` or `contains_word`, in the same test. `casino royale` passes over the film and still finds
//! `casino royale casino bonus`. The whole of an occurrence must lie inside the ignored text, which itself may be a part of
//! a longer word.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    engine::{self, Matcher},
    facts::Field,
    matchers::{
        Argument, Context, Kind, Role, is_text,
        literals::{few_texts, items},
        occurrences::Occurrences,
        search::{Search, Unit},
    },
    text,
    yaml::{Node, Value},
};

pub(super) const KIND: Kind = Kind {
    name: "ignoring",
    summary: "occurrences inside one of these do not count",
    argument: "texts or `{list: NAME}`",
    takes: Argument::SomeOrList,
    fits: is_text,
    role: Role::Beside(&["contains", "contains_word"]),
};

/// The search for the texts of `argument`, with those that the test ignores.
pub(super) fn search(context: &mut Context<'_, '_>, argument: &Node, unit: Unit, sink: &mut Sink) -> Option<Search> {
    let texts = few_texts(context, argument, Occurrences::of, sink);
    let ignored = context.ignoring.map(|node| (node, few_texts(context, node, Occurrences::of, sink)));
    let search = Search::of(texts?, unit);
    let Some((node, ignored)) = ignored else { return Some(search) };
    let ignored = ignored?;
    warn_of_no_effect(context, &search, node, sink);
    Some(search.ignoring(ignored))
}

/// Warns of each ignored text in which nothing is found. A list may serve several tests, so it is not looked at.
fn warn_of_no_effect(context: &mut Context<'_, '_>, search: &Search, node: &Node, sink: &mut Sink) {
    if let Value::Mapping(_) = node.value {
        return;
    }
    // What there is to say of the texts themselves was said.
    let said = &mut Sink::default();
    for item in items(node, "the ignored texts", said).unwrap_or_default() {
        let Some(prepared) = few_texts(context, item, Some, said) else { continue };
        let name = item.text("an ignored text", said).map(text::fold).unwrap_or_default();
        for ignored in prepared.iter() {
            let shown = text::visible(ignored);
            let value = match context.field {
                Field::NameLookalike => engine::Value::Looks { text: ignored, name: &name },
                _ => engine::Value::Text(ignored),
            };
            let (message, help) = match search.find(value) {
                None => (
                    format!("the test finds nothing inside `{shown}`, so there is nothing to ignore"),
                    "remove it, or write out the longer text that must not be found, such as `casino royale`",
                ),
                Some(found) if found == (0..ignored.len()) => (
                    format!("`{shown}` is a text that the test looks for, and is now never found"),
                    "remove it here or there; an ignored text is longer than what it is ignored for",
                ),
                Some(_) => continue,
            };
            sink.push(Diagnostic::new(Code::IgnoringWithoutEffect, item.place, message).help(help));
        }
    }
}
