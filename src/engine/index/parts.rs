//! Texts that are looked for anywhere in a value: one automaton for those of all rules.

use aho_corasick::{
    Anchored,
    automaton::{Automaton, StateID},
    dfa::DFA,
    nfa::contiguous::NFA,
    packed,
};

use super::{gathered::Numbers, hits::Hits, owners::Owners};

/// The largest automaton that is a table: fast, and each state takes as many bytes as there are different ones, times four.
const MAX_TABLE_BYTES: usize = 12 << 20;

/// Vectors compare so many texts with the bytes of a value; with more, too many bytes look like one of them.
const FEW: usize = 32;

/// The parts of one field.
#[derive(Debug)]
pub(super) struct Parts {
    /// Those of ASCII, and those that no text of ASCII has: most tables are small without them.
    ascii: Option<Texts>,
    wide: Option<Texts>,
}

/// Some of the parts.
#[derive(Debug)]
struct Texts {
    /// Tells whether any of a few texts occurs, many bytes at once.
    few: Option<packed::Searcher>,
    machine: Machine,
    owners: Owners,
}

#[derive(Debug)]
enum Machine {
    Table(Box<DFA>, StateID),
    Compact(Box<NFA>, StateID),
}

impl Parts {
    /// From texts and the numbers of the needs that they are; `None` if they are too many for an automaton.
    pub(super) fn of(texts: &[(&str, u32)]) -> Option<Parts> {
        let (ascii, wide): (Vec<_>, Vec<_>) = texts.iter().copied().partition(|(text, _)| text.is_ascii());
        let made = |texts: Vec<(&str, u32)>| if texts.is_empty() { Some(None) } else { Texts::of(texts).map(Some) };
        Some(Parts { ascii: made(ascii)?, wide: made(wide)? })
    }

    pub(super) fn collect(&self, text: &str, hits: &mut Hits) {
        if let Some(ascii) = &self.ascii {
            ascii.collect(text, hits);
        }
        if let Some(wide) = &self.wide
            && !text.is_ascii()
        {
            wide.collect(text, hits);
        }
    }

    pub(super) fn memory(&self) -> usize {
        self.ascii.iter().chain(&self.wide).map(Texts::memory).sum()
    }
}

impl Texts {
    fn of(texts: Vec<(&str, u32)>) -> Option<Texts> {
        let (texts, owners) = Numbers::of(texts).in_order();
        let few = (texts.len() <= FEW).then(|| packed::Searcher::new(&texts)).flatten();
        Some(Texts { few, machine: Machine::of(&texts)?, owners })
    }

    fn collect(&self, text: &str, hits: &mut Hits) {
        if self.few.as_ref().is_some_and(|few| few.find(text).is_none()) {
            return;
        }
        let mut found = |pattern: u32| hits.extend(self.owners.get(pattern));
        match &self.machine {
            Machine::Table(table, start) => each(&**table, *start, text, &mut found),
            Machine::Compact(automaton, start) => each(&**automaton, *start, text, &mut found),
        }
    }

    fn memory(&self) -> usize {
        let machine = match &self.machine {
            Machine::Table(table, _) => table.memory_usage(),
            Machine::Compact(automaton, _) => automaton.memory_usage(),
        };
        machine + self.few.as_ref().map_or(0, packed::Searcher::memory_usage) + self.owners.memory()
    }
}

impl Machine {
    fn of(texts: &[&str]) -> Option<Machine> {
        let mut seen = [false; 256];
        texts.iter().flat_map(|text| text.bytes()).for_each(|byte| {
            if let Some(seen) = seen.get_mut(usize::from(byte)) {
                *seen = true;
            }
        });
        let classes = seen.iter().filter(|seen| **seen).count() + 1;
        if states(texts) * classes.next_power_of_two() * size_of::<u32>() <= MAX_TABLE_BYTES {
            let table = DFA::builder().prefilter(false).build(texts).ok()?;
            let start = table.start_state(Anchored::No).ok()?;
            return Some(Machine::Table(Box::new(table), start));
        }
        let automaton = NFA::builder().prefilter(false).build(texts).ok()?;
        let start = automaton.start_state(Anchored::No).ok()?;
        Some(Machine::Compact(Box::new(automaton), start))
    }
}

/// How many states an automaton over some texts has: one for each beginning.
fn states(texts: &[&str]) -> usize {
    let mut texts = texts.to_vec();
    texts.sort_unstable();
    let shared =
        |(one, next): (&&str, &&str)| one.bytes().zip(next.bytes()).take_while(|(one, next)| one == next).count();
    let shared: usize = texts.iter().zip(texts.iter().skip(1)).map(shared).sum();
    texts.iter().map(|text| text.len()).sum::<usize>() - shared + 1
}

/// Gives every text that occurs. A run of the same state, as in a text of one letter, gives its own once.
fn each(automaton: &impl Automaton, start: StateID, text: &str, found: &mut impl FnMut(u32)) {
    let mut state = start;
    let mut seen = start;
    for byte in text.bytes() {
        state = automaton.next_state(Anchored::No, state, byte);
        if automaton.is_special(state) && automaton.is_match(state) && state != seen {
            seen = state;
            (0..automaton.match_len(state)).for_each(|index| found(automaton.match_pattern(state, index).as_u32()));
        }
    }
}
