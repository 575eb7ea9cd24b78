//! Any bytes as a query and a body, split at the first line end: read, and decided where there is something to decide.

#![no_main]

#[path = "../../laws/loading.rs"]
mod loading;

use std::sync::LazyLock;

use topicgate::{
    engine::{Decision, Snapshot},
    webhook::{
        reply,
        request::{self, Asked, MAX_NAME_BYTES, Query},
    },
};

static SNAPSHOT: LazyLock<Snapshot> =
    LazyLock::new(|| loading::check(include_bytes!("../every-matcher.yaml")).snapshot.expect("the fixture loads"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (query, body) = bytes.split_at(end);
    let query = String::from_utf8_lossy(query);
    let query = Query::parse(&query);
    let Ok(Asked::Decide(facts)) =
        request::read(&query, body.get(1..).unwrap_or_default(), jiff::Timestamp::UNIX_EPOCH)
    else {
        return;
    };
    assert!(facts.name.len() <= MAX_NAME_BYTES);
    let verdict = loading::check_decision(&SNAPSHOT, &facts);
    if let Decision::Deny { code, message } = &verdict.decision {
        let sent: serde_json::Value = serde_json::from_slice(&reply::deny(*code, message)).expect("a reply is JSON");
        assert_eq!(sent["ErrorInfo"], message.as_str());
    }
});
