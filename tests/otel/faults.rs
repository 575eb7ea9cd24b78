//! What goes wrong with a collector, and that no request notices.

use crate::{
    collector::{Collector, listen},
    gate::{ALLOWED, Gate, Setup, TOPIC, topic},
};

/// Longer than any test waits.
const AN_HOUR: &str = "3600000";

fn setup(endpoint: &str) -> Setup {
    Setup::settings("app: 1400000000\ndrain: 0s\n").variable("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
}

fn recorded(gate: &Gate) -> String {
    gate.metric("topicgate_recorded_spans_total").unwrap()
}

fn exported(gate: &Gate) -> String {
    gate.metric("topicgate_exported_spans_total").unwrap()
}

fn answers_and_ends(mut gate: Gate) {
    let mut client = gate.client();
    for _ in 0..100 {
        client.post(TOPIC, &topic("x"));
        assert_eq!(client.answer().body, ALLOWED);
    }
    assert_eq!((recorded(&gate).as_str(), exported(&gate).as_str()), ("101", "0"));
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
}

#[test]
fn a_collector_that_never_answers_holds_up_no_request_and_not_the_end() {
    let (_silent, endpoint) = listen();
    let setup = setup(&endpoint).variable("OTEL_EXPORTER_OTLP_TIMEOUT", AN_HOUR);
    // One batch is on its way, four are waiting, the rest is lost.
    let setup = setup.variable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1").variable("OTEL_BSP_MAX_QUEUE_SIZE", "4");
    answers_and_ends(setup.start());
}

#[test]
fn a_collector_that_is_away_is_told_once_a_minute() {
    let (listener, endpoint) = listen();
    drop(listener);
    let gate = setup(&endpoint).variable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1").start();
    gate.wait_for_log("spans not exported");
    gate.ask("Official");
    gate.wait_for_log("refused");
    assert_eq!(gate.log().matches("spans not exported").count(), 1);
    assert!(!gate.log().contains("opentelemetry"), "{}", gate.log());
}

#[test]
fn what_waits_at_the_end_is_exported() {
    let (collector, endpoint) = Collector::start();
    let mut gate = setup(&endpoint).variable("OTEL_BSP_SCHEDULE_DELAY", AN_HOUR).start();
    gate.post(&format!("{TOPIC}&RequestID=last"), &topic("x"));
    assert_eq!((recorded(&gate).as_str(), exported(&gate).as_str()), ("2", "0"));
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
    assert!(collector.taken().iter().any(|taken| taken.get("topicgate.request_id").as_deref() == Some("last")));
}

#[test]
fn what_is_exported_is_counted() {
    let (_collector, endpoint) = Collector::start();
    let gate = setup(&endpoint).variable("OTEL_BSP_SCHEDULE_DELAY", "20").start();
    gate.ask("x");
    gate.wait("the export of both spans", |gate| exported(gate) == "2");
    assert_eq!(recorded(&gate), "2");
}

#[test]
fn nothing_is_recorded_unless_there_is_an_endpoint_and_it_is_wanted() {
    let (_silent, endpoint) = listen();
    for setup in
        [Setup::settings("app: 1400000000\n"), setup(" "), setup(&endpoint).variable("OTEL_SDK_DISABLED", "TRUE")]
    {
        let gate = setup.start();
        gate.ask("x");
        assert_eq!(recorded(&gate), "0");
        assert!(!gate.log().contains("traces are"), "{}", gate.log());
    }
}

#[test]
fn a_wrong_endpoint_is_told_without_its_password_and_does_not_stop_the_service() {
    let gate = setup("http://user:s3cr3t@[collector").start();
    gate.wait_for_log("traces are not exported");
    assert_eq!(gate.ask("x"), ALLOWED);
    assert!(!gate.log().contains("s3cr3t"), "{}", gate.log());
}
