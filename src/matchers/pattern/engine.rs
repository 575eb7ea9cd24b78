//! What runs a pattern that is more than a few texts.
//!
//! No request builds anything of it. A small pattern is an automaton without a table, run by a backtracker that visits
//! each state once for each byte, or by the PikeVM where the text is too long for that. One that no text says when to run has
//! a table too, because every name is put to it.

use std::{cell::RefCell, ops::Range};

use regex::{Regex, RegexBuilder};
use regex_automata::{
    Input,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson::{
        self, NFA, WhichCaptures,
        backtrack::{self, BoundedBacktracker},
        pikevm::{self, PikeVM},
    },
};
use regex_syntax::hir::Hir;

use super::{Case, Written, budget::Budget};

/// The most states of the automaton of one pattern.
const MAX_STATES: usize = 20_000;

/// Patterns of more states are run by an engine that makes a table while it runs.
const MAX_SMALL_STATES: usize = 1000;

/// What building an automaton may take, so that counting its states cannot exhaust the memory.
const MAX_AUTOMATON_BYTES: usize = 16 << 20;

/// The largest table of one pattern, and what may be taken to make it.
const MAX_TABLE_BYTES: usize = 256 << 10;

/// What a backtracker may take to note what it visited, in bytes.
const VISITED_BYTES: usize = 64 << 10;

thread_local! {
    static BACKTRACK: RefCell<Option<backtrack::Cache>> = const { RefCell::new(None) };
    static PIKE: RefCell<Option<pikevm::Cache>> = const { RefCell::new(None) };
}

/// When a pattern is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// Where one of its texts was found.
    Confirming,
    /// On every text.
    Always,
}

/// A pattern, ready to be run.
#[derive(Debug)]
pub(super) struct Engine {
    machine: Machine,
    table: Option<Box<Table>>,
    may_be_empty: bool,
}

type Table = dense::DFA<Vec<u32>>;

#[derive(Debug)]
enum Machine {
    Small(Box<(BoundedBacktracker, PikeVM)>),
    Large(Regex),
}

impl Engine {
    /// Builds one; an error says what is too large.
    pub(super) fn of(written: &Written<'_>, hir: &Hir, runs: Runs, budget: &mut Budget) -> Result<Engine, String> {
        let nfa = automaton(hir)?;
        let states = nfa.states().len();
        if states > MAX_STATES {
            return Err(format!("its automaton has {states} states, at most {MAX_STATES} are allowed"));
        }
        budget.states(states)?;
        let may_be_empty = nfa.has_empty();
        let table = if runs == Runs::Always && !may_be_empty { table(&nfa, budget) } else { None };
        let is_small = states <= MAX_SMALL_STATES && (runs == Runs::Confirming || table.is_some());
        let machine = if is_small { small(nfa) } else { large(written) };
        Ok(Engine { machine: machine?, table: table.map(Box::new), may_be_empty })
    }

    /// Whether it is found in a text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        // Whoever asks no more than whether it is found stops at the first end. That of an empty match may lie inside a
        // character, where nothing is found, and hides one that is.
        if self.may_be_empty {
            return self.find(text).is_some();
        }
        // The table knows no words of letters beyond ASCII, and says so.
        let told = self.table.as_ref().and_then(|table| table.try_search_fwd(&Input::new(text).earliest(true)).ok());
        told.map_or_else(|| self.machine.is_match(text), |found| found.is_some())
    }

    /// The leftmost bytes that it is found in.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.machine.find(text)
    }
}

impl Machine {
    fn is_match(&self, text: &str) -> bool {
        match self {
            Machine::Small(both) => {
                let (backtracker, pike) = &**both;
                backtracked(backtracker, |cache| backtracker.try_is_match(cache, text).ok())
                    .unwrap_or_else(|| piked(pike, |cache| pike.is_match(cache, text)))
            }
            Machine::Large(regex) => regex.is_match(text),
        }
    }

    fn find(&self, text: &str) -> Option<Range<usize>> {
        match self {
            Machine::Small(both) => {
                let (backtracker, pike) = &**both;
                let found = backtracked(backtracker, |cache| backtracker.try_find(cache, text).ok())
                    .unwrap_or_else(|| piked(pike, |cache| pike.find(cache, text)));
                found.map(|found| found.range())
            }
            Machine::Large(regex) => regex.find(text).map(|found| found.range()),
        }
    }
}

fn backtracked<T>(backtracker: &BoundedBacktracker, run: impl FnOnce(&mut backtrack::Cache) -> T) -> T {
    BACKTRACK.with_borrow_mut(|cache| match cache {
        Some(cache) => {
            cache.reset(backtracker);
            run(cache)
        }
        None => run(cache.insert(backtracker.create_cache())),
    })
}

fn piked<T>(pike: &PikeVM, run: impl FnOnce(&mut pikevm::Cache) -> T) -> T {
    PIKE.with_borrow_mut(|cache| match cache {
        Some(cache) => {
            cache.reset(pike);
            run(cache)
        }
        None => run(cache.insert(pike.create_cache())),
    })
}

fn automaton(hir: &Hir) -> Result<NFA, String> {
    let config =
        thompson::Config::new().nfa_size_limit(Some(MAX_AUTOMATON_BYTES)).which_captures(WhichCaptures::Implicit);
    thompson::Compiler::new().configure(config).build_from_hir(hir).map_err(|_| {
        let most = MAX_AUTOMATON_BYTES >> 20;
        format!("its automaton takes more than {most} MiB, and at most {MAX_STATES} states are allowed")
    })
}

fn table(nfa: &NFA, budget: &mut Budget) -> Option<Table> {
    let most = MAX_TABLE_BYTES.min(budget.left_for_tables());
    let config = dense::Config::new()
        .start_kind(StartKind::Unanchored)
        .unicode_word_boundary(true)
        .dfa_size_limit(Some(most))
        .determinize_size_limit(Some(MAX_TABLE_BYTES));
    let table = dense::Builder::new().configure(config).build_from_nfa(nfa).ok()?;
    budget.table(table.memory_usage());
    Some(table)
}

fn small(nfa: NFA) -> Result<Machine, String> {
    let config = backtrack::Config::new().visited_capacity(VISITED_BYTES);
    let backtracker = BoundedBacktracker::builder().configure(config).build_from_nfa(nfa.clone());
    let backtracker = backtracker.map_err(|error| error.to_string())?;
    let pike = PikeVM::new_from_nfa(nfa).map_err(|error| error.to_string())?;
    Ok(Machine::Small(Box::new((backtracker, pike))))
}

fn large(written: &Written<'_>) -> Result<Machine, String> {
    let is_insensitive = written.case == Case::Insensitive;
    let built = RegexBuilder::new(written.text).case_insensitive(is_insensitive).build();
    built.map(Machine::Large).map_err(|error| error.to_string())
}
