//! What names must have, sorted, so that all that begin alike are looked for at once.

use std::{collections::HashMap, ops::Range, rc::Rc};

use crate::{analysis::overlaps::subject::Subject, facts::Field};

/// The views of the name, each made of the one before it.
pub(super) const VIEWS: [Field; 4] = [Field::NameRaw, Field::Name, Field::NameLookalike, Field::NameSqueezed];

/// Texts, sorted, each with the place of its rule among those that are compared.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<Part>);

/// A text and whose it is.
pub(super) type Part = (Rc<str>, usize);

impl Parts {
    /// What rules need of a view.
    pub(super) fn of(view: Field, subjects: &[Subject<'_>]) -> Parts {
        let needs = subjects.iter().enumerate().flat_map(|(place, subject)| {
            let on_view = subject.needs.iter().flatten().filter(move |(field, _)| *field == view);
            on_view.map(move |(_, text)| (Rc::from(*text), place))
        });
        Parts::sorted(needs.collect())
    }

    fn sorted(mut parts: Vec<Part>) -> Parts {
        parts.sort_unstable();
        parts.dedup();
        Parts(parts)
    }

    /// The same without some.
    pub(super) fn without<T>(&self, some: &HashMap<Part, T>) -> Parts {
        Parts(self.0.iter().filter(|part| !some.contains_key(*part)).cloned().collect())
    }

    pub(super) fn get(&self, number: usize) -> Option<&Part> {
        self.0.get(number)
    }

    fn text(&self, number: usize) -> &str {
        self.0.get(number).map_or("", |(text, _)| text)
    }

    /// The rules of such texts.
    pub(super) fn owners(&self, is_such: impl Fn(&str) -> bool) -> Vec<usize> {
        self.0.iter().filter(|(text, _)| is_such(text)).map(|(_, owner)| *owner).collect()
    }

    fn owner(&self, number: usize) -> Option<usize> {
        self.0.get(number).map(|(_, owner)| *owner)
    }

    pub(super) fn all(&self) -> Range<usize> {
        0..self.0.len()
    }

    /// Of some that are alike in so many bytes, those that end there, and the others by their next byte.
    pub(super) fn split(&self, range: Range<usize>, depth: usize) -> (Range<usize>, Vec<(u8, Range<usize>)>) {
        let next = |number: usize| self.text(number).as_bytes().get(depth).copied();
        let mut at = range.start;
        while at < range.end && next(at).is_none() {
            at += 1;
        }
        let (ended, mut groups) = (range.start..at, Vec::new());
        while let Some(byte) = next(at).filter(|_| at < range.end) {
            let alike = self.0.get(at..range.end).unwrap_or_default();
            let count = alike.partition_point(|(text, _)| text.as_bytes().get(depth) == Some(&byte));
            groups.push((byte, at..at + count));
            at += count;
        }
        (ended, groups)
    }

    /// Adds the rules of which a part occurs in a text.
    pub(super) fn within(&self, text: &str, owners: &mut Vec<usize>) {
        for (start, _) in text.char_indices() {
            let mut range = self.all();
            for (depth, byte) in text.bytes().skip(start).enumerate() {
                range = self.narrowed(range, depth, byte);
                if range.is_empty() {
                    break;
                }
                let ended = range.clone().take_while(|number| self.text(*number).len() == depth + 1);
                owners.extend(ended.filter_map(|number| self.owner(number)));
            }
        }
    }

    fn narrowed(&self, range: Range<usize>, depth: usize, byte: u8) -> Range<usize> {
        let parts = self.0.get(range.clone()).unwrap_or_default();
        let first = parts.partition_point(|(text, _)| text.as_bytes().get(depth) < Some(&byte));
        let last = parts.partition_point(|(text, _)| text.as_bytes().get(depth) <= Some(&byte));
        range.start + first..range.start + last
    }
}

/// Whether a view is another one, or is made of it.
pub(super) fn is_made_of(view: Field, other: Field) -> bool {
    let place = |field| VIEWS.iter().position(|view| *view == field);
    place(other) <= place(view)
}
