//! The body: the few fields that rules can see; all others are passed over.
//!
//! It is read strictly and without copying first. Only when that fails, what lenient senders get wrong is repaired and
//! the same reading is tried again.

use std::{borrow::Cow, fmt::Write};

use serde::Deserialize;
use serde_json::{error::Category, value::RawValue};

use super::Malformed;

/// The fields of a body that matter; `null` is absent, a number is its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body<'a> {
    /// `CallbackCommand`, unless empty.
    pub command: Option<Cow<'a, str>>,
    /// `Operator_Account`.
    pub operator: Option<Cow<'a, str>>,
    /// `Owner_Account`, unless empty.
    pub owner: Option<Cow<'a, str>>,
    /// `Type`, unless empty.
    pub group_type: Option<Cow<'a, str>>,
    /// `Name`.
    pub name: Option<Cow<'a, str>>,
    /// Whether there is nothing at all, or an object without fields.
    pub is_empty: bool,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, rename = "CallbackCommand")]
    command: Option<&'a RawValue>,
    #[serde(borrow, rename = "Operator_Account")]
    operator: Option<&'a RawValue>,
    #[serde(borrow, rename = "Owner_Account")]
    owner: Option<&'a RawValue>,
    #[serde(borrow, rename = "Type")]
    group_type: Option<&'a RawValue>,
    #[serde(borrow, rename = "Name")]
    name: Option<&'a RawValue>,
}

impl<'a> Body<'a> {
    /// Reads a body. A byte order mark, invalid UTF-8, lone surrogates and raw control characters are repaired.
    ///
    /// # Errors
    /// What is wrong with it otherwise.
    pub fn parse(bytes: &'a [u8]) -> Result<Body<'a>, Malformed> {
        Body::strict(bytes).or_else(|_| Body::strict(repair(bytes).as_bytes()).map(Body::into_owned))
    }

    fn strict(bytes: &'a [u8]) -> Result<Body<'a>, Malformed> {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            return Ok(Body { is_empty: true, ..Body::default() });
        }
        // The deserialiser would take an array for a struct as well.
        let Some(inside) = bytes.strip_prefix(b"{") else { return Err(Malformed::InvalidBody { line: 1, column: 1 }) };
        let wire: Wire<'a> = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
        let filled = |text: &Cow<'_, str>| !text.is_empty();
        Ok(Body {
            command: text("CallbackCommand", wire.command)?.filter(filled),
            operator: text("Operator_Account", wire.operator)?,
            owner: text("Owner_Account", wire.owner)?.filter(filled),
            group_type: text("Type", wire.group_type)?.filter(filled),
            name: text("Name", wire.name)?,
            is_empty: inside.trim_ascii() == b"}",
        })
    }

    fn into_owned(self) -> Body<'static> {
        let owned = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Body {
            command: owned(self.command),
            operator: owned(self.operator),
            owner: owned(self.owner),
            group_type: owned(self.group_type),
            name: owned(self.name),
            is_empty: self.is_empty,
        }
    }
}

/// The text of a value; a number keeps its characters, also beyond 64 bits.
fn text<'a>(field: &'static str, value: Option<&'a RawValue>) -> Result<Option<Cow<'a, str>>, Malformed> {
    let Some(json) = value.map(RawValue::get) else { return Ok(None) };
    match json.as_bytes().first() {
        // The first reading found a whole string; without an escape its characters are those between the quotes.
        Some(b'"') if !json.contains('\\') => Ok(Some(Cow::Borrowed(json.trim_matches('"')))),
        Some(b'"') => serde_json::from_str(json).map(|text| Some(Cow::Owned(text))).map_err(|error| malformed(&error)),
        Some(b'-' | b'0'..=b'9') => Ok(Some(Cow::Borrowed(json))),
        _ => Err(Malformed::WrongType(field)),
    }
}

fn malformed(error: &serde_json::Error) -> Malformed {
    match error.classify() {
        // Every field takes any value, so the only other fault of an object is a field that stands there twice.
        Category::Data => Malformed::RepeatedField,
        _ => Malformed::InvalidBody { line: error.line(), column: error.column() },
    }
}

/// The same JSON without what a strict reader refuses: the byte order mark dropped, invalid UTF-8 and lone surrogates
/// replaced by U+FFFD, control characters in strings escaped.
fn repair(bytes: &[u8]) -> String {
    let decoded = String::from_utf8_lossy(bytes);
    let mut rest = decoded.strip_prefix('\u{feff}').unwrap_or(&decoded);
    let mut json = String::with_capacity(rest.len());
    let mut quoted = false;
    while let Some(character) = rest.chars().next() {
        let mut taken = character.len_utf8();
        match character {
            '\\' if quoted => {
                let (length, escape) = escape(rest);
                json.push_str(escape);
                taken = length;
            }
            '\0'..='\u{1f}' if quoted => {
                // Writing to a string cannot fail.
                let _ = write!(json, "\\u{:04x}", u32::from(character));
            }
            _ => {
                quoted ^= character == '"';
                json.push(character);
            }
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    json
}

/// The length of the escape that a text begins with, and what to write for it.
fn escape(text: &str) -> (usize, &str) {
    let length = match (unit(text), text.get(6..).and_then(unit)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
        (Some(0xd800..=0xdfff), _) => return (6, "\\ufffd"),
        // The backslash and what it stands before.
        _ => text.chars().take(2).map(char::len_utf8).sum(),
    };
    (length, text.get(..length).unwrap_or(text))
}

/// The UTF-16 unit of a `\u` escape that a text begins with.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_lenient_reading_agrees_with_the_strict_one(
            operator in any::<String>(), name in any::<String>(), number in any::<i128>(), escaped in "(\\\\u[0-9a-f]{4}|a){0,4}",
        ) {
            let name = serde_json::Value::from(name);
            let operator = serde_json::Value::from(operator);
            let json = format!(r#"{{"Operator_Account":{operator},"Name":{name},"Type":{number},"x":"{escaped}"}}"#);
            if let Ok(body) = Body::strict(json.as_bytes()) {
                let repaired = repair(json.as_bytes());
                prop_assert_eq!(Body::strict(repaired.as_bytes()), Ok(body));
            }
        }

        #[test]
        fn escapes_are_repaired_like_utf_16_is_decoded(units in prop::collection::vec(0xd7feu16..0xe002, 0..8)) {
            let escapes: String = units.iter().map(|unit| format!("\\u{unit:04X}")).collect();
            let json = format!(r#"{{"Name":"{escapes}"}}"#);
            let body = Body::parse(json.as_bytes()).unwrap();
            prop_assert_eq!(body.name.unwrap(), String::from_utf16_lossy(&units));
        }
    }
}
