//! `POST /-/reload`: whoever changes files asks, and hears how it ended.

use std::{fs, thread};

use serde_json::Value;

use crate::{
    client::{Answer, Client},
    gate::{Gate, RULES, Setup},
};

const BROKEN: &str = "rules:\n  - id: reserved-names\n    acton: deny\n";

/// Sends a request to `/-/reload`.
fn send(gate: &Gate, method: &str, header: &str) -> Client {
    let mut client = Client::connect(gate.admin);
    client.send(format!("{method} /-/reload HTTP/1.1\r\nHost: localhost\r\n{header}\r\n").as_bytes());
    client
}

fn reload(gate: &Gate) -> (u16, Value) {
    let answer = send(gate, "POST", "").answer();
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

/// A service that would not find a change of its files for an hour.
fn blind() -> Gate {
    Setup::settings("app: 1400000000\nwatch: poll\npoll: 1h\ntoken_file: token\n").file("token", "one\n").start()
}

#[test]
fn good_rules_are_live_when_it_answers() {
    let gate = blind();
    let before = gate.status();
    gate.write("rules/rules.yaml", &RULES.replace("official", "news"));
    let (code, told) = reload(&gate);
    let after = gate.status();
    assert_eq!(code, 200, "{told}");
    assert_eq!((&told["succeeded"], &told["changed"], &told["stale"]), (&true.into(), &true.into(), &false.into()));
    assert_eq!((&told["old_revision"], &told["revision"]), (&before["revision"], &after["revision"]));
    assert_ne!(told["old_revision"], told["revision"]);
    assert_eq!((&told["content"], &told["generation"]), (&after["content"], &2.into()));
    assert_eq!(
        (&told["at"], &told["took_seconds"]),
        (&after["last_attempt"]["at"], &after["last_attempt"]["took_seconds"])
    );
    assert_eq!((&told["problem"], &told["report"]["errors"]), (&Value::Null, &0.into()));
}

#[test]
fn warnings_of_good_rules_are_told() {
    let gate = blind();
    gate.write("rules/rules.yaml", &RULES.replace("{ name: { is: official } }", "{ platform: { is: Toaster } }"));
    let (code, told) = reload(&gate);
    assert_eq!((code, &told["report"]["warnings"]), (200, &1.into()), "{told}");
    assert_eq!(reload(&gate).1["report"], told["report"], "they stay while the rules do");
}

#[test]
fn bad_rules_are_shown_and_the_old_ones_decide() {
    let gate = blind();
    gate.write("rules/rules.yaml", BROKEN);
    let (code, told) = reload(&gate);
    assert_eq!((code, &told["succeeded"], &told["changed"]), (422, &false.into(), &false.into()), "{told}");
    assert_eq!((&told["revision"], &told["generation"]), (&told["old_revision"], &1.into()));
    let failure = &gate.status()["last_failure"];
    assert_eq!((&told["problem"], &told["report"]), (&failure["problem"], &failure["report"]));
    assert!(told["report"]["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "unknown-key"));
    gate.write("rules/rules.yaml", RULES);
    assert_eq!(reload(&gate).0, 200);
}

#[test]
fn unchanged_rules_are_loaded_again_and_stay() {
    let gate = blind();
    let (code, told) = reload(&gate);
    assert_eq!((code, &told["changed"], &told["generation"]), (200, &false.into(), &1.into()));
    assert_eq!((&gate.status()["attempts"], &told["revision"]), (&2.into(), &told["old_revision"]));
    let line: Value = serde_json::from_str(&gate.wait_for_log("they are the same")).unwrap();
    assert_eq!((&line["level"], &line["revision"]), (&"INFO".into(), &told["revision"]));
}

#[test]
fn tokens_are_read_again_too() {
    let gate = blind();
    gate.write("token", "one\ntwo\n");
    assert_eq!(reload(&gate).0, 200);
    assert_eq!(gate.status()["apps"][0]["tokens"], 2);
}

#[test]
fn many_who_ask_at_once_are_all_answered_by_attempts_that_began_later() {
    let gate = blind();
    for turn in 2_u64..=4 {
        gate.write("rules/rules.yaml", &RULES.replace("official", &format!("name-{turn}")));
        let content = thread::scope(|scope| {
            let asks: Vec<_> = (0..20).map(|_| scope.spawn(|| reload(&gate))).collect();
            let told: Vec<_> = asks.into_iter().map(|ask| ask.join().unwrap()).collect();
            assert!(told.iter().all(|(code, told)| (*code, &told["generation"]) == (200, &turn.into())), "{told:?}");
            told[0].1["content"].clone()
        });
        assert_eq!(content, gate.status()["content"]);
    }
    let attempts = gate.status()["attempts"].as_u64().unwrap();
    assert!((4..=61).contains(&attempts), "{attempts}");
}

#[test]
fn who_hangs_up_changes_nothing_for_others() {
    let gate = blind();
    for _ in 0..50 {
        drop(send(&gate, "POST", ""));
    }
    assert_eq!(reload(&gate).0, 200);
    assert_eq!(gate.get("/readyz").status, 200);
}

#[test]
fn files_that_keep_changing_are_a_failure() {
    let gate = blind();
    let path = gate.path("rules/rules.yaml");
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = thread::spawn(move || {
        let mut turn = 0;
        while stopped.try_recv().is_err() {
            turn += 1;
            fs::write(path.with_extension("new"), RULES.replace("official", &format!("name-{turn}"))).unwrap();
            fs::rename(path.with_extension("new"), &path).unwrap();
        }
    });
    let (code, told) = reload(&gate);
    stop.send(()).unwrap();
    writer.join().unwrap();
    assert_eq!((code, &told["problem"]), (422, &"rules keep changing".into()));
    assert_eq!(reload(&gate).0, 200);
}

#[test]
fn it_is_asked_for_with_post_and_by_no_web_page() {
    let gate = blind();
    let refused = |answer: Answer| (answer.status, answer.header("allow").map(str::to_owned));
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(refused(send(&gate, method, "").answer()), (405, Some("post".to_owned())), "{method}");
    }
    for origin in ["https://evil.example", "null", "http://localhost:9090"] {
        assert_eq!(refused(send(&gate, "POST", &format!("Origin: {origin}\r\n")).answer()), (403, None), "{origin}");
    }
    let mut client = Client::connect(gate.admin);
    client.send(b"POST /-/reload HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(client.answer().status, 403);
    assert_eq!(gate.status()["attempts"], 1);
}
