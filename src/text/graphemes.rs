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
}
