//! Every place where some texts occur in another, overlapping ones too.
//!
//! What asks for all of them need only see the longest that ends at each byte: if that one is inside an ignored text,
//! so are the shorter ones. So a search takes one pass, however many texts lie inside each other.

use std::{ops::Range, sync::Arc};

use aho_corasick::{
    Anchored, Input,
    automaton::{Automaton, StateID},
    nfa::contiguous::NFA,
};

use crate::text::set::TextSet;

/// The automaton of some texts, none of them empty.
#[derive(Debug)]
pub(super) struct Occurrences {
    pub(super) texts: Arc<TextSet>,
    automaton: NFA,
    start: StateID,
}

/// The bytes of a text that lie inside some occurrence.
#[derive(Debug)]
pub(super) struct Cover {
    /// For each end of an occurrence, the least start of one that ends there or later.
    starts: Vec<usize>,
}

impl Occurrences {
    /// `None` if the texts are too many.
    pub(super) fn of(texts: Arc<TextSet>) -> Option<Occurrences> {
        let automaton = NFA::builder().build(texts.iter()).ok()?;
        let start = automaton.start_state(Anchored::No).ok()?;
        Some(Occurrences { texts, automaton, start })
    }

    /// Whether one of the texts occurs.
    pub(super) fn any(&self, text: &str) -> bool {
        self.automaton.try_find(&Input::new(text).earliest(true)).is_ok_and(|found| found.is_some())
    }

    /// Each byte at which an occurrence ends, with the starts of those that end there, the longest first.
    pub(super) fn ends<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, impl Iterator<Item = usize>)> + 't {
        let mut state = self.start;
        text.bytes().zip(1..).filter_map(move |(byte, end)| {
            state = self.automaton.next_state(Anchored::No, state, byte);
            self.automaton.is_match(state).then(|| (end, self.starts(state, end)))
        })
    }

    /// A state lists its own text first, then those that its text ends with, which are shorter.
    fn starts(&self, state: StateID, end: usize) -> impl Iterator<Item = usize> + '_ {
        let length = move |index| self.automaton.pattern_len(self.automaton.match_pattern(state, index));
        (0..self.automaton.match_len(state)).filter_map(move |index| end.checked_sub(length(index)))
    }

    /// What of a text lies inside an occurrence.
    pub(super) fn cover(&self, text: &str) -> Cover {
        let mut starts = vec![usize::MAX; text.len() + 1];
        for (end, mut begins) in self.ends(text) {
            if let (Some(slot), Some(start)) = (starts.get_mut(end), begins.next()) {
                *slot = start;
            }
        }
        let mut least = usize::MAX;
        for start in starts.iter_mut().rev() {
            least = least.min(*start);
            *start = least;
        }
        Cover { starts }
    }
}

impl Cover {
    /// Whether all of a range lies inside one occurrence.
    pub(super) fn holds(&self, range: &Range<usize>) -> bool {
        self.starts.get(range.end).is_some_and(|start| *start <= range.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Occurrences {
        Occurrences::of(Arc::new(texts.iter().copied().collect())).unwrap()
    }

    #[test]
    fn the_longest_that_ends_at_a_byte_comes_first() {
        let occurrences = of(&["o", "no", "sino", "casino", "in"]);
        let found: Vec<(usize, Vec<usize>)> =
            occurrences.ends("casino").map(|(end, starts)| (end, starts.collect())).collect();
        assert_eq!(found, [(5, vec![3]), (6, vec![0, 2, 4, 5])]);
        assert!(occurrences.any("o") && !occurrences.any("cas") && occurrences.ends("").next().is_none());
    }

    #[test]
    fn only_what_lies_inside_one_occurrence_is_covered() {
        let cover = of(&["abc", "cd", "c"]).cover("abcd");
        for range in [0..3, 1..2, 2..4, 2..3, 0..1] {
            assert!(cover.holds(&range), "{range:?}");
        }
        for range in [0..4, 1..4, 3..9] {
            assert!(!cover.holds(&range), "{range:?}");
        }
    }

    #[test]
    fn a_thousand_texts_inside_each_other_are_one_cover() {
        let texts: Vec<String> = (1..1000).map(|length| "a".repeat(length)).collect();
        let occurrences = Occurrences::of(Arc::new(texts.iter().map(String::as_str).collect())).unwrap();
        let name = "a".repeat(4096);
        let cover = occurrences.cover(&name);
        assert!(cover.holds(&(4000..4096)) && !cover.holds(&(0..1000)));
    }
}
