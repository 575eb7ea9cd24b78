//! The life of a rule, as users see what is wrong with it.

use topicgate::{
    analysis::Budget,
    diagnostic::{
        Code,
        render::{self, Style},
    },
    rules,
};

use crate::{input, load, now, pages, said};

#[test]
fn an_exception_that_expired_long_ago_is_an_error_of_check_alone() {
    let wrong = pages::example(Code::ExceptionOverdue, "Wrong");
    let files = [("rules.yaml", wrong[0].1.as_str())];
    let checked = rules::check(input(&files), now(), Budget::default());
    assert!(checked.snapshot.is_some(), "the service would load it");
    insta::assert_snapshot!(render::text(&checked.report, Style::Plain));
    let loaded = load(&files).report.findings;
    assert_eq!(loaded.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::ExceptionExpired]);
}

#[test]
fn a_request_without_the_key_of_a_quota_is_not_excepted_from_it() {
    let rules = "\
rules:
  - id: few
    action: deny
    when: always
    quota: { limit: 3, per: client_ip, within: 1h }
    except: [{ id: film, reason: a film, expires: never, when: { name: { contains: royale } } }]
tests:
  - name: nothing could be counted
    request: { operator: leckie, name: Casino Royale }
    expect: { decision: allow, excepted_by: [] }
  - name: an exception is looked at before the count
    request: { operator: leckie, name: Casino Royale, client_ip: 192.0.2.1 }
    expect: { decision: allow, excepted_by: [few/film] }
";
    assert!(load(&[("rules.yaml", rules)]).report.findings.is_empty());
}

/// A rule for each of some lines about its life.
fn lived<const N: usize>(lines: &[String; N]) -> String {
    let rules = lines.iter().enumerate();
    let rules = rules.map(|(id, line)| format!("  - {{ id: r{id}, action: deny, when: always, {line} }}\n"));
    "rules:\n".to_owned() + &rules.collect::<String>()
}

mistakes! {
    dates_in_other_fashions: lived(&[
        "{ until: 24.12.2026 }", "{ until: 2026-13-01 }", "{ until: 2026/12/24 }", "{ until: 12/24/2026 }",
        "{ until: 2026年12月24日 }", "{ until: 20261224 }", "{ until: 2026-1-2 }", "{ until: tomorrow }",
        "{ until: 2027-02-30 }",
    ].map(|active| format!("active: {active}")));
    times_without_a_zone: lived(&[
        "{ from: 2026-12-24T18:00:00 }", "{ from: 2026-12-24 18:00 }", "{ from: '2026-12-24T18:00+08:00[Asia/Shanghai]' }",
    ].map(|active| format!("active: {active}")));
    windows_without_a_day: lived(&[
        "{ from: 2026-12-25, until: 2026-12-24 }", "{ from: 2026-12-24T18:00:00Z, until: 2026-12-24T18:00:00Z }", "{}",
        "{ form: 2026-12-24 }", "2026-12-24",
    ].map(|active| format!("active: {active}")));
    times_beyond_all_calendars: lived(&["9999-12-31T23:59:59Z", "9999-12-31 23:59:59", "10000-01-01T00:00:00Z"]
        .map(|until| format!("active: {{ until: {until} }}")));
    zones_that_are_none: lived(&["Etc/Unknown", "etc/unknown", "Mars", "Berlin", "+08:00"]
        .map(|zone| format!("schedule: {{ start: 09:00, duration: 1h, time_zone: {zone} }}"))) + "time_zone: Etc/Unknown\n";
    days_and_commands_written_twice: lived(&[
        "schedule: { days: [mon, tue, mon], start: 09:00, duration: 1h }", "commands: [create_topic, create_topic]",
        "commands: [create_topic, create_topic], accept: [{ code: duplicate-entry, reason: x }]",
    ].map(str::to_owned));
    schedules_that_are_wrong: lived(&[
        "{ days: [monday, Fri, mon-fri, x], start: 22:30, duration: 8h }", "{ days: sat, start: 9:00, duration: 25h }",
        "{ days: [], start: 24:00, duration: 0m }", "{ start: 22:30:00, duration: 1h30m, time_zone: Berlin }",
        "{ start: 10pm, duration: 15 }", "{ days: [mon] }",
    ].map(|schedule| format!("schedule: {schedule}")));
    shares_that_are_wrong: lived(&["25", "0%", "120%", "2.555%", "25 %", "25％", "0.25", "half"].map(|share| format!("rollout: {share}")));
    exceptions_that_are_wrong: lived(&[
        "[]".to_owned(),
        "[{ id: a }]".to_owned(),
        "[{ id: A_b, reason: '', expires: , when: always, because: x }]".to_owned(),
        "[{ id: a, reason: x, expires: Never, when: { name: { is: a } } }, { id: a, reason: x, expires: never, when: { nam: { is: a } } }]".to_owned(),
    ].map(|except| format!("except: {except}")));
    reviews_and_acceptances_that_are_wrong: lived(&[
        "review_by: soon", "review_by: 2026-12-24T18:00:00Z", "accept: [{ code: loose-alow, reason: x }]",
        "accept: [{ code: unknown-key, reason: x }]", "accept: [{ code: unused-accept, reason: x }]", "accept: [{ code: review-due }]",
        "accept: [{ code: review-due, reason: a }, { code: review-due, reason: b }]", "accept: review-due",
        "accept: [{ code: unused-list, reason: x }]",
    ].map(str::to_owned));
    an_exception_for_accounts_like_ours: lived(&[
        "except: [{ id: a, reason: x, expires: never, when: { operator: { starts_with: ops_ } } }]",
        "except: [{ id: a, reason: x, expires: never, when: { operator: { matches: ops } } }]",
    ].map(str::to_owned));
    tests_of_a_rule_with_a_life: "\
rules:
  - id: no-adverts
    action: deny
    when: { name: { contains: casino } }
    except: [{ id: film, reason: a film, expires: 2030-01-01, when: { name: { contains: royale } } }]
tests:
  - name: the time is missing
    request: { operator: leckie, name: Casino Royale }
    expect: { excepted_by: [no-adverts/fil, no-advert/film, film] }
  - name: a time that is none
    at: 2026-12-24
    request: { operator: leckie, name: Casino Royale }
    given: { rollout: maybe, count: {} }
    expect: { decision: allow }
";
    a_test_that_expects_another_exception: "\
rules:
  - id: no-adverts
    action: deny
    when: { name: { contains: casino } }
    except:
      - { id: film, reason: a film, expires: never, when: { name: { contains: royale } } }
      - { id: night, reason: a party, expires: never, when: { name: { contains: night } } }
tests:
  - name: the film is no advert
    request: { operator: leckie, name: Casino Royale Night }
    expect: { excepted_by: [no-adverts/night] }
";
}
