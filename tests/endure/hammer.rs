//! A client that asks all the time over kept-alive connections, and accepts no answer but that of a set that may answer.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::Client,
    ledger::{Closes, Ledger},
};

const CONNECTIONS: usize = 2;
/// The time between two requests: other tests run on the same cores.
const PAUSE: Duration = Duration::from_millis(2);
/// The most requests, if nobody closes the ledger.
const MOST: usize = 500_000;

/// Asks the questions in turn until the ledger is closed: how long the slowest answer took.
///
/// A set that answered is never followed by an older one, so that two files of different sets cannot be live together.
pub fn hammer(webhook: SocketAddr, target: impl Fn() -> String, questions: &[Vec<u8>], ledger: &Ledger) -> Duration {
    let _closes = Closes(ledger);
    let mut clients: Vec<Client> = (0..CONNECTIONS).map(|_| Client::connect(webhook)).collect();
    let (mut floor, mut slowest) = (0, Duration::ZERO);
    for turn in 0..MOST {
        if ledger.is_closed() {
            break;
        }
        let (client, question) = (&mut clients[turn % CONNECTIONS], turn / CONNECTIONS % questions.len());
        floor = floor.max(ledger.floor());
        let asked = Instant::now();
        client.post(&target(), &questions[question]);
        let answer = client.answer();
        slowest = slowest.max(asked.elapsed());
        assert!(answer.status == 200 && !answer.closes(), "{answer:?}");
        let found = ledger.find(question, &answer.body, floor);
        assert!(found.is_some(), "no set from {floor} on gives this answer: {}", answer.body);
        floor = found.unwrap();
        ledger.count();
        thread::sleep(PAUSE);
    }
    slowest
}
