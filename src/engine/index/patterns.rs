//! Patterns of which no text is known that they need: one table for as many of them as fit.

use regex_automata::{
    Anchored, Input, MatchKind, PatternSet,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson::{self, NFA, WhichCaptures},
};
use regex_syntax::hir::Hir;

use super::hits::Hits;

/// What all tables of a set may take together; one that does not become counts too, for it took time.
pub(super) const ROOM: usize = 16 << 20;

/// The largest table, and what may be taken to make it.
const MAX_TABLE_BYTES: usize = 1 << 20;

/// The table of some patterns of one field.
#[derive(Debug)]
pub(super) struct Patterns {
    table: dense::DFA<Vec<u32>>,
    /// The need that each pattern is.
    needs: Vec<u32>,
}

/// Patterns with their needs.
type Waiting<'p, 'h> = &'p [(&'h Hir, u32)];

/// Tables for all of some patterns; `None` beside those for which there is no room.
pub(super) fn tables<'p, 'h>(patterns: Waiting<'p, 'h>, room: &mut usize) -> Vec<(Waiting<'p, 'h>, Option<Patterns>)> {
    if *room == 0 {
        return vec![(patterns, None)];
    }
    let table = Patterns::of(patterns);
    *room = room.saturating_sub(table.as_ref().map_or(MAX_TABLE_BYTES / 64, Patterns::memory));
    if table.is_some() || patterns.len() < 2 {
        return vec![(patterns, table)];
    }
    let (left, right) = patterns.split_at(patterns.len() / 2);
    let mut all = tables(left, room);
    all.extend(tables(right, room));
    all
}

impl Patterns {
    fn of(patterns: &[(&Hir, u32)]) -> Option<Patterns> {
        let config = dense::Config::new()
            .match_kind(MatchKind::All)
            .start_kind(StartKind::Unanchored)
            .unicode_word_boundary(true)
            .dfa_size_limit(Some(MAX_TABLE_BYTES))
            .determinize_size_limit(Some(MAX_TABLE_BYTES));
        let table = dense::Builder::new().configure(config).build_from_nfa(&automaton(patterns)?).ok()?;
        Some(Patterns { table, needs: patterns.iter().map(|(_, need)| *need).collect() })
    }

    pub(super) fn collect(&self, text: &str, hits: &mut Hits) {
        let input = Input::new(text).anchored(Anchored::No);
        // Most texts have none, which is soon told.
        if !self.may_have_one(&input) {
            return;
        }
        let mut found = PatternSet::new(self.needs.len());
        match self.table.try_which_overlapping_matches(&input, &mut found) {
            Ok(()) => {
                let needs = found.iter().filter_map(|pattern| self.needs.get(pattern.as_usize()));
                needs.for_each(|need| hits.add(*need));
            }
            // The table knows no words of letters beyond ASCII, and says so.
            Err(_) => hits.extend(&self.needs),
        }
    }

    /// Whether one of the patterns matches, or the table cannot tell.
    fn may_have_one(&self, input: &Input<'_>) -> bool {
        let table = &self.table;
        let Ok(mut state) = table.start_state_forward(input) else { return true };
        for byte in input.haystack() {
            state = table.next_state(state, *byte);
            if table.is_special_state(state) {
                if table.is_match_state(state) || table.is_quit_state(state) {
                    return true;
                }
                if table.is_dead_state(state) {
                    return false;
                }
            }
        }
        table.is_match_state(table.next_eoi_state(state))
    }

    pub(super) fn memory(&self) -> usize {
        self.table.memory_usage()
    }
}

fn automaton(patterns: &[(&Hir, u32)]) -> Option<NFA> {
    let config = thompson::Config::new().nfa_size_limit(Some(MAX_TABLE_BYTES)).which_captures(WhichCaptures::None);
    let patterns: Vec<&Hir> = patterns.iter().map(|(pattern, _)| *pattern).collect();
    thompson::Compiler::new().configure(config).build_many_from_hir(&patterns).ok()
}
