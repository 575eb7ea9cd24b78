//! Compares what was written with what came out.

use granit_parser::{Event, Parser};

use crate::yaml::{Node, Value, format::Unformatted};

/// What is said when something would be lost.
pub(super) const CHANGED: &str = "this cannot be laid out without a change to what it says: write it in a simpler way";

/// What is said when a comment would be lost.
const LOST: &str = "this comment would be lost: put it on a line of its own above a key";

/// The white space at the end of a text by `|+` or `>+`, and of one that has lines of nothing but spaces.
const ENDING: &str =
    "the white space at the end of this text would change: write `|` or `|-`, or the text in double quotes";

/// Whether two trees hold the same, keys in any order.
pub(super) fn means_the_same(one: &Node, other: &Node) -> Result<(), Unformatted> {
    let Some(changed) = changed(one, other) else { return Ok(()) };
    let text = |node: &Node| node.scalar().map(|scalar| scalar.text.trim_end().to_owned());
    let is_ending = text(changed.0).is_some() && changed.1.is_some_and(|other| text(other) == text(changed.0));
    Err(Unformatted::Unsafe(Some(changed.0.place.start as usize), if is_ending { ENDING } else { CHANGED }))
}

/// The first node that is another one, or none.
fn changed<'n>(one: &'n Node, other: &'n Node) -> Option<(&'n Node, Option<&'n Node>)> {
    let is_same = match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => one.text == other.text && one.plain == other.plain,
        (Value::Sequence(items), Value::Sequence(others)) if items.len() == others.len() => {
            return items.iter().zip(others).find_map(|(one, other)| changed(one, other));
        }
        (Value::Mapping(entries), Value::Mapping(others)) if entries.len() == others.len() => {
            return entries.iter().find_map(|(key, value)| {
                let found = others.iter().find(|(other, _)| other.text == key.text && other.plain == key.plain);
                found.map_or(Some((value, None)), |(_, other)| changed(value, other))
            });
        }
        _ => false,
    };
    (!is_same).then_some((one, Some(other)))
}

/// Whether every comment of the one text is in the other, byte for byte.
pub(super) fn has_the_comments(one: &str, other: &str) -> Result<(), Unformatted> {
    let (one, other) = (comments(one), comments(other));
    let mut both = one.iter().zip(&other);
    let lost = both.find(|((one, _), (other, _))| one != other).map(|((_, at), _)| *at);
    if lost.is_none() && one.len() == other.len() { Ok(()) } else { Err(Unformatted::Unsafe(lost, LOST)) }
}

/// The comments of a text and where they stand, sorted.
fn comments(text: &str) -> Vec<(String, usize)> {
    let options = granit_parser::options! { emit_comments: true };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut found = Vec::new();
    while let Some(Ok((event, span))) = parser.next_event() {
        if let Event::Comment(comment, _) = event {
            found.push((comment.into_owned(), span.byte_range().unwrap_or_default().start));
        }
    }
    found.sort_unstable();
    found
}
