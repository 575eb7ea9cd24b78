//! How many instructions one decision takes: `cargo bench --bench count`. It fails where they are 5 % more than in budgets.txt.
//!
//! Unlike times, counts do not depend on what else the machine does. They may depend on the processor, as far as a search
//! takes its vectors; valgrind knows none beyond AVX2.

#![expect(missing_docs, reason = "the macros of gungraun make public items")]
#![expect(clippy::unwrap_used, reason = "a measurement may fail")]

use gungraun::{Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use loaded::{decide, input, load, topic};
use policy::Policy;
use topicgate::{
    engine::{Snapshot, Verdict},
    facts::Facts,
};

#[path = "../policies/loaded.rs"]
mod loaded;
#[expect(dead_code, clippy::disallowed_methods, reason = "it serves other benches as well")]
#[path = "../policies/policy.rs"]
mod policy;

/// What each row took when it was last looked at: `benches/count/refresh` writes it.
const BUDGETS: &str = include_str!("budgets.txt");

const ASCII: &str = "weekend hiking tips for the whole family";
const CAPITALS: &str = "Weekend Hiking 2026: Tips For The Family";
const HAN: &str = "周末徒步摄影读书会朋友旅行x";

type Prepared = (&'static Snapshot, Facts<'static>);

/// A loaded policy that lives as long as the process, and a request that it has decided once: what is made once for all
/// requests is not counted.
fn asked(policy: &Policy, name: &str) -> Prepared {
    let snapshot: &Snapshot = Box::leak(Box::new(load(input(policy))));
    let facts = topic("u0000000000000000000", Box::leak(Box::<str>::from(name)));
    decide(snapshot, &facts);
    (snapshot, facts)
}

/// An account is looked up among 10,000 as among a million, and valgrind would load those for a minute.
fn with_few_operators(mut policy: Policy) -> Policy {
    policy.denied.truncate(10_000);
    policy
}

fn large() -> Policy {
    with_few_operators(Policy::large())
}

fn refused(policy: &Policy) -> Prepared {
    asked(policy, policy.refused_by(policy.rules.len() - 1))
}

/// Lets a row take 5 % more than its budget; one without a budget may take whatever it does.
fn within(row: &str) -> LibraryBenchmarkConfig {
    let budget = BUDGETS.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == row);
    let mut callgrind = Callgrind::with_args(["--cache-sim=no"]);
    if let Some((_, budget)) = budget {
        let budget: u64 = budget.trim().parse().unwrap();
        callgrind.hard_limits([(EventKind::Ir, budget + budget / 20)]);
    }
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

#[library_benchmark]
#[bench::small(args = (asked(&Policy::small(), ASCII)), config = within("small"))]
#[bench::medium(args = (asked(&Policy::medium(), ASCII)), config = within("medium"))]
#[bench::large(args = (asked(&large(), ASCII)), config = within("large"))]
#[bench::large_capitals(args = (asked(&large(), CAPITALS)), config = within("large_capitals"))]
#[bench::large_han(args = (asked(&large(), HAN)), config = within("large_han"))]
#[bench::large_refused(args = (refused(&large())), config = within("large_refused"))]
#[bench::large_views(args = (asked(&with_few_operators(Policy::large_views()), CAPITALS)), config = within("large_views"))]
fn decision((snapshot, facts): Prepared) -> Verdict {
    decide(snapshot, &facts)
}

library_benchmark_group!(name = decisions, benchmarks = decision);
main!(library_benchmark_groups = decisions);
