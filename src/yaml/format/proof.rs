//! Compares what was written with what came out.

use granit_parser::{Event, Parser};

use crate::yaml::{Node, Value, format::Unformatted};

/// What is said when something would be lost.
pub(super) const CHANGED: &str = "it cannot be laid out without a change to what it says";

/// Whether two trees hold the same, keys in any order.
pub(super) fn means_the_same(one: &Node, other: &Node) -> Result<(), Unformatted> {
    if same(one, other) { Ok(()) } else { Err(Unformatted::Unsafe(one.place.start as usize, CHANGED)) }
}

fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => one.text == other.text && one.plain == other.plain,
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            let matching = |text: &str| other.iter().find(|(key, _)| key.text == text);
            let held = |(key, value): &(crate::yaml::Key, Node)| {
                matching(&key.text).is_some_and(|(found, other)| found.plain == key.plain && same(value, other))
            };
            one.len() == other.len() && one.iter().all(held)
        }
        _ => false,
    }
}

/// Whether every comment of the one text is in the other, byte for byte.
pub(super) fn has_the_comments(one: &str, other: &str) -> Result<(), Unformatted> {
    if comments(one) == comments(other) { Ok(()) } else { Err(Unformatted::Unsafe(0, CHANGED)) }
}

/// The comments of a text, sorted.
fn comments(text: &str) -> Vec<String> {
    let options = granit_parser::options! { emit_comments: true };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut found = Vec::new();
    while let Some(Ok((event, _))) = parser.next_event() {
        if let Event::Comment(comment, _) = event {
            found.push(comment.into_owned());
        }
    }
    found.sort_unstable();
    found
}
