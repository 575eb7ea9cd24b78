//! What is refused by the head alone, in which order, and that the peer hears of it.

use crate::gate::{ALLOWED, Gate, Setup, TOPIC, topic};

/// The answer to a head whose body never comes.
fn head(gate: &Gate, head: &str) -> (u16, bool, Option<String>) {
    let mut client = gate.client();
    client.send(format!("{head}\r\nHost: gate\r\nContent-Length: 100\r\n\r\n").as_bytes());
    let answer = client.answer();
    (answer.status, answer.closes(), answer.header("allow").map(str::to_owned))
}

#[test]
fn the_method_comes_first_and_no_body_is_waited_for() {
    let gate = Gate::start();
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "MADEUP"] {
        assert_eq!(
            head(&gate, &format!("{method} /nowhere HTTP/1.1")),
            (405, true, Some("post".to_owned())),
            "{method}"
        );
    }
}

#[test]
fn the_path_comes_before_the_caller() {
    let gate = Setup::new().flags(&["--app", "1400000000", "--allow-from", "192.0.2.0/24"]).start();
    assert_eq!(head(&gate, "POST /nowhere HTTP/1.1"), (404, true, None));
    assert_eq!(head(&gate, "POST / HTTP/1.1"), (403, true, None));
}

#[test]
fn a_configured_path_is_answered_like_the_root() {
    let gate = Setup::new().flags(&["--app", "1400000000", "--paths", "/chat/callback"]).start();
    assert_eq!(gate.post(&TOPIC.replacen('/', "/chat/callback", 1), &topic("x")).body, ALLOWED);
    assert_eq!(gate.post(TOPIC, &topic("x")).body, ALLOWED);
    assert_eq!(gate.post("/chat", &topic("x")).status, 404);
}

#[test]
fn the_caller_comes_before_the_app() {
    let gate = Setup::new().flags(&["--app", "1400000000", "--allow-from", "192.0.2.0/24"]).start();
    assert_eq!(gate.post("/?SdkAppid=1", b"").status, 403);
    assert_eq!(gate.metric(r#"topicgate_rejected_total{cause="caller"}"#).unwrap(), "1");
    assert_eq!(gate.metric(r#"topicgate_rejected_total{cause="app"}"#).unwrap(), "0");
}

#[test]
fn a_listed_caller_is_let_in() {
    let gate = Setup::new().flags(&["--app", "1400000000", "--allow-from", "192.0.2.0/24,127.0.0.0/8"]).start();
    assert_eq!(gate.post(TOPIC, &topic("x")).body, ALLOWED);
}

#[test]
fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
    let forwarded = format!("POST {TOPIC} HTTP/1.1\r\nX-Forwarded-For: 127.0.0.1, 192.0.2.7\r\nHost: gate\r\n");
    let status = |flags: &[&str]| {
        let gate = Setup::new().flags(&["--app", "1400000000", "--allow-from", "192.0.2.0/24"]).flags(flags).start();
        let mut client = gate.client();
        client.send(format!("{forwarded}Content-Length: 0\r\n\r\n").as_bytes());
        client.answer().status
    };
    assert_eq!(status(&[]), 403);
    assert_ne!(status(&["--trusted-proxies", "127.0.0.1"]), 403);
}

#[test]
fn a_caller_that_is_refused_is_named() {
    let gate = Setup::settings("app: 1\nallow_from: [10.0.0.0/8]\ntrusted_proxies: [127.0.0.1]\n").start();
    let mut client = gate.client();
    client.send(b"POST / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7\r\nHost: gate\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(client.answer().status, 403);
    let line = gate.wait_for_log("request rejected");
    assert!(line.contains(r#""peer":"127.0.0.1","caller":"192.0.2.7""#), "{line}");
}

#[test]
fn an_app_that_is_not_ours_is_refused() {
    let gate = Gate::start();
    for target in ["/?SdkAppid=1400000001", "/?SdkAppid=abc", "/?sdkappid=-1"] {
        let answer = gate.post(target, &topic("x"));
        assert_eq!((answer.status, answer.closes()), (403, true), "{target}");
    }
}

#[test]
fn the_answer_arrives_although_the_body_was_never_read() {
    let gate = Gate::start();
    let body = vec![b' '; 1 << 20];
    let answer = gate.post("/nowhere", &body);
    assert_eq!((answer.status, answer.closes()), (404, true));
}

#[test]
fn the_answer_arrives_although_a_body_of_unknown_length_was_never_read() {
    let gate = Gate::start();
    let mut client = gate.client();
    client.send(b"POST /nowhere HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    assert_eq!(client.answer().status, 404);
    assert!(client.is_ended());
}

#[test]
fn a_wrong_method_and_a_wrong_path_leave_a_trace() {
    let gate = Gate::start();
    for _ in 0..3 {
        head(&gate, "GET /?Sign=s3cr3t HTTP/1.1");
        head(&gate, "POST /chat/callbak?Sign=s3cr3t HTTP/1.1");
    }
    assert_eq!(gate.metric(r#"topicgate_rejected_total{cause="method"}"#).unwrap(), "3");
    assert_eq!(gate.metric(r#"topicgate_rejected_total{cause="path"}"#).unwrap(), "3");
    gate.wait_for_log(r#""cause":"method","peer":"127.0.0.1","method":"GET""#);
    gate.wait_for_log(r#""cause":"path","peer":"127.0.0.1","path":"/chat/callbak""#);
    gate.ask("Official");
    gate.wait_for_log("refused");
    assert_eq!(gate.log().matches("request rejected").count(), 2);
    assert!(!gate.log().contains("s3cr3t"));
}

#[test]
fn an_app_that_is_not_ours_is_named_in_the_log() {
    let gate = Gate::start();
    gate.post("/?SdkAppid=14%0A00", b"");
    assert!(gate.wait_for_log("request rejected").contains(r#""app":"14"#));
}

#[test]
fn what_opens_no_request_at_all_does_not_flood_the_log() {
    let gate = Gate::start();
    for _ in 0..3 {
        let mut client = gate.client();
        client.send(b"\x16\x03\x01 garbage\r\n\r\n");
        client.is_ended();
    }
    gate.ask("Official");
    gate.wait_for_log("refused");
    assert!(!gate.log().contains("actix_http"), "{}", gate.log());
}

#[test]
fn failures_of_authentication_are_logged_once_a_minute() {
    let gate = Gate::start();
    for _ in 0..5 {
        gate.post("/?SdkAppid=1", b"");
    }
    gate.wait_for_log("request rejected");
    gate.ask("Official");
    gate.wait_for_log("refused");
    assert_eq!(gate.log().matches("request rejected").count(), 1);
}
