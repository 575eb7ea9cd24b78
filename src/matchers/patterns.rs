//! The patterns of one test: each is run only where one of its texts was found.

use std::{collections::HashMap, ops::Range};

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, StartKind, automaton::OverlappingState};
use foldhash::fast::RandomState;
use smallvec::SmallVec;

use super::pattern::{Follows, Pattern};
use crate::engine::{Bounds, Language, Matcher, Needs, Value};

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

    fn run(&self, index: usize, text: &str, within: Range<usize>) -> bool {
        self.all.get(index).is_some_and(|pattern| pattern.is_match(text, within))
    }

    fn holds_text(&self, text: &str) -> bool {
        let input = Input::new(text);
        let mut state = OverlappingState::start();
        let mut windows = Windows::default();
        while self.texts.try_find_overlapping(input.clone(), &mut state).is_ok()
            && let Some(found) = state.get_match()
        {
            let owner = self.owners.get(found.pattern().as_usize()).copied();
            let Some((index, pattern)) = owner.and_then(|index| Some((index, self.all.get(index)?))) else { continue };
            match pattern.follows(text, found.range()) {
                Follows::Found => return true,
                Follows::Maybe => windows.add(index, pattern.window(text, found.range())),
                Follows::Nothing => {}
            }
        }
        windows.0.into_iter().any(|(index, windows)| windows.into_iter().any(|window| self.run(index, text, window)))
            || self.always.iter().any(|index| self.run(*index, text, 0..text.len()))
    }
}

/// Where the matches of patterns would have to lie, by their numbers: no two windows of one pattern touch, so none looks
/// anywhere twice.
#[derive(Default)]
struct Windows(HashMap<usize, SmallVec<[Range<usize>; 1]>, RandomState>);

impl Windows {
    fn add(&mut self, index: usize, window: Range<usize>) {
        let windows = self.0.entry(index).or_default();
        // The texts are found in the order of their ends, so only the last window of the pattern may touch.
        match windows.last_mut() {
            Some(last) if window.start <= last.end => {
                *last = last.start.min(window.start)..last.end.max(window.end);
            }
            _ => windows.push(window),
        }
    }
}

impl Matcher for Patterns {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Patterns(self.all.iter().map(Pattern::expression).collect()))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        let texts: Vec<&str> = self.all.iter().flat_map(|pattern| pattern.texts.iter().map(|text| &**text)).collect();
        let mut needs = if texts.is_empty() { Vec::new() } else { vec![Needs::Parts(texts)] };
        for pattern in self.always.iter().filter_map(|index| self.all.get(*index)) {
            needs.push(Needs::Pattern(pattern.for_table()?));
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
