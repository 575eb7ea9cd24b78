//! Texts that mean nothing in Markdown, nor to what hosts look for besides: links, mentions, references to issues and commits.

use crate::text;

/// Signs that mean nothing within a line.
const PLAIN: &str = " ,-/()';?=+";

/// Mentions and references are looked for when entities have been read: a character that takes no room breaks them.
const BREAK: char = '\u{2060}';

/// What they begin with.
const REFERENCES: &str = "@#!~%$&";

/// Hosts take so many hexadecimal digits for a commit.
const SHORTEST_COMMIT: usize = 7;

/// Characters of the name of a side.
const LONGEST_NAME: usize = 200;

/// The whole name of a commit has so many.
const COMMIT: usize = 40;

/// A text that is nothing but text, in a table too: signs become entities.
pub(super) fn escaped(text: &str) -> String {
    signs(&without_commits(&text::visible(text)))
}

/// The name of a side: a link to the commit that it is of is welcome, and its hash is to be copied.
pub(super) fn side(name: &str) -> String {
    signs(&text::shortened(name, LONGEST_NAME))
}

fn signs(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if !character.is_ascii_punctuation() || PLAIN.contains(character) {
            escaped.push(character);
        } else {
            escaped.push_str(&format!("&#{};", u32::from(character)));
        }
        let (before, after) = text.split_at(at);
        if REFERENCES.contains(character) || is_reference(before, character, after.chars().nth(1)) {
            escaped.push(BREAK);
        }
    }
    escaped
}

/// Whether a sign stands where it makes a link: `x://`, `www.`, `GH-1`.
fn is_reference(before: &str, sign: char, after: Option<char>) -> bool {
    match sign {
        ':' => after == Some('/'),
        '.' => before
            .len()
            .checked_sub(3)
            .and_then(|at| before.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case("www")),
        '-' => {
            before.ends_with(|before: char| before.is_ascii_alphabetic())
                && after.is_some_and(|after| after.is_ascii_digit())
        }
        _ => false,
    }
}

/// Breaks whatever can be the name of a commit. Shorter numbers stay, so that ids can be copied.
fn without_commits(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    for part in text.split_inclusive(|character: char| !character.is_ascii_alphanumeric()) {
        let is_commit = is_commit(part.trim_end_matches(|character: char| !character.is_ascii_alphanumeric()));
        for (at, character) in part.chars().enumerate() {
            if is_commit && at > 0 && at % (SHORTEST_COMMIT - 1) == 0 {
                broken.push(BREAK);
            }
            broken.push(character);
        }
    }
    broken
}

fn is_commit(word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let shortest = if is_number { COMMIT } else { SHORTEST_COMMIT };
    word.len() >= shortest && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_user_wrote_means_anything() {
        for text in ["|", "`", "<img>", "@all", "[x](y)", "*_~", "![", "&lt;", "\\", "#1", "\n", "http://x", "www.x"] {
            let shown = escaped(text);
            let signs: String = shown.chars().filter(|character| !character.is_alphanumeric()).collect();
            assert!(signs.chars().all(|sign| "&#;\u{2060}".contains(sign) || PLAIN.contains(sign)), "{text}: {shown}");
        }
        assert_eq!(escaped("@all"), "&#64;\u{2060}all");
    }

    #[test]
    fn what_hosts_look_for_is_broken() {
        assert_eq!(escaped("https://x"), "https&#58;\u{2060}//x");
        assert_eq!(escaped("WWW.x"), "WWW&#46;\u{2060}x");
        assert_eq!(escaped("see GH-123, ABC-7"), "see GH-\u{2060}123, ABC-\u{2060}7");
        assert_eq!(escaped("deadbee, x"), "deadbe\u{2060}e, x");
        let commit = escaped(&"0123456789".repeat(4));
        assert!(commit.split(BREAK).all(|part| part.len() < SHORTEST_COMMIT), "{commit}");
    }

    #[test]
    fn what_looks_like_nothing_stays_as_it_is() {
        for text in ["no-casino", "2026-11-23T18", "u000123", "10012345", "a-b", "deadbeefs"] {
            assert_eq!(escaped(text), text);
        }
    }
}
