//! Rules with a quota, in the running service.

use crate::gate::{ALLOWED, Gate, Setup};

const RULES: &str = "
codes: { 10140: too-often }
rules:
  - id: newcomers
    action: deny
    code: 10140
    message: Try again later.
    when: always
    quota: { limit: 3, per: operator, within: 1h }
";

const TOO_MANY: &str = r#"{"ActionStatus":"OK","ErrorInfo":"Try again later.","ErrorCode":10140}"#;

fn start(rules: &str) -> Gate {
    Setup::settings("app: 1400000000\n").file("rules/rules.yaml", rules).start()
}

/// What is said to so many requests.
fn ask(gate: &Gate, count: usize) -> Vec<bool> {
    let refused = |answer: &str| {
        assert!(answer == ALLOWED || answer == TOO_MANY, "{answer}");
        answer == TOO_MANY
    };
    (0..count).map(|_| refused(&gate.ask("News"))).collect()
}

fn reload(gate: &Gate, rules: &str) {
    let generation = gate.status()["generation"].as_u64().unwrap();
    gate.write("rules/rules.yaml", rules);
    gate.wait("the new rules", |gate| gate.status()["generation"].as_u64().unwrap() > generation);
}

#[test]
fn the_fourth_request_is_refused_and_so_are_those_after_it() {
    let gate = start(RULES);
    assert_eq!(ask(&gate, 5), [false, false, false, true, true]);
    assert_eq!(gate.metric(r#"topicgate_decisions_total{rule="newcomers",outcome="deny"}"#).unwrap(), "2");
    assert_eq!(gate.metric("topicgate_quota_keys").unwrap(), "1");
    assert_eq!(gate.metric("topicgate_quota_max_keys").unwrap(), "100000");
}

#[test]
fn a_reload_keeps_the_counters_of_a_quota_that_stays_the_same() {
    let gate = start(RULES);
    assert_eq!(ask(&gate, 2), [false, false]);
    reload(&gate, &RULES.replace("when: always", "when: { name: { contains: news } }"));
    assert_eq!(ask(&gate, 2), [false, true]);
    reload(&gate, &RULES.replace("limit: 3", "limit: 2"));
    assert_eq!(ask(&gate, 3), [false, false, true]);
    reload(&gate, RULES);
    assert_eq!(ask(&gate, 4), [false, false, false, true], "what was counted before the quota changed is gone");
}

#[test]
fn a_shadow_rule_counts_for_itself_and_starts_anew_when_it_is_enforced() {
    let gate = start(&RULES.replace("action: deny", "mode: shadow\n    action: deny"));
    assert_eq!(ask(&gate, 5), [false; 5]);
    assert_eq!(gate.metric(r#"topicgate_shadow_matches_total{rule="newcomers"}"#).unwrap(), "2");
    reload(&gate, RULES);
    assert_eq!(ask(&gate, 4), [false, false, false, true]);
}

#[test]
fn a_store_without_room_forgets_and_says_so() {
    let rules = RULES.replace("per: operator", "per: client_ip").replace("limit: 3", "limit: 1");
    let gate = Setup::settings("app: 1400000000\nquota: { max_keys: 1 }\n").file("rules/rules.yaml", &rules).start();
    let from = |address: &str| {
        let target = crate::gate::TOPIC.replace("127.0.0.1", address);
        gate.post(&target, &crate::gate::topic("News")).body == TOO_MANY
    };
    assert_eq!([from("192.0.2.1"), from("192.0.2.2"), from("192.0.2.1")], [false; 3]);
    assert!(from("192.0.2.1"));
    assert!(!from("192.0.2.2"));
    assert_eq!(gate.metric(r#"topicgate_quota_evictions_total{reason="live"}"#).unwrap(), "2");
    assert_eq!(gate.metric(r#"topicgate_quota_evictions_total{reason="over_limit"}"#).unwrap(), "1");
    assert_eq!(gate.status()["quota"]["keys"], 1);
    assert_eq!(gate.status()["quota"]["max_keys"], 1);
}
