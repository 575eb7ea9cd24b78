//! Requests that arrive in unusual pieces, and connections that end in the middle of one.

use crate::{
    client::Client,
    gate::{ALLOWED, REFUSED, TOPIC, topic},
    siege::{Siege, half_close, request, reset, rest, whole},
};

#[test]
fn byte_by_byte_is_as_good_as_at_once() {
    let mut siege = Siege::with("");
    let mut client = siege.gate.client();
    for byte in whole() {
        client.send(&[byte]);
    }
    siege.serves();
    assert_eq!(client.answer().body, REFUSED);
    drop(client);
    siege.ends();
}

#[test]
fn many_requests_in_one_write_are_answered_in_their_order() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    let names: Vec<_> = (0..100).map(|number| if number % 3 == 0 { "Official" } else { "x" }).collect();
    for name in &names {
        client.post(TOPIC, &topic(name));
    }
    for name in names {
        assert_eq!(client.answer().body, if name == "x" { ALLOWED } else { REFUSED });
    }
    drop(client);
    siege.ends();
}

#[test]
fn a_bad_request_ends_the_row_after_the_good_ones_are_answered() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    client.send(&[whole(), request("Content-Length: -1\r\n"), whole()].concat());
    assert_eq!(client.answer().body, REFUSED);
    assert_eq!(client.answer().status, 400);
    assert!(client.is_ended());
    drop(client);
    siege.ends();
}

#[test]
fn a_request_that_was_turned_away_does_not_spoil_the_answer_before_it() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    client.send(&whole());
    client.post("/nowhere", b"{}");
    assert_eq!(client.answer().body, REFUSED);
    let last = client.answer();
    assert_eq!((last.status, last.closes()), (404, true));
    assert!(client.is_ended());
    drop(client);
    siege.ends();
}

#[test]
fn the_unread_body_of_a_request_is_never_taken_for_the_next_one() {
    let siege = Siege::with("");
    let mut offender = siege.gate.client();
    offender.post("/nowhere", &whole());
    let answers = rest(&mut offender);
    assert_eq!(answers.matches("HTTP/1.1").count(), 1, "{answers}");
    siege.ends();
}

#[test]
fn a_client_that_sends_no_more_gets_its_answers() {
    let mut siege = Siege::with("");
    let mut client = siege.gate.client();
    client.send(&whole().repeat(3));
    half_close(&client);
    siege.serves();
    for _ in 0..3 {
        assert_eq!(client.answer().body, REFUSED);
    }
    assert!(client.is_ended());
    drop(client);
    siege.ends();
}

#[test]
fn a_head_that_breaks_off_is_the_end() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    client.send(b"POST / HTTP/1.1\r\nHost: ga");
    half_close(&client);
    assert_eq!(rest(&mut client), "");
    siege.ends();
}

#[test]
fn a_body_that_breaks_off_is_answered() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    let whole = whole();
    client.send(&whole[..whole.len() - 1]);
    half_close(&client);
    let answer = client.answer();
    assert_eq!((answer.status, answer.closes()), (400, true));
    assert!(client.is_ended());
    assert_eq!(siege.gate.metric(r#"topicgate_on_error_total{cause="broken_body"}"#).unwrap(), "1");
    drop(client);
    siege.ends();
}

/// Sends a part of a request and resets the connection, many times.
fn resets_after(part: impl Fn(&mut Client)) {
    let mut siege = Siege::with("");
    for _ in 0..50 {
        let mut offender = siege.gate.client();
        part(&mut offender);
        reset(offender);
    }
    siege.serves();
    siege.ends();
}

#[test]
fn resets_before_a_byte() {
    resets_after(|_| {});
}

#[test]
fn resets_in_a_head() {
    resets_after(|offender| offender.send(b"POST / HTTP/1.1\r\nHo"));
}

#[test]
fn resets_in_a_body() {
    let whole = whole();
    resets_after(|offender| offender.send(&whole[..whole.len() - 9]));
}

#[test]
fn resets_before_the_answer_is_read() {
    resets_after(|offender| offender.send(&whole().repeat(20)));
}

#[test]
fn resets_after_a_part_of_the_answer() {
    resets_after(|offender| {
        offender.send(&whole().repeat(2));
        offender.answer();
    });
}
