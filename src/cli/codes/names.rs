//! Names of codes as identifiers, and texts as literals.

use std::{collections::HashSet, fmt::Write};

use super::Entry;
use crate::text;

/// How a language writes the words of a name as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `OperatorBanned`
    Pascal,
    /// `operatorBanned`
    Camel,
    /// `OPERATOR_BANNED`
    Screaming,
}

/// An identifier for each entry, no two of them alike: from its name where that has letters of ASCII only, otherwise from its
/// number.
pub(super) fn identifiers(entries: &[Entry], shape: Shape, reserved: &[&str]) -> Vec<String> {
    let named = |entry: &Entry| joined(&words(entry.registered.name.as_deref()?)?, shape, reserved);
    let wanted: Vec<Option<String>> = entries.iter().map(named).collect();
    let mut seen = HashSet::new();
    let twice: HashSet<&String> = wanted.iter().flatten().filter(|name| !seen.insert(*name)).collect();
    let numbered = |entry: &Entry| {
        let words = ["code".to_owned(), entry.number.to_string()];
        joined(&words, shape, reserved).unwrap_or_default()
    };
    let unique = |name: &&String| !twice.contains(name);
    entries
        .iter()
        .zip(&wanted)
        .map(|(entry, name)| name.as_ref().filter(unique).cloned().unwrap_or_else(|| numbered(entry)))
        .collect()
}

/// The words of a name in small letters; `None` where it cannot be an identifier, or looks like the one made of a number.
fn words(name: &str) -> Option<Vec<String>> {
    let words: Vec<String> = name
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let first = words.first()?;
    let is_plain = words.iter().all(|word| word.is_ascii()) && !first.starts_with(|first: char| first.is_ascii_digit());
    (is_plain && !first.starts_with("code")).then_some(words)
}

fn joined(words: &[String], shape: Shape, reserved: &[&str]) -> Option<String> {
    let mut name = String::new();
    for (index, word) in words.iter().enumerate() {
        match shape {
            Shape::Screaming if index > 0 => write!(name, "_{}", word.to_ascii_uppercase()).ok()?,
            Shape::Screaming => name.push_str(&word.to_ascii_uppercase()),
            Shape::Camel if index == 0 => name.push_str(word),
            Shape::Camel | Shape::Pascal => {
                let (first, rest) = word.split_at_checked(1)?;
                name.push_str(&first.to_ascii_uppercase());
                name.push_str(rest);
            }
        }
    }
    if reserved.contains(&name.as_str()) {
        name.push('_');
    }
    Some(name)
}

/// A text between double quotes. `escape` writes what the language needs beyond quotes and backslashes: a control character,
/// or one of its own signs.
pub(super) fn quoted(text: &str, escape: fn(char) -> Option<String>) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            other => match escape(other) {
                Some(escaped) => quoted.push_str(&escaped),
                None => quoted.push(other),
            },
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character would be invisible in source text, or end a line of it.
pub(super) fn is_invisible(character: char) -> bool {
    character.is_control() || text::is_invisible(character) || matches!(character, '\u{2028}' | '\u{2029}')
}

/// `\u0000`, once or, beyond the first plane, twice.
pub(super) fn utf16_escape(character: char) -> String {
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}
