//! A defect in a decision, seen from the other end of a connection.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
};

use actix_web::rt::{self, System};
use futures_util::future::{self, BoxFuture};
use prometheus_client::metrics::gauge::Gauge;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::{
    engine::quota::Counted,
    quota::{self, StoreError},
    server::transport::{self, Options},
    settings::{Flags, Settings},
};

const RULES: &str = "rules:\n  - { id: reserved, action: deny, when: { name: { is: official } } }\n";

const QUOTA: &str = "rules:\n  - { id: few, action: deny, when: { name: { is: news } }, \
                     quota: { limit: 3, per: operator, within: 60s } }\n";

/// A service with these settings, and the directory of its rules.
fn service(settings: &str) -> (TempDir, Arc<Service>) {
    service_with(RULES, settings)
}

fn service_with(text: &str, settings: &str) -> (TempDir, Arc<Service>) {
    let directory = TempDir::new().unwrap();
    let (rules, config) = (directory.path().join("rules.yaml"), directory.path().join("topicgate.yaml"));
    std::fs::write(&rules, text).unwrap();
    std::fs::write(&config, format!("app: 1400000000\nrules: {}\n{settings}", rules.display())).unwrap();
    let loaded = Settings::load(Flags { config: Some(config), ..Flags::default() });
    (directory, Service::start(loaded.settings.unwrap()).unwrap_or_else(|error| panic!("{error}")))
}

/// What is answered to this by a listener with one worker, whose decisions of `/defect` have one.
fn answered(service: &Arc<Service>, talk: impl FnOnce(SocketAddr) -> String + Send + 'static) -> String {
    let options = Options {
        limits: service.settings.limits,
        keep_alive: Some(service.settings.limits.keep_alive),
        unlimited: Vec::new(),
        shown: Gauge::default(),
        workers: 1,
        tls: None,
        turned_away: Arc::new(|_| {}),
        crowded_out: Arc::new(|_, _| {}),
    };
    let shared = Arc::clone(service);
    let handler = async move |request: &HttpRequest, payload: Payload| match request.path() {
        "/defect" => answer_as(&shared, request, payload, async |_, _, _| panic!("a defect")).await,
        "/unguarded" => panic!("a defect"),
        _ => answer(&shared, request, payload).await,
    };
    System::new().block_on(async move {
        let listener = transport::listen(([127, 0, 0, 1], 0).into(), options, handler).unwrap();
        rt::spawn(listener.server);
        let (done, talked) = oneshot::channel();
        thread::spawn(move || done.send(talk(listener.address)));
        let told = talked.await.unwrap();
        listener.door.server.stop(false).await;
        told
    })
}

/// A request with an empty body.
fn request(target: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: gate\r\nContent-Length: 0\r\n\r\n")
}

/// Sends it over a connection of its own; everything until that ends.
fn sent(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).unwrap();
    told
}

/// A defect, then a request that ends the connection.
fn defect_and_more(address: SocketAddr) -> String {
    sent(address, &format!("{}{}", request("/defect"), "GET / HTTP/1.1\r\nHost: gate\r\n\r\n"))
}

#[test]
fn a_defect_is_500_where_errors_allow_and_its_connection_goes_on() {
    let (_directory, service) = service("");
    let told = answered(&service, defect_and_more);
    assert!(told.starts_with("HTTP/1.1 500 ") && told.contains("\r\n\r\nthe request met a defect"), "{told}");
    assert!(told.contains("HTTP/1.1 405 "), "{told}");
    assert!(service.tally.on_error.counts().any(|count| count == ("panic", 1)));
    assert_eq!(service.tally.undecided.get(), 1);
}

#[test]
fn a_defect_is_a_refusal_where_errors_deny() {
    let (_directory, service) = service("on_error: { deny: { code: 10199, message: Later. } }\n");
    let told = answered(&service, defect_and_more);
    let refusal = r#"{"ActionStatus":"OK","ErrorInfo":"Later.","ErrorCode":10199}"#;
    assert!(told.starts_with("HTTP/1.1 200 ") && told.contains(refusal), "{told}");
    assert!(told.contains("HTTP/1.1 405 "), "{told}");
}

/// A store of counters that nobody reaches.
struct Gone;

impl quota::Store for Gone {
    fn count<'a>(&'a self, _: &'a [Counted<'a>], _: Timestamp) -> BoxFuture<'a, Result<Counts, StoreError>> {
        future::ready(Err(StoreError("nobody is there".to_owned()))).boxed()
    }

    fn follow(&self, _: &Snapshot) {}
}

/// What a request of this name is told where a rule about `news` has to be counted, and no counter answers.
fn uncounted(settings: &str, name: &str) -> (Arc<Service>, String) {
    uncounted_with(QUOTA, settings, name)
}

fn uncounted_with(rules: &str, settings: &str, name: &str) -> (Arc<Service>, String) {
    let (_directory, mut service) = service_with(rules, settings);
    Arc::get_mut(&mut service).unwrap().quotas = Arc::new(Gone);
    let body = format!(r#"{{"Operator_Account":"leckie","Name":"{name}"}}"#);
    let target = "/?SdkAppid=1400000000&CallbackCommand=Group.CallbackBeforeCreateTopic";
    let head = format!("POST {target} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\nContent-Length: {}", body.len());
    let told = answered(&service, move |address| sent(address, &format!("{head}\r\n\r\n{body}")));
    (service, told)
}

#[test]
fn a_request_that_nobody_can_count_is_503_where_errors_allow() {
    let (service, told) = uncounted("", "news");
    assert!(told.starts_with("HTTP/1.1 503 ") && told.contains("the counters of the rules do not answer"), "{told}");
    assert!(service.tally.on_error.counts().any(|count| count == ("counters", 1)));
    assert_eq!(service.tally.decisions(), (0, 0));
}

#[test]
fn a_request_that_nobody_can_count_is_refused_where_errors_deny() {
    let (_service, told) = uncounted("on_error: { deny: { code: 10199, message: Later. } }\n", "news");
    let refusal = r#"{"ActionStatus":"OK","ErrorInfo":"Later.","ErrorCode":10199}"#;
    assert!(told.starts_with("HTTP/1.1 200 ") && told.contains(refusal), "{told}");
}

#[test]
fn a_shadow_rule_that_nobody_can_count_leaves_the_answer_to_the_others() {
    let shadow = QUOTA.replace("action: deny", "mode: shadow, action: deny");
    let deny = "on_error: { deny: { code: 10199, message: Later. } }\n";
    let (service, told) = uncounted_with(&shadow, deny, "news");
    assert!(told.contains(r#""ErrorCode":0"#), "{told}");
    assert_eq!(service.tally.decisions(), (1, 0));
    let (service, told) = uncounted_with(&(shadow + "  - { id: all, action: deny, when: always }\n"), deny, "news");
    assert!(told.contains(r#""ErrorCode":1}"#), "{told}");
    assert_eq!(service.tally.decisions(), (0, 1));
}

#[test]
fn a_request_that_needs_no_count_is_decided_without_the_counters() {
    let (service, told) = uncounted("", "other");
    assert!(told.starts_with("HTTP/1.1 200 "), "{told}");
    assert_eq!(service.tally.decisions(), (1, 0));
}

#[test]
fn a_defect_outside_a_decision_is_500_and_the_worker_goes_on() {
    let (_directory, service) = service("");
    let told = answered(&service, |address| sent(address, &request("/unguarded")) + &sent(address, &request("/else")));
    assert!(told.starts_with("HTTP/1.1 500 ") && told.contains("connection: close"), "{told}");
    assert!(told.contains("HTTP/1.1 404 "), "{told}");
}
