//! `Expect: 100-continue`: whoever asks before it sends a body.

use crate::{
    gate::{REFUSED, TOPIC, topic},
    siege::{Siege, answered, length, request},
};

#[test]
fn the_body_is_asked_for_and_the_request_answered() {
    let mut siege = Siege::with("");
    let mut client = siege.gate.client();
    let head = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nExpect: 100-continue\r\n{}\r\n", length());
    client.send(head.as_bytes());
    assert_eq!(client.answer().status, 100);
    siege.serves();
    client.send(&topic("Official"));
    assert_eq!(client.answer().body, REFUSED);
    drop(client);
    siege.ends();
}

#[test]
fn a_body_that_is_not_waited_for_is_read_too() {
    assert_eq!(answered(&request(&format!("Expect: something-else\r\n{}", length()))).body, REFUSED);
}

/// The HTTP server asks for the body before it hands over the head. So whoever is turned away hears 100 first; its body is
/// dropped unread.
#[test]
fn whoever_is_not_chat_is_turned_away_with_or_without_its_body() {
    let siege = Siege::with("");
    for body in ["", "{}"] {
        let mut offender = siege.gate.client();
        offender.send(b"POST /?SdkAppid=1 HTTP/1.1\r\nHost: gate\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        offender.send(body.as_bytes());
        let mut answer = offender.answer();
        if answer.status == 100 {
            answer = offender.answer();
        }
        assert_eq!((answer.status, answer.closes()), (403, true));
        assert!(offender.is_ended());
    }
    siege.ends();
}

#[test]
fn an_unsigned_head_of_a_large_body_is_turned_away_before_the_body() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    let head = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
    client.send(head.as_bytes());
    assert_eq!(client.answer().status, 100);
    let answer = client.answer();
    assert_eq!((answer.status, answer.closes()), (413, true));
    drop(client);
    siege.ends();
}
