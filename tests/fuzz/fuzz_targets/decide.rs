//! Any text as the fields of a request, decided by a rule set that uses every matcher.

#![no_main]

#[path = "../../laws/loading.rs"]
mod loading;

use std::sync::LazyLock;

use topicgate::{
    engine::Snapshot,
    facts::{Command, Facts},
};

static SNAPSHOT: LazyLock<Snapshot> =
    LazyLock::new(|| loading::check(include_bytes!("../every-matcher.yaml")).snapshot.expect("the fixture loads"));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut fields = text.split('\u{1e}');
    let topic =
        Facts::topic(fields.next().unwrap_or_default(), fields.next().unwrap_or_default(), jiff::Timestamp::UNIX_EPOCH);
    let facts = Facts {
        command: if text.len() % 2 == 0 { Command::CreateTopic } else { Command::CreateGroup },
        owner: fields.next().map(Into::into),
        group_type: fields.next().map(Into::into),
        platform: fields.next().map(Into::into),
        client_ip: fields.next().and_then(|address| address.parse().ok()),
        app: fields.next().and_then(|number| number.parse().ok()),
        ..topic
    };
    loading::check_decision(&SNAPSHOT, &facts);
});
