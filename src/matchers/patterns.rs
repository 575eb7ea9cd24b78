//! The patterns of one test: each is run only where one of its texts was found.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, StartKind, automaton::OverlappingState};
use smallvec::SmallVec;

use super::pattern::{Follows, Pattern};
use crate::engine::{Matcher, Needs, Value};

/// Some patterns, of which one has to be found.
#[derive(Debug)]
pub(super) struct Patterns {
    all: Vec<Pattern>,
    /// The texts of all patterns.
    texts: AhoCorasick,
    /// Which pattern each text is of.
    owners: Vec<usize>,
    /// Those that have to be run on every value.
    always: Vec<usize>,
}

impl Patterns {
    /// `None` if they have too many texts.
    pub(super) fn of(all: Vec<Pattern>) -> Option<Patterns> {
        let texts =
            || all.iter().enumerate().flat_map(|(index, pattern)| pattern.texts.iter().map(move |text| (index, text)));
        let builder = &mut AhoCorasick::builder();
        let builder = builder.kind(Some(AhoCorasickKind::ContiguousNFA)).start_kind(StartKind::Unanchored);
        let automaton = builder.prefilter(false).build(texts().map(|(_, text)| &**text)).ok()?;
        let owners = texts().map(|(index, _)| index).collect();
        let always = all.iter().enumerate().filter(|(_, pattern)| pattern.texts.is_empty()).map(|(index, _)| index);
        Some(Patterns { texts: automaton, owners, always: always.collect(), all })
    }

    fn run(&self, index: usize, text: &str) -> bool {
        self.all.get(index).is_some_and(|pattern| pattern.is_match(text))
    }

    fn holds_text(&self, text: &str) -> bool {
        let input = Input::new(text);
        let mut state = OverlappingState::start();
        let mut maybe = SmallVec::<[usize; 8]>::new();
        while self.texts.try_find_overlapping(input.clone(), &mut state).is_ok()
            && let Some(found) = state.get_match()
        {
            let index = self.owners.get(found.pattern().as_usize()).copied().unwrap_or_default();
            match self.all.get(index).map_or(Follows::Nothing, |pattern| pattern.follows(text, found.range())) {
                Follows::Found => return true,
                Follows::Maybe if !maybe.contains(&index) => maybe.push(index),
                Follows::Maybe | Follows::Nothing => {}
            }
        }
        maybe.iter().chain(&self.always).any(|index| self.run(*index, text))
    }
}

impl Matcher for Patterns {
    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        let texts: Vec<&str> = self.all.iter().flat_map(|pattern| pattern.texts.iter().map(|text| &**text)).collect();
        let mut needs = if texts.is_empty() { Vec::new() } else { vec![Needs::Parts(texts)] };
        for pattern in self.always.iter().filter_map(|index| self.all.get(*index)) {
            needs.push(Needs::Pattern(pattern.run_always()?));
        }
        Some(needs)
    }

    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.holds_text(text))
    }

    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        let text = value.text()?;
        self.all.iter().filter_map(|pattern| pattern.find(text)).min_by_key(|found| found.start)
    }
}
