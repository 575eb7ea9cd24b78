//! A service, its files, and clients that ask it as long as something is played.

use std::thread;

use crate::{
    disk::Disk,
    edition::{Edition, probes},
    gate::{Gate, Setup, TOPIC},
    hammer::hammer,
    ledger::{Answers, Closes, Ledger},
};

const CLIENTS: usize = 3;
/// How many answers show that the clients go on.
const SOME: usize = 12;

/// Nothing is found but by events.
pub const EVENTS: &str = "watch: auto\npoll: 1h\n";
/// Nothing is found but by looking.
pub const POLL: &str = "watch: poll\npoll: 100ms\n";
/// Clients may be slow: the machine may be busy.
const SETTINGS: &str = "app: 1400000000\nhead_timeout: 1m\nbody_timeout: 1m\n";

/// What is played.
pub struct Scene<'a> {
    pub gate: &'a Gate,
    pub disk: Disk,
    pub ledger: &'a Ledger,
}

/// Plays a scene twice: with file events, and with polling.
pub fn both(lay: fn(&Disk), play: fn(&Scene<'_>)) {
    for watch in [EVENTS, POLL] {
        let gate = start(watch, lay);
        let expected = if watch == EVENTS { "auto" } else { "poll" };
        assert_eq!(gate.status()["watch"], expected);
        under_load(&gate, &probes(), Edition::of(1).answers(), play);
    }
}

/// Starts a service with the rules that are laid into its directory.
pub fn start(watch: &str, lay: impl FnOnce(&Disk)) -> Gate {
    let setup = Setup::settings(&format!("{SETTINGS}{watch}")).variable("RUST_LOG", "topicgate=debug");
    setup.rules_by(|directory| lay(&Disk::new(directory))).start()
}

/// Plays a scene while clients ask, all of them until its end.
pub fn under_load(gate: &Gate, questions: &[Vec<u8>], first: Answers, play: impl FnOnce(&Scene<'_>)) {
    let ledger = Ledger::new(first);
    let scene = Scene { gate, disk: Disk::new(&gate.path("")), ledger: &ledger };
    thread::scope(|scope| {
        let closes = Closes(&ledger);
        for _ in 0..CLIENTS {
            scope.spawn(|| hammer(gate.webhook, || TOPIC.to_owned(), questions, &ledger));
        }
        scene.goes_on();
        play(&scene);
        scene.goes_on();
        drop(closes);
    });
    for metric in ["topicgate_on_error_total", "topicgate_rejected_total"] {
        let metrics = gate.get("/metrics").body;
        let failed = metrics.lines().find(|line| line.starts_with(metric) && !line.ends_with(" 0"));
        assert_eq!(failed, None);
    }
}

impl Scene<'_> {
    /// Waits until a change is live; then no older set may answer.
    pub fn becomes(&self, answers: Answers, change: impl FnOnce(&Disk)) {
        let before = self.number("generation");
        self.ledger.allow(answers);
        change(&self.disk);
        self.wait("another set", |scene| scene.number("generation") > before);
        self.ledger.settle();
        let status = self.gate.status();
        assert_eq!(status["generation"], before + 1, "{status}");
        assert_eq!(status["last_attempt"]["succeeded"], true);
        self.goes_on();
    }

    /// Waits until the latest edition is live, after several that may have been; then no older one may answer.
    pub fn becomes_live(&self, answers: &Answers) {
        self.wait("the latest edition", |scene| scene.gate.post(TOPIC, &probes()[0]).body == answers[0]);
        self.ledger.settle();
        self.goes_on();
    }

    /// Waits until an attempt to load a change fails; the set before still answers.
    pub fn fails(&self, change: impl FnOnce(&Disk)) {
        let before = (self.number("generation"), self.number("attempts"));
        change(&self.disk);
        self.wait("an attempt that fails", |scene| {
            let status = scene.gate.status();
            status["attempts"].as_u64().unwrap() > before.1 && status["last_attempt"]["succeeded"] == false
        });
        assert_eq!(self.number("generation"), before.0);
        self.goes_on();
    }

    /// Waits until all clients had answers to requests that began after this call.
    pub fn goes_on(&self) {
        let before = self.ledger.answered();
        self.wait("answers", |scene| scene.ledger.answered() > before + SOME);
    }

    /// Waits until something holds.
    pub fn wait(&self, what: &str, holds: impl Fn(&Scene<'_>) -> bool) {
        self.gate.wait(what, |_| {
            assert!(!self.ledger.is_closed(), "a client ended");
            holds(self)
        });
    }

    /// A number of the status.
    pub fn number(&self, key: &str) -> u64 {
        self.gate.status()[key].as_u64().unwrap()
    }
}
