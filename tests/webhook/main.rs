//! The protocol: every golden vector, then the edges, one test each.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod body;
mod query;
mod reply;
mod signature;
mod vectors;

use jiff::Timestamp;
use serde_json::Value;
use topicgate::webhook::request::{Asked, Query, read};

const TOPIC: &str = "SdkAppid=1400000000&CallbackCommand=Group.CallbackBeforeCreateTopic";

fn vectors(part: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(include_str!("../data/vectors.json")).expect("the vectors are JSON");
    vectors[part].as_array().expect("a list of vectors").clone()
}

/// What a request is read as, in one line.
#[track_caller]
fn check(query: &str, body: impl AsRef<[u8]>, expected: &str) {
    let query = Query::parse(query);
    let read = match read(&query, body.as_ref(), Timestamp::UNIX_EPOCH) {
        Ok(Asked::Decide(facts)) => {
            let command = facts.command.name();
            let mut line = format!("{command} operator={} name={:?}", facts.operator, facts.name);
            let address = facts.client_ip.map(|address| address.to_string());
            let optional = [
                ("owner", facts.owner.as_deref()),
                ("type", facts.group_type.as_deref()),
                ("platform", facts.platform.as_deref()),
                ("client_ip", address.as_deref()),
            ];
            line.extend(optional.iter().filter_map(|(key, value)| value.map(|value| format!(" {key}={value}"))));
            line
        }
        Ok(Asked::Verification) => "verification".to_owned(),
        Ok(Asked::NotEvaluated(label)) => format!("not evaluated: {label}"),
        Err(malformed) => format!("{}: {malformed}", malformed.cause()),
    };
    assert_eq!(read, expected);
}
