//! The admin side: health, readiness, metrics and status.

use crate::{
    client::Client,
    gate::{Gate, RULES, Setup},
};

fn status_of(gate: &Gate, head: &str) -> u16 {
    let mut client = Client::connect(gate.admin);
    client.send(format!("{head}\r\n\r\n").as_bytes());
    client.answer().status
}

#[test]
fn health_and_readiness_are_fine_while_it_runs() {
    let gate = Gate::start();
    assert_eq!(gate.get("/healthz").body, "ok\n");
    assert_eq!(gate.get("/readyz").body, "ready\n");
}

#[test]
fn the_status_tells_what_decides() {
    let gate = Gate::start();
    let status = gate.status();
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&status["generation"], &status["attempts"]), (&1.into(), &1.into()));
    assert_eq!(status["rules"][0]["id"], "reserved-names");
    assert_eq!(status["rules"][0]["mode"], "enforce");
    assert_eq!(status["rules"][0]["file"], "rules/rules.yaml");
    assert_eq!(status["rules"][0]["line"], 4);
    assert_eq!(status["counts"]["enforced"], 1);
    assert_eq!(status["apps"][0]["id"], 1_400_000_000);
    assert_eq!(status["apps"][0]["tokens"], 0);
    assert_eq!(status["watch"], "auto");
    assert!(status["last_failure"].is_null());
    assert!(!status["revision"].as_str().unwrap().is_empty());
    assert!(gate.get("/-/status").body.ends_with("}\n"));
}

#[test]
fn the_metrics_name_what_decides_and_every_rule_at_zero() {
    let gate = Gate::start();
    let status = gate.status();
    let [revision, content] = ["revision", "content"].map(|key| status[key].as_str().unwrap().to_owned());
    let version = env!("CARGO_PKG_VERSION");
    let info = format!(r#"topicgate_rules_info{{content="{content}",revision="{revision}",version="{version}"}}"#);
    assert_eq!(gate.metric(&info).unwrap(), "1");
    assert_eq!(gate.metric(r#"topicgate_decisions_total{rule="reserved-names",outcome="deny"}"#).unwrap(), "0");
}

#[test]
fn metrics_come_in_the_format_that_is_asked_for() {
    let gate = Gate::start();
    let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    for (accepts, is_open) in [
        ("application/openmetrics-text", true),
        (prometheus, true),
        ("text/plain;q=0.9,application/openmetrics-text;q=0.1", false),
        ("text/html,*/*;q=0.8", false),
        ("no list of types", false),
    ] {
        let answer = gate.get_with("/metrics", &format!("Host: localhost\r\nAccept: {accepts}"));
        let kind = if is_open { "application/openmetrics-text; version=1.0.0" } else { "text/plain; version=0.0.4" };
        assert!(answer.header("content-type").unwrap().starts_with(kind), "{accepts}");
        assert_eq!(answer.body.ends_with("# EOF\n"), is_open, "{accepts}");
        let counter =
            if is_open { "# TYPE topicgate_requests counter" } else { "# TYPE topicgate_requests_total counter" };
        assert!(answer.body.contains(counter), "{accepts}");
    }
}

#[test]
fn the_metrics_show_each_list_and_forget_one_that_left() {
    let rules = |lists: &str| format!("lists: {{ {lists} }}\n{RULES}");
    let gate = Setup::new().file("rules/rules.yaml", &rules("staff: [a, b], 'a \"b': [c]")).flags(&["--app", "1"]);
    let gate = gate.start();
    let entries = |name: &str| gate.metric(&format!(r#"topicgate_list_entries{{list="{name}"}}"#));
    assert_eq!((entries("staff").as_deref(), entries(r#"a \"b"#).as_deref()), (Some("2"), Some("1")));
    gate.write("rules/rules.yaml", &rules("staff: [a, b, c]"));
    gate.wait_for_attempts(2);
    gate.wait("the new size", |_| entries("staff").as_deref() == Some("3"));
    assert_eq!(entries(r#"a \"b"#), None);
}

#[test]
fn the_metrics_tell_how_the_process_is() {
    let gate = Gate::start();
    let number = |name: &str| gate.metric(name).unwrap().parse::<f64>().unwrap();
    assert!(number("process_resident_memory_bytes") > 1e6);
    assert!(number("process_open_fds") > 5.0 && number("process_open_fds") < number("process_max_fds"));
    assert!(number("process_start_time_seconds") > 1.7e9);
    assert!(number("process_cpu_seconds_total") >= 0.0);
    assert_eq!(number("topicgate_workers"), 1.0);
    assert_eq!(number("topicgate_max_connections"), 10_000.0);
    assert_eq!(number("topicgate_draining"), 0.0);
}

#[test]
fn answers_are_timed() {
    let gate = Gate::start();
    gate.ask("x");
    // What is turned away by its head says nothing about answers to Chat.
    assert_eq!(gate.post("/elsewhere", b"").status, 404);
    assert_eq!(gate.metric("topicgate_request_duration_seconds_count").unwrap(), "1");
    assert_eq!(gate.metric(r#"topicgate_request_duration_seconds_bucket{le="+Inf"}"#).unwrap(), "1");
}

#[test]
fn what_is_not_there_is_404_and_what_is_there_is_read_only() {
    let gate = Gate::start();
    assert_eq!(gate.get("/").status, 404);
    assert_eq!(status_of(&gate, "POST /healthz HTTP/1.1\r\nHost: localhost"), 405);
    assert_eq!(status_of(&gate, "POST /nowhere HTTP/1.1\r\nHost: localhost"), 404);
}

#[test]
fn the_admin_side_has_no_webhook_and_the_webhook_no_admin_side() {
    let gate = Gate::start();
    assert_eq!(gate.post("/metrics", b"").status, 404);
    assert_eq!(gate.get("/?SdkAppid=1400000000").status, 404);
}

#[test]
fn a_loopback_listener_answers_to_loopback_names_only() {
    let gate = Gate::start();
    for host in
        ["localhost", "localhost.", "localhost.:9090", "LOCALHOST:9090", "127.0.0.1:9090", "[::1]:9090", "[::1]"]
    {
        assert_eq!(status_of(&gate, &format!("GET /healthz HTTP/1.1\r\nHost: {host}")), 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example:9090", "192.0.2.1", "", "\u{4ee4}.example"] {
        assert_eq!(status_of(&gate, &format!("GET /healthz HTTP/1.1\r\nHost: {host}")), 403, "{host}");
    }
    for head in [
        "GET /healthz HTTP/1.0",
        "GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost",
        "GET http://evil@localhost/healthz HTTP/1.1\r\nHost: localhost",
        "GET http://localhost/healthz HTTP/1.1\r\nHost: evil.example",
    ] {
        assert_eq!(status_of(&gate, head), 403, "{head}");
    }
    assert_eq!(status_of(&gate, "GET http://localhost:9090/healthz HTTP/1.1\r\nHost: localhost:9090"), 200);
    assert_eq!(status_of(&gate, "GET /healthz HTTP/1.0\r\nHost: localhost"), 200);
}
