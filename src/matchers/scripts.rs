//! `scripts`: all letters are of these scripts, or a word mixes alphabets.
//!
//! ```yaml
//! name: { scripts: [Latn, Hani] }
//! name: { scripts: [Jpan, Latn] }
//! name: { scripts: mixed }
//! ```
//!
//! Scripts are written as in ISO 15924. The text needs at least one letter, and every letter must be of one of them;
//! marks, digits, emoji and punctuation do not count. `Jpan` is `Hani`, `Hira` and `Kana`; `Kore` is `Hani` and `Hang`;
//! `Hanb` is `Hani` and `Bopo`. A letter that several scripts share, such as `ー`, is of each of them; one that belongs
//! to no script, such as `𝒂` on `name_raw`, is of none.
//!
//! `mixed` asks whether one word has letters of two of Latin, Greek, Cyrillic, Armenian and Cherokee, such as `раypal`
//! with a Cyrillic `ра`. Han, Kana and Hangul never count, so `卡拉OK` is not mixed.

mod code;

use std::ops::Range;

use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed,
    props::{GeneralCategory, GeneralCategoryGroup, Script},
    script::ScriptWithExtensions,
};

use crate::{
    diagnostic::Sink,
    engine::{Matcher, Value},
    facts::Field,
    matchers::{Argument, Context, Fit, Kind, Role, is_text},
    text::word,
    yaml::Node,
};

pub use code::{MIXED, codes};

pub(super) const KIND: Kind = Kind {
    name: "scripts",
    summary: "all letters are of these scripts, or a word mixes alphabets",
    argument: "codes of scripts, or the word `mixed`",
    takes: Argument::Scripts,
    fits: |field| match field {
        Field::NameLookalike | Field::NameSqueezed => Fit::Not(ALPHABETS_ARE_JOINED),
        _ => is_text(field),
    },
    role: Role::Test(build),
};

const ALPHABETS_ARE_JOINED: &str = "letters that look alike are one letter there, whatever their scripts: ask `name`";

/// The alphabets whose letters look alike.
const ALPHABETS: [Script; 5] = [Script::Latin, Script::Greek, Script::Cyrillic, Script::Armenian, Script::Cherokee];

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
const SCRIPT: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::new();

/// Every letter is of one of these.
#[derive(Debug)]
struct Scripts(Vec<Script>);

/// One word has letters of two alphabets.
#[derive(Debug)]
struct Mixed;

impl Scripts {
    fn have(&self, letter: char) -> bool {
        let scripts = ScriptWithExtensions::new();
        self.0.iter().any(|script| scripts.has_script(letter, *script))
    }
}

impl Matcher for Scripts {
    fn holds(&self, value: Value<'_>) -> bool {
        let Some(text) = value.text() else { return false };
        let mut letters = text.chars().filter(|character| is_letter(*character)).peekable();
        letters.peek().is_some() && letters.all(|letter| self.have(letter))
    }
}

impl Matcher for Mixed {
    fn holds(&self, value: Value<'_>) -> bool {
        self.find(value).is_some()
    }

    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        let text = value.text()?;
        if text.is_ascii() {
            return None;
        }
        let mut seen: Option<Script> = None;
        let mut start = 0;
        for (at, character) in text.char_indices().filter(|(_, character)| !is_mark(*character)) {
            if begins_word(text, at, character) {
                (start, seen) = (at, None);
            }
            let Some(alphabet) = alphabet(character) else { continue };
            if seen.is_some_and(|seen| seen != alphabet) {
                return Some(start..end_of_word(text, at));
            }
            seen = Some(alphabet);
        }
        None
    }
}

/// What is no letter is a word of its own here, which cannot be mixed.
fn begins_word(text: &str, at: usize, character: char) -> bool {
    !is_letter(character) || word::is_boundary(text, at)
}

/// Where the word ends that has a letter at a byte.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default().char_indices().skip(1);
    let mut ends = rest.map(|(beyond, character)| (at + beyond, character));
    let end = ends.find(|(end, character)| !is_mark(*character) && begins_word(text, *end, *character));
    end.map_or(text.len(), |(end, _)| end)
}

fn alphabet(character: char) -> Option<Script> {
    Some(SCRIPT.get(character)).filter(|script| is_letter(character) && ALPHABETS.contains(script))
}

/// Whether a character is a letter of some script.
pub fn is_letter(character: char) -> bool {
    GeneralCategoryGroup::Letter.contains(CATEGORY.get(character))
}

fn is_mark(character: char) -> bool {
    !character.is_ascii() && GeneralCategoryGroup::Mark.contains(CATEGORY.get(character))
}

fn build(_: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    if argument.scalar().is_some_and(|scalar| scalar.text == MIXED) {
        return Some(Box::new(Mixed));
    }
    Some(Box::new(Scripts(code::read(argument, sink)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn mixed(text: &str, found: Option<&str>) {
        assert_eq!(Mixed.find(Value::Text(text)).and_then(|range| text.get(range)), found, "{text}");
        assert_eq!(Mixed.holds(Value::Text(text)), found.is_some(), "{text}");
    }

    #[track_caller]
    fn all(scripts: &[Script], text: &str, holds: bool) {
        assert_eq!(Scripts(scripts.to_vec()).holds(Value::Text(text)), holds, "{scripts:?} {text}");
    }

    #[test]
    fn a_word_of_two_alphabets_is_mixed() {
        mixed("my раypal 1", Some("раypal"));
        mixed("αdmin", Some("αdmin"));
        mixed("casinо\u{301}s!", Some("casinо\u{301}s"));
        mixed("去саsino玩", Some("саsino"));
        mixed("한саsino", Some("한саsino"));
        mixed("Ꭰdmin հi", Some("Ꭰdmin"));
        mixed("a한б", Some("a한б"));
        mixed("aبб", Some("aبб"));
    }

    #[test]
    fn two_words_of_one_alphabet_each_are_not_mixed() {
        for text in [
            "привет paypal",
            "привет_paypal",
            "a1б",
            "卡拉OK",
            "Tシャツ",
            "카지노bet",
            "ひらがなабв",
            "ʼа",
            "عaب",
            "a漢б",
            "aひб",
            "aカб",
            "aไб",
            "",
        ] {
            mixed(text, None);
        }
        mixed("a\u{301}б", Some("a\u{301}б"));
        mixed("\u{301}aб\u{301}", Some("aб\u{301}"));
        mixed(&format!("a{}б", "\u{301}".repeat(2000)), Some(&format!("a{}б", "\u{301}".repeat(2000))));
    }

    #[test]
    fn every_letter_must_be_of_one_of_the_scripts() {
        all(&[Script::Latin], "Café 100% 🎉", true);
        all(&[Script::Latin], "Cafе", false);
        all(&[Script::Latin, Script::Han], "加微信vx", true);
        all(&[Script::Han], "12345 🎉", false);
        all(&[Script::Han], "", false);
    }

    #[test]
    fn a_shared_letter_is_of_each_of_its_scripts() {
        all(&[Script::Katakana], "スーパー", true);
        all(&[Script::Hiragana], "らーめん", true);
        all(&[Script::Han], "ー", false);
        all(&[Script::Han], "人々〆", true);
        all(&[Script::Latin], "𝒂", false);
        all(&[Script::Latin], "ª", true);
    }
}
