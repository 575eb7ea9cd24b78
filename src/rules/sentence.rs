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
    let ignoring = test.ignoring.map(|node| format!(" ignoring {}", argument(node))).unwrap_or_default();
    format!("{} {} {}{ignoring}", test.field.value.name(), test.matcher.value.name, argument(test.argument))
}

fn argument(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.plain && scalar.text.chars().all(is_word) => scalar.text.clone(),
        Value::Scalar(scalar) => format!("\"{}\"", text::shortened(&scalar.text, SHOWN_CHARACTERS)),
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

/// Whether a character needs no quotes around it.
fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}
