//! What HTTP itself turns away is counted all the same.

use crate::{
    gate::{Gate, Setup, TOPIC},
    siege::{SETTINGS, whole},
};

fn gate() -> Gate {
    Setup::settings(&format!("{SETTINGS}head_timeout: 200ms\n")).start()
}

/// Sends this and waits until the connection is ended; then, how many heads were malformed, slow, and rejected in all.
fn counted(gate: &Gate, bytes: &[u8]) -> [String; 3] {
    let mut client = gate.client();
    client.send(bytes);
    client.rest();
    gate.wait("the connection to go", |gate| gate.metric("topicgate_connections").unwrap() == "0");
    let rejected = |cause: &str| gate.metric(&format!(r#"topicgate_rejected_total{{cause="{cause}"}}"#)).unwrap();
    let all = gate.metric(r#"topicgate_requests_total{command="",outcome="rejected"}"#).unwrap();
    [rejected("malformed_head"), rejected("slow_head"), all]
}

#[test]
fn a_malformed_head() {
    assert_eq!(counted(&gate(), b"nonsense\r\n\r\n"), ["1", "0", "1"]);
}

#[test]
fn a_malformed_head_after_a_request() {
    assert_eq!(counted(&gate(), &[whole(), b"nonsense\r\n\r\n".to_vec()].concat()), ["1", "0", "1"]);
}

#[test]
fn a_slow_head() {
    assert_eq!(counted(&gate(), b"POST / HTTP/1.1\r\n"), ["0", "1", "1"]);
}

#[test]
fn a_slow_head_after_a_request() {
    let gate = gate();
    let mut client = gate.client();
    client.send(&whole());
    client.answer();
    client.send(b"POST / HTTP/1.1\r\n");
    assert!(client.is_ended());
    let slow = r#"topicgate_rejected_total{cause="slow_head"}"#;
    gate.wait("the head to be counted", |gate| gate.metric(slow).unwrap() == "1");
}

#[test]
fn chunks_that_are_none_are_no_head() {
    let body = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
    let gate = gate();
    assert_eq!(counted(&gate, body.as_bytes()), ["0", "0", "0"]);
    assert_eq!(gate.metric(r#"topicgate_on_error_total{cause="broken_body"}"#).unwrap(), "1");
}
