//! A language of texts as a table of states: whether a whole text is one of it.

mod settled;

use std::{
    collections::HashMap,
    sync::{LazyLock, OnceLock},
};

use regex_automata::{
    Anchored,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson::{self, WhichCaptures},
    util::{primitives::StateID, start},
};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, Look, Repetition};

use crate::{
    analysis::{
        Reason,
        sample::{self, End},
    },
    engine::{Expression, Language},
    text::{self, set::TextSet},
};

/// The most bytes of texts in one table.
pub(super) const MAX_TEXT_BYTES: usize = 4096;

/// The most states that counting may take.
const MAX_COUNT: usize = 2000;

/// What a table may take in bytes, and building it.
const MAX_TABLE_BYTES: usize = 2 << 20;

/// What the largest table takes to build, in states of a search that take as long.
pub(super) const MOST_WORK: usize = MAX_TABLE_BYTES / BYTES_OF_WORK;

/// Bytes of a table that take as long as a state of a search.
const BYTES_OF_WORK: usize = 256;

/// A complete automaton.
#[derive(Debug)]
pub(super) struct Table {
    automaton: dense::DFA<Vec<u32>>,
    settled: OnceLock<HashMap<StateID, bool>>,
}

/// Which bound of a test a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Over,
    Under,
}

impl Table {
    /// The texts of a language.
    pub(super) fn of(language: &Language<'_>) -> Result<Table, Reason> {
        let hir = hir_of(language)?;
        if hir.properties().look_set().contains_word_unicode() {
            return Err(Reason::WordBoundary);
        }
        Table::built(&hir)
    }

    /// The texts that a pattern matches from end to end.
    pub(super) fn alone(pattern: Hir) -> Result<Table, Reason> {
        if pattern.properties().look_set().contains_word() {
            return Err(Reason::WordBoundary);
        }
        Table::built(&whole(pattern))
    }

    /// Every text that a folded name can be, and some more.
    pub(super) fn folded() -> Result<Table, Reason> {
        let character = || Hir::class(Class::Unicode(FOLDED.clone()));
        let word = || repeated(character(), 1, None);
        let more = repeated(Hir::concat(vec![literal(" "), word()]), 0, None);
        Table::built(&whole(repeated(Hir::concat(vec![word(), more]), 0, Some(1))))
    }

    fn built(hir: &Hir) -> Result<Table, Reason> {
        let config = thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(MAX_TABLE_BYTES));
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(hir).map_err(|_| Reason::TooLarge)?;
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(MAX_TABLE_BYTES))
            .determinize_size_limit(Some(4 * MAX_TABLE_BYTES));
        let built = dense::Builder::new().configure(config).build_from_nfa(&nfa);
        let table = |automaton| Table { automaton, settled: OnceLock::new() };
        built.map(table).map_err(|_| Reason::TooLarge)
    }

    /// What it took to build, in states of a search that take as long.
    pub(super) fn work(&self) -> usize {
        self.automaton.memory_usage() / BYTES_OF_WORK
    }

    pub(super) fn start(&self) -> Option<StateID> {
        self.automaton.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()
    }

    pub(super) fn next(&self, state: StateID, byte: u8) -> StateID {
        self.automaton.next_state(state, byte)
    }

    /// Whether the text that led to a state is one of the language.
    pub(super) fn accepts(&self, state: StateID) -> bool {
        self.automaton.is_match_state(self.automaton.next_eoi_state(state))
    }

    pub(super) fn is_dead(&self, state: StateID) -> bool {
        self.automaton.is_dead_state(state)
    }

    /// Whether every longer text is one of the language, or none is, once a text led to a state; `None` where some are.
    pub(super) fn settled(&self, state: StateID) -> Option<bool> {
        self.settled.get_or_init(|| settled::states(self)).get(&state).copied()
    }

    /// Bytes of the same class lead to the same states.
    pub(super) fn class(&self, byte: u8) -> u8 {
        self.automaton.byte_classes().get(byte)
    }

    /// Whether a text is one of the language.
    pub(super) fn has(&self, text: &str) -> bool {
        let start = self.start();
        start.is_some_and(|start| self.accepts(text.bytes().fold(start, |state, byte| self.next(state, byte))))
    }
}

fn hir_of(language: &Language<'_>) -> Result<Hir, Reason> {
    Ok(match language {
        Language::Every => whole(anything()),
        Language::Nothing | Language::Numbers(_) | Language::Networks(_) => Hir::fail(),
        Language::Texts(texts) => whole(one_of(texts)?),
        Language::Starts(texts) => whole(Hir::concat(vec![one_of(texts)?, anything()])),
        Language::Ends(texts) => whole(Hir::concat(vec![anything(), one_of(texts)?])),
        Language::Parts(texts) => whole(somewhere(one_of(texts)?)),
        Language::AnyOf(languages) => {
            Hir::alternation(languages.iter().map(hir_of).collect::<Result<Vec<Hir>, Reason>>()?)
        }
        Language::Patterns(patterns) => {
            let read: Result<Vec<Hir>, Reason> = patterns.iter().map(read).collect();
            whole(somewhere(Hir::alternation(read?)))
        }
        Language::Bytes(range) => whole(counted(Hir::dot(Dot::AnyByte), *range.start(), *range.end())?),
        Language::Characters(range) => whole(counted(Hir::dot(Dot::AnyChar), *range.start(), *range.end())?),
        Language::Runs(most) => whole(short_runs(*most)?),
    })
}

fn read(pattern: &Expression<'_>) -> Result<Hir, Reason> {
    let hir = sample::read(pattern).ok_or(Reason::TooLarge)?;
    Ok(sample::trimmed(&sample::trimmed(&hir, End::First), End::Last))
}

fn counted(what: Hir, min: usize, max: usize) -> Result<Hir, Reason> {
    let max = Some(max).filter(|max| *max != usize::MAX);
    if min.max(max.unwrap_or_default()) > MAX_COUNT {
        return Err(Reason::TooLarge);
    }
    let count = |number: usize| u32::try_from(number).map_err(|_| Reason::TooLarge);
    Ok(repeated(what, count(min)?, max.map(count).transpose()?))
}

/// A run, then again and again something else and a run.
fn short_runs(most: usize) -> Result<Hir, Reason> {
    let ranges =
        [('0', '9'), ('A', 'Z'), ('a', 'z'), ('一', '鿿')].map(|(first, last)| ClassUnicodeRange::new(first, last));
    let inside = ClassUnicode::new(ranges);
    let mut outside = inside.clone();
    outside.negate();
    let run = counted(Hir::class(Class::Unicode(inside)), 0, most)?;
    let next = Hir::concat(vec![Hir::class(Class::Unicode(outside)), run.clone()]);
    Ok(Hir::concat(vec![run, repeated(next, 0, None)]))
}

fn one_of(texts: &TextSet) -> Result<Hir, Reason> {
    let bytes: usize = texts.iter().take(MAX_TEXT_BYTES + 1).map(|text| text.len().max(1)).sum();
    if bytes > MAX_TEXT_BYTES {
        return Err(Reason::TooLarge);
    }
    Ok(Hir::alternation(texts.iter().map(literal).collect()))
}

fn literal(text: &str) -> Hir {
    Hir::literal(text.as_bytes())
}

fn repeated(what: Hir, min: u32, max: Option<u32>) -> Hir {
    Hir::repetition(Repetition { min, max, greedy: true, sub: Box::new(what) })
}

fn anything() -> Hir {
    repeated(Hir::dot(Dot::AnyChar), 0, None)
}

fn somewhere(what: Hir) -> Hir {
    Hir::concat(vec![anything(), what, anything()])
}

fn whole(what: Hir) -> Hir {
    Hir::concat(vec![Hir::look(Look::Start), what, Hir::look(Look::End)])
}

/// Characters beyond this are taken to occur in folded names.
const LOOKED_AT: u32 = 0x2_0000;

/// Composes with nothing.
const SURROUNDING: char = '\u{E000}';

/// The characters that folding leaves alone wherever they stand, or because of their neighbours; without the space.
static FOLDED: LazyLock<ClassUnicode> = LazyLock::new(|| {
    let stays = |character: &char| {
        let surrounded: String = [SURROUNDING, *character, SURROUNDING].into_iter().collect();
        *character != ' ' && text::fold(&surrounded) == surrounded
    };
    let looked_at = (0..LOOKED_AT).filter_map(char::from_u32).filter(stays);
    let mut class = ClassUnicode::new(looked_at.map(|character| ClassUnicodeRange::new(character, character)));
    if let Some(beyond) = char::from_u32(LOOKED_AT) {
        class.push(ClassUnicodeRange::new(beyond, char::MAX));
    }
    class
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_text_is_in_the_table_of_folded_texts() {
        let table = Table::folded().unwrap();
        for text in ["", "a", "Casino ROYALE", "  加微信 ＶＸ ", "e\u{301}\u{323}", "ΑΣ ß K ſ", "각각", "a\u{200b}b🎉"]
        {
            assert!(table.has(&text::fold(text)), "{text}");
        }
        for text in ["A", " a", "a ", "a  b", "K", "ſ", "ß", "Ж", "\u{200b}"] {
            assert!(!table.has(text), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_found_anywhere_unless_it_is_anchored() {
        let of = |text| Table::of(&Language::Patterns(vec![Expression { text, is_folded: true }]));
        let table = of("a+b$|^c(?x) # so").unwrap();
        assert!(table.has("xAAb") && table.has("cx") && !table.has("abx") && !table.has("xc"));
        assert_eq!(of(r"\bbet\b").unwrap_err(), Reason::WordBoundary);
    }
}
