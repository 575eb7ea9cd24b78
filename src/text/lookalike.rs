//! The `name_lookalike` view: what a name looks like. Marks are removed, and each character becomes the one that stands
//! for all that look like it.
//!
//! It is made of the folded name, character by character, so whatever is found in `name` is found here too. A mark that
//! begins a text stands on nothing and goes; on letters of other alphabets than Latin, Greek and Cyrillic marks stay,
//! because without them Thai or Hindi words would be others.

use std::borrow::Cow;

use super::{
    letters::{Letters, Marks},
    word,
};

/// What a folded text looks like; borrowed where that is how it stands.
///
/// ```
/// use topicgate::text::{fold, lookalike};
/// assert_eq!(lookalike(&fold("PаypaI")), "paypai");
/// ```
pub fn lookalike(folded: &str) -> Cow<'_, str> {
    lookalike_into(folded, String::new)
}

/// The same, into a text that `room` gives if one is needed.
pub fn lookalike_into(folded: &str, room: impl FnOnce() -> String) -> Cow<'_, str> {
    if is_plain(folded) {
        return Cow::Borrowed(folded);
    }
    let mut text = room();
    text.reserve(folded.len());
    each(folded.chars().map(|character| (character, ())), |step, ()| {
        if let Step::Put(character) = step {
            text.push(character);
        }
    });
    if text == folded { Cow::Borrowed(folded) } else { Cow::Owned(text) }
}

/// Where in the look of a folded text a digit or a sign begins or ends that stands for something else there, in rising
/// order of bytes: in the folded text no word goes on over these places.
///
/// ```
/// use topicgate::text::breaks;
/// assert_eq!(breaks("7casino"), [0, 1]);
/// ```
pub fn breaks(folded: &str) -> Vec<usize> {
    let mut breaks = Vec::new();
    if is_plain(folded) {
        return breaks;
    }
    let mut length = 0;
    each(folded.chars().map(|character| (character, character)), |step, written| {
        let Step::Put(character) = step else { return };
        let start = length;
        length += character.len_utf8();
        if character != written && word::is_outside(written) {
            breaks.extend([start, length]);
        }
    });
    breaks
}

/// Whether every character is ASCII and stands for itself.
fn is_plain(folded: &str) -> bool {
    let letters = Letters::get();
    folded.bytes().all(|byte| letters.is_own_ascii(byte))
}

/// What becomes of a character.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// It stands in the view as this one.
    Put(char),
    /// It is a part of the character before it.
    Join,
}

/// Gives what becomes of each character that takes part, with where it comes from.
pub(super) fn each<T>(characters: impl Iterator<Item = (char, T)>, mut emit: impl FnMut(Step, T)) {
    let letters = Letters::get();
    let mut marks = None;
    for (character, raw) in characters {
        let entry = letters.entry(character);
        if entry.is_mark() {
            match marks {
                None => {}
                Some(Marks::Go) => emit(Step::Join, raw),
                Some(Marks::Stay) => emit(Step::Put(character), raw),
            }
        } else if marks.is_some() || character != ' ' {
            marks = Some(entry.marks());
            emit(Step::Put(entry.stands_as(character)), raw);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[track_caller]
    fn check(name: &str, seen: &str) {
        assert_eq!(lookalike(&fold(name)), seen, "{name}");
    }

    #[test]
    fn every_way_to_write_admin_is_one() {
        for name in
            ["аdmіn", "ａｄｍｉｎ", "adm1n", "ADMlN", "ádmin", "a͏dmin", "🅰dmin", "𝖆𝖉𝖒𝖎𝖓", "@dm!n", "АDМІN", "ᴀᴅᴍɪɴ"]
        {
            check(name, "admin");
        }
        check("paypaI", "paypai");
    }

    #[test]
    fn separators_and_repeats_stay() {
        check("a.d.m.i.n", "a.d.m.i.n");
        check("aadmmiinn", "aadmmiinn");
    }

    #[test]
    fn other_scripts_and_emoji_stay() {
        let same = [
            "微信",
            "スーパー",
            "ガギグ",
            "카지노",
            "مرحبا",
            "شَمس",
            "ที่นี่",
            "שָׁלוֹם",
            "हिन्दी",
            "ქართული",
            "አማርኛ",
            "👩‍👧",
            "🇨🇳",
        ];
        for name in same {
            assert!(matches!(lookalike(&fold(name)), Cow::Borrowed(text) if text == fold(name)), "{name}");
        }
    }

    #[test]
    fn a_digit_or_sign_that_stands_for_a_letter_breaks_words() {
        assert_eq!(breaks(&fold("Ádmin 365!")), [6, 7, 7, 8, 8, 9, 9, 10]);
        assert_eq!(breaks(&fold("\u{301} é1\u{336}🅰")), [1, 2, 2, 3]);
        for name in ["administrator", "аdmіn", "賭場", "ⅰ-x"] {
            assert_eq!(breaks(&fold(name)), [0; 0], "{name}");
        }
    }

    /// So a word that ends at another script in `name` ends there in the view.
    #[test]
    fn what_is_written_without_spaces_looks_so() {
        for character in '\0'..=char::MAX {
            let seen = Letters::get().entry(character).stands_as(character);
            assert_eq!(word::is_unspaced(seen), word::is_unspaced(character), "{character:?}");
        }
    }

    #[test]
    fn traditional_characters_become_simplified() {
        check("賭場", "赌场");
        check("加微信領紅包", "加微信领红包");
    }

    #[test]
    fn a_mark_on_nothing_goes_with_the_space_behind_it() {
        check("\u{301} a", "a");
        check("\u{301}", "");
        check("a \u{301}b", "a \u{301}b");
    }

    #[test]
    fn piled_marks_go_whatever_they_stand_on_in_latin() {
        check("c\u{336}a\u{323}\u{301}s\u{20dd}1\u{20e3}n0", "casino");
    }
}
