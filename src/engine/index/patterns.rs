//! Patterns of which no text is known that they need: one table for as many of them as fit.

use regex_automata::{
    Anchored, Input, MatchKind, PatternSet,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson::{self, NFA, WhichCaptures},
};
use regex_syntax::hir::Hir;

use super::hits::Hits;

/// The largest table, and what may be taken to make it.
const MAX_TABLE_BYTES: usize = 1 << 20;

/// The largest table of one pattern that is joined with others.
const MAX_OWN_BYTES: usize = 64 << 10;

/// What the tables of a set may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Bytes of tables.
    kept: usize,
    /// Bytes that may be taken in vain, by tables that become too large: making a megabyte takes about 50 ms.
    wasted: usize,
}

impl Room {
    /// That of a set.
    pub(super) const SET: Room = Room { kept: 16 << 20, wasted: 6 << 20 };

    /// A table of some patterns of at most so many bytes, if there is room for one.
    fn table(&mut self, patterns: &[(&Hir, u32)], most: usize) -> Option<Patterns> {
        if self.kept == 0 || self.wasted == 0 {
            return None;
        }
        let table = Patterns::of(patterns, most);
        match &table {
            Some(table) => self.kept = self.kept.saturating_sub(table.memory()),
            None => self.wasted = self.wasted.saturating_sub(most),
        }
        table
    }
}

/// The table of some patterns of one field.
#[derive(Debug)]
pub(super) struct Patterns {
    table: dense::DFA<Vec<u32>>,
    /// The need that each pattern is.
    needs: Vec<u32>,
}

/// Tables of some patterns, and the patterns for which there is no room.
pub(super) fn tables<'h>(patterns: &[(&'h Hir, u32)], room: &mut Room) -> (Vec<Patterns>, Vec<(&'h Hir, u32)>) {
    // One that takes much by itself takes more with each other that it is joined with.
    let (fit, mut left): (Vec<_>, Vec<_>) = patterns.iter().partition(|pattern| {
        let kept = room.kept;
        let fits = room.table(&[**pattern], MAX_OWN_BYTES).is_some();
        room.kept = kept;
        fits
    });
    let mut tables = Vec::new();
    join(&fit, room, &mut tables, &mut left);
    (tables, left)
}

/// Joins all of some patterns into one table, or into several where that becomes too large.
fn join<'h>(patterns: &[(&'h Hir, u32)], room: &mut Room, tables: &mut Vec<Patterns>, left: &mut Vec<(&'h Hir, u32)>) {
    if patterns.is_empty() {
        return;
    }
    match room.table(patterns, MAX_TABLE_BYTES) {
        Some(table) => tables.push(table),
        None if patterns.len() == 1 || room.wasted == 0 || room.kept == 0 => left.extend(patterns),
        None => {
            let (first, second) = patterns.split_at(patterns.len() / 2);
            join(first, room, tables, left);
            join(second, room, tables, left);
        }
    }
}

impl Patterns {
    fn of(patterns: &[(&Hir, u32)], most: usize) -> Option<Patterns> {
        let config = dense::Config::new()
            .match_kind(MatchKind::All)
            .start_kind(StartKind::Unanchored)
            .unicode_word_boundary(true)
            .dfa_size_limit(Some(most))
            .determinize_size_limit(Some(most));
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

    /// The needs that it looks for.
    pub(super) fn needs(&self) -> Vec<((), u32)> {
        self.needs.iter().map(|need| ((), *need)).collect()
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
