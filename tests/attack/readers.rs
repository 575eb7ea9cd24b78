//! Clients that do not read what they are answered.

use std::{io::Write, time::Duration};

use crate::siege::{Siege, whole};

#[test]
fn whoever_never_reads_is_bounded_and_then_ended() {
    let mut siege = Siege::with("keep_alive: 6s\nhead_timeout: 1s\nbody_timeout: 1s\n");
    let before = siege.memory();
    let mut offender = siege.gate.client();
    offender.0.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    let many = whole().repeat(1000);
    let mut rounds = 0;
    // A service that stops reading from it has had enough.
    while offender.0.write_all(&many).is_ok() {
        rounds += 1;
        siege.serves();
        assert!(rounds < 1000, "it reads for ever");
    }
    siege.serves();
    // Besides its own, up to 16,384 lines of the log may wait to be written.
    assert!(siege.memory() < before + (64 << 20), "{} bytes, {before} before", siege.memory());
    // It is still connected, and ended for going without an answer.
    siege.ends();
}
