//! What stands at a byte of a text that can be parsed.

use std::ops::Range;

use crate::{
    cli::lsp::spot::ITEM,
    diagnostic::{Place, Sink, Sources},
    yaml::{self, Node},
};

/// A word of a rule file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The keys above it, as in [`Spot`](super::spot::Spot).
    pub(super) path: Vec<String>,
    /// Its characters.
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) is_key: bool,
}

/// The key or the scalar at a byte.
pub(super) fn word(text: &str, offset: usize) -> Option<Word> {
    let file = Sources::default().add("", "");
    let tree = yaml::parse(file, text, &mut Sink::default())?;
    let at = u32::try_from(offset).ok()?;
    find(&tree, at, &mut Vec::new())
}

/// A key that nobody writes.
const CURSOR: &str = "x-topicgate-cursor";

/// The other keys of the mapping that a word is or becomes a key of; none where the text cannot be parsed.
pub(super) fn keys_beside(text: &str, word: Range<usize>) -> Vec<String> {
    let (Some(before), Some(after)) = (text.get(..word.start), text.get(word.end..)) else { return Vec::new() };
    let colon = if after.trim_start_matches(['\'', '"']).starts_with(':') { "" } else { ": " };
    let text = format!("{before}{CURSOR}{colon}{after}");
    let tree = yaml::parse(Sources::default().add("", ""), &text, &mut Sink::default());
    tree.and_then(|tree| beside_cursor(&tree)).unwrap_or_default()
}

fn beside_cursor(node: &Node) -> Option<Vec<String>> {
    let keys = || node.entries().iter().map(|(key, _)| &key.text);
    if keys().any(|key| key == CURSOR) {
        return Some(keys().filter(|key| *key != CURSOR).cloned().collect());
    }
    let values = node.entries().iter().map(|(_, value)| value);
    values.chain(node.items()).find_map(beside_cursor)
}

fn find(node: &Node, at: u32, path: &mut Vec<String>) -> Option<Word> {
    let has = |place: Place| place.start <= at && at <= place.end;
    let word = |path: &[String], text: &str, place, is_key| {
        Some(Word { path: path.to_owned(), text: text.to_owned(), place, is_key })
    };
    if let Some(scalar) = node.scalar().filter(|_| has(node.place)) {
        return word(path, &scalar.text, node.place, false);
    }
    for (key, value) in node.entries() {
        if has(key.place) {
            return word(path, &key.text, key.place, true);
        }
        path.push(key.text.clone());
        let found = find(value, at, path);
        if found.is_some() {
            return found;
        }
        path.pop();
    }
    for item in node.items() {
        path.push(ITEM.to_owned());
        let found = find(item, at, path);
        if found.is_some() {
            return found;
        }
        path.pop();
    }
    None
}
