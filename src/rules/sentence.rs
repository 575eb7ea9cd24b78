//! A test as a sentence for people: `name contains "casino"`.

use crate::{
    rules::ast::Test,
    text,
    yaml::{Node, Value},
};

/// Texts of an argument that are shown; the rest are counted.
const SHOWN_TEXTS: usize = 3;

/// Characters of a text that are shown.
const SHOWN_CHARACTERS: usize = 60;

/// The test, with a long argument cut.
pub(super) fn of(test: &Test<'_>) -> String {
    format!("{} {} {}", test.field.value.name(), test.matcher.value.name, argument(test.argument))
}

fn argument(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.plain && scalar.text.chars().all(|letter| letter.is_ascii_alphanumeric()) => {
            scalar.text.clone()
        }
        Value::Scalar(scalar) => format!("\"{}\"", cut(&scalar.text)),
        Value::Sequence(items) => {
            let shown: Vec<String> = items.iter().take(SHOWN_TEXTS).map(argument).collect();
            let hidden = items.len().saturating_sub(SHOWN_TEXTS);
            let more = if hidden > 0 { format!(" and {hidden} more") } else { String::new() };
            format!("[{}{more}]", shown.join(", "))
        }
        Value::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", key.text, argument(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Reported => "?".to_owned(),
    }
}

fn cut(written: &str) -> String {
    let mut characters = written.chars();
    let shown: String = characters.by_ref().take(SHOWN_CHARACTERS).collect();
    let more = if characters.next().is_some() { "…" } else { "" };
    text::visible(&shown) + more
}
