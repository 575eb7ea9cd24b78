//! Slow clients: each part of a request has its time, on every request of a connection.

use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use crate::{
    client::Client,
    gate::{REFUSED, TOPIC, topic},
    siege::{Siege, rest, whole},
};

const TIMES: &str = "keep_alive: 1h\nhead_timeout: 2s\nbody_timeout: 300ms\n";

/// Goes on sending a little, until the service has had enough; what it said.
fn drips(siege: &mut Siege, mut offender: Client, start: &[u8], drop: &[u8]) -> String {
    offender.send(start);
    let patience = offender.0.read_timeout().unwrap();
    offender.0.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let begin = Instant::now();
    while offender.0.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock) {
        offender.send(drop);
        assert!(begin.elapsed() < Duration::from_secs(20), "it listens for ever");
    }
    offender.0.set_read_timeout(patience).unwrap();
    siege.serves();
    rest(&mut offender)
}

#[test]
fn a_first_head_that_drips_is_given_up() {
    is_given_up(b"POST / HTTP/1.1\r\nHost: gate\r\n");
}

#[test]
fn nothing_at_all_is_a_slow_head() {
    is_given_up(b"");
}

/// Whoever sends only this is told that it was slow, and nobody else feels it.
fn is_given_up(bytes: &[u8]) {
    let mut siege = Siege::with(TIMES);
    let mut offender = siege.gate.client();
    offender.send(bytes);
    siege.serves();
    assert_eq!(offender.answer().status, 408);
    assert!(offender.is_ended());
    drop(offender);
    siege.ends();
}

#[test]
fn a_head_that_goes_on_for_ever_is_given_up() {
    let mut siege = Siege::with(TIMES);
    let offender = siege.gate.client();
    let said = drips(&mut siege, offender, b"POST / HTTP/1.1\r\nX: y", b"y");
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408 "), "{said}");
    siege.ends();
}

#[test]
fn a_body_that_goes_on_for_ever_is_given_up() {
    let mut siege = Siege::with(TIMES);
    let head = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nContent-Length: 60000\r\n\r\n");
    let offender = siege.gate.client();
    let said = drips(&mut siege, offender, head.as_bytes(), b" ");
    assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
    assert_eq!(siege.gate.metric(r#"topicgate_on_error_total{cause="slow_body"}"#).unwrap(), "1");
    siege.ends();
}

#[test]
fn a_body_in_chunks_that_goes_on_for_ever_is_given_up() {
    let mut siege = Siege::with(TIMES);
    let head = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n");
    let offender = siege.gate.client();
    let said = drips(&mut siege, offender, head.as_bytes(), b"1\r\n \r\n");
    assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
    siege.ends();
}

#[test]
fn a_body_in_time_is_read_however_many_pieces_it_has() {
    let siege = Siege::with("body_timeout: 10s\n");
    let mut client = siege.gate.client();
    let body = topic("Official");
    client.send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n").as_bytes());
    for byte in body {
        client.send(&[b"1\r\n", &[byte][..], b"\r\n"].concat());
    }
    client.send(b"0\r\n\r\n");
    assert_eq!(client.answer().body, REFUSED);
    drop(client);
    siege.ends();
}

#[test]
fn a_later_head_has_no_more_time_than_the_first() {
    let mut siege = Siege::with(TIMES);
    let mut offender = siege.gate.client();
    offender.send(&whole());
    assert_eq!(offender.answer().body, REFUSED);
    let said = drips(&mut siege, offender, b"POST / HTTP/1.1\r\nX: y", b"y");
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408 "), "{said}");
    siege.ends();
}
