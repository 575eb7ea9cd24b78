//! The smallest change of a name that would let it pass.

mod fillers;

use std::ops::Range;

use super::{Counts, Decision, Snapshot, Views, evaluate, message, settle};
use crate::facts::Facts;

pub use fillers::fillers;

/// The most bytes of names that are tried: about a second of work for patterns that go over the whole name.
const MOST_TRIED: usize = 4 << 20;

/// Of a longer name only what it is refused for is changed, and at most so many bytes of that.
const MOST_BYTES: usize = 256;

/// A name that passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The name.
    pub name: String,
    /// How many characters were left out, replaced or put in: 1 or 2.
    pub edits: usize,
}

/// The first name that passes, of those that are one character away and then of those that are two away; `None` where none of
/// the names that were tried does. `before` is how many requests of the same key came before, by the id of a rule with a quota.
///
/// A second character is changed only where the name is still refused for it.
pub fn nearest(snapshot: &Snapshot, facts: &Facts<'_>, before: impl Fn(&str) -> u64) -> Option<Nearest> {
    let name = facts.name.as_ref();
    let mut search = Search { snapshot, facts, before, tried: 0 };
    let fillers = fillers(snapshot);
    let matched = search.refused(name)?;
    let within = if name.len() > MOST_BYTES { matched } else { 0..name.len() };
    let mut refused = Vec::new();
    for edited in edits(name, within, &fillers) {
        match search.refused(&edited) {
            Some(matched) => refused.push((edited, matched)),
            None => return search.passed(edited, 1),
        }
    }
    for (name, matched) in refused {
        for edited in edits(&name, matched, &fillers) {
            if search.refused(&edited).is_none() {
                return search.passed(edited, 2);
            }
        }
    }
    None
}

struct Search<'a, B> {
    snapshot: &'a Snapshot,
    facts: &'a Facts<'a>,
    before: B,
    /// Bytes.
    tried: usize,
}

impl<B: Fn(&str) -> u64> Search<'_, B> {
    /// The bytes for which a name is refused, and those around them; `None` where it passes, or too many were tried.
    fn refused(&mut self, name: &str) -> Option<Range<usize>> {
        self.tried += name.len();
        if self.tried > MOST_TRIED {
            return None;
        }
        let facts = Facts { name: name.into(), ..self.facts.clone() };
        let views = Views::of(&facts);
        let plan = evaluate(self.snapshot, &views);
        let counts = Counts::after(self.snapshot, &facts, &plan, &self.before);
        let verdict = settle(self.snapshot, &views, &plan, &counts);
        let rule = self.snapshot.rules.get(verdict.rule?).filter(|_| verdict.decision != Decision::Allow)?;
        let Range { start, end } = message::matched_bytes(rule, &views);
        if start == end {
            return Some(0..name.len());
        }
        Some(name.floor_char_boundary(start.saturating_sub(1))..name.ceil_char_boundary(end + 1))
    }

    fn passed(&self, name: String, edits: usize) -> Option<Nearest> {
        (self.tried <= MOST_TRIED).then_some(Nearest { name, edits })
    }
}

/// Each name that is one character away, the change being within these bytes: those with a character less come first. No name
/// is blank.
fn edits(name: &str, within: Range<usize>, fillers: &[char]) -> Vec<String> {
    let within = within.start..within.end.min(within.start + MOST_BYTES);
    let characters = || name.char_indices().filter(|(at, _)| within.contains(at));
    let changed = |range: Range<usize>, text: &str| {
        let (before, after) = (name.get(..range.start).unwrap_or_default(), name.get(range.end..).unwrap_or_default());
        [before, text, after].concat()
    };
    let filled = |range: Range<usize>| {
        fillers
            .iter()
            .map(move |filler| changed(range.clone(), filler.encode_utf8(&mut [0; 4])))
            .collect::<Vec<String>>()
    };
    let less = characters().map(|(at, character)| changed(at..at + character.len_utf8(), ""));
    let other = characters().flat_map(|(at, character)| filled(at..at + character.len_utf8()));
    let places = characters().map(|(at, _)| at).chain([name.ceil_char_boundary(within.end)]);
    let more = places.flat_map(|at| filled(at..at));
    less.chain(other).chain(more).filter(|edited| edited != name && !edited.trim().is_empty()).collect()
}
