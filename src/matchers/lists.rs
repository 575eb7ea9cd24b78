//! The lists of a set, and the sets of texts that were made from them.

use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use crate::{
    diagnostic::{FileId, Place},
    facts::Field,
    text::{lines, set::TextSet},
};

/// The most entries of a list used with `in` on a field that is compared byte for byte.
pub const MAX_EXACT_ENTRIES: usize = 10_000_000;

/// The most entries of a list used in any other way.
pub const MAX_OTHER_ENTRIES: usize = 100_000;

/// A declared list.
#[derive(Debug)]
pub struct List<'s> {
    /// Where it is declared.
    pub place: Place,
    /// What is in it.
    pub entries: Entries<'s>,
}

/// The entries of a list, as written.
#[derive(Debug)]
pub enum Entries<'s> {
    /// Written in the rule file.
    Inline(Vec<(&'s str, Place)>),
    /// The lines of a list file: ten million of them fit, because nothing is kept of each.
    File {
        /// The file.
        file: FileId,
        /// Its text.
        text: &'s str,
        /// How many entries it has.
        count: usize,
    },
    /// Not to be had; that was reported already.
    Reported,
}

impl<'s> Entries<'s> {
    /// How many there are, duplicates included.
    pub fn len(&self) -> usize {
        match self {
            Entries::Inline(entries) => entries.len(),
            Entries::File { count, .. } => *count,
            Entries::Reported => 0,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each entry and where it stands.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (&'s str, Place)> + '_> {
        match self {
            Entries::Inline(entries) => Box::new(entries.iter().copied()),
            Entries::File { file, text, .. } => {
                Box::new(lines::entries(text).map(|(at, entry)| (entry, Place::new(*file, at..at + entry.len()))))
            }
            Entries::Reported => Box::new(std::iter::empty()),
        }
    }
}

/// Whether every file of a set was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// Every file was.
    #[default]
    Whole,
    /// A file could not be parsed: what seems to be missing may be declared there.
    Partial,
}

/// Every list of a set.
#[derive(Debug, Default)]
pub struct Lists<'s> {
    /// The lists by name.
    pub declared: BTreeMap<String, List<'s>>,
    /// Whether a name that is missing may be declared in a file that could not be parsed.
    pub completeness: Completeness,
    /// The lists that tests name.
    pub used: HashSet<String>,
    exact: HashMap<String, Arc<TextSet>>,
    made: HashMap<(String, Field, TypeId), Option<Arc<dyn Any + Send + Sync>>>,
}

impl<'s> Lists<'s> {
    /// No lists yet.
    pub fn new(completeness: Completeness) -> Lists<'s> {
        Lists { completeness, ..Lists::default() }
    }

    /// Adds a list, with its distinct entries.
    pub fn declare(&mut self, name: &str, list: List<'s>, distinct: TextSet) {
        self.declared.insert(name.to_owned(), list);
        self.exact.insert(name.to_owned(), Arc::new(distinct));
    }

    /// The entries of a list as a set, compared byte for byte; shared however often it is used.
    pub fn exact(&self, name: &str) -> Option<Arc<TextSet>> {
        self.exact.get(name).map(Arc::clone)
    }

    /// What `build` makes of a list for a field: made once, however many tests use it, and what is wrong told once.
    pub fn made<T: Any + Send + Sync>(
        &mut self,
        name: &str,
        field: Field,
        build: impl FnOnce(&List<'s>) -> Option<T>,
    ) -> Option<Arc<T>> {
        let key = (name.to_owned(), field, TypeId::of::<T>());
        if let Some(made) = self.made.get(&key) {
            return Arc::clone(made.as_ref()?).downcast().ok();
        }
        let made = self.declared.get(name).and_then(build).map(Arc::new);
        self.made.insert(key, made.clone().map(|made| made as Arc<dyn Any + Send + Sync>));
        made
    }
}
