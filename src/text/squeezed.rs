//! The `name_squeezed` view: what a name looks like, without anything but letters and digits, repeats made single.
//!
//! In scripts whose marks tell words apart they belong to the letters. What is a separator between two parts of a Hangul
//! syllable goes too, so they are put together as folding does.

use std::{borrow::Cow, ops::Range};

use icu_normalizer::properties::{
    CanonicalCombiningClassMap, CanonicalCombiningClassMapBorrowed, CanonicalComposition, CanonicalCompositionBorrowed,
};

use super::{letters::Letters, lookalike::Step};

const COMPOSITION: CanonicalCompositionBorrowed<'static> = CanonicalComposition::new();
const CLASSES: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMap::new();

/// It lengthens the vowel of the Kana before it; elsewhere it is a dash.
const LONG: char = 'ー';

/// The letters and digits of a text that [`lookalike`](fn@super::lookalike) gave; borrowed where there is nothing else.
///
/// ```
/// use topicgate::text::{fold, lookalike, squeezed};
/// assert_eq!(squeezed(&lookalike(&fold("A.d.M!nn"))), "admin");
/// ```
pub fn squeezed(lookalike: &str) -> Cow<'_, str> {
    squeezed_into(lookalike, String::new)
}

/// The same, into a text that `room` gives if one is needed.
pub fn squeezed_into(lookalike: &str, room: impl FnOnce() -> String) -> Cow<'_, str> {
    if is_squeezed_ascii(lookalike) {
        return Cow::Borrowed(lookalike);
    }
    let mut text = room();
    text.reserve(lookalike.len());
    each(lookalike.chars().map(|character| (character, 0..0)), |step, _| {
        if let Step::Put(character) = step {
            text.push(character);
        }
    });
    if text == lookalike { Cow::Borrowed(lookalike) } else { Cow::Owned(text) }
}

fn is_squeezed_ascii(text: &str) -> bool {
    let mut previous = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_lowercase() || byte == previous {
            return false;
        }
        previous = byte;
    }
    true
}

/// Gives each character of the view, and where it repeats the one before, with the bytes that it comes from.
pub(super) fn each(characters: impl Iterator<Item = (char, Range<usize>)>, mut emit: impl FnMut(Step, Range<usize>)) {
    let (mut put, mut held) = (None, None::<(char, Range<usize>)>);
    // A part of a syllable waits for the parts behind it: only the whole is compared with the syllable before.
    let mut end = |last: Option<(char, Range<usize>)>| {
        let Some((character, raw)) = last else { return };
        emit(if put == Some(character) { Step::Join } else { Step::Put(character) }, raw);
        put = Some(character);
    };
    each_letter(characters, |character, raw| {
        let joined = held.as_ref().and_then(|(last, _)| join(*last, character));
        match (&mut held, joined) {
            (Some((last, all)), Some(joined)) => {
                *last = joined;
                *all = all.start.min(raw.start)..all.end.max(raw.end);
            }
            _ => end(held.replace((character, raw))),
        }
    });
    end(held);
}

/// What two characters in a row are, where that is one.
fn join(last: char, character: char) -> Option<char> {
    if last == character {
        return Some(last);
    }
    if is_whole(character) { None } else { COMPOSITION.compose(last, character) }
}

/// Whether a character is surely no second half of another; true for most letters, which spares a search.
fn is_whole(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{620}'..='\u{64a}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
    )
}

/// Gives each character that takes part.
fn each_letter(characters: impl Iterator<Item = (char, Range<usize>)>, mut emit: impl FnMut(char, Range<usize>)) {
    let letters = Letters::get();
    let mut on_letter = false;
    let mut on_kana = false;
    for (character, raw) in characters {
        let entry = letters.entry(character);
        if entry.is_vowel() {
            if !on_letter {
                continue;
            }
        } else if entry.is_letter() && (character != LONG || on_kana) {
            on_letter = true;
            on_kana = is_kana(character);
        } else {
            // An enclosing mark is the end of the letter: the marks behind it are in an order of their own.
            on_letter &= entry.is_mark() && CLASSES.get_u8(character) != 0;
            continue;
        }
        emit(character, raw);
    }
}

fn is_kana(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{1aff0}'..='\u{1b16f}')
}

#[cfg(test)]
mod tests {
    use icu_normalizer::properties::{CanonicalDecomposition, Decomposed};

    use super::*;
    use crate::text::{fold, lookalike};

    #[test]
    fn no_second_half_is_taken_for_whole() {
        for character in '\0'..=char::MAX {
            if let Decomposed::Expansion(_, second) = CanonicalDecomposition::new().decompose(character) {
                assert!(!is_whole(second), "{}", second.escape_unicode());
            }
        }
    }

    #[track_caller]
    fn check(name: &str, seen: &str) {
        assert_eq!(squeezed(&lookalike(&fold(name))), seen, "{name}");
    }

    #[test]
    fn separators_and_repeats_go() {
        for name in ["a.d.m.i.n", "aadmmiinn", "A-D-M-I-N!", "🔥 a d m i n 🔥", "a\u{336}dm１n", "аdmіn"] {
            check(name, if name.ends_with("N!") { "admini" } else { "admin" });
        }
    }

    #[test]
    fn doubled_letters_are_one_in_every_script() {
        check("google", "gogie");
        check("赌赌-场", "赌场");
        check("赌\u{336}博", "赌博");
        check("카.지.노노", "카지노");
        check("スーーパ", "スーパ");
    }

    #[test]
    fn words_of_other_scripts_stay_distinct() {
        check("ที่นี่", "ที่นี่");
        check("हिन्दी", "हिन्दी");
        check("شَمـس", "شمس");
        check("שָׁלוֹם", "שלום");
    }

    #[test]
    fn a_mark_behind_an_enclosing_one_stands_on_nothing() {
        check("न\u{94d}\u{20e3}\u{3099}", "न\u{94d}");
        check("か\u{20dd}\u{3099}", "か");
        check("ก\u{336}ี", "กี");
    }

    #[test]
    fn the_parts_of_a_syllable_are_put_together() {
        check("ㄱ.ㅏ", "가");
        check("가", "가");
    }

    #[test]
    fn a_syllable_in_parts_repeats_the_one_before() {
        check("가ㄱ.ㅏ", "가");
        check("카.지.ㅈ.ㅣ.노", "카지노");
        check("각ㄱ.ㅏ.\u{11a8}", "각");
        check("각가ㄱ.ㅏ.\u{11a8}", "각가각");
    }

    #[test]
    fn a_long_vowel_is_one_of_kana_only() {
        check("aーdｰmーin", "admin");
        check("ー赌ー场", "赌场");
        check("スーパー ー", "スーパー");
        check("が-ー", "がー");
    }

    #[test]
    fn emoji_and_flags_go() {
        check("🇨🇳👩‍👧❤️", "");
    }
}
