//! A rule set with a change that nobody made yet, so that it can be loaded and asked.

use std::cmp::Reverse;

use crate::{
    diagnostic::{Place, Sources},
    rules::Input,
};

/// A text in the place of another.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) place: Place,
    pub(super) to: String,
}

/// The files with the edits made; nothing where a place does not hold what it did when it was read.
pub(super) fn edited(input: &Input, sources: &Sources, edits: &[Edit]) -> Option<Input> {
    let mut input = input.clone();
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| Reverse(edit.place));
    for Edit { place, to } in edits {
        let path = sources.path(place.file);
        let file = input.files.iter_mut().find(|file| file.path == path)?;
        let bytes = file.bytes.as_mut().ok()?;
        let skipped = if bytes.starts_with("\u{feff}".as_bytes()) { '\u{feff}'.len_utf8() } else { 0 };
        let range = place.range().start + skipped..place.range().end + skipped;
        if bytes.get(range.clone())? != sources.text(place.file).get(place.range())?.as_bytes() {
            return None;
        }
        bytes.splice(range, to.bytes());
    }
    Some(input)
}
