//! Authenticated requests that cannot be decided, and what `on_error` makes of them.

use crate::{
    client::Answer,
    gate::{ALLOWED, Gate, Setup, TOPIC, topic},
};

const DENY: &str = "app: 1400000000\non_error: { deny: { code: 10199, message: Later. } }\nbody_timeout: 200ms\n";
const ALLOW: &str = "app: 1400000000\nbody_timeout: 200ms\n";
const LATER: &str = r#"{"ActionStatus":"OK","ErrorInfo":"Later.","ErrorCode":10199}"#;

fn slow(gate: &Gate) -> Answer {
    let mut client = gate.client();
    client.send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nContent-Length: 100\r\n\r\n{{").as_bytes());
    client.answer()
}

fn chunked(gate: &Gate, body: &[u8]) -> Answer {
    let mut client = gate.client();
    client.send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n").as_bytes());
    client.send(format!("{:x}\r\n", body.len()).as_bytes());
    client.send(body);
    client.answer()
}

fn counted(gate: &Gate, cause: &str) -> Option<String> {
    gate.metric(&format!(r#"topicgate_on_error_total{{cause="{cause}"}}"#))
}

#[test]
fn a_malformed_body_is_400_where_errors_allow() {
    let gate = Setup::settings(ALLOW).start();
    let answer = gate.post(TOPIC, b"{");
    assert_eq!((answer.status, answer.closes()), (400, false));
    assert_eq!(counted(&gate, "invalid_body").unwrap(), "1");
}

#[test]
fn a_malformed_body_is_refused_where_errors_deny() {
    let gate = Setup::settings(DENY).start();
    let answer = gate.post(TOPIC, b"{");
    assert_eq!((answer.status, answer.body.as_str()), (200, LATER));
}

#[test]
fn query_and_body_that_name_different_commands_are_malformed() {
    let gate = Setup::settings(DENY).start();
    let target = TOPIC.replace("CreateTopic", "CreateGroup");
    assert_eq!(gate.post(&target, &topic("x")).body, LATER);
    assert_eq!(counted(&gate, "two_commands").unwrap(), "1");
}

#[test]
fn a_query_that_contradicts_itself_is_malformed() {
    let gate = Setup::settings(DENY).start();
    assert_eq!(gate.post(&format!("{TOPIC}&OptPlatform=iOS"), &topic("x")).body, LATER);
    assert_eq!(counted(&gate, "repeated_parameter").unwrap(), "1");
}

#[test]
fn a_name_over_4_kib_is_not_decided() {
    let gate = Setup::settings(DENY).start();
    assert_eq!(gate.post(TOPIC, &topic(&"x".repeat(4097))).body, LATER);
    assert_eq!(counted(&gate, "long_name").unwrap(), "1");
}

#[test]
fn a_body_of_64_kib_is_read() {
    let gate = Setup::settings(ALLOW).start();
    let mut body = topic("x");
    body.resize(64 << 10, b' ');
    assert_eq!(gate.post(TOPIC, &body).status, 200);
}

#[test]
fn a_body_over_64_kib_is_413_where_errors_allow() {
    let gate = Setup::settings(ALLOW).start();
    let mut body = topic("x");
    body.resize((64 << 10) + 1, b' ');
    let answer = gate.post(TOPIC, &body);
    assert_eq!((answer.status, answer.closes()), (413, true));
    assert_eq!(chunked(&gate, &body).status, 413);
    assert_eq!(counted(&gate, "large_body").unwrap(), "2");
}

#[test]
fn a_body_over_64_kib_is_refused_where_errors_deny() {
    let gate = Setup::settings(DENY).start();
    let mut body = topic("x");
    body.resize(1 << 20, b' ');
    assert_eq!(gate.post(TOPIC, &body).body, LATER);
    assert_eq!(chunked(&gate, &body).body, LATER);
}

#[test]
fn a_slow_body_is_408_where_errors_allow() {
    let gate = Setup::settings(ALLOW).start();
    let answer = slow(&gate);
    assert_eq!((answer.status, answer.closes()), (408, true));
    assert_eq!(counted(&gate, "slow_body").unwrap(), "1");
}

#[test]
fn a_slow_body_is_refused_where_errors_deny() {
    let gate = Setup::settings(DENY).start();
    let answer = slow(&gate);
    assert_eq!((answer.status, answer.body.as_str(), answer.closes()), (200, LATER, true));
}

#[test]
fn a_command_without_rules_is_never_refused() {
    let gate = Setup::settings(DENY).start();
    let message = TOPIC.replace("CreateTopic", "SendMsg");
    let large = gate.post(&message, &[b' '; 70_000]);
    assert_eq!((large.body.as_str(), large.closes()), (ALLOWED, true));
    let answer = |sent: &str| {
        let mut client = gate.client();
        client.send(format!("POST {message} HTTP/1.1\r\nHost: gate\r\n{sent}").as_bytes());
        client.answer()
    };
    let slow = answer("Content-Length: 100\r\n\r\n{");
    assert_eq!((slow.body.as_str(), slow.closes()), (ALLOWED, true));
    let broken = answer("Transfer-Encoding: chunked\r\n\r\nnonsense\r\n");
    assert_eq!((broken.body.as_str(), broken.closes()), (ALLOWED, true));
    let conflict = gate.post(&format!("{message}&OptPlatform=iOS"), b"{}");
    assert_eq!((conflict.body.as_str(), conflict.closes()), (ALLOWED, false));
    let name = r#"topicgate_requests_total{command="Group.CallbackBeforeSendMsg",outcome="not_evaluated"}"#;
    assert_eq!(gate.metric(name).unwrap(), "4");
    assert_eq!(gate.metric(r#"topicgate_requests_total{command="",outcome="undecided"}"#).unwrap(), "0");
}

#[test]
fn every_cause_is_shown_before_it_happens() {
    let gate = Setup::settings(DENY).start();
    for cause in ["large_body", "panic", "two_commands", "long_name"] {
        assert_eq!(counted(&gate, cause).unwrap(), "0", "{cause}");
    }
}

#[test]
fn what_comes_before_authentication_is_never_a_reply() {
    let gate = Setup::settings(DENY).start();
    assert_eq!(gate.post("/?SdkAppid=1", &topic("x")).status, 403);
}
