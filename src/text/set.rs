//! An exact set of texts that stays small with millions of them.
//!
//! The texts stand one after the other in one arena, each behind its length; the table holds nothing but where each
//! begins. A million ids of 20 characters take 32 MB, half of what a `HashSet<String>` needs.

use std::{fmt, hash::BuildHasher, iter};

use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table::Entry};

/// An exact set of texts.
#[derive(Default)]
// INVARIANT: every place in the table is where a record (length, text) of the arena begins.
pub struct TextSet {
    arena: String,
    places: HashTable<u32>,
    keys: RandomState,
}

impl TextSet {
    /// An empty set with room for `entries` texts of `bytes` bytes in all.
    pub fn with_capacity(entries: usize, bytes: usize) -> TextSet {
        TextSet {
            arena: String::with_capacity(bytes.saturating_add(entries)),
            places: HashTable::with_capacity(entries),
            keys: RandomState::default(),
        }
    }

    /// Adds a text; `false` if it was there already, or if the set would grow beyond 4 GiB.
    pub fn insert(&mut self, text: &str) -> bool {
        let Ok(place) = u32::try_from(self.arena.len()) else { return false };
        let (arena, keys) = (&self.arena, &self.keys);
        let same = |place: &u32| text_at(arena, *place) == text;
        let Entry::Vacant(vacant) =
            self.places.entry(keys.hash_one(text), same, |place| keys.hash_one(text_at(arena, *place)))
        else {
            return false;
        };
        vacant.insert(place);
        push_length(&mut self.arena, text.len());
        self.arena.push_str(text);
        true
    }

    /// Whether it holds a text.
    pub fn contains(&self, text: &str) -> bool {
        self.places.find(self.keys.hash_one(text), |place| text_at(&self.arena, *place) == text).is_some()
    }

    /// How many texts it holds.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Bytes that it takes, room for more included.
    pub fn memory(&self) -> usize {
        self.arena.capacity() + self.places.allocation_size()
    }

    /// Its texts, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut rest = self.arena.as_str();
        iter::from_fn(move || {
            let (text, next) = split_record(rest)?;
            rest = next;
            Some(text)
        })
    }
}

impl<'a> FromIterator<&'a str> for TextSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> TextSet {
        let mut set = TextSet::default();
        for text in texts {
            set.insert(text);
        }
        set
    }
}

impl fmt::Debug for TextSet {
    /// Shows how many there are: a list can hold millions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextSet({} texts)", self.len())
    }
}

fn text_at(arena: &str, place: u32) -> &str {
    let record = usize::try_from(place).ok().and_then(|place| arena.get(place..));
    record.and_then(split_record).map_or("", |(text, _)| text)
}

/// Writes a length as ASCII characters of 6 bits each, low bits first; bit 6 says that more follow.
fn push_length(arena: &mut String, mut length: usize) {
    loop {
        let digit = u8::try_from(length % 64).unwrap_or_default();
        length /= 64;
        arena.push(char::from(if length == 0 { digit } else { digit | 64 }));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_held_exactly_and_in_order() {
        let long = "长".repeat(2000);
        let texts = ["ops_amy", "", "Ops_Amy", "a\nb\0", &long, "微信"];
        let mut set = TextSet::with_capacity(2, 10);
        assert!(set.is_empty());
        assert!(texts.iter().all(|text| set.insert(text)));
        assert!(texts.iter().all(|text| set.contains(text) && !set.insert(text)));
        assert!(!set.contains("ops_am") && !set.contains("长"));
        assert_eq!(set.iter().collect::<Vec<_>>(), texts);
        assert_eq!(set.len(), texts.len());
    }

    #[test]
    fn a_million_ids_take_32_megabytes() {
        let mut set = TextSet::with_capacity(1_000_000, 20_000_000);
        assert!((0..1_000_000).all(|id| set.insert(&format!("{id:020}"))));
        assert!(set.contains("00000000000000999999") && !set.contains("00000000000001000000"));
        assert!(set.memory() <= 32_000_000);
    }
}
