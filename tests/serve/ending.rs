//! The end of the service: nobody who asks meanwhile goes without an answer.

use crate::gate::{ALLOWED, Gate, REFUSED, RULES, Setup, TOPIC, topic};

#[test]
fn a_signal_to_end_lets_requests_finish() {
    let mut gate = Setup::settings("app: 1400000000\ndrain: 1s\n").start();
    let mut client = gate.client();
    client.post(TOPIC, &topic("x"));
    assert!(!client.answer().closes());
    assert_eq!(gate.get("/readyz").status, 200);
    gate.signal("TERM");
    gate.wait("readiness to go", |gate| gate.get("/readyz").status == 503);
    assert_eq!(gate.get("/healthz").status, 200);
    assert_eq!(gate.metric("topicgate_draining").unwrap(), "1");
    let fresh = gate.post(TOPIC, &topic("x"));
    assert_eq!((fresh.body.as_str(), fresh.closes()), (ALLOWED, true));
    client.post(TOPIC, &topic("x"));
    let last = client.answer();
    assert_eq!((last.body.as_str(), last.closes()), (ALLOWED, true));
    assert!(client.is_ended());
    assert_eq!(gate.ended().code(), Some(0));
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let mut gate = Setup::settings("app: 1400000000\ndrain: 0s\n").start();
    let mut client = gate.client();
    client.post(TOPIC, &topic("x"));
    client.answer();
    gate.signal("INT");
    assert_eq!(gate.ended().code(), Some(0));
    assert!(client.is_ended());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut gate = Setup::settings("app: 1400000000\ndrain: 1h\n").start();
    gate.signal("TERM");
    gate.wait_for_log("draining");
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    gate.wait_for_log("ended at once");
}

#[test]
fn a_killed_service_is_ready_again_with_the_same_rules() {
    let mut gate = Gate::start();
    gate.write("rules/rules.yaml", &RULES.replace("official", "news"));
    gate.wait_for_attempts(2);
    let (before, mut client) = (gate.status(), gate.client());
    gate.restart();
    assert!(client.is_ended());
    assert_eq!(gate.get("/readyz").status, 200);
    let after = gate.status();
    assert_eq!((&after["revision"], &after["content"]), (&before["revision"], &before["content"]));
    assert_eq!([gate.ask("News"), gate.ask("Official")], [REFUSED, ALLOWED]);
}
