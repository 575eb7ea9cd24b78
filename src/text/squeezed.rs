//! The `name_squeezed` view: what a name looks like, without anything but letters and digits, repeats made single.
//!
//! In scripts whose marks tell words apart they belong to the letters. What is a separator between two parts of a Hangul
//! syllable goes too, so they are put together as folding does.

use std::{borrow::Cow, ops::Range};

use icu_normalizer::properties::{CanonicalComposition, CanonicalCompositionBorrowed};

use super::letters::Letters;

const COMPOSITION: CanonicalCompositionBorrowed<'static> = CanonicalComposition::new();

/// The letters and digits of a text that [`lookalike`](fn@super::lookalike) gave; borrowed where there is nothing else.
///
/// ```
/// use topicgate::text::{fold, lookalike, squeezed};
/// assert_eq!(squeezed(&lookalike(&fold("A.d.M!nn"))), "admin");
/// ```
pub fn squeezed(lookalike: &str) -> Cow<'_, str> {
    if is_squeezed_ascii(lookalike) {
        return Cow::Borrowed(lookalike);
    }
    let mut text = String::with_capacity(lookalike.len());
    each(lookalike.chars().map(|character| (character, 0..0)), |step, _| match step {
        Step::Put(character) => text.push(character),
        Step::Compose(character) => {
            text.pop();
            text.push(character);
        }
        Step::Join => {}
    });
    if text == lookalike { Cow::Borrowed(lookalike) } else { Cow::Owned(text) }
}

/// What becomes of a character.
pub(super) enum Step {
    /// It stands in the view as it is.
    Put(char),
    /// With the character before it, it is this one.
    Compose(char),
    /// It repeats the character before it.
    Join,
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

/// Gives what becomes of each character that takes part, with the bytes that it comes from.
pub(super) fn each(characters: impl Iterator<Item = (char, Range<usize>)>, mut emit: impl FnMut(Step, Range<usize>)) {
    let letters = Letters::get();
    let mut last = None;
    let mut on_letter = false;
    for (character, raw) in characters {
        let entry = letters.entry(character);
        if entry.is_vowel() {
            if !on_letter {
                continue;
            }
        } else if entry.is_letter() {
            on_letter = true;
        } else {
            on_letter &= entry.is_mark();
            continue;
        }
        let composed =
            if character.is_ascii() { None } else { last.and_then(|last| COMPOSITION.compose(last, character)) };
        if last == Some(character) {
            emit(Step::Join, raw);
        } else if let Some(composed) = composed {
            last = Some(composed);
            emit(Step::Compose(composed), raw);
        } else {
            last = Some(character);
            emit(Step::Put(character), raw);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{fold, lookalike};

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
        check("스ーーパ", "스ーパ");
    }

    #[test]
    fn words_of_other_scripts_stay_distinct() {
        check("ที่นี่", "ที่นี่");
        check("हिन्दी", "हिन्दी");
        check("شَمـس", "شمس");
        check("שָׁלוֹם", "שלום");
    }

    #[test]
    fn the_parts_of_a_syllable_are_put_together() {
        check("ㄱ.ㅏ", "가");
        check("가", "가");
    }

    #[test]
    fn emoji_and_flags_go() {
        check("🇨🇳👩‍👧❤️", "");
    }
}
