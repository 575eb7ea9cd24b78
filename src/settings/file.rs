//! The settings file: YAML, read by serde, with places for what is wrong.

use std::ops::Range;

use serde_yaml::{DuplicateKeyPolicy, Error, Location, MergeKeyPolicy, Options};

use crate::{
    diagnostic::{Code, Diagnostic, FileId, Place, Sink, Sources, did_you_mean},
    settings::keys::Keys,
};

/// The largest settings file, in bytes.
pub const MAX_BYTES: u64 = 1024 * 1024;

/// Reads the text of a settings file; a text that cannot be read counts as empty.
pub fn parse(file: FileId, text: &str, sink: &mut Sink) -> Keys {
    let parsed = serde_yaml::from_str_with_options::<Option<Keys>>(text, options());
    parsed.map(Option::unwrap_or_default).unwrap_or_else(|error| {
        sink.push(finding(file, text, &error));
        Keys::default()
    })
}

/// Hides what follows a key that is about tokens on its line: whoever writes a token into the settings by mistake is not
/// to find it in a log.
pub(super) fn hide_tokens(file: FileId, sources: &mut Sources) {
    let text = sources.text(file).to_ascii_lowercase();
    for (start, word) in text.match_indices("token") {
        let after = start + word.len();
        let rest = text.get(after..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let value = rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        let value = value.trim_start_matches(|mark: char| mark.is_whitespace() || "\"':=[".contains(mark));
        sources.hide(Place::new(file, after + rest.len() - value.len()..after + rest.len()));
    }
}

/// The bytes of a place in a text that was parsed from a string.
pub(super) fn bytes(location: Location) -> Range<usize> {
    let offset = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok()).unwrap_or_default();
    let start = offset(location.span().byte_offset());
    start..start.saturating_add(offset(location.span().byte_len()))
}

fn options() -> Options {
    serde_yaml::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
    }
}

fn finding(file: FileId, text: &str, error: &Error) -> Diagnostic {
    let (message, help, word) = words(error);
    let mut range = error.location().map(bytes).unwrap_or_default();
    if let Some(word) = word.filter(|word| text.get(range.start..).is_some_and(|rest| rest.starts_with(word))) {
        range.end = range.start + word.len();
    }
    Diagnostic::new(Code::InvalidSettings, Place::new(file, range), message).help_if(help)
}

/// The message, what to do, and the word that it is about.
fn words(error: &Error) -> (String, Option<String>, Option<&str>) {
    match error.without_snippet() {
        Error::SerdeUnknownField { field, expected, .. } => {
            (format!("unknown key `{field}`"), Some(choice(field, expected)), Some(field))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            (format!("`{variant}` is not a value that this key takes"), Some(choice(variant, expected)), Some(variant))
        }
        Error::SerdeMissingField { field, .. } => (format!("the key `{field}` is missing"), None, None),
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or_default();
            (format!("the key `{key}` is written twice"), None, Some(key))
        }
        Error::MultipleDocuments { .. } => ("a settings file is one YAML document".to_owned(), None, None),
        Error::Unexpected { expected, .. } => (format!("this key takes {}", kind(expected)), None, None),
        other => (without_place(other), None, None),
    }
}

/// The parser's name for a kind of value, in the words of those who write the file.
fn kind(expected: &str) -> &str {
    match expected {
        "sequence start" => "a list, such as `[a, b]`",
        "mapping start" => "a mapping, such as `{ key: value }`",
        "string scalar" => "a single value",
        other => other,
    }
}

fn choice(word: &str, expected: &[&'static str]) -> String {
    if word.starts_with("token") && !expected.contains(&"allow") {
        return "tokens stay out of the settings: name their file in `token_file`, or in `token_files` of an app"
            .to_owned();
    }
    match did_you_mean(word, expected.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of `{}`", expected.join("`, `")),
    }
}

/// The sentence of an error; the place is shown beside it.
fn without_place(error: &Error) -> String {
    let text = error.to_string();
    let sentence = text.lines().next().unwrap_or_default();
    let sentence = sentence.split(" at line ").next().unwrap_or(sentence);
    sentence.trim_start_matches("error: ").to_owned()
}
