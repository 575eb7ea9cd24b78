//! What the log calls a request: by Chat, by a proxy, by a trace.

use serde_json::Value;

use crate::{
    client::Answer,
    gate::{Gate, Setup, TOPIC, topic},
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

fn traceparent() -> String {
    format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n")
}

/// Posts with more headers than usual.
fn post(gate: &Gate, target: &str, headers: &str, body: &[u8]) -> Answer {
    let mut client = gate.client();
    let length = body.len();
    client
        .send(format!("POST {target} HTTP/1.1\r\nHost: gate\r\n{headers}Content-Length: {length}\r\n\r\n").as_bytes());
    client.send(body);
    client.answer()
}

/// The line of a refusal.
fn refused(query: &str, headers: &str) -> Value {
    let gate = Gate::start();
    post(&gate, &format!("{TOPIC}{query}"), headers, &topic("Official"));
    line(&gate, "refused")
}

fn line(gate: &Gate, text: &str) -> Value {
    serde_json::from_str(&gate.wait_for_log(text)).unwrap()
}

#[test]
fn chat_names_a_request_and_else_a_proxy_does() {
    assert_eq!(refused("&RequestID=80b98a8d", "X-Request-Id: of-proxy\r\n")["request_id"], "80b98a8d");
    assert_eq!(refused("", "X-Request-Id: of-proxy\r\n")["request_id"], "of-proxy");
    assert_eq!(refused("&RequestID=", "X-Request-Id: of-proxy\r\n")["request_id"], "of-proxy");
}

#[test]
fn a_request_without_a_name_is_logged_without_one() {
    let line = refused("", "");
    for field in ["request_id", "trace_id", "parent_id", "span_id"] {
        assert_eq!(line.get(field), None, "{field}");
    }
}

#[test]
fn a_trace_is_named_by_its_ids() {
    let line = refused("", &traceparent());
    assert_eq!((line["trace_id"].as_str(), line["parent_id"].as_str()), (Some(TRACE), Some(PARENT)));
}

#[test]
fn a_header_that_no_proxy_writes_names_nothing() {
    let long = format!("X-Request-Id: {}\r\n", "x".repeat(10_240));
    let twice = "X-Request-Id: one\r\nX-Request-Id: two\r\n";
    for headers in [&long, twice, "X-Request-Id: two words\r\n", "X-Request-Id: \u{202e}\r\n", "X-Request-Id: \r\n"] {
        assert_eq!(refused("", headers).get("request_id"), None, "{headers}");
    }
    let long = format!("traceparent: {}\r\n", "0".repeat(10_240));
    let twice = traceparent().repeat(2);
    let zero = traceparent().replace(TRACE, &"0".repeat(32));
    for headers in [&long, &twice, &zero, "traceparent: 00-\u{e9}\r\n"] {
        assert_eq!(refused("", headers).get("trace_id"), None, "{headers}");
    }
}

#[test]
fn the_name_that_chat_gives_is_cleaned_and_cut() {
    assert_eq!(refused("&RequestID=80b%0A%1B%5B31m%E2%80%AEx", "")["request_id"], "80b[31mx");
    assert_eq!(refused(&format!("&RequestID={}", "x".repeat(10_240)), "")["request_id"], "x".repeat(128));
    assert_eq!(refused("&RequestID=%0A", "X-Request-Id: of-proxy\r\n")["request_id"], "of-proxy");
}

#[test]
fn a_head_with_a_control_character_is_no_request() {
    let gate = Gate::start();
    assert_eq!(post(&gate, TOPIC, "X-Request-Id: a\u{1}b\r\n", b"").status, 400);
}

#[test]
fn every_line_of_a_request_has_its_names() {
    let shadow = "rules: [{ id: trial, action: deny, code: 10101, mode: shadow, when: { name: { is: official } } }]\n";
    let gate = Setup::settings("app: 1400000000\n").file("rules/before.yaml", shadow).start();
    let ask = |target: &str, body: &[u8]| post(&gate, &format!("{target}&RequestID=80b98a8d"), &traceparent(), body);
    ask(TOPIC, &topic("Official"));
    ask(TOPIC, b"{");
    ask("/?SdkAppid=1", b"");
    ask("/nowhere?", b"");
    for text in ["refused", "would have decided", "request not decided", "\"cause\":\"app\"", "\"cause\":\"path\""] {
        let line = line(&gate, text);
        assert_eq!((line["request_id"].as_str(), line["trace_id"].as_str()), (Some("80b98a8d"), Some(TRACE)), "{text}");
    }
}
