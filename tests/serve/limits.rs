//! What one client may take from the others.

use std::time::{Duration, Instant};

use crate::{
    client::Client,
    gate::{ALLOWED, Gate, REFUSED, Setup, TOPIC, topic},
};

/// Connections that were one too many, of all and of their peer.
fn refused(gate: &Gate) -> [String; 2] {
    ["all", "peer"]
        .map(|cause| gate.metric(&format!(r#"topicgate_refused_connections_total{{cause="{cause}"}}"#)).unwrap())
}

#[test]
fn a_connection_over_the_limit_of_its_address_is_ended_at_once() {
    let gate = Setup::settings("app: 1400000000\nmax_connections_per_peer: 2\n").start();
    let mut kept = [gate.client(), gate.client()];
    for client in &mut kept {
        client.post(TOPIC, &topic("x"));
        assert_eq!(client.answer().body, ALLOWED);
    }
    assert_eq!(refused(&gate), ["0", "0"]);
    assert!(gate.client().is_ended());
    gate.wait_for_log(r#""message":"connection refused","cause":"peer","peer":"127.0.0.1","held_back":0"#);
    assert!(gate.client().is_ended());
    assert_eq!(refused(&gate), ["0", "2"]);
    assert_eq!(gate.log().matches("connection refused").count(), 1);
    drop(kept);
    gate.wait("room for another", |gate| gate.metric("topicgate_connections").unwrap() == "0");
    assert_eq!(gate.ask("x"), ALLOWED);
}

#[test]
fn a_connection_over_the_limit_of_all_is_ended_at_once() {
    let gate = Setup::settings("app: 1400000000\nmax_connections: 1\ntrusted_proxies: [127.0.0.1]\n").start();
    let mut kept = gate.client();
    kept.post(TOPIC, &topic("x"));
    assert_eq!(kept.answer().body, ALLOWED);
    assert!(gate.client().is_ended());
    assert_eq!(refused(&gate), ["1", "0"]);
}

#[test]
fn a_head_that_does_not_end_is_given_up() {
    let gate = Setup::settings("app: 1400000000\nhead_timeout: 200ms\n").start();
    let mut client = gate.client();
    client.send(b"POST / HTTP/1.1\r\nHost: gate\r\n");
    assert_eq!(client.answer().status, 408);
    assert!(client.is_ended());
}

#[test]
fn a_later_head_that_does_not_end_is_given_up_in_the_time_for_a_head() {
    let gate = Setup::settings("app: 1400000000\nkeep_alive: 1h\nhead_timeout: 200ms\n").start();
    let mut client = gate.client();
    client.post(TOPIC, &topic("x"));
    assert_eq!(client.answer().body, ALLOWED);
    client.send(b"POST / HTTP/1.1\r\nHost: gate\r\n");
    assert!(client.is_ended());
    gate.wait("its place to be free", |gate| gate.metric("topicgate_connections").unwrap() == "0");
}

#[test]
fn a_later_head_that_comes_byte_by_byte_is_given_up_too() {
    let gate = Setup::settings("app: 1400000000\nkeep_alive: 1h\nhead_timeout: 200ms\n").start();
    let mut client = gate.client();
    client.post(TOPIC, &topic("x"));
    assert_eq!(client.answer().body, ALLOWED);
    client.send(b"POST / HTTP/1.1\r\nX: ");
    gate.wait("its place to be free", |gate| {
        client.send(b"x");
        gate.metric("topicgate_connections").unwrap() == "0"
    });
}

#[test]
fn half_a_head_that_follows_a_request_at_once_is_given_up_like_an_idle_connection() {
    let times = "keep_alive: 1s\nhead_timeout: 100ms\nbody_timeout: 100ms\n";
    let gate = Setup::settings(&format!("app: 1400000000\n{times}")).start();
    let mut client = gate.client();
    let body = topic("x");
    let head = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\nContent-Length: {}\r\n\r\n", body.len());
    client.send(&[head.as_bytes(), &body, b"POST / HTTP/1.1\r\nHost: ga"].concat());
    assert_eq!(client.answer().body, ALLOWED);
    assert!(client.is_ended());
}

#[test]
fn a_connection_that_waits_longer_than_a_head_may_take_is_kept() {
    let gate = Setup::settings("app: 1400000000\nkeep_alive: 1h\nhead_timeout: 100ms\n").start();
    let mut kept = gate.client();
    kept.post(TOPIC, &topic("x"));
    assert_eq!(kept.answer().body, ALLOWED);
    // Another one goes the whole way meanwhile.
    let mut slow = gate.client();
    slow.post(TOPIC, &topic("x"));
    assert_eq!(slow.answer().body, ALLOWED);
    slow.send(b"POST / HTTP/1.1\r\n");
    assert!(slow.is_ended());
    kept.post(TOPIC, &topic("x"));
    assert_eq!(kept.answer().body, ALLOWED);
}

#[test]
fn a_connection_in_use_is_never_overdue() {
    let times = "keep_alive: 1s\nhead_timeout: 100ms\nbody_timeout: 100ms\n";
    let gate = Setup::settings(&format!("app: 1400000000\n{times}")).start();
    let mut client = gate.client();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(2) {
        client.post(TOPIC, &topic("x"));
        assert_eq!(client.answer().body, ALLOWED);
    }
}

#[test]
fn the_admin_side_keeps_no_connection() {
    let gate = Setup::settings("app: 1400000000\nhead_timeout: 200ms\n").start();
    assert!(gate.get("/healthz").closes());
    let mut client = Client::connect(gate.admin);
    client.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
    assert_eq!(client.answer().status, 408);
    assert!(client.is_ended());
}

#[test]
fn an_idle_connection_is_kept_for_the_next_request_and_then_ended() {
    let gate = Setup::settings("app: 1400000000\nkeep_alive: 1s\n").start();
    let mut client = gate.client();
    for _ in 0..2 {
        client.post(TOPIC, &topic("x"));
        assert_eq!(client.answer().body, ALLOWED);
    }
    assert!(client.is_ended());
}

#[test]
fn what_is_not_http_is_refused() {
    let gate = Setup::settings("app: 1400000000\n").start();
    let mut client = gate.client();
    client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n");
    assert_eq!(client.answer().status, 400);
    let mut client = gate.client();
    client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert!(client.answer().status >= 400);
}

#[test]
fn a_log_that_nobody_reads_keeps_no_request_waiting() {
    let gate = Setup::new().flags(&["--app", "1400000000"]).unread_log().start();
    let mut client = gate.client();
    // Far more than a pipe holds.
    for _ in 0..2000 {
        client.post(TOPIC, &topic("Official"));
        assert_eq!(client.answer().body, REFUSED);
    }
}

#[test]
fn a_log_whose_reader_is_gone_changes_nothing() {
    let mut gate = Setup::settings("app: 1400000000\ndrain: 0s\n").closed_log().start();
    let mut client = gate.client();
    for _ in 0..20 {
        client.post(TOPIC, &topic("Official"));
        assert_eq!(client.answer().body, REFUSED);
    }
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
}

#[test]
fn clients_cannot_take_the_files_that_the_service_needs() {
    let setup = Setup::settings("app: 1400000000\nhead_timeout: 1h\n").descriptors(400);
    let gate = setup.start();
    assert!(gate.wait_for_log("max_connections lowered").contains(r#""connections":16"#));
    let crowd: Vec<_> = (0..100).map(|_| gate.client()).collect();
    assert!(gate.client().is_ended());
    assert_eq!(gate.metric("topicgate_connections").unwrap(), "16");
    assert_eq!(gate.metric("topicgate_max_connections").unwrap(), "16");
    assert_eq!(gate.status()["connections"]["most"], 16);
    gate.write("rules/more.yaml", "rules:\n  - { id: more, action: deny, when: { name: { is: more } } }\n");
    gate.signal("HUP");
    gate.wait("the new rule", |gate| gate.status()["rules"].as_array().unwrap().len() == 2);
    drop(crowd);
    gate.wait("the crowd to go", |gate| gate.metric("topicgate_connections").unwrap() == "0");
    assert_eq!(gate.ask("Official"), REFUSED);
}
