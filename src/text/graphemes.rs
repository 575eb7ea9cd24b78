//! How many characters a person counts.

use icu_segmenter::GraphemeClusterSegmenter;

/// The length of a text in extended grapheme clusters.
pub fn graphemes(text: &str) -> usize {
    if text.is_ascii() {
        // In ASCII only a line end of two characters is one cluster.
        return text.len() - text.matches("\r\n").count();
    }
    // One more boundary than there are clusters.
    GraphemeClusterSegmenter::new().segment_str(text).count().saturating_sub(1)
}

/// Whether a character joins with no other that does so either: some plain letters, digits and signs.
pub fn stands_alone(character: char) -> bool {
    let is_plain = matches!(character, '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{481}' | '\u{4e00}'..='\u{9fff}');
    character == ' ' || character.is_ascii_graphic() || is_plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_counts_what_is_drawn() {
        for (text, length) in
            [("", 0), ("abc", 3), ("a\r\nb\n", 4), ("微信", 2), ("e\u{301}", 1), ("👩‍👩‍👧🇨🇳❤️", 3), ("각\u{11a8}", 1)]
        {
            assert_eq!(graphemes(text), length, "{text:?}");
        }
    }

    #[test]
    fn nothing_joins_two_characters_that_stand_alone() {
        let odd = ["", "\u{301}", "\u{200d}", "👨\u{200d}", "🇨", "क\u{94d}", "\u{600}", "\r"];
        let plain: Vec<char> = (' '..'\u{a000}').filter(|character| stands_alone(*character)).step_by(41).collect();
        for (one, other) in plain.iter().zip(plain.iter().rev()) {
            for (before, after) in odd.iter().flat_map(|before| odd.map(|after| (before, after))) {
                let text = format!("{before}{one}{other}{after}");
                assert!(graphemes(&text) >= 2, "{text:?}");
            }
        }
    }
}
