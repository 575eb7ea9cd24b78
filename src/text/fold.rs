//! The `name` view of a text: `toNFKC_Casefold` without invisible characters, with one space between words.
//!
//! The text is decomposed before it is case folded, so that canonically equivalent names fold alike (Unicode, D147).
//! The language repeats the steps until nothing changes; one pass is enough, as `one_pass_is_a_fixpoint` proves for
//! every character, and folding moves no mark over another.

use std::{borrow::Cow, iter, ops::Range};

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::{
    DecomposingNormalizer, DecomposingNormalizerBorrowed,
    properties::{
        CanonicalCombiningClassMap, CanonicalCombiningClassMapBorrowed, CanonicalComposition,
        CanonicalCompositionBorrowed,
    },
};

use super::invisible::is_invisible;

const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizer::new_nfkd();
const COMPOSITION: CanonicalCompositionBorrowed<'static> = CanonicalComposition::new();
const CLASSES: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMap::new();
const CASE: CaseMapperBorrowed<'static> = CaseMapper::new();

/// A text as a person reads it; borrowed where that is how it stands.
///
/// ```
/// assert_eq!(topicgate::text::fold(" Ｆree\u{200b}  COINS "), "free coins");
/// ```
pub fn fold(raw: &str) -> Cow<'_, str> {
    fold_into(raw, String::new)
}

/// The same, into a text that `room` gives if one is needed.
pub fn fold_into(raw: &str, room: impl FnOnce() -> String) -> Cow<'_, str> {
    if is_folded_ascii(raw) {
        return Cow::Borrowed(raw);
    }
    let mut text = room();
    text.reserve(raw.len());
    prepare(raw, |character, _| text.push(character));
    if text == raw { Cow::Borrowed(raw) } else { Cow::Owned(text) }
}

/// Whether a character may stand in a folded text: not one that becomes another when its case is folded.
pub fn is_folded(character: char) -> bool {
    CASE.simple_fold(character) == character
}

/// Gives each character of the folded text, with the bytes of the raw text that it comes from.
pub(super) fn prepare(raw: &str, emit: impl FnMut(char, Range<usize>)) {
    if raw.is_ascii() {
        let characters = raw.char_indices().filter(|(_, character)| !is_invisible(*character));
        return words(characters.map(|(at, character)| (character.to_ascii_lowercase(), at..at + 1)), emit);
    }
    let mut pieces = decompose(raw);
    order(&mut pieces);
    fold_case(&mut pieces);
    compose(&mut pieces);
    words(pieces.into_iter().filter(|piece| !piece.absorbed).map(|piece| (piece.character, piece.raw)), emit);
}

/// A character on its way, with the bytes of the raw text that it comes from.
struct Piece {
    character: char,
    /// Its canonical combining class: 0 for a starter.
    class: u8,
    /// Whether it became a part of an earlier one.
    absorbed: bool,
    raw: Range<usize>,
}

/// Looks at every byte and branches at none, so that many are looked at at once.
fn is_folded_ascii(text: &str) -> bool {
    let bytes = text.as_bytes();
    let stays = bytes.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'@' | b'['..=b'~'));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let is_spaced = pairs.fold(true, |all, (one, next)| all & !(*one == b' ' && *next == b' '));
    stays && is_spaced && bytes.first() != Some(&b' ') && bytes.last() != Some(&b' ')
}

/// Splits what is visible into its smallest characters.
fn decompose(raw: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(raw.len());
    for (at, character) in raw.char_indices() {
        let raw = at..at + character.len_utf8();
        let mut push = |character, class| pieces.push(Piece { character, class, absorbed: false, raw: raw.clone() });
        match character {
            ' '..='~' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => push(character, 0),
            _ if is_invisible(character) => {}
            _ => NFKD.normalize_iter(iter::once(character)).for_each(|part| match part {
                // No other decomposed character becomes longer when its case is folded.
                'ß' | 'ẞ' => ['s', 's'].into_iter().for_each(|s| push(s, 0)),
                _ => push(part, CLASSES.get_u8(part)),
            }),
        }
    }
    pieces
}

/// Puts the marks of each starter into canonical order.
fn order(pieces: &mut [Piece]) {
    for marks in pieces.chunk_by_mut(|left, right| left.class != 0 && right.class != 0) {
        marks.sort_by_key(|mark| mark.class);
    }
}

fn fold_case(pieces: &mut [Piece]) {
    for piece in pieces {
        piece.character = match piece.character {
            ' '..='~' => piece.character.to_ascii_lowercase(),
            // These have no case, and looking that up would take a quarter of the time: Hebrew to Myanmar, Hangul to
            // Ethiopic, Chinese.
            '\u{590}'..='\u{109f}' | '\u{1100}'..='\u{139f}' | '\u{3400}'..='\u{9fff}' => continue,
            other => CASE.simple_fold(other),
        };
        // The mark U+0345 became a letter. Its class was the highest, so the order stays canonical.
        if piece.character == 'ι' {
            piece.class = 0;
        }
    }
}

/// Canonical composition: each starter absorbs what combines with it and is not blocked by what stands between.
fn compose(pieces: &mut [Piece]) {
    let mut starter: Option<&mut Piece> = None;
    let mut between = None;
    for piece in pieces {
        if let Some(first) = &mut starter
            && may_be_absorbed(piece)
            && between.is_none_or(|class| class < piece.class)
            && let Some(character) = COMPOSITION.compose(first.character, piece.character)
        {
            first.character = character;
            first.raw = first.raw.start.min(piece.raw.start)..first.raw.end.max(piece.raw.end);
            piece.absorbed = true;
        } else if piece.class == 0 {
            starter = Some(piece);
            between = None;
        } else {
            between = Some(piece.class);
        }
    }
}

/// Spares most characters the search for a composition: few starters are the second half of one.
fn may_be_absorbed(piece: &Piece) -> bool {
    piece.class != 0 || matches!(piece.character, '\u{9be}'..='\u{1b35}' | '\u{10000}'..)
}

/// Makes each run of white space one space, and none at the ends.
fn words(characters: impl Iterator<Item = (char, Range<usize>)>, mut emit: impl FnMut(char, Range<usize>)) {
    let mut inside = false;
    let mut space: Option<Range<usize>> = None;
    for (character, raw) in characters {
        if character.is_whitespace() {
            let start = space.map_or(raw.start, |space| space.start);
            space = Some(start..raw.end);
            continue;
        }
        if let Some(space) = space.take().filter(|_| inside) {
            emit(' ', space);
        }
        emit(character, raw);
        inside = true;
    }
}

#[cfg(test)]
mod tests {
    use icu_normalizer::properties::{CanonicalDecomposition, Decomposed};

    use super::*;

    #[test]
    fn one_pass_is_a_fixpoint() {
        for character in ('\0'..=char::MAX).filter(|c| !is_invisible(*c)) {
            let parts = NFKD.normalize(&character.to_string()).into_owned();
            let folded = CASE.fold_string(&parts).into_owned();
            assert_eq!(NFKD.normalize(&folded), folded, "{character:?} decomposes again");
            assert_eq!(CASE.fold_string(&folded), folded, "{character:?} folds again");
            assert_eq!(folded.chars().find(|c| is_invisible(*c)), None, "{character:?} hides something");
        }
    }

    #[test]
    fn folding_keeps_classes_and_lengths() {
        for character in ('\0'..=char::MAX).filter(|c| NFKD.is_normalized(c.encode_utf8(&mut [0; 4]))) {
            let full = CASE.fold_string(character.encode_utf8(&mut [0; 4])).into_owned();
            match character {
                'ß' | 'ẞ' => assert_eq!(full, "ss"),
                _ => assert_eq!(full, CASE.simple_fold(character).to_string()),
            }
            if character != '\u{345}' {
                assert!(full.chars().all(|c| CLASSES.get_u8(c) == CLASSES.get_u8(character)), "{character:?}");
            }
        }
    }

    #[test]
    fn what_is_not_looked_up_has_no_case() {
        let ranges = ['\u{590}'..='\u{109f}', '\u{1100}'..='\u{139f}', '\u{3400}'..='\u{9fff}'];
        assert_eq!(ranges.into_iter().flatten().find(|c| CASE.simple_fold(*c) != *c), None);
    }

    #[test]
    fn every_second_half_may_be_absorbed() {
        for character in '\0'..=char::MAX {
            if let Decomposed::Expansion(_, second) = CanonicalDecomposition::new().decompose(character) {
                let piece = Piece { character: second, class: CLASSES.get_u8(second), absorbed: false, raw: 0..0 };
                assert!(may_be_absorbed(&piece), "{}", second.escape_unicode());
            }
        }
    }

    #[test]
    fn only_folded_characters_stand_in_a_folded_text() {
        for character in '\0'..=char::MAX {
            assert!(fold(character.encode_utf8(&mut [0; 4])).chars().all(is_folded), "{character:?}");
        }
    }

    #[test]
    fn plain_lower_case_is_borrowed() {
        for text in ["", "free coins", "vx: a_1", "免费金币", "café"] {
            assert!(matches!(fold(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
