//! How long it takes from a change on disk to the first answer by the new rules: `cargo bench --bench reload`.
//!
//! One client asks every millisecond over one connection. Each row gives the least, the median and the most of its rounds, and
//! the slowest of all answers meanwhile.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may fail")]
#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "the subject is what lies on disk, and when it is noticed")]

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use disk::Disk;
use edition::{Edition, probes};
use gate::{ALLOWED, Setup, TOPIC, topic};
use many::{BANNED, lay_long_list, lay_many};

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

/// The time between two requests: a client without a pause would take a core from the service.
const PAUSE: Duration = Duration::from_millis(1);

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
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("milliseconds from a change to the first answer by it; load average {}", load.trim());
    println!(
        "{:<22} {:<7} {:>6} {:>6} {:>6} {:>6} {:>14}",
        "", "", "rounds", "least", "median", "most", "slowest answer"
    );
    for subject in subjects() {
        for watch in ["auto", "poll"] {
            measure(&subject, watch);
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

fn edited(round: u32) -> Edition {
    Edition { rule: round + 2, ..Edition::of(1) }
}

fn creation_by(operator: &str) -> Vec<u8> {
    String::from_utf8(topic("x")).unwrap().replace("leckie", operator).into_bytes()
}

fn measure(subject: &Subject, watch: &str) {
    let setup = Setup::settings(&format!("app: 1400000000\nwatch: {watch}\n"));
    let gate = setup.rules_by(|directory| (subject.lay)(&Disk::new(directory))).start();
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
    let (name, rounds, slowest) = (subject.name, subject.rounds, slowest.as_secs_f64() * 1000.0);
    println!("{name:<22} {watch:<7} {rounds:>6} {least:>6} {median:>6} {most:>6} {slowest:>14.1}");
}
