//! How long it takes from a change on disk to the first answer by the new rules, and from the start of the process until it
//! listens, and what memory that takes: `cargo bench --bench reload [-- NAME]`.
//!
//! One client asks every millisecond over one connection. Each row gives the least, the median and the most of its rounds, and
//! the slowest of all answers meanwhile. Memory is that of the process: after the start, at most, and some seconds after the
//! last round.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may fail")]
#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "the subject is what lies on disk, and when it is noticed")]

use std::{
    env, fs, thread,
    time::{Duration, Instant},
};

use disk::Disk;
use edition::{Edition, probes};
use gate::{ALLOWED, Gate, Setup, TOPIC, topic};
use many::{BANNED, lay_long_list, lay_many};
use policy::Policy;

#[expect(dead_code, reason = "it serves the tests as well")]
#[path = "../../tests/serve/client.rs"]
mod client;
#[expect(dead_code, reason = "it serves the tests as well")]
#[path = "../../tests/endure/disk.rs"]
mod disk;
#[path = "../../tests/endure/edition.rs"]
mod edition;
#[expect(dead_code, reason = "it serves the tests as well")]
#[path = "../../tests/serve/gate.rs"]
mod gate;
#[path = "../../tests/endure/many.rs"]
mod many;
#[expect(dead_code, reason = "it serves the other benches as well")]
#[path = "../policies/policy.rs"]
mod policy;

/// The time between two requests: a client without a pause would take a core from the service.
const PAUSE: Duration = Duration::from_millis(1);

/// The time after which memory that is not needed any more was given back.
const GIVEN_BACK: Duration = Duration::from_secs(5);

/// A rule set, and a change of it with what is asked and answered then; the number of the round makes each a new one.
struct Subject {
    name: &'static str,
    rounds: u32,
    lay: fn(&Disk),
    change: fn(&Disk, u32),
    asked: fn(u32) -> Vec<u8>,
    answered: fn(u32, &str) -> bool,
}

fn main() {
    let wanted = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("milliseconds from a change to the first answer by it; load average {}", load.trim());
    println!(
        "{:<22} {:<7} {:>6} {:>6} {:>6} {:>6} {:>14} {:>6} {:>5} {:>5} {:>5}",
        "", "", "rounds", "least", "median", "most", "slowest answer", "start", "MB", "most", "after"
    );
    let is_wanted = |subject: &Subject| wanted.as_ref().is_none_or(|name| subject.name == name);
    for subject in subjects().iter().chain(&policies()).filter(|subject| is_wanted(subject)) {
        for watch in ["auto", "poll"] {
            measure(subject, watch);
        }
    }
}

fn subjects() -> [Subject; 3] {
    let edit = |disk: &Disk, round| disk.put("rules/20-edition.yaml", &edited(round).rule());
    let asked = |_| probes().swap_remove(0);
    let answered = |round, answer: &str| answer == edited(round).answers()[0];
    [
        Subject {
            name: "3 files",
            rounds: 30,
            lay: |disk| Edition::of(1).lay(disk, "rules"),
            change: edit,
            asked,
            answered,
        },
        Subject {
            name: "1,000 files",
            rounds: 30,
            lay: |disk| lay_many(disk, "rules", 1),
            change: edit,
            asked,
            answered,
        },
        Subject {
            name: "a list of 1,000,000",
            rounds: 20,
            lay: lay_long_list,
            change: |disk, round| disk.append(BANNED, &format!("added-{round}")),
            asked: |round| creation_by(&format!("added-{round}")),
            answered: |_, answer| answer != ALLOWED,
        },
    ]
}

/// The policies that everything is measured by; each change adds one operator.
fn policies() -> [Subject; 3] {
    let subject = |name, lay| Subject {
        name,
        rounds: 15,
        lay,
        change: |disk, round| disk.append(BANNED, &format!("added-{round}")),
        asked: |round| creation_by(&format!("added-{round}")),
        answered: |_, answer| answer != ALLOWED,
    };
    [
        subject("S", |disk| lay_policy(disk, &Policy::small())),
        subject("M", |disk| lay_policy(disk, &Policy::medium())),
        subject("L", |disk| lay_policy(disk, &Policy::large())),
    ]
}

fn lay_policy(disk: &Disk, policy: &Policy) {
    policy.write(&disk.path("rules")).unwrap();
}

fn edited(round: u32) -> Edition {
    Edition { rule: round + 2, ..Edition::of(1) }
}

fn creation_by(operator: &str) -> Vec<u8> {
    String::from_utf8(topic("x")).unwrap().replace("leckie", operator).into_bytes()
}

fn measure(subject: &Subject, watch: &str) {
    let setup = Setup::settings(&format!("app: 1400000000\nwatch: {watch}\n"));
    let setup = setup.rules_by(|directory| (subject.lay)(&Disk::new(directory)));
    let started = Instant::now();
    let gate = setup.start();
    let start = started.elapsed().as_millis();
    let resident = megabytes(&gate, "VmRSS");
    let (disk, mut client) = (Disk::new(&gate.path("")), gate.client());
    let (mut times, mut slowest) = (Vec::new(), Duration::ZERO);
    for round in 0..subject.rounds {
        // So that no round begins at the same moment between two looks as the one before.
        thread::sleep(Duration::from_millis(200 + u64::from(round) * 370 % 2000));
        let body = (subject.asked)(round);
        let changed = Instant::now();
        (subject.change)(&disk, round);
        loop {
            let asked = Instant::now();
            client.post(TOPIC, &body);
            let answer = client.answer();
            assert_eq!(answer.status, 200, "{answer:?}");
            slowest = slowest.max(asked.elapsed());
            if (subject.answered)(round, &answer.body) {
                break;
            }
            thread::sleep(PAUSE);
        }
        times.push(changed.elapsed());
    }
    times.sort_unstable();
    let [least, median, most] = [0, times.len() / 2, times.len() - 1].map(|index| times[index].as_millis());
    let peak = megabytes(&gate, "VmHWM");
    thread::sleep(GIVEN_BACK);
    let after = megabytes(&gate, "VmRSS");
    let (name, rounds, slowest) = (subject.name, subject.rounds, slowest.as_secs_f64() * 1000.0);
    print!("{name:<22} {watch:<7} {rounds:>6} {least:>6} {median:>6} {most:>6} {slowest:>14.1}");
    println!(" {start:>6} {resident:>5} {peak:>5} {after:>5}");
}

/// A line of the status of the process, which tells kilobytes.
fn megabytes(gate: &Gate, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", gate.id())).unwrap();
    let value = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
    value.unwrap().trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}
