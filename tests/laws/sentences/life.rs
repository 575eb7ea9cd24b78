//! The life of a rule: time, exceptions, shares, and what is said of them.

use jiff::Timestamp;
use topicgate::{
    analysis::Budget,
    diagnostic::{Code, KEPT_PER_SEVERITY, Severity},
    engine::Snapshot,
    facts::{Facts, Rollout},
    rules,
};

use crate::{
    loading,
    sentences::{codes, deny, loaded, topic},
};

fn time(word: &str) -> Timestamp {
    word.parse().unwrap()
}

/// A deny rule for everything, with more keys.
fn rule(keys: &str) -> String {
    format!("rules: [{{id: a, action: deny, when: always, {keys}}}]\n")
}

/// Whether the only rule applies at a time.
fn applies(set: &Snapshot, at: &str) -> bool {
    loading::check_decision(set, &Facts { at: time(at), ..topic("x") }).rule.is_some()
}

/// The codes of the findings at a time.
fn codes_at(text: &str, at: &str) -> Vec<&'static str> {
    let report = rules::load(loading::input(text.as_bytes()), time(at)).report;
    report.findings.iter().map(|finding| finding.code.word()).collect()
}

#[test]
fn a_date_is_the_whole_day_in_the_zone_of_the_set() {
    let text = rule("active: {from: 2026-10-01, until: 2026-10-07}");
    for (zone, first, end) in [
        ("", "2026-10-01T00:00:00Z", "2026-10-08T00:00:00Z"),
        ("time_zone: Asia/Shanghai\n", "2026-09-30T16:00:00Z", "2026-10-07T16:00:00Z"),
        ("time_zone: Asia/Kathmandu\n", "2026-09-30T18:15:00Z", "2026-10-07T18:15:00Z"),
    ] {
        // The zone may stand in any file of the set.
        let other = "rules: [{id: z, action: allow, when: {operator: {is: z}}}]";
        for set in [format!("{zone}{text}"), format!("{text}\u{1e}{zone}{other}")] {
            let set = loaded(&set);
            let second = |at: &str, seconds: i64| (time(at) + jiff::SignedDuration::from_secs(seconds)).to_string();
            assert!(!applies(&set, &second(first, -1)) && applies(&set, first), "{zone}");
            assert!(applies(&set, &second(end, -1)) && !applies(&set, end), "{zone}");
        }
    }
}

#[test]
fn from_is_included_and_until_is_not() {
    let set = loaded(&rule("active: {from: 2026-10-01T08:00:00+08:00, until: 2026-10-01T09:00:00+08:00}"));
    for (at, expected) in [
        ("2026-09-30T23:59:59.999Z", false),
        ("2026-10-01T00:00:00Z", true),
        ("2026-10-01T00:59:59.999Z", true),
        ("2026-10-01T01:00:00Z", false),
    ] {
        assert_eq!(applies(&set, at), expected, "{at}");
    }
    assert!(applies(&loaded(&rule("active: {from: 2026-10-01}")), "9999-01-01T00:00:00Z"));
    assert!(applies(&loaded(&rule("active: {until: 9999-12-31}")), "2026-10-01T00:00:00Z"));
}

#[test]
fn a_time_needs_a_zone() {
    for wrong in ["2026-10-01T08:00:00", "2026-10-01 08:00", "08:00", "2026-10", "2026-10-32", "now", "''"] {
        assert_eq!(codes(&rule(&format!("active: {{until: {wrong}}}"))), ["invalid-value"], "{wrong}");
    }
    for right in ["2026-10-01T08:00:00Z", "2026-10-01T08:00+08:00", "2026-10-01 08:00:00+08:00", "'2026-10-01'"] {
        assert_eq!(codes(&rule(&format!("active: {{until: {right}}}"))), [""; 0], "{right}");
    }
}

#[test]
fn the_days_of_a_schedule_are_those_on_which_a_window_starts() {
    // 2026-11-20 is a Friday.
    let set = loaded(&rule("schedule: {days: [fri], start: 22:00, duration: 10h, time_zone: Asia/Shanghai}"));
    for (at, expected) in [
        ("2026-11-20T13:59:59Z", false),
        ("2026-11-20T14:00:00Z", true),
        ("2026-11-20T23:59:59Z", true),
        ("2026-11-21T00:00:00Z", false),
        ("2026-11-21T14:00:00Z", false),
        ("2026-11-19T20:00:00Z", false),
    ] {
        assert_eq!(applies(&set, at), expected, "{at}");
    }
    let each_day = loaded(&format!("time_zone: Asia/Shanghai\n{}", rule("schedule: {start: 00:00, duration: 24h}")));
    assert!(applies(&each_day, "2026-11-20T13:59:59Z"));
}

#[test]
fn a_duration_is_elapsed_time_and_a_skipped_start_moves_forward() {
    let night = |zone: &str| loaded(&rule(&format!("schedule: {{start: 02:30, duration: 1h, time_zone: {zone}}}")));
    // The clock goes from 02:00 to 03:00 on 2026-03-29 in Berlin and on 2026-03-08 in New York.
    for (zone, start, end) in [
        ("Europe/Berlin", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"),
        ("America/New_York", "2026-03-08T07:30:00Z", "2026-03-08T08:30:00Z"),
    ] {
        let (set, second) = (night(zone), jiff::SignedDuration::from_secs(1));
        assert!(!applies(&set, &(time(start) - second).to_string()) && applies(&set, start), "{zone}");
        assert!(applies(&set, &(time(end) - second).to_string()) && !applies(&set, end), "{zone}");
    }
    // From 03:00 back to 02:00: eight hours from 22:00 end at 05:00 on the wall.
    let quiet = loaded(&rule("schedule: {days: [sat], start: 22:00, duration: 8h, time_zone: Europe/Berlin}"));
    assert!(applies(&quiet, "2026-10-25T03:59:59Z") && !applies(&quiet, "2026-10-25T04:00:00Z"));
}

#[test]
fn an_exception_keeps_the_rule_from_what_it_is_for() {
    let text = |expires: &str| {
        deny(&format!(
            "{{name: {{contains: casino}}}}\n    except: [{{id: film, reason: r, expires: {expires}, when: {{name: {{contains: royale}}}}}}]"
        ))
    };
    let decided = |set: &Snapshot, at: &str| {
        let facts = Facts { at: time(at), ..topic("Casino Royale") };
        let verdict = loading::check_decision(set, &facts);
        (verdict.rule.is_some(), verdict.excepted_by(set))
    };
    let excepted = (false, vec!["a/film".to_owned()]);
    for expires in ["never", "2026-12-24", "2026-12-25T00:00:00Z"] {
        let set = loaded(&text(expires));
        assert_eq!(decided(&set, "2026-12-24T23:59:59Z"), excepted, "{expires}");
        let then = if expires == "never" { excepted.clone() } else { (true, Vec::new()) };
        assert_eq!(decided(&set, "2026-12-25T00:00:00Z"), then, "{expires}");
    }
    assert!(loading::check_decision(&loaded(&text("never")), &topic("casino")).rule.is_some());
    for lacks in [
        "id: film, reason: r, expires: never",
        "id: film, reason: r, when: always",
        "id: a, expires: never, when: always",
    ] {
        assert_eq!(codes(&rule(&format!("except: [{{{lacks}}}]"))), ["missing-key"], "{lacks}");
    }
}

#[test]
fn no_date_stops_a_load_and_check_alone_loses_patience() {
    let text = rule("except: [{id: b, reason: r, expires: 2026-11-30, when: always}]");
    let checked = |at: &str| {
        let checked = rules::check(loading::input(text.as_bytes()), time(at), Budget::default());
        assert!(checked.snapshot.is_some(), "{at}");
        checked.report.findings.iter().map(|finding| finding.code.word()).collect::<Vec<_>>()
    };
    for (at, load, check) in [
        ("2026-11-16T23:59:59Z", "", ""),
        ("2026-11-17T00:00:00Z", "expires-soon", "expires-soon"),
        ("2026-11-30T23:59:59Z", "expires-soon", "expires-soon"),
        ("2026-12-01T00:00:00Z", "exception-expired", "exception-expired"),
        ("2026-12-30T23:59:59Z", "exception-expired", "exception-expired"),
        ("2026-12-31T00:00:00Z", "exception-expired", "exception-overdue"),
        ("2999-12-31T00:00:00Z", "exception-expired", "exception-overdue"),
    ] {
        assert_eq!(codes_at(&text, at).concat(), load, "{at}");
        assert_eq!(checked(at).concat(), check, "{at}");
    }
}

#[test]
fn people_are_told_14_days_before_a_rule_ends_or_is_due() {
    let (active, review) = (rule("active: {until: 2026-11-30}"), rule("review_by: 2026-11-30"));
    for (at, of_active, of_review) in [
        ("2026-11-15T23:59:59Z", "", ""),
        ("2026-11-16T00:00:00Z", "", "review-due"),
        ("2026-11-17T00:00:00Z", "expires-soon", "review-due"),
        ("2026-12-01T00:00:00Z", "rule-ended", "review-due"),
        ("2029-12-01T00:00:00Z", "rule-ended", "review-due"),
    ] {
        assert_eq!(codes_at(&active, at).concat(), of_active, "{at}");
        assert_eq!(codes_at(&review, at).concat(), of_review, "{at}");
    }
}

#[test]
fn a_rollout_is_a_share_over_0_and_up_to_100_percent() {
    for share in ["0.01%", "2.5%", "25%", "99.99%", "100%", "'7%'"] {
        assert_eq!(codes(&rule(&format!("rollout: {share}"))), [""; 0], "{share}");
    }
    for share in ["0%", "100.01%", "25", "0.25", "1.234%", "-5%"] {
        assert_eq!(codes(&rule(&format!("rollout: {share}"))), ["invalid-value"], "{share}");
    }
    assert_eq!(codes(&rule("rollout: 25%").replace("deny", "allow")), ["rollout-on-allow"]);
}

#[test]
fn what_a_rule_accepts_is_counted_and_not_reported() {
    let loose = "{operator: {starts_with: ops_}}";
    let text =
        |when: &str, accept: &str| format!("rules: [{{id: a, action: allow, when: {when}, accept: [{accept}]}}]");
    let accept = "{code: loose-allow, reason: ours}";
    let report = loading::check(text(loose, accept).as_bytes()).report;
    assert_eq!((report.findings.len(), report.accepted), (0, 1));
    assert_eq!(codes(&text("always", accept)), ["unused-accept"]);
    assert_eq!(codes(&text("always", "{code: review-due, reason: later}")), [""; 0]);
    assert_eq!(codes(&text(loose, "{code: unanchored-allow, reason: ours}")), ["loose-allow", "invalid-value"]);
    // It is about one rule, not about the set.
    let other = format!(
        "  - {{id: b, action: allow, when: {loose}}}\n  - {{id: a, action: allow, when: {loose}, accept: [{accept}]}}\n"
    );
    assert_eq!(codes(&format!("rules:\n{other}")), ["loose-allow"]);
}

#[test]
fn an_acceptance_is_not_called_needless_where_findings_were_only_counted() {
    let loose: String = (0..KEPT_PER_SEVERITY)
        .map(|id| format!("  - {{id: r{id}, action: allow, when: {{operator: {{starts_with: ops_}}}}}}\n"))
        .collect();
    let accept = "accept: [{code: loose-allow, reason: ours}]";
    let last = format!("  - {{id: z, action: allow, when: {{operator: {{starts_with: ops_}}}}, {accept}}}\n");
    let report = loading::check(format!("rules:\n{loose}{last}").as_bytes()).report;
    assert_eq!((report.count(Severity::Warning), report.accepted), (KEPT_PER_SEVERITY + 1, 0));
    assert!(report.findings.iter().all(|finding| finding.code == Code::LooseAllow));
}

#[test]
fn a_test_has_a_time_when_a_rule_of_the_set_depends_on_it() {
    let test =
        |at: &str| format!("tests: [{{name: t, request: {{operator: o, name: x}}, expect: {{rule: none}}{at}}}]");
    for keys in [
        "active: {from: 2030-01-01}",
        "active: {until: 2020-01-01}",
        "schedule: {start: 00:00, duration: 1h}",
        "except: [{id: b, reason: r, expires: 2030-01-01, when: always}]",
    ] {
        let at = ", at: 2026-11-23T18:00:00Z";
        assert_eq!(codes(&(rule(keys) + &test(at))), [""; 0], "{keys}");
        assert_eq!(codes(&(rule(keys) + &test(""))), ["missing-key"], "{keys}");
        assert_eq!(codes(&(rule(&format!("mode: disabled, {keys}")) + &test(""))), ["missing-key"], "{keys}");
    }
    let never = rule("review_by: 2030-01-01, except: [{id: b, reason: r, expires: never, when: always}]");
    assert_eq!(codes(&(never + &test(""))), [""; 0]);
}

#[test]
fn a_test_pins_the_share_and_names_the_exceptions() {
    let test = |given: &str, expect: &str| {
        let except = "except: [{id: b, reason: r, expires: never, when: {name: {is: x}}}]";
        let set = rule(&format!("rollout: 0.01%, {except}")) + "tests: [{name: t, request: {operator: o, name: ";
        codes(&format!("{set}{given}, expect: {expect}}}]"))
    };
    assert_eq!(test("p}", "{rule: a, excepted_by: []}"), [""; 0]);
    assert_eq!(test("p}, given: {rollout: in}", "{rule: a}"), [""; 0]);
    assert_eq!(test("p}, given: {rollout: out}", "{rule: none}"), [""; 0]);
    assert_eq!(test("x}", "{rule: none, excepted_by: [a/b]}"), [""; 0]);
    assert_eq!(test("x}, given: {rollout: out}", "{rule: none, excepted_by: []}"), [""; 0]);
    assert_eq!(test("x}", "{excepted_by: []}"), ["test-failed"]);
    assert_eq!(test("p}", "{excepted_by: [a/b]}"), ["test-failed"]);
    assert_eq!(test("p}", "{excepted_by: [a/c]}"), ["unknown-exception"]);
    assert_eq!(test("p}", "{excepted_by: [b/b]}"), ["unknown-rule"]);
    assert_eq!(test("p}, given: {}", "{rule: a}"), ["empty-value"]);
}

#[test]
fn examples_are_about_when_alone() {
    let keys =
        "active: {until: 2001-01-01}, rollout: 0.01%, except: [{id: b, reason: r, expires: never, when: always}]";
    assert_eq!(codes_at(&rule(&format!("{keys}, examples: {{match: [x]}}")), "2000-01-01T00:00:00Z"), [""; 0]);
}

#[test]
fn a_shadow_or_disabled_rule_has_a_life_too() {
    let keys = "active: {until: 2026-11-30}";
    for mode in ["shadow", "disabled"] {
        assert_eq!(codes_at(&rule(&format!("mode: {mode}, {keys}")), "2026-12-01T00:00:00Z"), ["rule-ended"]);
    }
    let set = loaded(&rule(&format!("mode: shadow, {keys}")));
    let shadows = |at: &str| loading::check_decision(&set, &Facts { at: time(at), ..topic("x") }).shadow.len();
    assert_eq!((shadows("2026-11-30T23:59:59Z"), shadows("2026-12-01T00:00:00Z")), (1, 0));
}

#[test]
fn what_changes_the_meaning_changes_the_revision() {
    let revision = |keys: &str| loaded(&rule(keys)).revision;
    let same = |one: &str, other: &str| assert_eq!(revision(one), revision(other), "{one} and {other}");
    let except = |id: &str, reason: &str, expires: &str, when: &str| {
        format!("except: [{{id: {id}, reason: {reason}, expires: {expires}, when: {when}}}]")
    };
    same("active: {from: 2026-10-01}", "active: {from: 2026-10-01T00:00:00Z}");
    same("review_by: 2030-01-01, accept: [{code: review-due, reason: r}]", "mode: enforce");
    same(&except("b", "one", "2030-01-01", "always"), &except("b", "other", "2030-01-02T00:00:00Z", "always"));
    let zones =
        ["UTC", "Asia/Shanghai"].map(|zone| loaded(&format!("time_zone: {zone}\n{}", rule("mode: enforce"))).revision);
    assert_eq!(zones[0], zones[1], "the zone is not used");
    let all = [
        "mode: enforce",
        "active: {from: 2026-10-01}",
        "active: {until: 2026-10-01}",
        "schedule: {start: 00:00, duration: 1h}",
        "schedule: {days: [mon], start: 00:00, duration: 1h}",
        "schedule: {start: 00:00, duration: 1h, time_zone: Asia/Shanghai}",
        "rollout: 25%",
        "rollout: 25.01%",
        &except("b", "r", "never", "always"),
        &except("c", "r", "never", "always"),
        &except("b", "r", "2030-01-01", "always"),
        &except("b", "r", "never", "{name: {is: a}}"),
    ];
    let distinct: std::collections::BTreeSet<String> = all.iter().map(|keys| revision(keys)).collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn the_share_of_a_request_follows_from_its_operator() {
    let set = loaded(&rule("rollout: 50%"));
    let applies = |rollout: Rollout| loading::check_decision(&set, &Facts { rollout, ..topic("x") }).rule.is_some();
    assert_eq!((applies(Rollout::In), applies(Rollout::Out)), (true, false));
    assert_eq!(applies(Rollout::ByOperator), applies(Rollout::ByOperator));
}
