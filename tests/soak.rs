//! Everything at once for ten minutes: reloads every second, requests of every kind. Memory, descriptors and threads must
//! stay flat. `cargo test --release --features soak --test soak`; `SOAK_SECONDS` takes another time.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![expect(clippy::disallowed_methods, reason = "a test of a service does all that a service must not")]
#![expect(clippy::print_stdout, reason = "it prints its figures")]

#[expect(dead_code, reason = "it serves other tests as well")]
#[path = "serve/client.rs"]
mod client;
#[expect(dead_code, reason = "it serves other tests as well")]
#[path = "endure/disk.rs"]
mod disk;
#[path = "endure/edition.rs"]
mod edition;
#[path = "soak/encrypted.rs"]
mod encrypted;
#[expect(dead_code, reason = "it serves other tests as well")]
#[path = "serve/gate.rs"]
mod gate;
#[path = "endure/hammer.rs"]
mod hammer;
#[path = "endure/ledger.rs"]
mod ledger;
#[expect(dead_code, reason = "it serves other tests as well")]
#[path = "serve/pki.rs"]
mod pki;
#[path = "soak/reloads.rs"]
mod reloads;
#[path = "soak/samples.rs"]
mod samples;
#[expect(dead_code, reason = "it serves other tests as well")]
#[path = "endure/scene.rs"]
mod scene;
#[path = "soak/traffic.rs"]
mod traffic;

use std::{
    env, thread,
    time::{Duration, Instant},
};

use disk::Disk;
use edition::{Edition, probes};
use gate::{Gate, Setup};
use hammer::hammer;
use ledger::{Closes, Ledger};
use pki::Authority;
use samples::Samples;
use scene::Scene;
use traffic::{KINDS, TOKEN, repeat, signed};

/// The clients that keep their connections.
const KEEPERS: usize = 2;

fn start() -> Gate {
    let setup = Setup::settings("app: 1400000000\ntoken_file: token\n").file("token", TOKEN);
    setup.rules_by(|directory| reloads::lay(&Disk::new(directory))).start()
}

#[test]
fn memory_descriptors_and_threads_stay_flat_under_everything_at_once() {
    let seconds = env::var("SOAK_SECONDS").map_or(600, |seconds| seconds.parse().unwrap());
    let gate = start();
    gate.status();
    let idle = Samples::descriptors(gate.id());
    let ledger = Ledger::new(Edition::of(0).answers());
    let scene = Scene { gate: &gate, disk: Disk::new(&gate.path("")), ledger: &ledger };
    let Scene { gate, ledger, .. } = scene;
    let (authority, questions) = (Authority::new(), probes());
    let secure = encrypted::start(&authority);
    thread::scope(|scope| {
        let closes = Closes(ledger);
        let keepers = [(); KEEPERS].map(|()| scope.spawn(|| hammer(gate.webhook, signed, &questions, ledger)));
        let others = KINDS.map(|kind| (kind.name, scope.spawn(move || repeat(gate, ledger, kind))));
        let encrypted = scope.spawn(|| encrypted::play(&secure, &authority, ledger));
        let samples = [gate, &secure].map(|gate| scope.spawn(|| Samples::take(gate.id(), ledger)));
        reloads::play(&scene, Instant::now() + Duration::from_secs(seconds));
        drop(closes);
        let slowest = keepers.map(|keeper| keeper.join().unwrap()).into_iter().max();
        println!("kept connections: {} answers, the slowest after {slowest:?}", ledger.answered());
        let others = others.map(|(name, other)| (name, other.join().unwrap()));
        println!("besides: {others:?}, with TLS {}", encrypted.join().unwrap());
        for (samples, name) in samples.into_iter().zip(["the service", "with TLS"]) {
            println!("{name}:");
            samples.join().unwrap().check();
        }
    });
    let status = gate.status();
    println!("{seconds} s: {} attempts to load, {} sets became live", status["attempts"], status["generation"]);
    check_log(gate);
    gate.wait("all descriptors to be closed", |gate| Samples::descriptors(gate.id()) <= idle);
}

/// The log has no error but those about rules that are bad on purpose, and nothing panicked.
fn check_log(gate: &Gate) {
    let log = gate.log();
    let expected = ["reload failed", "error in the rules"];
    let is_bad = |line: &&str| line.contains("panic") || line.contains(r#""level":"ERROR""#);
    let bad = log.lines().filter(is_bad).find(|line| !expected.iter().any(|expected| line.contains(expected)));
    assert_eq!(bad, None);
    let panics = gate.metric(r#"topicgate_on_error_total{cause="panic"}"#);
    assert_eq!(panics.as_deref(), Some("0"));
}
