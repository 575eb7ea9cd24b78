//! The index and the engines of patterns against one rule after the other: the answers are the same.
//!
//! `cargo test` tries a few rule sets, `cargo test --release --test oracle` hundreds. `ORACLE_SEED=2` tries others.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]
#![expect(clippy::disallowed_methods, reason = "the seed may be given")]

#[path = "../laws/asked.rs"]
mod asked;
mod exhaustive;
#[path = "../laws/generated.rs"]
mod generated;
#[path = "../laws/lists.rs"]
mod lists;
#[path = "../laws/loading.rs"]
mod loading;
#[path = "../laws/model.rs"]
mod model;
#[path = "../laws/naive.rs"]
mod naive;
#[path = "../laws/patterns.rs"]
mod patterns;
#[path = "../laws/reference.rs"]
mod reference;

use std::cell::RefCell;

use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner},
};
use topicgate::facts::Facts;

use model::Rule;

/// Rule sets, and requests for each.
const SETS: u32 = if cfg!(debug_assertions) { 20 } else { 500 };
const REQUESTS: usize = if cfg!(debug_assertions) { 100 } else { 220 };
const LEAST_CASES: usize = if cfg!(debug_assertions) { 2_000 } else { 100_000 };

/// How many requests there were, and what came of them.
#[derive(Debug, Default)]
struct Tried {
    cases: usize,
    allowed: usize,
    denied: usize,
    shadowed: usize,
    excepted: usize,
}

impl Tried {
    fn add(&mut self, told: &reference::Told) {
        self.cases += 1;
        self.denied += usize::from(told.decision.code() != 0);
        self.allowed += usize::from(told.rule.is_some() && told.decision.code() == 0);
        self.shadowed += usize::from(!told.shadow.is_empty());
        self.excepted += usize::from(!told.excepted.is_empty());
    }
}

fn runner(cases: u32) -> TestRunner {
    let seed = std::env::var("ORACLE_SEED").map_or(1, |seed| seed.parse().unwrap());
    TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_local_rejects: 10_000_000,
        ..Config::default()
    })
}

/// Decides every request by a set; the first that is decided otherwise is the example.
fn try_set(rules: &[Rule], requests: &[Facts<'_>], tried: &RefCell<Tried>) -> Result<(), TestCaseError> {
    let snapshot = generated::loaded(&model::file(rules));
    for facts in requests {
        let told = reference::check(&snapshot, rules, facts);
        tried.borrow_mut().add(&told.map_err(|differs| TestCaseError::fail(format!("{differs}\n{facts:?}")))?);
    }
    Ok(())
}

/// Tries so many cases. What fails is made smaller and shown.
fn try_all(cases: u32, strategy: &impl Strategy<Value = (Vec<Rule>, Vec<Facts<'static>>)>) -> Tried {
    let (tried, mut runner) = (RefCell::default(), runner(cases));
    let result = runner.run(strategy, |(rules, requests)| try_set(&rules, &requests, &tried));
    let seed = runner.config().rng_seed;
    match result {
        Ok(()) => tried.into_inner(),
        Err(TestError::Fail(reason, (rules, _))) => panic!("ORACLE_SEED={seed}\n{}\n{reason}", model::file(&rules)),
        Err(TestError::Abort(reason)) => panic!("ORACLE_SEED={seed}: {reason}"),
    }
}

#[test]
fn the_answers_are_those_of_one_rule_after_the_other() {
    let tried = try_all(SETS, &generated::case(REQUESTS));
    assert!(tried.cases >= LEAST_CASES, "{tried:?}");
    let is_common = |some: usize| some > tried.cases / 200;
    assert!([tried.allowed, tried.denied, tried.shadowed, tried.excepted].into_iter().all(is_common), "{tried:?}");
}
