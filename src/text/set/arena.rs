//! Where the texts of a set stand.

use std::sync::Arc;

use crate::text::lines;

/// Texts one after the other, each known by its place.
#[derive(Debug)]
pub(super) enum Arena {
    /// Each behind its length.
    Records(String),
    /// Entries of a list file.
    Lines(Arc<String>),
}

impl Arena {
    /// The text at a place.
    pub(super) fn text_at(&self, place: u32) -> &str {
        match self {
            Arena::Records(records) => {
                let record = records.get(place as usize..).and_then(split_record);
                record.map_or("", |(text, _)| text)
            }
            Arena::Lines(text) => lines::entry_at(text, place as usize),
        }
    }

    /// Every place and the text there, in order.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = (usize, &str)> + '_> {
        match self {
            Arena::Records(records) => {
                let mut rest = records.as_str();
                Box::new(std::iter::from_fn(move || {
                    let place = records.len() - rest.len();
                    let (text, next) = split_record(rest)?;
                    rest = next;
                    Some((place, text))
                }))
            }
            Arena::Lines(text) => Box::new(lines::entries(text)),
        }
    }

    /// The bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        match self {
            Arena::Records(records) => records.capacity(),
            Arena::Lines(text) => text.capacity(),
        }
    }
}

/// Adds a text behind its length.
pub(super) fn push_record(records: &mut String, text: &str) {
    push_length(records, text.len());
    records.push_str(text);
}

/// Writes a length as ASCII characters of 6 bits each, low bits first; bit 6 says that more follow.
fn push_length(records: &mut String, mut length: usize) {
    loop {
        let digit = u8::try_from(length % 64).unwrap_or_default();
        length /= 64;
        records.push(char::from(if length == 0 { digit } else { digit | 64 }));
        if length == 0 {
            break;
        }
    }
}

/// The text of the first record, and the records after it.
fn split_record(records: &str) -> Option<(&str, &str)> {
    let mut length = 0;
    for (at, digit) in records.bytes().enumerate() {
        length |= usize::from(digit % 64) << (6 * at);
        if digit < 64 {
            return records.get(at + 1..)?.split_at_checked(length);
        }
    }
    None
}
