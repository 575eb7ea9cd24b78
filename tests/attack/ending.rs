//! The end under load: no request that was accepted goes without its answer, and the end comes in time.

use std::{
    fs,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{
    client::Client,
    gate::{ALLOWED, Gate, REFUSED, Setup, TOPIC, topic},
    loading::loading,
    siege::{SETTINGS, length, whole},
};

const DRAIN: Duration = Duration::from_secs(1);

/// A rule with a list that takes a while to load.
const MANY: &str = "
lists: { many: { file: many.txt } }
rules:
  - { id: more, action: deny, when: { operator: { in: many } } }
";

/// What the documentation promises after the drain.
const LAST: Duration = Duration::from_secs(2);

fn gate(settings: &str) -> Gate {
    Setup::settings(&format!("{SETTINGS}drain: 1s\n{settings}")).start()
}

/// From the signal to the end, by the log of the service.
fn took(gate: &Gate) -> Duration {
    let at = |message: &str| {
        let line: Value = serde_json::from_str(&gate.wait_for_log(message)).unwrap();
        line["timestamp"].as_str().unwrap().parse::<Timestamp>().unwrap()
    };
    at(r#""ended"#).duration_since(at("draining")).unsigned_abs()
}

/// Asks on one connection after the other, and keeps each as long as the service does.
struct Hammer(JoinHandle<Told>);

/// How it went until nobody listened any more.
struct Told {
    answers: usize,
    /// Requests that were sent and not answered.
    lost: usize,
    /// Whether somebody listened after a request had been lost.
    went_on: bool,
}

impl Hammer {
    fn start(address: SocketAddr) -> Hammer {
        Hammer(thread::spawn(move || {
            let mut told = Told { answers: 0, lost: 0, went_on: false };
            while let Ok(stream) = TcpStream::connect(address) {
                told.went_on = told.lost > 0;
                told.keep_asking(Client::over(stream));
            }
            told
        }))
    }

    fn told(self) -> Told {
        self.0.join().unwrap()
    }
}

impl Told {
    fn keep_asking(&mut self, mut client: Client) {
        loop {
            let Ok(closes) = ask(&mut client.0) else { return self.lost += 1 };
            self.answers += 1;
            if closes {
                return;
            }
        }
    }
}

/// Whether the connection ends with the answer, which must be the right one.
fn ask(stream: &mut TcpStream) -> io::Result<bool> {
    stream.write_all(&whole())?;
    let mut answer = Vec::new();
    while !answer.ends_with(REFUSED.as_bytes()) {
        let mut piece = [0; 1024];
        match stream.read(&mut piece)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => answer.extend(&piece[..count]),
        }
    }
    Ok(String::from_utf8(answer).unwrap().contains("connection: close"))
}

#[test]
fn whoever_hammers_until_the_end_loses_nothing_before_the_listener_is_gone() {
    let mut gate = gate("log_refusals: all\n");
    let hammers = [(); 4].map(|()| Hammer::start(gate.webhook));
    gate.wait("load", |gate| gate.metric("topicgate_connections").unwrap() == "4");
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    let told = hammers.map(Hammer::told);
    let answers: usize = told.iter().map(|told| told.answers).sum();
    gate.wait("all that was decided to be answered", |gate| gate.log().matches(r#""refused""#).count() == answers);
    for told in told {
        assert!(told.answers > 0);
        // Only the connection that was waiting when the listener closed.
        assert!(told.lost <= 1 && !told.went_on, "{} lost of {}", told.lost, told.answers + told.lost);
    }
    assert!(took(&gate) < DRAIN + LAST);
}

#[test]
fn whoever_stops_when_it_is_told_to_loses_nothing() {
    let mut gate = gate("");
    let mut kept: Vec<_> = (0..50).map(|_| gate.client()).collect();
    gate.signal("TERM");
    gate.wait_for_log("draining");
    // Each was idle all the while, and asks three times at once.
    for client in &mut kept {
        client.send(&whole().repeat(3));
    }
    for client in &mut kept {
        let answer = client.answer();
        assert_eq!((answer.body.as_str(), answer.closes()), (REFUSED, true));
        for _ in 1..3 {
            assert_eq!(client.answer().body, REFUSED);
        }
        assert!(client.is_ended());
    }
    assert_eq!(gate.ended().code(), Some(0));
}

#[test]
fn a_body_that_is_on_its_way_is_waited_for() {
    let mut gate = gate("body_timeout: 10s\n");
    let mut client = gate.client();
    let body = topic("x");
    client.send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes());
    client.send(&body[..20]);
    gate.signal("TERM");
    gate.wait_for_log("draining");
    client.send(&body[20..]);
    let answer = client.answer();
    assert_eq!((answer.body.as_str(), answer.closes()), (ALLOWED, true));
    assert_eq!(gate.ended().code(), Some(0));
}

#[test]
fn nobody_holds_up_the_end() {
    let mut gate = gate("body_timeout: 1h\nhead_timeout: 1h\n");
    let mut stuck: Vec<_> = (0..3).map(|_| gate.client()).collect();
    stuck[0].send(b"POST / HTTP/1.1\r\n");
    stuck[1].send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\n{}\r\n{{", length()).as_bytes());
    stuck.push(Client::connect(gate.admin));
    let mut deaf = gate.client();
    deaf.0.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    while deaf.0.write_all(&whole().repeat(1000)).is_ok() {}
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    assert!(took(&gate) < DRAIN + LAST, "{:?}", took(&gate));
}

#[test]
fn neither_a_stuck_client_nor_a_log_that_nobody_reads_holds_up_the_end() {
    // A busy machine may need more than one try; a wait that is too long is there in each.
    let mut tries = (0..5).map(|_| stuck_and_unread());
    assert!(tries.any(|took| took < DRAIN + LAST), "the end takes too long");
}

/// From the signal to the end of the process.
fn stuck_and_unread() -> Duration {
    let setup = Setup::settings(&format!("{SETTINGS}drain: 1s\nbody_timeout: 1h\n")).unread_log();
    let mut gate = setup.start();
    let mut client = gate.client();
    // Far more lines than a pipe holds.
    for _ in 0..2000 {
        client.send(&whole());
        assert_eq!(client.answer().body, REFUSED);
    }
    client.send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\n{}\r\n{{", length()).as_bytes());
    let start = Instant::now();
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    start.elapsed()
}

#[test]
fn who_comes_after_the_drain_is_refused_while_the_last_are_answered() {
    let mut gate = gate("body_timeout: 1h\n");
    let mut client = gate.client();
    let (head, body) = (format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\n{}\r\n", length()), topic("Official"));
    client.send(head.as_bytes());
    gate.signal("TERM");
    for address in [gate.webhook, gate.admin] {
        gate.wait("the port to be closed", |_| {
            TcpStream::connect(address).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
        });
    }
    client.send(&body);
    assert_eq!(client.answer().body, REFUSED);
    assert_eq!(gate.ended().code(), Some(0));
}

#[test]
fn a_slow_reader_gets_all_its_answers() {
    let mut gate = gate("");
    let mut client = gate.client();
    client.send(&whole().repeat(200));
    gate.wait("all to be decided", |gate| {
        gate.metric(r#"topicgate_decisions_total{rule="reserved-names",outcome="deny"}"#).unwrap() == "200"
    });
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    // It begins to read when the service has gone.
    for _ in 0..200 {
        assert_eq!(client.answer().body, REFUSED);
    }
    assert!(client.is_ended());
}

#[test]
fn a_second_signal_ends_it_at_once_whoever_is_there() {
    let mut gate = Setup::settings(&format!("{SETTINGS}drain: 1h\nbody_timeout: 1h\n")).start();
    let hammers = [(); 2].map(|()| Hammer::start(gate.webhook));
    let mut stuck = gate.client();
    stuck.send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\n{}\r\n{{", length()).as_bytes());
    gate.wait("load", |gate| gate.metric("topicgate_connections").unwrap() == "3");
    gate.signal("TERM");
    gate.wait_for_log("draining");
    gate.signal("INT");
    assert_eq!(gate.ended().code(), Some(0));
    gate.wait_for_log("ended at once");
    assert!(hammers.map(Hammer::told).iter().all(|told| told.answers > 0));
}

#[test]
fn a_reload_does_not_hold_up_the_end() {
    let mut gate = gate("");
    let ids: String = (0..400_000).map(|id| format!("user-{id}\n")).collect();
    gate.write("rules/many.txt", &ids);
    let before = loading(&gate);
    gate.write("rules/more.yaml", MANY);
    gate.signal("HUP");
    // It was one to begin with, and goes on for far longer than a few ticks.
    gate.wait("the reload to run", |gate| loading(gate) > before + 3);
    assert_eq!(gate.status()["attempts"], 1);
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    assert!(took(&gate) < DRAIN + LAST, "{:?}", took(&gate));
}

/// The bit of SIGTERM in the masks of the system.
const TERMINATE: u64 = 1 << 14;

/// A process that does not outlive a test that fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[test]
fn a_signal_while_the_first_rules_load_ends_it() {
    let ids: String = (0..1_000_000).map(|id| format!("user-{id}\n")).collect();
    let mut setup = Setup::settings(SETTINGS).file("rules/many.txt", &ids).file("rules/rules.yaml", MANY);
    let mut running = Running(setup.command.stderr(Stdio::piped()).spawn().unwrap());
    let Running(process) = &mut running;
    let status = format!("/proc/{}/status", process.id());
    // The first process of a container gets only the signals that it catches.
    let catches = |line: &str| {
        let mask = line.strip_prefix("SigCgt:").map(|mask| u64::from_str_radix(mask.trim(), 16).unwrap());
        mask.is_some_and(|mask| mask & TERMINATE != 0)
    };
    while !fs::read_to_string(&status).unwrap().lines().any(catches) {
        assert!(process.try_wait().unwrap().is_none());
    }
    kill_process(Pid::from_child(process), Signal::TERM).unwrap();
    let mut log = String::new();
    process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(0));
    assert!(log.contains("ended at once") && !log.contains("listening"), "{log}");
}
