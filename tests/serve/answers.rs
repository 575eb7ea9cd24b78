//! What Chat is answered.

use serde_json::Value;

use crate::gate::{ALLOWED, Gate, REFUSED, TOPIC, topic};

#[test]
fn the_documented_request_is_allowed_byte_for_byte() {
    let gate = Gate::start();
    let body = br#"{"CallbackCommand":"Group.CallbackBeforeCreateTopic","Operator_Account":"leckie","Type":"Community","Name":"MyFirstTopic"}"#;
    let answer = gate.post(TOPIC, body);
    assert_eq!((answer.status, answer.body.as_str()), (200, ALLOWED));
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(answer.header("content-length"), Some("50"));
    assert_eq!(answer.header("content-encoding"), None);
    assert!(!answer.closes());
}

#[test]
fn a_refusal_is_a_200_with_the_code_and_the_message() {
    let gate = Gate::start();
    let answer = gate.post(TOPIC, &topic("Official"));
    assert_eq!((answer.status, answer.body.as_str()), (200, REFUSED));
    assert_eq!(gate.metric(r#"topicgate_decisions_total{rule="reserved-names",outcome="deny"}"#).unwrap(), "1");
    assert_eq!(gate.metric(r#"topicgate_requests_total{command="create_topic",outcome="deny"}"#).unwrap(), "1");
}

#[test]
fn a_refusal_is_logged_without_what_is_secret_and_an_allowed_request_is_not() {
    let gate = Gate::start();
    gate.ask("MyFirstTopic");
    let target = format!("{TOPIC}&RequestID=80b98a8d%0Ax&Sign=c0ffee");
    gate.post(&target, &topic("Official"));
    let line: Value = serde_json::from_str(&gate.wait_for_log("refused")).unwrap();
    assert_eq!(line["rule"], "reserved-names");
    assert_eq!(line["code"], 10101);
    assert_eq!(line["operator"], "leckie");
    assert!(!line["request_id"].as_str().unwrap().contains('\n'));
    assert!(!gate.log().contains("c0ffee"));
    assert!(!gate.log().contains("MyFirstTopic"));
}

#[test]
fn one_connection_carries_many_requests() {
    let gate = Gate::start();
    let mut client = gate.client();
    for name in ["MyFirstTopic", "Official", "MyFirstTopic"] {
        client.post(TOPIC, &topic(name));
        let expected = if name == "Official" { REFUSED } else { ALLOWED };
        assert_eq!(client.answer().body, expected);
    }
    assert_eq!(gate.metric("topicgate_connections").unwrap(), "1");
}

#[test]
fn requests_that_follow_each_other_without_waiting_are_all_answered() {
    let gate = Gate::start();
    let mut client = gate.client();
    client.post(TOPIC, &topic("MyFirstTopic"));
    client.post(TOPIC, &topic("Official"));
    assert_eq!(client.answer().body, ALLOWED);
    assert_eq!(client.answer().body, REFUSED);
}

#[test]
fn the_creation_of_a_group_is_decided_too() {
    let gate = Gate::start();
    let target = "/?SdkAppid=1400000000&CallbackCommand=Group.CallbackBeforeCreateGroup";
    let body = br#"{"CallbackCommand":"Group.CallbackBeforeCreateGroup","Operator_Account":"leckie","Type":"Public","Name":"Official"}"#;
    assert_eq!(gate.post(target, body).body, ALLOWED);
    assert_eq!(gate.metric(r#"topicgate_requests_total{command="create_group",outcome="allow"}"#).unwrap(), "1");
}

#[test]
fn a_command_without_rules_is_allowed_and_counted() {
    let gate = Gate::start();
    let target = "/?SdkAppid=1400000000&CallbackCommand=Group.CallbackAfterSendMsg";
    let body = br#"{"CallbackCommand":"Group.CallbackAfterSendMsg","MsgBody":[]}"#;
    assert_eq!(gate.post(target, body).body, ALLOWED);
    let name = r#"topicgate_requests_total{command="Group.CallbackAfterSendMsg",outcome="not_evaluated"}"#;
    assert_eq!(gate.metric(name).unwrap(), "1");
}

#[test]
fn a_command_that_nobody_knows_makes_no_label_of_its_own() {
    let gate = Gate::start();
    assert_eq!(gate.post("/?SdkAppid=1400000000&CallbackCommand=Made.Up", b"{}").body, ALLOWED);
    let name = r#"topicgate_requests_total{command="other",outcome="not_evaluated"}"#;
    assert_eq!(gate.metric(name).unwrap(), "1");
}

#[test]
fn the_verification_of_the_console_is_answered() {
    let gate = Gate::start();
    for body in ["", "{}"] {
        let answer = gate.post("/?CallbackCommand=Group.CallbackBeforeCreateTopic", body.as_bytes());
        assert_eq!((answer.status, answer.body.as_str()), (200, ALLOWED));
    }
    assert_eq!(gate.metric(r#"topicgate_requests_total{command="",outcome="verification"}"#).unwrap(), "2");
}

#[test]
fn a_request_without_a_content_type_and_in_pieces_is_understood() {
    let gate = Gate::start();
    let mut client = gate.client();
    client.send(format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n").as_bytes());
    for piece in topic("Official").chunks(7) {
        client.send(format!("{:x}\r\n", piece.len()).as_bytes());
        client.send(piece);
        client.send(b"\r\n");
    }
    client.send(b"0\r\n\r\n");
    assert_eq!(client.answer().body, REFUSED);
}
