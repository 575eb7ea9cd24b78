//! Reads values out of the tree, with a finding for everything that is not as it must be.

use std::str::FromStr;

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink, did_you_mean},
    yaml::{Key, Node, Value, resolve},
};

/// The entries of a mapping with a closed set of keys.
pub struct Fields<'a> {
    place: Place,
    what: &'a str,
    entries: Vec<(&'a Key, &'a Node)>,
    /// The keys that unknown ones most likely stand for.
    misspelt: Vec<String>,
}

impl<'a> Fields<'a> {
    /// Reads a mapping; keys that are not `known` are findings, unless they begin with `x-` and `Extra::Allowed`.
    pub fn of(node: &'a Node, what: &'a str, known: &[&str], extra: Extra, sink: &mut Sink) -> Option<Fields<'a>> {
        let (mut entries, mut misspelt) = (Vec::new(), Vec::new());
        for (key, value) in node.mapping(what, sink)? {
            if known.contains(&key.text.as_str()) {
                entries.push((key, value));
            } else if !(extra == Extra::Allowed && key.text.starts_with("x-")) {
                sink.push(unknown_key(key, what, known));
                misspelt.extend(did_you_mean(&key.text, known.iter().copied()).map(str::to_owned));
            }
        }
        Some(Fields { place: node.place, what, entries, misspelt })
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key and its value.
    pub fn entry(&self, key: &str) -> Option<(&'a Key, &'a Node)> {
        self.entries.iter().copied().find(|(written, _)| written.text == key)
    }

    /// The value of a key, with a finding where there is none, unless "did you mean" it was said already.
    pub fn require(&self, key: &str, sink: &mut Sink) -> Option<&'a Node> {
        let value = self.get(key);
        if value.is_none() && !self.misspelt.iter().any(|misspelt| misspelt == key) {
            let message = format!("{} has no `{key}`", self.what);
            sink.push(Diagnostic::new(Code::MissingKey, self.place, message).help(format!("add `{key}:`")));
        }
        value
    }
}

/// Whether keys that begin with `x-` are the user's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// They are passed over.
    Allowed,
    /// They are unknown keys.
    Refused,
}

/// The finding for a key that means nothing where it stands.
pub fn unknown_key(key: &Key, what: &str, known: &[&str]) -> Diagnostic {
    let help = full_width_colon(&key.text).map_or_else(|| its_keys(known), str::to_owned);
    Diagnostic::new(Code::UnknownKey, key.place, format!("{what} has no key `{}`", key.text))
        .help(help)
        .meant_if(did_you_mean(&key.text, known.iter().copied()))
}

/// "its keys are `a`, `b` and `c`".
fn its_keys(known: &[&str]) -> String {
    let keys = if known.len() == 1 { "only key is" } else { "keys are" };
    format!("its {keys} {}", joined(known, "and"))
}

/// "`a`, `b` or `c`".
pub fn listed(words: &[&str]) -> String {
    joined(words, "or")
}

fn joined(words: &[&str], link: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {link} {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

impl Node {
    /// All bytes of the node and of what is in it.
    pub fn extent(&self) -> Place {
        let joined = |whole: Place, part: Place| Place {
            start: whole.start.min(part.start),
            end: whole.end.max(part.end),
            ..whole
        };
        match &self.value {
            Value::Scalar(_) | Value::Reported => self.place,
            Value::Sequence(items) => items.iter().map(Node::extent).fold(self.place, joined),
            Value::Mapping(entries) => {
                entries.iter().flat_map(|(key, node)| [key.place, node.extent()]).fold(self.place, joined)
            }
        }
    }

    /// The entries of a mapping.
    pub fn mapping(&self, what: &str, sink: &mut Sink) -> Option<&[(Key, Node)]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => {
                let help =
                    full_width_colon(self.scalar().filter(|scalar| scalar.plain).map_or("", |scalar| &scalar.text));
                self.wrong_type(what, "a mapping", help.unwrap_or("write it as `key: value`"), sink)
            }
        }
    }

    /// The items of a sequence.
    pub fn sequence(&self, what: &str, sink: &mut Sink) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => self.wrong_type(what, "a list", "put `- ` before each item, or write `[one, two]`", sink),
        }
    }

    /// The characters of a keyword, number, date or duration.
    pub fn word(&self, what: &str, sink: &mut Sink) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if !self.is_null() => Some(&scalar.text),
            _ => self.wrong_type(what, "one word", "write one value behind the colon", sink),
        }
    }

    /// A text that every reader of YAML takes for text.
    pub fn text(&self, what: &str, sink: &mut Sink) -> Option<&str> {
        let Value::Scalar(scalar) = &self.value else {
            return self.wrong_type(what, "a text", "write one text; quote it if in doubt", sink);
        };
        if scalar.plain && scalar.text.is_empty() {
            return self.wrong_type(what, "a text", "write one text behind the colon or the dash", sink);
        }
        if let Some(reading) = resolve::other_reading(&scalar.text).filter(|_| scalar.plain) {
            sink.push(quote_it(self.place, &scalar.text, reading));
            return None;
        }
        Some(&scalar.text)
    }

    fn wrong_type<T>(&self, what: &str, wanted: &str, help: &str, sink: &mut Sink) -> Option<T> {
        let found = match &self.value {
            Value::Reported => return None,
            Value::Scalar(_) if self.is_null() => "nothing",
            Value::Scalar(_) => "one word or text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        };
        let message = format!("{what} must be {wanted}, not {found}");
        sink.push(Diagnostic::new(Code::WrongType, self.place, message).help(help));
        None
    }
}

/// A whole number as everybody reads it; else, where one can be guessed, how to write it.
///
/// # Errors
///
/// For anything but digits, and for digits behind a zero, which some readers of YAML take for an octal number.
pub fn whole_number<T: FromStr + ToString>(word: &str) -> Result<T, Option<String>> {
    let plain: String = word.strip_prefix('+').unwrap_or(word).chars().filter(|character| *character != '_').collect();
    let number: T = plain.parse().map_err(|_| None)?;
    let plain = number.to_string();
    if plain == word { Ok(number) } else { Err(Some(format!("write `{plain}`"))) }
}

/// What to do about a line with a colon that YAML takes for a letter; none in quotes counts.
pub fn full_width_colon(line: &str) -> Option<&'static str> {
    let mut quote = None;
    let colon = line.chars().find(|character| {
        match quote {
            Some(open) if open == *character => quote = None,
            None if matches!(character, '\'' | '"') => quote = Some(*character),
            _ => {}
        }
        quote.is_none() && *character == '：'
    });
    colon.map(|_| "`：` is a full-width colon: write `: `, with a space behind it")
}

impl Key {
    /// The key as a text of the user's own, such as the name of a list.
    pub fn own_text(&self, sink: &mut Sink) -> Option<&str> {
        if let Some(reading) = resolve::other_reading(&self.text).filter(|_| self.plain) {
            sink.push(quote_it(self.place, &self.text, reading));
            return None;
        }
        Some(&self.text)
    }
}

fn quote_it(place: Place, text: &str, reading: &str) -> Diagnostic {
    Diagnostic::new(Code::QuoteIt, place, format!("YAML may read `{text}` as {reading}, but a text is wanted here"))
        .help(format!("quote it: '{text}'"))
        .fix(format!("'{text}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_everybody_reads_it() {
        assert_eq!(whole_number::<u32>("10110"), Ok(10110));
        for word in ["010110", "+10110", "10_110"] {
            assert_eq!(whole_number::<u32>(word), Err(Some("write `10110`".to_owned())), "{word}");
        }
        for word in ["", "-1", "1e3", "0x10", "99999999999", "ten"] {
            assert_eq!(whole_number::<u32>(word), Err(None), "{word}");
        }
    }

    #[test]
    fn a_full_width_colon_counts_outside_quotes() {
        assert!(full_width_colon("  name：").is_some());
        assert!(full_width_colon("message: '提示：' # 注意").is_none());
        assert!(full_width_colon("name: x").is_none());
    }
}
