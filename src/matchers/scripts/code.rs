//! The codes of scripts in ISO 15924, as Unicode knows them.

use std::{collections::BTreeMap, sync::LazyLock};

use icu_properties::{CodePointMapData, PropertyNamesLong, PropertyNamesShort, PropertyParser, props::Script};

use crate::{
    diagnostic::{Code, Diagnostic, Sink, did_you_mean},
    matchers::literals::items,
    yaml::{Node, Value},
};

/// The word that stands in place of codes.
pub const MIXED: &str = "mixed";

/// Codes for several scripts together.
const UNIONS: [(&str, &[Script]); 4] = [
    ("Jpan", &[Script::Han, Script::Hiragana, Script::Katakana]),
    ("Kore", &[Script::Han, Script::Hangul]),
    ("Hanb", &[Script::Han, Script::Bopomofo]),
    ("Hrkt", &[Script::Hiragana, Script::Katakana]),
];

/// The scripts that Unicode gives to some character, by their codes.
static KNOWN: LazyLock<BTreeMap<&str, Script>> = LazyLock::new(|| {
    let names = PropertyNamesShort::<Script>::new();
    let scripts = CodePointMapData::<Script>::new().iter_ranges().map(|range| range.value);
    let scripts = scripts.filter(|script| ![Script::Common, Script::Inherited, Script::Unknown].contains(script));
    scripts.filter_map(|script| Some((names.get(script)?, script))).collect()
});

/// Every code that can be written.
pub fn codes() -> Vec<&'static str> {
    UNIONS.into_iter().map(|(code, _)| code).chain(KNOWN.keys().copied()).collect()
}

/// The scripts of an argument; `None` after a finding for each code that is wrong.
pub(super) fn read(argument: &Node, sink: &mut Sink) -> Option<Vec<Script>> {
    if let Value::Mapping(_) = argument.value {
        let message = "`scripts` takes codes or the word `mixed`, not a mapping";
        let help = "write `scripts: [Latn, Hani]` or `scripts: mixed`";
        sink.push(Diagnostic::new(Code::WrongType, argument.place, message).help(help));
        return None;
    }
    let items = items(argument, "the scripts of a test", sink)?;
    let read: Vec<Option<Vec<Script>>> = items.iter().map(|item| one(item, sink)).collect();
    let mut scripts = read.into_iter().collect::<Option<Vec<_>>>()?.concat();
    scripts.sort_unstable();
    scripts.dedup();
    Some(scripts)
}

fn one(node: &Node, sink: &mut Sink) -> Option<Vec<Script>> {
    let word = node.word("a script", sink)?;
    let found = scripts(word);
    if found.is_none() {
        let message = format!("`{word}` is not the code of a script");
        let found = Diagnostic::new(Code::InvalidValue, node.place, message);
        sink.push(match help(word) {
            Some(help) => found.help(help),
            None => {
                found.help("write codes of ISO 15924, such as `Latn`, `Hani`, `Cyrl` or `Arab`").meant_if(meant(word))
            }
        });
    }
    found
}

/// The scripts that a code stands for.
fn scripts(word: &str) -> Option<Vec<Script>> {
    let union = UNIONS.into_iter().find(|(code, _)| *code == word).map(|(_, scripts)| scripts.to_vec());
    union.or_else(|| KNOWN.get(word).map(|script| vec![*script]))
}

/// What to do about a word that is more than a slip.
fn help(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        MIXED => Some("`mixed` stands alone: write `scripts: mixed`, and another test for the scripts"),
        "hans" | "hant" => Some("simplified and traditional characters are one script: write `Hani`"),
        _ => None,
    }
}

/// The code that is most likely meant.
fn meant(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "chinese" | "hanzi" => Some("Hani"),
        "japanese" => Some("Jpan"),
        "korean" => Some("Kore"),
        _ => near(word),
    }
}

/// The code for what may be the name of a script, or a code or a name with a slip.
fn near(word: &str) -> Option<&'static str> {
    let names = PropertyNamesLong::<Script>::new();
    let code_of = |named: Script| KNOWN.iter().find(|(_, script)| **script == named).map(|(code, _)| *code);
    let parsed = |name: &str| PropertyParser::<Script>::new().get_loose(name).and_then(code_of);
    let codes = UNIONS.into_iter().map(|(code, _)| code).chain(KNOWN.keys().copied());
    let names = || KNOWN.values().filter_map(|script| names.get(*script));
    parsed(word).or_else(|| did_you_mean(word, codes)).or_else(|| did_you_mean(word, names()).and_then(parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_script_or_several() {
        assert_eq!(scripts("Latn"), Some(vec![Script::Latin]));
        assert_eq!(scripts("Hrkt"), Some(vec![Script::Hiragana, Script::Katakana]));
        for word in ["Latin", "latn", "LATN", "Zyyy", "Zinh", "Zzzz", "Hans", "", "mixed", "Qaac"] {
            assert_eq!(scripts(word), None, "{word}");
        }
    }

    #[test]
    fn a_name_or_a_slip_leads_to_the_code() {
        for (word, found) in [
            ("Latin", "Latn"),
            ("latn", "Latn"),
            ("Han", "Hani"),
            ("Cyrillic", "Cyrl"),
            ("jpan", "Jpan"),
            ("Japanese", "Jpan"),
            ("Hans", "Hani"),
            ("Cyrillc", "Cyrl"),
            ("Latm", "Latn"),
            ("old italic", "Ital"),
            ("xxxxxxxxx", "none"),
            ("Zyyy", "none"),
        ] {
            let told = help(word).or_else(|| meant(word)).unwrap_or("none");
            assert!(told.contains(found), "{word}: {told}");
        }
    }
}
