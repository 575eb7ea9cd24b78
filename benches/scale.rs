//! How long the largest rule sets take to load, what they keep in memory, and what a decision by them costs:
//! `cargo bench --bench scale`. With a word behind `--`, only the sets whose name begins with it.

#![expect(clippy::unwrap_used, reason = "a measurement may fail")]
#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{env, hint::black_box, time::Instant};

use allocation_counter::measure;
use loaded::{decide, input, input_of, load, topic};
use policy::{LIST, Policy, accounts};
use topicgate::{engine::Snapshot, rules::ListFile, text::set::TextSet};

#[path = "policies/loaded.rs"]
mod loaded;
#[expect(dead_code, reason = "it serves other benches as well")]
#[path = "policies/policy.rs"]
mod policy;

const OPERATORS: usize = 10_000_000;
/// Somebody of whom no list knows, and names that no rule is about.
const OPERATOR: &str = "u0000000000000000000";
const ASCII: &str = "weekend hiking tips for the whole family";
const HAN: &str = "周末徒步摄影读书会朋友旅行x";

fn main() {
    // Cargo says `--bench`, too.
    let only = env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    println!("{:<24} {:>9} {:>9} {:>9}   nanoseconds", "", "load, ms", "kept, MB", "peak, MB");
    for (name, make) in POLICIES {
        if name.starts_with(&only) {
            let policy = make();
            let snapshot = loaded(name, || input(&policy), load);
            requests(&snapshot, &policy);
        }
    }
    if "10,000,000 operators".starts_with(&only) {
        operators();
    }
}

/// A policy in the table, and how it is made: only one of them is in memory at a time.
type Row = (&'static str, fn() -> Policy);

const POLICIES: [Row; 4] = [
    ("S", Policy::small),
    ("M", Policy::medium),
    ("L", Policy::large),
    ("100,000 patterns", || Policy::patterns(100_000)),
];

/// Loads a set, and prints what that took. The peak is that of the heap, what is loaded included.
fn loaded<I, S>(name: &str, input: impl FnOnce() -> I, load: fn(I) -> S) -> S {
    let (mut set, mut seconds) = (None, 0.0);
    let memory = measure(|| {
        let input = input();
        let start = Instant::now();
        set = Some(load(input));
        seconds = start.elapsed().as_secs_f64();
    });
    let [kept, peak] = [memory.bytes_current.unsigned_abs(), memory.bytes_max].map(|bytes| bytes as f64 / 1e6);
    print!("{name:<24} {:>9.1} {kept:>9.2} {peak:>9.2}", seconds * 1000.0);
    set.unwrap()
}

/// Prints what decisions cost: two names that no rule is about, and the costliest of 1,000 requests.
fn requests(snapshot: &Snapshot, policy: &Policy) {
    let cost = |operator: &str, name: &str| {
        let facts = topic(operator, name);
        nanoseconds(|| drop(black_box(decide(snapshot, &facts))))
    };
    let requests = policy.requests(1000);
    let costs = requests.iter().map(|request| (cost(&request.operator, &request.name), &request.name));
    let (worst, name) = costs.max_by(|one, other| one.0.total_cmp(&other.0)).unwrap();
    let [ascii, han] = [ASCII, HAN].map(|name| cost(OPERATOR, name));
    println!("   ASCII {ascii:.0}, Han {han:.0}, worst of 1,000 {worst:.0} (`{name}`)");
}

/// The best of some rounds: others work on this machine, too.
fn nanoseconds(mut act: impl FnMut()) -> f64 {
    let rounds = (0..15).map(|_| {
        let start = Instant::now();
        (0..200).for_each(|_| act());
        start.elapsed().as_secs_f64() * 1e9 / 200.0
    });
    rounds.min_by(f64::total_cmp).unwrap()
}

fn operators() {
    let bytes = || accounts(OPERATORS).flat_map(|account| [account, "\n".to_owned()]).collect::<String>();
    let text = bytes();
    let set = loaded("10,000,000 operators", || input_of(vec![rule()], vec![list(text.clone())]), load);
    look_ups(|account| decide(&set, &topic(account, ASCII)).rule.is_some());
    drop(set);
    let make = |text: &str| text.lines().fold(TextSet::with_capacity(OPERATORS, 20 * OPERATORS), added);
    let set = loaded("the table alone", || text.as_str(), make);
    look_ups(|account| set.contains(account));
}

fn added(mut set: TextSet, text: &str) -> TextSet {
    set.insert(text);
    set
}

fn rule() -> (String, String) {
    let head = format!("lists: {{ banned: {{ file: {LIST} }} }}\nrules:\n");
    ("one.yaml".to_owned(), head + "  - { id: banned, action: deny, when: { operator: { in: { list: banned } } } }\n")
}

fn list(text: String) -> ListFile {
    ListFile::new(LIST, text.into_bytes())
}

/// Prints what it costs to find accounts all over the list, and others: each is looked up once, so the caches are cold.
fn look_ups(has: impl Fn(&str) -> bool) {
    let hits: Vec<String> = accounts(OPERATORS).step_by(10).collect();
    let misses: Vec<String> = hits.iter().map(|account| account.replace('u', "v")).collect();
    let [hit, miss] = [(&hits, true), (&misses, false)].map(|(accounts, expected)| {
        let start = Instant::now();
        assert!(accounts.iter().all(|account| has(account) == expected));
        start.elapsed().as_secs_f64() * 1e9 / accounts.len() as f64
    });
    println!("   found {hit:.0}, not found {miss:.0}");
}
