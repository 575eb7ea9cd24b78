//! Odd texts, shown to people.

use super::invisible::is_invisible;

/// A text in which everything that cannot be seen is escaped, such as `\u{200b}`: invisible characters, and white space
/// other than the plain space.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character != ' ' && (character.is_whitespace() || is_invisible(character)) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// At most so many characters of a text, made visible; `…` stands for the rest.
pub fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()) + "…",
        None => visible(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shortened_at_a_character() {
        assert_eq!(shortened("加微信", 2), "加微…");
        assert_eq!(shortened("加微信", 3), "加微信");
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(visible("加 a\u{200b}b\u{a0}\n\u{202e}é"), r"加 a\u{200b}b\u{a0}\u{a}\u{202e}é");
    }
}
