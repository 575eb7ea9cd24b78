//! Signed requests: tokens, their rotation, and requests that name no app.

use std::{
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::gate::{ALLOWED, Gate, REFUSED, Setup, TOPIC, topic};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A target, signed with a token at a time.
fn signed_at(target: &str, token: &str, time: u64) -> String {
    let digest = Sha256::digest(format!("{token}{time}"));
    let sign: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{target}&RequestTime={time}&Sign={sign}")
}

fn signed(target: &str, token: &str) -> String {
    signed_at(target, token, now())
}

fn gate() -> Gate {
    Setup::new().file("token", "xxxxyyyy\n").flags(&["--app", "1400000000", "--token-file", "token"]).start()
}

fn failures(gate: &Gate, cause: &str) -> String {
    gate.metric(&format!(r#"topicgate_rejected_total{{cause="{cause}"}}"#)).unwrap()
}

fn is_accepted(gate: &Gate, token: &str) -> bool {
    gate.post(&signed(TOPIC, token), &topic("x")).status == 200
}

#[test]
fn a_signed_request_is_decided() {
    let gate = gate();
    assert_eq!(gate.post(&signed(TOPIC, "xxxxyyyy"), &topic("x")).body, ALLOWED);
    assert_eq!(gate.post(&signed(TOPIC, "xxxxyyyy"), &topic("Official")).body, REFUSED);
}

#[test]
fn a_request_without_a_signature_is_refused() {
    let gate = gate();
    let answer = gate.post(TOPIC, &topic("x"));
    assert_eq!((answer.status, answer.closes()), (403, true));
    assert_eq!(failures(&gate, "signature_missing"), "1");
}

#[test]
fn a_signature_of_another_token_is_refused() {
    let gate = gate();
    assert_eq!(gate.post(&signed(TOPIC, "xxxyyy"), &topic("x")).status, 403);
    assert_eq!(failures(&gate, "signature_wrong"), "1");
}

#[test]
fn a_signature_of_another_time_is_refused() {
    let gate = gate();
    assert_eq!(gate.post(&signed_at(TOPIC, "xxxxyyyy", now() - 120), &topic("x")).status, 403);
    assert_eq!(gate.post(&signed_at(TOPIC, "xxxxyyyy", now() + 120), &topic("x")).status, 403);
    assert_eq!(failures(&gate, "signature_expired"), "2");
    let line: Value = serde_json::from_str(&gate.wait_for_log("signature_expired")).unwrap();
    assert!((120..140).contains(&line["seconds_old"].as_i64().unwrap()), "{line}");
    assert_eq!(gate.post(&signed_at(TOPIC, "xxxxyyyy", now() - 30), &topic("x")).status, 200);
}

#[test]
fn the_app_comes_before_the_signature() {
    let gate = gate();
    assert_eq!(gate.post(&signed("/?SdkAppid=1", "xxxxyyyy"), &topic("x")).status, 403);
    assert_eq!(failures(&gate, "app"), "1");
}

#[test]
fn a_token_can_come_from_a_variable() {
    let flags = ["--app", "1400000000", "--token-env", "CHAT_TOKEN"];
    let gate = Setup::new().variable("CHAT_TOKEN", "xxxxyyyy").flags(&flags).start();
    assert!(is_accepted(&gate, "xxxxyyyy"));
    assert!(!gate.log().contains("xxxxyyyy"));
}

#[test]
fn every_line_of_a_token_file_is_accepted() {
    let flags = ["--app", "1400000000", "--token-file", "token"];
    let gate = Setup::new().file("token", "old\nnew\n").flags(&flags).start();
    assert!(is_accepted(&gate, "old"));
    assert!(is_accepted(&gate, "new"));
    assert_eq!(gate.status()["apps"][0]["tokens"], 2);
}

#[test]
fn a_rotated_token_is_accepted_without_a_restart() {
    let gate = gate();
    gate.write("token", "xxxxyyyy\nsecond\n");
    gate.signal("HUP");
    gate.wait("the second token", |gate| is_accepted(gate, "second"));
    assert!(is_accepted(&gate, "xxxxyyyy"));
    gate.write("token", "second\n");
    gate.wait("the first token to go", |gate| !is_accepted(gate, "xxxxyyyy"));
}

#[test]
fn a_token_file_that_goes_bad_keeps_the_old_tokens_and_says_so() {
    let gate = gate();
    fs::write(gate.path("token"), "\n").unwrap();
    gate.signal("HUP");
    assert!(gate.wait_for_log("tokens kept").contains(r#""app":1400000000"#));
    assert!(is_accepted(&gate, "xxxxyyyy"));
    assert_eq!(gate.status()["apps"][0]["problems"][0], "the token file `token` is blank");
    gate.wait("the metric", |gate| gate.metric("topicgate_unusable_tokens").unwrap() == "1");
    fs::write(gate.path("token"), "third\n").unwrap();
    gate.wait("the third token", |gate| is_accepted(gate, "third"));
    assert_eq!(gate.status()["apps"][0]["problems"][0], Value::Null);
}

#[test]
fn a_signature_without_an_app_fits_any_app_and_only_verifies() {
    let apps = "apps:\n  - { id: 1, token_files: [one] }\n  - { id: 2, token_files: [two] }\n";
    let gate = Setup::settings(apps).file("one", "first\n").file("two", "second\n").start();
    let target = "/?CallbackCommand=Group.CallbackBeforeCreateTopic";
    assert_eq!(gate.post(&signed(target, "second"), b"{}").body, ALLOWED);
    assert_eq!(gate.post(&signed(target, "third"), b"{}").status, 403);
    assert_eq!(gate.post(target, b"{}").status, 403);
    assert_eq!(gate.post(&signed(target, "first"), &topic("x")).status, 400);
}

#[test]
fn each_app_has_its_own_tokens() {
    let apps = "apps:\n  - { id: 1, token_files: [one] }\n  - { id: 2, token_files: [two] }\n";
    let gate = Setup::settings(apps).file("one", "first\n").file("two", "second\n").start();
    let target = |app: u64| format!("/?SdkAppid={app}&CallbackCommand=Group.CallbackBeforeCreateTopic");
    assert_eq!(gate.post(&signed(&target(1), "first"), &topic("x")).body, ALLOWED);
    assert_eq!(gate.post(&signed(&target(2), "first"), &topic("x")).status, 403);
}
