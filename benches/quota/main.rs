//! What one count of a quota costs, and what one key takes: `cargo bench --bench quota`.

#![expect(clippy::unwrap_used, reason = "a measurement may fail")]
#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{
    thread,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group};
use jiff::Timestamp;
use procfs::process::Process;
use topicgate::{
    engine::{
        Mode,
        quota::{Counted, Per, Quota},
    },
    quota::Memory,
    telemetry::quotas::Quotas,
};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const KEYS: usize = 100_000;

fn counted(key: &str) -> Counted<'_> {
    let quota = Quota { limit: 10, per: Per::Operator, within: 3_600_000 };
    Counted { rule: "few-topics-a-day", index: 0, mode: Mode::Enforce, quota, key: key.into() }
}

fn at(milliseconds: u64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + i64::try_from(milliseconds).unwrap()).unwrap()
}

/// A store with so many keys, each over its limit.
fn full(keys: usize) -> Memory {
    let memory = Memory::new(KEYS, Quotas::default());
    for hit in 0..11 {
        (0..keys).for_each(|key| _ = memory.counts(&[counted(&format!("operator-{key}"))], at(hit)));
    }
    memory
}

fn one_thread(criterion: &mut Criterion) {
    let names: Vec<String> = (0..KEYS * 9 / 10).map(|key| format!("operator-{key}")).collect();
    let (memory, mut keys, mut now) = (full(names.len()), names.iter().cycle(), 11);
    criterion.bench_function("a key over its limit, one of 90,000", |bench| {
        bench.iter(|| {
            now += 1;
            memory.counts(&[counted(keys.next().unwrap())], at(now))
        });
    });
    let (memory, mut new) = (full(KEYS), 0);
    criterion.bench_function("a new key where there is no room", |bench| {
        bench.iter(|| {
            new += 1;
            memory.counts(&[counted(&format!("new-{new}"))], at(11))
        });
    });
}

/// The time of a count while two threads do nothing else.
fn two_threads(criterion: &mut Criterion) {
    for (title, names) in
        [("two threads, one key", ["leckie", "leckie"]), ("two threads, two keys", ["leckie", "mary"])]
    {
        let memory = Memory::new(KEYS, Quotas::default());
        let hit = |name: &str, times: u64| {
            let started = Instant::now();
            (0..times).for_each(|now| _ = memory.counts(&[counted(name)], at(now)));
            started.elapsed()
        };
        criterion.bench_function(title, |bench| {
            bench.iter_custom(|times| {
                let took: Vec<Duration> = thread::scope(|scope| {
                    let threads: Vec<_> = names.iter().map(|name| scope.spawn(|| hit(name, times))).collect();
                    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
                });
                took.into_iter().max().unwrap()
            });
        });
    }
}

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    Process::myself().unwrap().statm().unwrap().resident * procfs::page_size()
}

fn memory() {
    // What one store gives back, the next one would take without growing the process.
    let mut stores = Vec::new();
    for hits in [1, 10] {
        let (before, store) = (resident(), Memory::new(KEYS * 2, Quotas::default()));
        for hit in 0..hits {
            (0..KEYS).for_each(|key| _ = store.counts(&[counted(&format!("operator-{key}"))], at(hit)));
        }
        println!("a key with {hits} of 10 requests: {} bytes", (resident() - before) / KEYS as u64);
        stores.push(store);
    }
}

criterion_group!(benches, one_thread, two_threads);

fn main() {
    memory();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
