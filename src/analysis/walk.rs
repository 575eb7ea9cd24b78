//! All texts at once: the tables of some tests, walked together.

use std::{collections::HashSet, sync::Arc};

use regex_automata::util::primitives::StateID;

use crate::analysis::{Reason, table::Table};

/// The tables of one test; `None` where there is none, so that nothing is known.
#[derive(Debug)]
pub(super) struct Track {
    /// Which atom it is.
    pub(super) atom: usize,
    pub(super) over: Option<Arc<Table>>,
    pub(super) under: Option<Arc<Table>>,
}

impl Track {
    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.over.iter().chain(&self.under).map(|table| &**table)
    }

    /// What is known of every longer text, when the next states are those of its tables.
    fn settled(&self, states: &mut impl Iterator<Item = StateID>) -> Option<bool> {
        let mut settled = |table: &Table| states.next().and_then(|state| table.settled(state));
        let may = self.over.as_deref().map(&mut settled);
        let must = self.under.as_deref().map(settled);
        match (may, must) {
            (Some(Some(false)), _) => Some(false),
            (_, Some(Some(true))) => Some(true),
            _ => None,
        }
    }

    /// What is known, when the next states are those of its tables.
    fn truth(&self, states: &mut impl Iterator<Item = StateID>) -> Option<bool> {
        let mut accepts = |table: &Table| states.next().is_some_and(|state| table.accepts(state));
        let may = self.over.as_deref().is_none_or(&mut accepts);
        let must = self.under.as_deref().is_some_and(accepts);
        match (may, must) {
            (false, _) => Some(false),
            (true, true) => Some(true),
            (true, false) => None,
        }
    }
}

/// What is known of each atom.
pub(super) type Known = Vec<(usize, Option<bool>)>;

/// A text of the walk: the step before, and the byte.
struct Step {
    before: usize,
    byte: u8,
}

/// Calls `visit` with a shortest text for everything that can be known of a text; `visit` ends the walk with `false`.
/// `texts` is the table of those that can be at all. Nothing is looked for behind a text of which `goes_on` is false, asked with
/// what is known of every longer one.
pub(super) fn walk(
    texts: &Table,
    tracks: &[Track],
    states_left: &mut usize,
    goes_on: &dyn Fn(&Known) -> bool,
    visit: &mut dyn FnMut(&str, &Known) -> bool,
) -> Result<(), Reason> {
    let tables: Vec<&Table> = std::iter::once(texts).chain(tracks.iter().flat_map(Track::tables)).collect();
    let bytes = representatives(&tables);
    let starts: Option<Vec<StateID>> = tables.iter().map(|table| table.start()).collect();
    let starts = starts.ok_or(Reason::TooLarge)?;
    let mut visited = HashSet::from([starts.clone()]);
    let mut queue = vec![starts];
    let mut steps = vec![Step { before: 0, byte: 0 }];
    let mut known = HashSet::new();
    let mut at = 0;
    while let Some(states) = queue.get_mut(at).map(std::mem::take) {
        if states.first().is_some_and(|state| texts.accepts(*state)) {
            let mut rest = states.iter().copied().skip(1);
            let truths: Known = tracks.iter().map(|track| (track.atom, track.truth(&mut rest))).collect();
            if known.insert(truths.clone()) && !visit(&text_of(&steps, at), &truths) {
                return Ok(());
            }
        }
        // What is settled stays so.
        let before = count(&settled(tracks, &states));
        for byte in &bytes {
            let next: Vec<StateID> =
                tables.iter().zip(&states).map(|(table, state)| table.next(*state, *byte)).collect();
            if next.first().is_some_and(|state| texts.is_dead(*state)) || visited.contains(&next) {
                continue;
            }
            *states_left = states_left.checked_sub(1).ok_or(Reason::Budget)?;
            visited.insert(next.clone());
            let settled = settled(tracks, &next);
            if count(&settled) > before && !goes_on(&settled) {
                continue;
            }
            queue.push(next);
            steps.push(Step { before: at, byte: *byte });
        }
        at += 1;
    }
    Ok(())
}

/// What is known of every longer text than one that leads to these states, of which the first is no test's.
fn settled(tracks: &[Track], states: &[StateID]) -> Known {
    let mut rest = states.iter().copied().skip(1);
    tracks.iter().map(|track| (track.atom, track.settled(&mut rest))).collect()
}

fn count(settled: &Known) -> usize {
    settled.iter().filter(|(_, truth)| truth.is_some()).count()
}

/// One byte of each class of all tables, what reads best first.
pub(super) fn representatives(tables: &[&Table]) -> Vec<u8> {
    let digits = b'0'..=b'9';
    let letters = b'a'..=b'z';
    let readable = letters.chain(digits).chain([b' ', b'-', b'.']);
    let mut classes = HashSet::new();
    let new = |byte: &u8| classes.insert(tables.iter().map(|table| table.class(*byte)).collect::<Vec<u8>>());
    // `一` reads better than what comes first among thousands.
    let readable = readable.chain([0xe4, 0xb8, 0x80]);
    readable.chain(b'!'..=b'~').chain(0..=u8::MAX).filter(new).collect()
}

fn text_of(steps: &[Step], mut at: usize) -> String {
    let mut bytes = Vec::new();
    while let Some(step) = steps.get(at).filter(|_| at > 0) {
        bytes.push(step.byte);
        at = step.before;
    }
    bytes.reverse();
    String::from_utf8_lossy(&bytes).into_owned()
}
