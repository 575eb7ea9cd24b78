//! What runs a pattern that is more than a few texts.
//!
//! No request builds anything of it. A small pattern is an automaton without a table, run by a backtracker that visits
//! each state once for each byte, or by the PikeVM where the text is too long for that.

use std::{cell::RefCell, ops::Range};

use regex::{Regex, RegexBuilder};
use regex_automata::{
    Input,
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

/// Patterns of more states are run by an engine that is fast with many, and takes far more memory.
const MAX_SMALL_STATES: usize = 1000;

/// How many times more: it has automata for both directions, and one for each kind of question.
const LARGE: usize = 6;

/// What building an automaton may take, so that counting its states cannot exhaust the memory.
const MAX_AUTOMATON_BYTES: usize = 16 << 20;

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
pub(super) enum Engine {
    /// Takes little memory, and time for each state.
    Small(Box<(BoundedBacktracker, PikeVM)>),
    /// Makes a table while it runs.
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
        let is_small = states <= MAX_SMALL_STATES && runs == Runs::Confirming;
        budget.states(if is_small { states } else { states * LARGE })?;
        if is_small { small(nfa) } else { large(written) }
    }

    /// Whether it is found in these bytes of a text, or, where that is as fast, anywhere in it.
    pub(super) fn is_match(&self, text: &str, within: Range<usize>) -> bool {
        let input = Input::new(text).range(within);
        match self {
            Engine::Small(both) => {
                let (backtracker, pike) = &**both;
                backtracked(backtracker, |cache| backtracker.try_is_match(cache, input.clone()).ok())
                    .unwrap_or_else(|| piked(pike, |cache| pike.is_match(cache, input)))
            }
            // `is_match` stops at the first end of a match, which may be an empty one inside a character and hide another.
            Engine::Large(regex) => regex.find(text).is_some(),
        }
    }

    /// The leftmost bytes that it is found in.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        match self {
            Engine::Small(both) => {
                let (backtracker, pike) = &**both;
                let found = backtracked(backtracker, |cache| backtracker.try_find(cache, text).ok())
                    .unwrap_or_else(|| piked(pike, |cache| pike.find(cache, text)));
                found.map(|found| found.range())
            }
            Engine::Large(regex) => regex.find(text).map(|found| found.range()),
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

fn small(nfa: NFA) -> Result<Engine, String> {
    let config = backtrack::Config::new().visited_capacity(VISITED_BYTES);
    let backtracker = BoundedBacktracker::builder().configure(config).build_from_nfa(nfa.clone());
    let backtracker = backtracker.map_err(|error| error.to_string())?;
    let pike = PikeVM::new_from_nfa(nfa).map_err(|error| error.to_string())?;
    Ok(Engine::Small(Box::new((backtracker, pike))))
}

fn large(written: &Written<'_>) -> Result<Engine, String> {
    let is_insensitive = written.case == Case::Insensitive;
    let built = RegexBuilder::new(written.text).case_insensitive(is_insensitive).build();
    built.map(Engine::Large).map_err(|error| error.to_string())
}
