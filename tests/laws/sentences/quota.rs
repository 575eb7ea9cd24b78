//! Quotas: from when on a rule applies, what counts, and for whom.

use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use topicgate::{
    engine::{self, Counts, Mode, Snapshot, Views, quota::Counted},
    facts::{Command, Facts},
    quota::Memory,
    telemetry::quotas::Quotas,
};

use crate::sentences::{codes, loaded, topic};

/// A service without HTTP: rules that may be replaced, and counters that stay.
struct Service {
    snapshot: Snapshot,
    memory: Memory,
}

fn service(rules: &str) -> Service {
    Service { snapshot: loaded(rules), memory: Memory::new(1000, Quotas::default()) }
}

impl Service {
    /// Which rule decides a request that comes so many seconds after the first.
    fn ask(&self, facts: &Facts<'_>, seconds: i64) -> Option<String> {
        let facts = Facts { at: Timestamp::from_second(1_800_000_000 + seconds).unwrap(), ..facts.clone() };
        let views = Views::of(&facts);
        let plan = engine::evaluate(&self.snapshot, &views);
        let counted: Vec<Counted<'_>> = plan.counted(&self.snapshot, &facts).collect();
        let verdict = engine::settle(&self.snapshot, &views, &plan, &self.memory.counts(&counted, facts.at));
        verdict.rule.map(|rule| self.snapshot.rules[rule].id.clone())
    }

    /// Whether requests of `leckie` at these seconds are refused.
    fn refuses(&self, seconds: &[i64]) -> Vec<bool> {
        seconds.iter().map(|seconds| self.ask(&topic("a"), *seconds).is_some()).collect()
    }
}

/// A rule that refuses what is too often.
fn few(id: &str, more: &str, quota: &str) -> String {
    format!("- {{id: {id}, action: deny, when: always, quota: {{{quota}}}{more}}}\n")
}

fn rules(rules: &[String]) -> String {
    format!("rules:\n{}", rules.concat())
}

fn by(operator: &str) -> Facts<'_> {
    Facts::topic(operator, "a", Timestamp::UNIX_EPOCH)
}

const TWO: &str = "limit: 2, per: operator, within: 60s";

#[test]
fn the_rule_applies_from_the_request_after_the_limit() {
    assert_eq!(service(&rules(&[few("a", "", TWO)])).refuses(&[0, 0, 0, 0]), [false, false, true, true]);
}

#[test]
fn the_window_slides_and_a_request_counts_until_within_has_passed() {
    let service = service(&rules(&[few("a", "", TWO)]));
    assert_eq!(service.refuses(&[0, 30, 59, 89, 118, 178]), [false, false, true, true, true, false]);
}

#[test]
fn refused_requests_count() {
    let once_a_second: Vec<i64> = (0..200).collect();
    let refused = service(&rules(&[few("a", "", TWO)])).refuses(&once_a_second);
    assert_eq!(refused.iter().filter(|refused| !**refused).count(), 2);
}

#[test]
fn each_key_counts_for_itself() {
    let service = service(&rules(&[few("a", "", "limit: 1, per: operator, within: 60s")]));
    let ask = |operator| service.ask(&by(operator), 0).is_some();
    assert_eq!(["leckie", "Leckie", "mary", "leckie"].map(ask), [false, false, false, true]);
}

#[test]
fn an_address_is_a_key_and_so_is_an_app() {
    let service = service(&rules(&[
        few("address", "", "limit: 1, per: client_ip, within: 60s"),
        few("app", "", "limit: 3, per: app, within: 60s"),
    ]));
    let ask = |operator, address: &str, app| {
        let facts = Facts { client_ip: address.parse().ok(), app: Some(app), ..by(operator) };
        service.ask(&facts, 0)
    };
    assert_eq!(ask("a", "192.0.2.1", 1), None);
    assert_eq!(ask("b", "192.0.2.1", 1).as_deref(), Some("address"));
    assert_eq!(ask("a", "192.0.2.2", 1), None);
    assert_eq!(ask("a", "192.0.2.3", 1), None);
    assert_eq!(ask("a", "192.0.2.4", 1).as_deref(), Some("app"));
    assert_eq!(ask("a", "192.0.2.5", 2), None);
}

#[test]
fn a_request_counts_when_it_reaches_the_rule() {
    let first = "- {id: first, action: deny, when: {operator: {is: mary}}}\n".to_owned();
    let service = service(&rules(&[first, few("a", "", "limit: 1, per: app, within: 60s")]));
    let ask = |operator| service.ask(&Facts { app: Some(1), ..by(operator) }, 0);
    assert_eq!(ask("mary").as_deref(), Some("first"));
    assert_eq!(ask("leckie"), None);
    assert_eq!(ask("leckie").as_deref(), Some("a"));
}

#[test]
fn a_request_that_a_quota_ends_does_not_count_further_down() {
    let service = service(&rules(&[
        few("a", "", "limit: 1, per: operator, within: 60s"),
        few("b", "", "limit: 2, per: app, within: 60s"),
    ]));
    let ask = |operator| service.ask(&Facts { app: Some(1), ..by(operator) }, 0);
    assert_eq!(["x", "x", "x", "y", "z"].map(ask).map(Option::unwrap_or_default), ["", "a", "a", "", "b"]);
}

#[test]
fn a_request_counts_when_everything_else_about_the_rule_holds() {
    let text = "rules:\n- id: a\n  action: deny\n  commands: [create_topic]\n  when: {name: {contains: b}}\n  \
                active: {from: 2027-01-15T08:00:10Z}\n  except: [{id: e, reason: r, expires: never, when: {name: {contains: c}}}]\n  \
                quota: {limit: 1, per: operator, within: 60s}\n";
    let service = service(text);
    let ask = |name, seconds| service.ask(&topic(name), seconds).is_some();
    let uncounted = [ask("b", 0), ask("a", 11), ask("bc", 12)];
    let group = service.ask(&Facts { command: Command::CreateGroup, ..topic("b") }, 13);
    assert_eq!((uncounted, group), ([false; 3], None));
    assert_eq!([ask("b", 14), ask("b", 15)], [false, true]);
}

#[test]
fn a_request_without_the_key_is_not_counted_and_the_rule_does_not_apply() {
    let service = service(&rules(&[few("a", "", "limit: 1, per: client_ip, within: 60s")]));
    assert_eq!(service.refuses(&[0, 0, 0]), [false; 3]);
}

#[test]
fn both_commands_of_a_rule_count_together() {
    let service = service(&rules(&[few("a", ", commands: [create_topic, create_group]", TWO)]));
    let ask = |command| service.ask(&Facts { command, ..topic("a") }, 0).is_some();
    let [topic, group] = Command::ALL;
    assert_eq!([topic, group, topic, group].map(ask), [false, false, true, true]);
}

#[test]
fn counters_survive_a_reload_while_the_id_and_the_quota_stay_the_same() {
    let mut service = service(&rules(&[few("a", "", TWO)]));
    assert_eq!(service.refuses(&[0, 1]), [false; 2]);
    for (changed, refused) in [
        (few("b", "", TWO), false),
        (few("a", "", "limit: 2, per: operator, within: 61s"), false),
        (few("a", ", mode: shadow", TWO), false),
        (few("a", ", code: 10100, description: x", TWO), true),
    ] {
        service.snapshot = loaded(&rules(&[changed]));
        assert_eq!(service.refuses(&[2]), [refused]);
    }
}

#[test]
fn a_shadow_rule_counts_for_itself_and_changes_no_answer() {
    let shadow = few("a", ", mode: shadow", "limit: 1, per: operator, within: 60s");
    let mut service = service(&rules(&[shadow, few("b", "", TWO)]));
    assert_eq!(service.refuses(&[0, 0, 0]), [false, false, true]);
    service.snapshot = loaded(&rules(&[few("a", "", "limit: 1, per: operator, within: 60s")]));
    assert_eq!(service.refuses(&[0, 0]), [false, true]);
}

#[test]
fn a_quota_is_for_deny_only_and_its_keys_are_required() {
    let with = |action: &str, quota: &str| {
        codes(&format!("rules: [{{id: a, action: {action}, when: always, quota: {quota}}}]\n"))
    };
    assert_eq!(with("deny", &format!("{{{TWO}}}")), [""; 0]);
    assert_eq!(with("allow", &format!("{{{TWO}}}")), ["invalid-value"]);
    assert_eq!(with("deny", "{}"), ["missing-key"; 3]);
    assert_eq!(with("deny", "{limit: 1, per: operator, within: 60s, a: 1}"), ["unknown-key"]);
    for limit in ["0", "1001", "-1", "1.5", "007", "many"] {
        assert_eq!(with("deny", &format!("{{limit: {limit}, per: app, within: 60s}}")), ["invalid-value"], "{limit}");
    }
    for within in ["0s", "60", "31d", "1.5h", "a day"] {
        assert_eq!(with("deny", &format!("{{limit: 1, per: app, within: {within}}}")), ["invalid-value"], "{within}");
    }
    assert_eq!(with("deny", "{limit: 1, per: owner, within: 60s}"), ["invalid-value"]);
    assert_eq!(with("deny", "{limit: 1000, per: client_ip, within: 30d}"), [""; 0]);
}

#[test]
fn the_counts_of_a_test_are_the_requests_before_it() {
    let with = |given: &str, expected: &str| {
        let test = format!("tests: [{{name: t, request: {{operator: a}}, {given}expect: {{rule: {expected}}}}}]\n");
        codes(&(rules(&[few("few", "", "limit: 3, per: operator, within: 60s"), few("more", "", TWO)]) + &test))
    };
    assert_eq!(with("", "none"), [""; 0]);
    assert_eq!(with("given: {counts: {few: 2}}, ", "none"), [""; 0]);
    assert_eq!(with("given: {counts: {few: 3}}, ", "few"), [""; 0]);
    assert_eq!(with("given: {counts: {few: 2, more: 2}}, ", "more"), [""; 0]);
    assert_eq!(with("given: {counts: {few: 18446744073709551615}}, ", "few"), [""; 0]);
    assert_eq!(with("given: {counts: {fewer: 2}}, ", "none"), ["unknown-rule"]);
    assert_eq!(with("given: {counts: {few: -2}}, ", "none"), ["invalid-value"]);
    assert_eq!(with("given: {}, ", "none"), ["empty-value"]);
}

#[test]
fn nothing_can_be_counted_for_a_rule_without_a_quota() {
    let test = "tests: [{name: t, request: {operator: a}, given: {counts: {a: 2}}, expect: {rule: a}}]\n";
    assert_eq!(codes(&(crate::sentences::deny("always") + test)), ["invalid-value"]);
}

#[test]
fn a_quota_changes_what_a_set_means() {
    let revision = |quota: &str| loaded(&rules(&[few("a", "", quota)])).revision;
    assert_eq!(revision(TWO), revision("within: 60s, limit: 2, per: operator"));
    assert_eq!(revision(TWO), revision("limit: 2, per: operator, within: 1m"));
    for other in ["limit: 3, per: operator, within: 60s", "limit: 2, per: app, within: 60s"] {
        assert_ne!(revision(TWO), revision(other));
    }
    assert_ne!(revision(TWO), loaded(&crate::sentences::deny("always")).revision);
}

proptest! {
    #[test]
    fn settling_is_total_whatever_the_counts_are(counts in vec(any::<u64>(), 0..5)) {
        let shadow = few("a", ", mode: shadow", TWO);
        let snapshot = loaded(&rules(&[shadow, few("b", "", TWO), few("c", "", TWO)]));
        let facts = topic("a");
        let views = Views::of(&facts);
        let plan = engine::evaluate(&snapshot, &views);
        let verdict = engine::settle(&snapshot, &views, &plan, &Counts(counts.clone()));
        let over = |index: usize| counts.get(index).is_some_and(|count| *count > 2);
        prop_assert_eq!(verdict.rule, (1..3).find(|index| over(*index)));
        prop_assert_eq!(verdict.shadow, if over(0) { vec![0] } else { vec![] });
        prop_assert_eq!(snapshot.rules[0].mode, Mode::Shadow);
    }
}
