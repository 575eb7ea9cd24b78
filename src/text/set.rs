//! An exact set of texts that stays small with millions of them.
//!
//! The texts stand one after the other in one arena; the table holds nothing but where each begins. The text of a list
//! file is such an arena as it was read, so it is not copied. A million ids of 20 characters take 32 MB, half of what a
//! `HashSet<String>` needs.

mod arena;

use std::{fmt, hash::BuildHasher, sync::Arc};

use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table::Entry};

use super::lines;
use arena::{Arena, push_record};

/// An exact set of texts.
// INVARIANT: every place in the table is one of the arena, and the texts there are distinct.
pub struct TextSet {
    arena: Arena,
    places: HashTable<u32>,
    keys: RandomState,
    /// Whether texts stand in the arena more than once.
    has_repeats: bool,
}

/// An entry of a list file.
#[derive(Clone, Copy, Debug)]
pub struct Line<'t> {
    /// The byte that it begins at.
    pub at: usize,
    /// What is written there.
    pub entry: &'t str,
    /// Whether an earlier line has the same entry.
    pub is_repeated: bool,
}

impl TextSet {
    /// An empty set with room for `entries` texts of `bytes` bytes in all.
    pub fn with_capacity(entries: usize, bytes: usize) -> TextSet {
        TextSet::over(Arena::Records(String::with_capacity(bytes.saturating_add(entries))), entries)
    }

    /// The entries of a list file, of which there are `count`; `look` is shown each in order. What lies beyond 4 GiB is
    /// left out.
    pub fn of_lines(text: &Arc<String>, count: usize, mut look: impl FnMut(Line<'_>)) -> TextSet {
        let mut set = TextSet::over(Arena::Lines(Arc::clone(text)), count);
        let mut bytes = 0;
        for (at, entry) in lines::entries(text) {
            let Ok(place) = u32::try_from(at) else { break };
            let is_repeated = !set.put(place, entry);
            bytes += entry.len() + 1;
            set.has_repeats |= is_repeated;
            look(Line { at, entry, is_repeated });
        }
        // A file of comments and little else.
        if bytes < text.len() / 2 { set.iter().collect() } else { set }
    }

    fn over(arena: Arena, entries: usize) -> TextSet {
        let keys = RandomState::default();
        TextSet { arena, places: HashTable::with_capacity(entries), keys, has_repeats: false }
    }

    /// Adds a text; `false` if it was there already, or if the set would grow beyond 4 GiB.
    pub fn insert(&mut self, text: &str) -> bool {
        let Arena::Records(records) = &self.arena else {
            *self = self.iter().collect();
            return self.insert(text);
        };
        let Ok(place) = u32::try_from(records.len()) else { return false };
        let is_new = self.put(place, text);
        if let Arena::Records(records) = &mut self.arena
            && is_new
        {
            push_record(records, text);
        }
        is_new
    }

    /// Notes where a text stands; `false` if it is known already.
    fn put(&mut self, place: u32, text: &str) -> bool {
        let (arena, keys) = (&self.arena, &self.keys);
        let same = |place: &u32| arena.text_at(*place) == text;
        let entry = self.places.entry(keys.hash_one(text), same, |place| keys.hash_one(arena.text_at(*place)));
        let Entry::Vacant(vacant) = entry else { return false };
        vacant.insert(place);
        true
    }

    /// Whether it holds a text.
    pub fn contains(&self, text: &str) -> bool {
        self.place_of(text).is_some()
    }

    fn place_of(&self, text: &str) -> Option<u32> {
        self.places.find(self.keys.hash_one(text), |place| self.arena.text_at(*place) == text).copied()
    }

    /// How many texts it holds.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The bytes that it takes.
    pub fn memory(&self) -> usize {
        self.arena.memory() + self.places.allocation_size()
    }

    /// Its texts, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let is_first = |(place, text): &(usize, &str)| {
            !self.has_repeats || self.place_of(text).is_some_and(|first| first as usize == *place)
        };
        self.arena.iter().filter(is_first).map(|(_, text)| text)
    }
}

impl Default for TextSet {
    fn default() -> TextSet {
        TextSet::with_capacity(0, 0)
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
    fn the_lines_of_a_file_are_held_each_once() {
        let text = Arc::new("bo\r\n amy \n# nobody\nbo\n长 长\namy".to_owned());
        let mut repeated = Vec::new();
        let mut set = TextSet::of_lines(&text, 5, |line| {
            repeated.extend(line.is_repeated.then_some((line.at, line.entry.to_owned())));
        });
        assert!(matches!(set.arena, Arena::Lines(_)));
        assert_eq!(set.iter().collect::<Vec<_>>(), ["bo", "amy", "长 长"]);
        assert_eq!(repeated, [(19, "bo".to_owned()), (30, "amy".to_owned())]);
        assert!(set.contains("amy") && !set.contains("bo\r") && !set.contains("bo\r\n amy") && !set.contains(""));
        assert!(set.insert("cy") && !set.insert("amy"));
        assert_eq!(set.iter().collect::<Vec<_>>(), ["bo", "amy", "长 长", "cy"]);
    }

    #[test]
    fn comments_are_not_held_where_they_are_most_of_a_file() {
        let text = Arc::new(format!("# {}\nbo\n", "x".repeat(100)));
        let set = TextSet::of_lines(&text, 1, |_| {});
        assert!(matches!(set.arena, Arena::Records(_)) && set.contains("bo"));
    }

    #[test]
    fn a_million_ids_take_32_megabytes() {
        let ids: Vec<String> = (0..1_000_000).map(|id| format!("{id:020}")).collect();
        let mut set = TextSet::with_capacity(1_000_000, 20_000_000);
        assert!(ids.iter().all(|id| set.insert(id)));
        for set in [set, TextSet::of_lines(&Arc::new(ids.join("\n")), 1_000_000, |_| {})] {
            assert!(set.contains("00000000000000999999") && !set.contains("00000000000001000000"));
            assert!(set.memory() <= 32_000_000);
        }
    }
}
