//! Texts of a request, made safe to show in a message or a log line.

use std::borrow::Cow;

use icu_properties::{CodePointSetData, CodePointSetDataBorrowed, props::VariationSelector};

use super::invisible::is_invisible;

const VARIATION_SELECTOR: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<VariationSelector>();

/// A text without control, bidi and invisible characters, and without line ends.
///
/// Joiners and variation selectors stay: they hold emoji and Indic and Persian words together.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(stays) { Cow::Borrowed(text) } else { Cow::Owned(text.chars().filter(|c| stays(*c)).collect()) }
}

fn stays(character: char) -> bool {
    match character {
        ' '..='~' | '\u{200c}' | '\u{200d}' => true,
        '\u{2028}' | '\u{2029}' => false,
        _ if character.is_control() => false,
        _ => !is_invisible(character) || VARIATION_SELECTOR.contains(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_cannot_start_a_second_log_line() {
        assert_eq!(clean("a\r\nb\u{85}c\u{2028}d\u{2029}e\u{b}f"), "abcdef");
    }

    #[test]
    fn bidi_and_hidden_characters_go() {
        assert_eq!(clean("\u{feff}ad\u{202e}min\u{200b}\u{2066}\u{61c}\u{e0041}\0\u{7f}"), "admin");
    }

    #[test]
    fn emoji_and_joined_letters_stay() {
        for text in ["👩‍👩‍👧", "❤️", "می\u{200c}خواهم", "葛\u{e0100}"] {
            assert!(matches!(clean(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
