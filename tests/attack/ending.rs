//! The end under load: no request that was accepted goes without its answer, and the end comes in time.

use std::{
    fs,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
    thread::{self, JoinHandle},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    client::Client,
    gate::{ALLOWED, Gate, REFUSED, Setup, TOPIC, topic},
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
    let mut gate = gate("");
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
    gate.write("rules/more.yaml", MANY);
    gate.signal("HUP");
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    assert!(took(&gate) < DRAIN + LAST, "{:?}", took(&gate));
}

/// The bit of SIGTERM in the masks of the system.
const TERMINATE: u64 = 1 << 14;

#[test]
fn a_signal_while_the_first_rules_load_ends_it() {
    let ids: String = (0..1_000_000).map(|id| format!("user-{id}\n")).collect();
    let mut setup = Setup::settings(SETTINGS).file("rules/many.txt", &ids).file("rules/rules.yaml", MANY);
    let mut process = setup.command.stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", process.id());
    // The first process of a container gets only the signals that it catches.
    let catches = |line: &str| {
        let mask = line.strip_prefix("SigCgt:").map(|mask| u64::from_str_radix(mask.trim(), 16).unwrap());
        mask.is_some_and(|mask| mask & TERMINATE != 0)
    };
    while !fs::read_to_string(&status).unwrap().lines().any(catches) {
        assert!(process.try_wait().unwrap().is_none());
    }
    assert!(Command::new("kill").arg(process.id().to_string()).status().unwrap().success());
    let ended = process.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    let log = String::from_utf8(ended.stderr).unwrap();
    assert!(log.contains("ended at once") && !log.contains("listening"), "{log}");
}
