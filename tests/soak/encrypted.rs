//! A service with TLS beside the other: new connections, one that is kept, and a certificate that is replaced.

use std::{fs, thread, time::Duration};

use crate::{
    gate::{ALLOWED, Gate, Setup, TOPIC, topic},
    ledger::{Closes, Ledger},
    pki::{Authority, Pair},
};

const PAUSE: Duration = Duration::from_millis(50);
/// How many turns a certificate stays.
const STAYS: usize = 100;

/// Starts the service.
pub fn start(authority: &Authority) -> Gate {
    let pair = authority.issue("first");
    let setup = Setup::settings("app: 1400000000\ntls_cert: gate.pem\ntls_key: gate.key\n");
    setup.file("gate.pem", &pair.certificate).file("gate.key", &pair.key).start()
}

/// Asks until the ledger is closed, over a connection that is kept and a new one in each turn: how many turns there were.
pub fn play(gate: &Gate, authority: &Authority, ledger: &Ledger) -> usize {
    let _closes = Closes(ledger);
    let mut kept = authority.connect(gate.webhook);
    let mut turn = 0;
    while !ledger.is_closed() {
        let mut fresh = authority.connect(gate.webhook);
        for client in [&mut kept, &mut fresh] {
            client.post(TOPIC, &topic("Leisure"));
            assert_eq!(client.answer().body, ALLOWED);
        }
        turn += 1;
        if turn % STAYS == 0 {
            replace(gate, &authority.issue("another"));
        }
        thread::sleep(PAUSE);
    }
    let last = authority.issue("last");
    replace(gate, &last);
    gate.wait("the last certificate", |gate| {
        let mut client = authority.connect(gate.webhook);
        client.post(TOPIC, &topic("Leisure"));
        client.answer().body == ALLOWED && client.was_shown(&last)
    });
    turn
}

/// Puts a certificate in the place of another; looking at the files finds it.
fn replace(gate: &Gate, pair: &Pair) {
    for (name, text) in [("gate.pem", &pair.certificate), ("gate.key", &pair.key)] {
        gate.write("new", text);
        fs::rename(gate.path("new"), gate.path(name)).unwrap();
    }
}
