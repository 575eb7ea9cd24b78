//! Rules that change while the service runs.

use std::fs;

use serde_json::Value;

use crate::gate::{ALLOWED, Gate, REFUSED, RULES, Setup};

const BROKEN: &str = "rules:\n  - id: reserved-names\n    acton: deny\n";

#[test]
fn an_edit_decides() {
    let gate = Gate::start();
    assert_eq!(gate.ask("News"), ALLOWED);
    gate.write("rules/rules.yaml", &RULES.replace("official", "news"));
    gate.wait("the new rule", |gate| gate.ask("News") == REFUSED);
    assert_eq!(gate.ask("Official"), ALLOWED);
    gate.wait_for_log("rules reloaded");
}

#[test]
fn a_new_file_is_part_of_the_set() {
    let gate = Gate::start();
    let rule = RULES.replace("codes: { 10101: reserved-name }", "").replace("reserved-names", "news");
    gate.write("rules/second.yaml", &rule.replace("official", "news"));
    gate.wait("the new rule", |gate| gate.ask("News") == REFUSED);
    assert_eq!(gate.metric(r#"topicgate_decisions_total{rule="reserved-names",outcome="deny"}"#).unwrap(), "0");
    fs::remove_file(gate.path("rules/second.yaml")).unwrap();
    gate.wait("the rule to go", |gate| gate.ask("News") == ALLOWED);
    let name = r#"topicgate_decisions_total{rule="news",outcome="deny"}"#;
    gate.wait("the counter to go", |gate| gate.metric(name).is_none());
}

#[test]
fn a_bad_edit_keeps_the_last_good_rules_and_shows_what_is_wrong() {
    let gate = Gate::start();
    let before = gate.status();
    gate.write("rules/rules.yaml", BROKEN);
    gate.wait_for_attempts(2);
    assert_eq!(gate.ask("Official"), REFUSED);
    let after = gate.status();
    assert_eq!(after["revision"], before["revision"]);
    assert_eq!(after["generation"], 1);
    assert_eq!(after["last_attempt"]["succeeded"], false);
    let findings = after["last_failure"]["report"]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["code"] == "unknown-key").unwrap();
    assert_eq!(
        (&finding["file"], &finding["line"], &finding["column"]),
        (&"rules/rules.yaml".into(), &3.into(), &5.into())
    );
    gate.wait_for_log("reload failed");
    gate.wait_for_log("did you mean `action`?");
    gate.wait("the metrics", |gate| gate.metric("topicgate_last_reload_successful").unwrap() == "0");
    assert_eq!(gate.metric(r#"topicgate_reloads_total{result="failure"}"#).unwrap(), "1");
}

/// The rules, and a promise about them.
fn guaranteed(promise: &str) -> String {
    format!("{RULES}guarantees:\n  - {{ id: official-is-refused, {promise}, when: {{ name: {{ is: official }} }} }}\n")
}

#[test]
fn an_edit_that_breaks_a_guarantee_is_refused_until_it_is_mended() {
    let gate = Gate::start();
    gate.write("rules/rules.yaml", &guaranteed("always: deny"));
    gate.wait("the guarantee", |gate| gate.status()["counts"]["proved"] == 1);
    let allow = "  - { id: press, action: allow, when: { operator: { is: leckie } } }\n";
    gate.write("rules/a-press.yaml", &format!("rules:\n{allow}"));
    gate.wait_for_attempts(3);
    assert_eq!(gate.ask("Official"), REFUSED);
    let status = gate.status();
    assert_eq!((&status["generation"], &status["last_attempt"]["succeeded"]), (&2.into(), &false.into()));
    let finding = &status["last_failure"]["report"]["findings"][0];
    assert_eq!((&finding["code"], &finding["file"]), (&"guarantee-broken".into(), &"rules/rules.yaml".into()));
    let told = "the guarantee `official-is-refused` does not hold: `press` allows the topic `official` by `leckie`";
    assert_eq!(finding["message"], told);
    gate.wait_for_log(told);
    gate.wait("the metrics", |gate| gate.metric("topicgate_last_reload_successful").unwrap() == "0");
    gate.write(
        "rules/a-press.yaml",
        &format!("rules:\n{}", allow.replace("leckie }", "leckie }, name: { is: press }")),
    );
    gate.wait("the mended rules", |gate| gate.ask("Press") == ALLOWED && gate.status()["generation"] == 3);
    assert_eq!(gate.ask("Official"), REFUSED);
}

#[test]
fn every_line_about_a_reload_names_the_live_set_and_the_program() {
    let gate = Gate::start();
    let names = |line: &str, status: &Value| {
        let line: Value = serde_json::from_str(line).unwrap();
        ["content", "revision", "version"].iter().for_each(|name| assert_eq!(line[name], status[name], "{line}"));
    };
    gate.write("rules/rules.yaml", &RULES.replace("is: official", r"matches: '\b(vx|微信)\b'"));
    gate.wait_for_attempts(2);
    names(&gate.wait_for_log("rules reloaded"), &gate.status());
    names(&gate.wait_for_log("word-boundary-with-han"), &gate.status());
    gate.write("rules/rules.yaml", BROKEN);
    gate.wait_for_attempts(3);
    names(&gate.wait_for_log("reload failed"), &gate.status());
    names(&gate.wait_for_log("error in the rules"), &gate.status());
}

#[test]
fn a_repair_after_a_bad_edit_is_live_and_the_failure_stays_on_record() {
    let gate = Gate::start();
    gate.write("rules/rules.yaml", BROKEN);
    gate.wait_for_attempts(2);
    gate.write("rules/rules.yaml", &RULES.replace("official", "news"));
    gate.wait("the repaired rule", |gate| gate.ask("News") == REFUSED);
    let status = gate.status();
    assert_eq!((&status["generation"], &status["last_attempt"]["succeeded"]), (&2.into(), &true.into()));
    assert!(status["last_failure"].is_object());
}

#[test]
fn a_hangup_forces_a_reload_of_unchanged_files() {
    let gate = Gate::start();
    gate.signal("HUP");
    gate.wait_for_attempts(2);
    let status = gate.status();
    assert_eq!((&status["generation"], &status["last_attempt"]["succeeded"]), (&1.into(), &true.into()));
}

#[test]
fn polling_finds_an_edit_too() {
    let gate = Setup::settings("app: 1400000000\nwatch: poll\npoll: 100ms\n").start();
    assert_eq!(gate.status()["watch"], "poll");
    gate.write("rules/rules.yaml", &RULES.replace("official", "news"));
    gate.wait("the new rule", |gate| gate.ask("News") == REFUSED);
}

#[test]
fn a_shadow_rule_is_counted_and_logged_and_changes_nothing() {
    let gate = Gate::start();
    gate.write("rules/rules.yaml", &RULES.replace("action: deny", "action: deny\n    mode: shadow"));
    gate.wait("the shadow rule", |gate| gate.ask("Official") == ALLOWED);
    let name = r#"topicgate_shadow_matches_total{rule="reserved-names"}"#;
    gate.wait("the counter", |gate| gate.metric(name).is_some());
    let count = |gate: &Gate| gate.metric(name).unwrap().parse::<u64>().unwrap();
    let before = count(&gate);
    assert_eq!(gate.ask("Official"), ALLOWED);
    assert_eq!(count(&gate), before + 1);
    assert_eq!(gate.metric(r#"topicgate_rules{mode="shadow"}"#).unwrap(), "1");
    let line = gate.wait_for_log("would have decided");
    assert!(line.contains(r#""rule":"reserved-names""#) && line.contains(r#""operator":"leckie""#), "{line}");
}
