//! What stands at a byte of a text that can be parsed.

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
