//! What the proofs of `check` take: `cargo bench --bench proofs`. With a word behind `--`, only the sets whose name begins
//! with it.
//!
//! `load` is what a service does with the same set: no proofs. The peak is that of the heap while all is checked.

#![expect(clippy::unwrap_used, reason = "a measurement may fail")]
#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{collections::BTreeMap, env, time::Instant};

use allocation_counter::measure;
use jiff::Timestamp;
use loaded::input_of;
use policy::{LIST, Policy};
use topicgate::{
    analysis::Budget,
    rules::{self, Input, ListFile, Loaded},
};

#[expect(dead_code, reason = "it serves other benches as well")]
#[path = "policies/loaded.rs"]
mod loaded;
#[path = "proofs/mixed.rs"]
mod mixed;
#[expect(dead_code, reason = "it serves other benches as well")]
#[path = "policies/policy.rs"]
mod policy;

/// A set in the table, and how it is made.
type Row = (&'static str, fn() -> Input);

const SETS: [Row; 5] = [
    ("100 rules", || input_of(mixed::files(100), list(mixed::banned()))),
    ("1,000 rules", || input_of(mixed::files(1000), list(mixed::banned()))),
    ("S", || loaded::input(&Policy::small())),
    ("M", || loaded::input(&Policy::medium())),
    ("L", || loaded::input(&Policy::large())),
];

fn main() {
    // Cargo says `--bench`, too.
    let only = env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    println!("{:<12} {:>9} {:>10} {:>9}   findings", "", "load, ms", "check, ms", "peak, MB");
    for (name, input) in SETS.into_iter().filter(|(name, _)| name.starts_with(&only)) {
        let (load, loaded, _) = timed(input, |input| rules::load(input, Timestamp::UNIX_EPOCH));
        assert!(loaded.snapshot.is_some(), "{:?}", loaded.report.findings);
        drop(loaded);
        let (check, checked, peak) =
            timed(input, |input| rules::check(input, Timestamp::UNIX_EPOCH, Budget::default()));
        println!("{name:<12} {load:>9.1} {check:>10.1} {peak:>9.2}   {}", findings(&checked));
    }
}

/// What it gives, the milliseconds and the peak of the heap in megabytes.
fn timed(input: fn() -> Input, act: impl FnOnce(Input) -> Loaded) -> (f64, Loaded, f64) {
    let (mut loaded, mut milliseconds) = (None, 0.0);
    let memory = measure(|| {
        let input = input();
        let start = Instant::now();
        loaded = Some(act(input));
        milliseconds = start.elapsed().as_secs_f64() * 1e3;
    });
    (milliseconds, loaded.unwrap(), memory.bytes_max as f64 / 1e6)
}

/// How many there are of each kind.
fn findings(checked: &Loaded) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &checked.report.findings {
        *counts.entry(finding.code.word()).or_default() += 1;
    }
    let told: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

fn list(text: String) -> Vec<ListFile> {
    vec![ListFile::new(LIST, text.into_bytes())]
}
