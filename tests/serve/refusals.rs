//! How many of many refusals are logged.

use std::time::Instant;

use serde_json::Value;

use crate::gate::{ALLOWED, Gate, REFUSED, RULES, Setup, TOPIC, topic};

const MANY: u64 = 200;

fn start(log_refusals: &str) -> Gate {
    Setup::settings(&format!("app: 1400000000\n{log_refusals}\n")).start()
}

/// Sends many requests over one connection.
fn flood(gate: &Gate, expected: &str) {
    let mut client = gate.client();
    for _ in 0..MANY {
        client.post(TOPIC, &topic("Official"));
        assert_eq!(client.answer().body, expected);
    }
}

/// What each line with this message says was left out before it.
fn skipped(gate: &Gate, message: &str) -> Vec<u64> {
    let message = format!(r#""message":"{message}""#);
    let log = gate.log();
    let lines = log.lines().filter(|line| line.contains(&message));
    lines.map(|line| serde_json::from_str::<Value>(line).unwrap()["skipped"].as_u64().unwrap()).collect()
}

fn refusals(gate: &Gate) -> u64 {
    let name = r#"topicgate_decisions_total{rule="reserved-names",outcome="deny"}"#;
    gate.metric(name).unwrap().parse().unwrap()
}

/// The most lines that may be written in the time since then.
fn most(started: Instant) -> u64 {
    10 + 10 * (started.elapsed().as_secs() + 1)
}

#[test]
fn a_flood_of_refusals_is_sampled_and_no_refusal_is_left_out_of_the_count() {
    let started = Instant::now();
    let gate = start("");
    flood(&gate, REFUSED);
    assert!((skipped(&gate, "refused").len() as u64) <= most(started));
    assert_eq!(refusals(&gate), MANY);
    let mut asked = MANY;
    let mut accounted = 0;
    gate.wait("a line that accounts for the flood", |gate| {
        assert_eq!(gate.ask("Official"), REFUSED);
        asked += 1;
        let skipped = skipped(gate, "refused");
        accounted = skipped.len() as u64 + skipped.iter().sum::<u64>();
        accounted >= MANY
    });
    assert!(accounted <= asked, "{accounted} of {asked}");
    assert!((skipped(&gate, "refused").len() as u64) <= most(started));
    assert_eq!(refusals(&gate), asked);
}

#[test]
fn every_refusal_is_logged_where_all_are_asked_for() {
    let gate = start("log_refusals: all");
    flood(&gate, REFUSED);
    gate.wait("every line", |gate| skipped(gate, "refused").len() as u64 == MANY);
    assert_eq!(skipped(&gate, "refused"), vec![0; MANY.try_into().unwrap()]);
    assert_eq!(refusals(&gate), MANY);
}

#[test]
fn no_refusal_is_logged_where_none_is_asked_for() {
    let mut gate = start("log_refusals: off\ndrain: 0s");
    flood(&gate, REFUSED);
    assert_eq!(refusals(&gate), MANY);
    gate.signal("TERM");
    gate.ended();
    gate.wait_for_log("ended");
    assert!(!gate.log().contains("reserved-names"), "{}", gate.log());
}

#[test]
fn the_lines_of_shadow_rules_are_sampled_by_themselves() {
    let started = Instant::now();
    let shadow = RULES.replace("reserved-names", "trial").replace("action: deny", "action: deny\n    mode: shadow");
    let gate = Setup::settings("app: 1400000000\n").file("rules/rules.yaml", &shadow).start();
    flood(&gate, ALLOWED);
    gate.wait_for_log("would have decided");
    assert!((skipped(&gate, "would have decided").len() as u64) <= most(started));
    assert_eq!(gate.metric(r#"topicgate_shadow_matches_total{rule="trial"}"#).unwrap(), MANY.to_string());
    assert_eq!(skipped(&gate, "refused"), [0; 0]);
    gate.write("rules/rules.yaml", RULES);
    gate.wait("the enforced rule", |gate| gate.ask("Official") == REFUSED);
    gate.wait_for_log(r#""message":"refused""#);
    assert_eq!(skipped(&gate, "refused")[0], 0);
}
