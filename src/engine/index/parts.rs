//! Texts that are looked for anywhere in a value: one automaton for those of all rules.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, StartKind, automaton::OverlappingState};

use super::{gathered::Numbers, hits::Hits, owners::Owners};

/// Below so many bytes of texts the automaton is a table, which is fast and takes up to a kilobyte for each of them.
const MAX_TABLE_BYTES: usize = 8192;

/// The automaton of the parts of one field.
#[derive(Debug)]
pub(super) struct Parts {
    automaton: AhoCorasick,
    owners: Owners,
}

impl Parts {
    /// From texts and the numbers of the needs that they are; `None` if they are too many for an automaton.
    pub(super) fn of(texts: &[(&str, u32)]) -> Option<Parts> {
        let (texts, owners) = Numbers::of(texts.iter().copied()).in_order();
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let kind = if bytes <= MAX_TABLE_BYTES { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let builder = &mut AhoCorasick::builder();
        let builder = builder.kind(Some(kind)).start_kind(StartKind::Unanchored).prefilter(false);
        let automaton = builder.build(texts).ok()?;
        Some(Parts { automaton, owners })
    }

    pub(super) fn collect(&self, text: &str, hits: &mut Hits) {
        let input = Input::new(text);
        let mut state = OverlappingState::start();
        while self.automaton.try_find_overlapping(input.clone(), &mut state).is_ok()
            && let Some(found) = state.get_match()
        {
            hits.extend(self.owners.get(found.pattern().as_u32()));
        }
    }

    pub(super) fn memory(&self) -> usize {
        self.automaton.memory_usage() + self.owners.memory()
    }
}
