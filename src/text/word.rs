//! Where words begin and end.
//!
//! A word is a run of letters and marks. Digits, `_` and a change to or from a script written without spaces end it;
//! in such a script nobody but a dictionary could say where a word ends, so there every place will do.

use std::ops::Range;

use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed,
    props::{GeneralCategory, GeneralCategoryGroup, Script},
    script::ScriptWithExtensions,
};

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();

/// The scripts written without spaces between words.
const UNSPACED: [Script; 20] = [
    Script::Han,
    Script::Hiragana,
    Script::Katakana,
    Script::Bopomofo,
    Script::Yi,
    Script::Nushu,
    Script::Tangut,
    Script::KhitanSmallScript,
    Script::Thai,
    Script::Lao,
    Script::Khmer,
    Script::Myanmar,
    Script::Tibetan,
    Script::TaiLe,
    Script::NewTaiLue,
    Script::TaiTham,
    Script::TaiViet,
    Script::Ahom,
    Script::Balinese,
    Script::Javanese,
];

/// What a character is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Spaced,
    Unspaced,
    Outside,
}

/// Whether the bytes `range` of a text are a whole word, or several: each end is a boundary, or the character there is
/// of a script written without spaces.
pub fn holds_word(text: &str, range: Range<usize>) -> bool {
    may_begin(text, range.start) && may_end(text, range.end)
}

/// Whether a whole word may begin at a place, in bytes.
pub fn may_begin(text: &str, at: usize) -> bool {
    is_boundary(text, at) || after(text, at) == Kind::Unspaced
}

/// Whether a whole word may end at a place, in bytes.
pub fn may_end(text: &str, at: usize) -> bool {
    is_boundary(text, at) || before(text, at) == Kind::Unspaced
}

/// Whether a text is a whole word, or several, wherever it occurs: both its ends are of a script written without spaces.
pub fn is_word_anywhere(text: &str) -> bool {
    let first = text.chars().next().and_then(kind);
    first == Some(Kind::Unspaced) && before(text, text.len()) == Kind::Unspaced
}

/// Whether no word goes on over a place, in bytes. A mark belongs to what it stands on.
pub fn is_boundary(text: &str, at: usize) -> bool {
    let (before, after) = (before(text, at), after(text, at));
    text.is_char_boundary(at) && (before != after || before == Kind::Outside)
}

/// Whether a character is of a script written without spaces between words.
pub fn is_unspaced(character: char) -> bool {
    if character < '\u{e00}' {
        return false;
    }
    // All extensions, not one of them: some Latin modifiers are shared with Bopomofo.
    ScriptWithExtensions::new().get_script_extensions_val(character).iter().all(|script| UNSPACED.contains(&script))
}

/// Whether a character, such as a digit or a sign, is no part of a word.
pub fn is_outside(character: char) -> bool {
    kind(character) == Some(Kind::Outside)
}

fn before(text: &str, at: usize) -> Kind {
    text.get(..at).and_then(|text| text.chars().rev().find_map(kind)).unwrap_or(Kind::Outside)
}

fn after(text: &str, at: usize) -> Kind {
    let next = text.get(at..).and_then(|text| text.chars().next());
    next.map_or(Kind::Outside, |next| kind(next).unwrap_or_else(|| before(text, at)))
}

/// `None` for a mark, which is what it stands on.
fn kind(character: char) -> Option<Kind> {
    if character.is_ascii() {
        return Some(if character.is_ascii_alphabetic() { Kind::Spaced } else { Kind::Outside });
    }
    let category = CATEGORY.get(character);
    if GeneralCategoryGroup::Mark.contains(category) {
        None
    } else if !GeneralCategoryGroup::Letter.contains(category) {
        Some(Kind::Outside)
    } else if is_unspaced(character) {
        Some(Kind::Unspaced)
    } else {
        Some(Kind::Spaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, word: &str, holds: bool) {
        let start = text.find(word).unwrap();
        assert_eq!(holds_word(text, start..start + word.len()), holds, "{word} in {text}");
    }

    #[test]
    fn a_part_of_a_longer_word_is_no_word() {
        check("casinos", "casino", false);
        check("my casino!", "casino", true);
        check("encasino", "casino", false);
        check("казино́в", "казино", false);
    }

    #[test]
    fn digits_and_underscores_end_a_word() {
        check("1casino_2", "casino", true);
    }

    #[test]
    fn a_change_of_script_ends_a_word() {
        check("去casino玩", "casino", true);
        check("ไปcasinoกัน", "casino", true);
        check("카지노casino", "casino", false);
    }

    #[test]
    fn a_literal_without_spaces_is_found_anywhere() {
        check("我们加微信吧", "微信", true);
        check("スーパーマーケット", "パー", true);
        check("スーパー", "ー", true);
        check("微信vx吧x", "信vx", true);
        check("微信vxa", "信vx", false);
        check("ที่นี่กิน", "นี่", true);
    }

    #[test]
    fn a_text_is_a_word_anywhere_if_both_its_ends_are_without_spaces() {
        for text in ["赌", "加vx微信", "ที่นี่", "赌\u{301}"] {
            assert!(is_word_anywhere(text) && holds_word(&format!("a{text}a"), 1..text.len() + 1), "{text}");
        }
        for text in ["", "vx", "微信vx", "vx微信", "赌9", "\u{301}赌", "한"] {
            assert!(!is_word_anywhere(text), "{text}");
        }
    }

    #[test]
    fn a_mark_belongs_to_what_it_stands_on() {
        check("casino\u{20dd}", "casino", false);
        check(" \u{308}casino", "casino", true);
        check("\u{308}casino", "casino", true);
        check("9\u{20e3}vx", "vx", true);
    }

    #[test]
    fn shared_modifiers_are_not_unspaced() {
        assert!(!is_unspaced('ˊ') && !is_unspaced('a') && !is_unspaced('한') && !is_unspaced('，'));
        assert!(is_unspaced('ー') && is_unspaced('々') && is_unspaced('ກ') && is_unspaced('བ'));
    }

    #[test]
    fn a_place_outside_the_text_or_inside_a_character_is_no_boundary() {
        assert!(!is_boundary("微", 1) && !is_boundary("a", 9));
        assert!(is_boundary("", 0) && is_boundary("a", 0) && is_boundary("a", 1));
    }
}
