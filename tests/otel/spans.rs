//! What a span says, and which are exported.

use std::{fmt::Write, sync::Arc};

use opentelemetry_proto::tonic::trace::v1::{span::SpanKind, status::StatusCode};
use serde_json::Value;

use crate::{
    collector::{Collector, Taken},
    gate::{Gate, Setup, TOPIC, topic},
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

fn setup() -> (Arc<Collector>, Setup) {
    let (collector, endpoint) = Collector::start();
    let setup = Setup::settings("app: 1400000000\ndrain: 0s\n");
    (collector, setup.variable("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint).variable("OTEL_BSP_SCHEDULE_DELAY", "20"))
}

fn started() -> (Arc<Collector>, Gate) {
    let (collector, setup) = setup();
    (collector, setup.start())
}

/// Asks as part of a trace.
fn ask(gate: &Gate, id: &str, flags: &str, body: &[u8]) {
    let mut client = gate.client();
    let length = body.len();
    client.send(format!("POST {TOPIC}&RequestID={id}&Sign=c0ffee HTTP/1.1\r\nHost: gate\r\n").as_bytes());
    client.send(format!("traceparent: 00-{TRACE}-{PARENT}-{flags}\r\nContent-Length: {length}\r\n\r\n").as_bytes());
    client.send(body);
    client.answer();
}

fn of(id: &str) -> impl Fn(&Taken) -> bool {
    move |taken| taken.get("topicgate.request_id").as_deref() == Some(id)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

#[test]
fn a_refusal_is_a_span_of_the_trace_that_asked() {
    let (collector, gate) = started();
    ask(&gate, "one", "01", &topic("Official"));
    let taken = collector.wait(of("one"));
    assert_eq!((hex(&taken.span.trace_id).as_str(), hex(&taken.span.parent_span_id).as_str()), (TRACE, PARENT));
    assert_eq!((taken.span.name.as_str(), taken.span.kind()), ("POST /", SpanKind::Server));
    let status = gate.status();
    let expected = [
        ("http.request.method", "POST"),
        ("http.route", "/"),
        ("http.response.status_code", "200"),
        ("topicgate.command", "create_topic"),
        ("topicgate.outcome", "deny"),
        ("topicgate.rule", "reserved-names"),
        ("topicgate.code", "10101"),
        ("topicgate.revision", status["revision"].as_str().unwrap()),
    ];
    for (key, value) in expected {
        assert_eq!(taken.get(key).as_deref(), Some(value), "{key}");
    }
    assert_eq!(taken.span.attributes.len(), expected.len() + 1);
    assert!(taken.span.start_time_unix_nano <= taken.span.end_time_unix_nano);
}

#[test]
fn a_span_names_nobody_and_holds_no_secret() {
    let (collector, gate) = started();
    ask(&gate, "one", "01", &topic("Official"));
    let span = format!("{:?}", collector.wait(of("one")).span);
    for private in ["leckie", "Official", "127.0.0.1", "c0ffee", "SdkAppid"] {
        assert!(!span.contains(private), "{private}: {span}");
    }
}

#[test]
fn a_log_line_names_the_span_of_its_request() {
    let (collector, gate) = started();
    ask(&gate, "one", "01", &topic("Official"));
    let line: Value = serde_json::from_str(&gate.wait_for_log("refused")).unwrap();
    let span = collector.wait(of("one")).span;
    assert_eq!((&line["trace_id"], &line["parent_id"]), (&TRACE.into(), &PARENT.into()));
    assert_eq!(line["span_id"], hex(&span.span_id));
}

#[test]
fn what_the_sender_does_not_record_is_not_exported() {
    let (collector, gate) = started();
    ask(&gate, "unrecorded", "00", &topic("Official"));
    ask(&gate, "recorded", "01", &topic("Official"));
    collector.wait(of("recorded"));
    assert!(!collector.taken().iter().any(of("unrecorded")));
    let line: Value = serde_json::from_str(&gate.wait_for_log("\"unrecorded\"")).unwrap();
    assert_eq!((line["trace_id"].as_str(), line.get("span_id")), (Some(TRACE), None));
}

#[test]
fn the_sampler_is_that_of_the_environment() {
    let (collector, setup) = setup();
    let gate = setup.variable("OTEL_TRACES_SAMPLER", "parentbased_always_off").start();
    gate.post(&format!("{TOPIC}&RequestID=root"), &topic("x"));
    ask(&gate, "child", "01", &topic("x"));
    collector.wait(of("child"));
    assert!(!collector.taken().iter().any(of("root")));
}

#[test]
fn every_way_to_end_is_told() {
    let (collector, gate) = started();
    let after = TOPIC.replace("BeforeCreateTopic", "AfterSendMsg");
    gate.post(&format!("{TOPIC}&RequestID=allow"), &topic("x"));
    gate.post(&format!("{TOPIC}&RequestID=undecided"), b"{");
    gate.post(&format!("{after}&RequestID=not_evaluated"), b"{}");
    gate.post("/?CallbackCommand=Group.CallbackBeforeCreateTopic&RequestID=verification", b"");
    gate.post("/?SdkAppid=1&RequestID=rejected", b"");
    for outcome in ["allow", "undecided", "not_evaluated", "verification", "rejected"] {
        let taken = collector.wait(of(outcome));
        assert_eq!(taken.get("topicgate.outcome").as_deref(), Some(outcome));
        assert!(taken.span.parent_span_id.is_empty());
    }
    assert_eq!(collector.wait(of("undecided")).get("topicgate.cause").unwrap(), "invalid_body");
    assert_eq!(collector.wait(of("not_evaluated")).get("topicgate.command").unwrap(), "Group.CallbackAfterSendMsg");
}

#[test]
fn a_request_cannot_make_up_names_of_spans() {
    let (collector, gate) = started();
    let mut client = gate.client();
    client.send(b"MADEUP /some/where HTTP/1.1\r\nHost: gate\r\n\r\n");
    assert_eq!(client.answer().status, 405);
    let taken = collector.wait(|taken| taken.get("topicgate.cause").as_deref() == Some("method"));
    assert_eq!((taken.span.name.as_str(), taken.get("http.request.method").unwrap().as_str()), ("HTTP", "_OTHER"));
    assert_eq!(taken.get("http.route"), None);
}

#[test]
fn loading_the_rules_is_a_span() {
    let (collector, gate) = started();
    let cause = |cause: &str| collector.wait(|taken| taken.get("topicgate.cause").as_deref() == Some(cause));
    let start = cause("start");
    assert_eq!((start.span.name.as_str(), start.get("topicgate.outcome").unwrap().as_str()), ("load rules", "success"));
    assert_eq!(start.get("topicgate.revision").as_deref(), gate.status()["revision"].as_str());
    gate.write("rules/rules.yaml", "rules: 1\n");
    gate.wait_for_attempts(2);
    let failed = collector.wait(|taken| taken.get("topicgate.outcome").as_deref() == Some("failure"));
    let status = failed.span.status.unwrap();
    assert_eq!((status.code(), status.message.as_str()), (StatusCode::Error, "1 error in the rule files"));
}

#[test]
fn the_environment_says_who_speaks_and_with_which_headers() {
    let (collector, setup) = setup();
    let named = setup.variable("OTEL_SERVICE_NAME", "gate-7").variable("OTEL_RESOURCE_ATTRIBUTES", "zone=b");
    let _gate = named.variable("OTEL_EXPORTER_OTLP_HEADERS", "x-team=chat").start();
    let taken = collector.wait(|_| true);
    assert_eq!((taken.resource["service.name"].as_str(), taken.resource["zone"].as_str()), ("gate-7", "b"));
    assert_eq!(taken.resource["service.version"], env!("CARGO_PKG_VERSION"));
    assert!(taken.head.starts_with("post /v1/traces http/1.1"), "{}", taken.head);
    assert!(taken.head.contains("x-team: chat\r\n"), "{}", taken.head);
    assert!(taken.head.contains("content-type: application/x-protobuf\r\n"), "{}", taken.head);
}

#[test]
fn a_service_without_a_name_has_that_of_the_program() {
    let (collector, _gate) = started();
    assert_eq!(collector.wait(|_| true).resource["service.name"], "topicgate");
}
