//! Requests of every kind but those over kept connections; each must get the answer that it deserves.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sha2::{Digest, Sha256};

use crate::{
    client::Client,
    gate::{ALLOWED, Gate, TOPIC, topic},
    ledger::{Closes, Ledger},
};

/// The token of the app.
pub const TOKEN: &str = "0123456789abcdef";

/// A kind of requests.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    /// The time after each turn.
    pause: Duration,
    /// One turn, by its number.
    ask: fn(&Gate, usize),
}

/// Every kind.
pub const KINDS: [Kind; 7] = [
    kind("new connections", 10, fresh),
    kind("rejected", 20, rejected),
    kind("malformed", 20, malformed),
    kind("slow", 10, slow),
    kind("half-closed", 20, half_closed),
    kind("abandoned", 20, abandoned),
    kind("admin", 100, admin),
];

const fn kind(name: &'static str, millis: u64, ask: fn(&Gate, usize)) -> Kind {
    Kind { name, pause: Duration::from_millis(millis), ask }
}

/// Asks until the ledger is closed: how many turns there were.
pub fn repeat(gate: &Gate, ledger: &Ledger, kind: Kind) -> usize {
    let _closes = Closes(ledger);
    let mut turn = 0;
    while !ledger.is_closed() {
        (kind.ask)(gate, turn);
        turn += 1;
        thread::sleep(kind.pause);
    }
    turn
}

/// The target of a request that is signed now.
pub fn signed() -> String {
    signed_with(TOKEN)
}

fn signed_with(token: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let sign = Sha256::digest(format!("{token}{now}")).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{TOPIC}&RequestTime={now}&Sign={sign}")
}

fn fresh(gate: &Gate, turn: usize) {
    let (name, expected) =
        if turn.is_multiple_of(2) { ("Leisure", r#""ErrorCode":0}"#) } else { ("word-00 word-39", "OK") };
    let answer = gate.post(&signed(), &topic(name));
    assert!(answer.status == 200 && answer.body.contains(expected), "{answer:?}");
}

fn rejected(gate: &Gate, turn: usize) {
    let unsigned = TOPIC.to_owned();
    let other_app = signed().replace("1400000000", "1400000001");
    let other_path = signed().replace("/?", "/other?");
    let targets = [(unsigned, 403), (signed_with("another"), 403), (other_app, 403), (other_path, 404)];
    let (target, status) = &targets[turn % targets.len()];
    assert_eq!(gate.post(target, &topic("Leisure")).status, *status);
}

fn malformed(gate: &Gate, turn: usize) {
    let large = vec![b'x'; 70 * 1024];
    let long_name = topic(&"x".repeat(5000));
    let bodies: [(&[u8], u16); 3] = [(b"{", 400), (&large, 413), (&long_name, 400)];
    let (body, status) = bodies[turn % bodies.len()];
    assert_eq!(gate.post(&signed(), body).status, status);
}

fn slow(gate: &Gate, _: usize) {
    let (target, body) = (signed(), topic("Leisure"));
    let mut client = gate.client();
    let head = format!("POST {target} HTTP/1.1\r\nHost: gate\r\nContent-Length: {}\r\n\r\n", body.len());
    for part in head.as_bytes().chunks(60).chain(body.chunks(40)) {
        client.send(part);
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(client.answer().body, ALLOWED);
}

fn half_closed(gate: &Gate, _: usize) {
    let (target, body) = (signed(), topic("Leisure"));
    let mut stream = TcpStream::connect(gate.webhook).unwrap();
    write!(stream, "POST {target} HTTP/1.1\r\nHost: gate\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
    stream.write_all(&body).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(ALLOWED), "{answer}");
}

/// Ends a connection at once, in a head, in a body, and without reading the answer.
fn abandoned(gate: &Gate, turn: usize) {
    let mut client = gate.client();
    match turn % 4 {
        0 => {}
        1 => client.send(b"POST / HTTP/1.1\r\nHost: ga"),
        2 => client.send(b"POST /?SdkAppid=1400000000 HTTP/1.1\r\nHost: gate\r\nContent-Length: 100\r\n\r\n{"),
        _ => client.post(&signed(), &topic("Leisure")),
    }
}

fn admin(gate: &Gate, turn: usize) {
    let paths = ["/healthz", "/readyz", "/metrics", "/-/status"];
    assert_eq!(gate.get(paths[turn % paths.len()]).status, 200);
    let mut client = Client::connect(gate.admin);
    client.send(b"GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(client.answer().status, 404);
}
