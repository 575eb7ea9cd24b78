//! Words of the protocol: folded, and one word for what has two names.

use std::borrow::Cow;

use super::fold;

/// The group types that Chat documents, in its spelling.
pub const GROUP_TYPES: [&str; 7] = ["Public", "Work", "Private", "Meeting", "ChatRoom", "AVChatRoom", "Community"];

/// The platforms that Chat documents, in its spelling.
pub const PLATFORMS: [&str; 9] = ["RESTAPI", "Web", "Android", "iOS", "Windows", "Mac", "macOS", "iPad", "Unknown"];

/// Each known word in lower case, and what it stands for.
type Words = [(&'static str, &'static str)];

const GROUP_TYPE_WORDS: &Words = &[
    ("public", "public"),
    ("work", "work"),
    ("private", "work"),
    ("meeting", "meeting"),
    ("chatroom", "meeting"),
    ("avchatroom", "avchatroom"),
    ("community", "community"),
];

const PLATFORM_WORDS: &Words = &[
    ("restapi", "restapi"),
    ("web", "web"),
    ("android", "android"),
    ("ios", "ios"),
    ("windows", "windows"),
    ("mac", "mac"),
    ("macos", "mac"),
    ("ipad", "ipad"),
    ("unknown", "unknown"),
    ("unkown", "unknown"),
];

/// A group type as rules compare it: `Private` is `work`, `ChatRoom` is `meeting`.
pub fn group_type(raw: &str) -> Cow<'_, str> {
    canonical(raw, GROUP_TYPE_WORDS)
}

/// A platform as rules compare it: `macOS` is `mac`, the misspelt `Unkown` is `unknown`.
pub fn platform(raw: &str) -> Cow<'_, str> {
    canonical(raw, PLATFORM_WORDS)
}

/// Whether a canonical word, as [`group_type`] gives it, is one that Chat documents.
pub fn is_known_group_type(canonical: &str) -> bool {
    known(canonical, GROUP_TYPE_WORDS).is_some()
}

/// Whether a canonical word, as [`platform`] gives it, is one that Chat documents.
pub fn is_known_platform(canonical: &str) -> bool {
    known(canonical, PLATFORM_WORDS).is_some()
}

fn canonical<'a>(raw: &'a str, words: &'static Words) -> Cow<'a, str> {
    if let Some(word) = known(raw, words) {
        return Cow::Borrowed(word);
    }
    let folded = fold(raw);
    known(&folded, words).map_or(folded, Cow::Borrowed)
}

fn known(word: &str, words: &'static Words) -> Option<&'static str> {
    words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, canonical)| *canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_word_is_known_without_allocation() {
        for word in GROUP_TYPES {
            assert!(matches!(group_type(word), Cow::Borrowed(word) if is_known_group_type(word)), "{word}");
        }
        for word in PLATFORMS {
            assert!(matches!(platform(word), Cow::Borrowed(word) if is_known_platform(word)), "{word}");
        }
    }

    #[test]
    fn two_names_of_one_thing_are_one_word() {
        assert_eq!(group_type("Private"), group_type("WORK"));
        assert_eq!(group_type("ｃｈａｔＲｏｏｍ"), "meeting");
        assert_eq!(platform("macOS"), platform("Mac"));
        assert_eq!(platform("Unkown"), "unknown");
    }

    #[test]
    fn an_unknown_word_is_folded_and_kept() {
        assert_eq!(platform("Vision OS"), "vision os");
        assert!(!is_known_platform("vision os"));
    }

    #[test]
    fn a_canonical_word_stays() {
        for (_, word) in PLATFORM_WORDS {
            assert_eq!(platform(word), *word);
        }
        for (_, word) in GROUP_TYPE_WORDS {
            assert_eq!(group_type(word), *word);
        }
    }
}
