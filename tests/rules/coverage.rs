//! What examples and tests show of a set, and what they leave out.

use jiff::Timestamp;
use topicgate::{
    engine::{
        Coverage,
        coverage::{Item, Share, Unseen},
    },
    rules,
};

use crate::input;

fn cover(text: &str) -> Coverage {
    rules::cover(input(&[("rules.yaml", text)]), Timestamp::UNIX_EPOCH).1.unwrap()
}

/// What was not seen, a line each: `RULE:LINE`, the exception, the branch, and which outcome.
fn missing(coverage: &Coverage) -> Vec<String> {
    let items = coverage.rules.iter().flat_map(|rule| rule.items.iter().map(move |item| (&rule.id, item)));
    items.filter_map(|(rule, item)| Some(format!("{rule}:{}{} {}", item.line, part(item), never(item)?))).collect()
}

fn part(item: &Item) -> String {
    let exception = item.exception.as_ref().map(|id| format!(" except {id}"));
    let branch = item.branch.map(|branch| format!(" branch {branch}"));
    exception.unwrap_or_default() + &branch.unwrap_or_default()
}

fn never(item: &Item) -> Option<&'static str> {
    item.unseen().map(|unseen| match unseen {
        Unseen::Holds => "never holds",
        Unseen::Fails => "never fails",
        Unseen::Both => "never asked",
    })
}

/// A set of one rule that refuses, with these lines in it.
fn rule(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("\n    {line}")).collect();
    format!("rules:\n  - id: words\n    action: deny{lines}\n")
}

#[test]
fn an_example_shows_a_rule_from_one_side() {
    let one = rule("when: { name: { contains: casino } }\nexamples: { match: [casino] }");
    assert_eq!(missing(&cover(&one)), ["words:2 never fails"]);
    let both = rule("when: { name: { contains: casino } }\nexamples: { match: [casino], no_match: [poker] }");
    assert_eq!(missing(&cover(&both)), [""; 0]);
    assert_eq!(cover(&both).share().per_mille(), 1000);
    let none = rule("when: { name: { contains: casino } }");
    assert_eq!(missing(&cover(&none)), ["words:2 never asked"]);
}

#[test]
fn what_always_holds_need_not_be_seen_to_fail() {
    let always = rule("when: always\nexamples: { match: [casino] }");
    assert_eq!(cover(&always).share(), Share { seen: 1, possible: 1 });
    assert_eq!(missing(&cover(&rule("when: always"))), ["words:2 never holds"]);
}

#[test]
fn a_known_miss_shows_nothing() {
    let text = rule("when: { name: { contains: casino } }\nexamples: { match: [casino], known_miss: [c4s1n0] }");
    assert_eq!(missing(&cover(&text)), ["words:2 never fails"]);
}

#[test]
fn every_branch_is_looked_at_also_behind_one_that_holds() {
    let text = rule(
        "when:\n  any:\n    - name: { contains: casino }\n    - name: { contains: poker }\nexamples: { match: [casino poker] }",
    );
    let seen = ["words:2 never fails", "words:6 branch 1 never fails", "words:7 branch 2 never fails"];
    assert_eq!(missing(&cover(&text)), seen);
}

#[test]
fn a_branch_is_looked_at_only_where_what_stands_beside_its_any_holds() {
    let when =
        "when: { name: { length: { max: 6 } }, any: [{ name: { contains: casino } }, { name: { contains: poker } }] }";
    let beside = rule(&format!("{when}\nexamples: {{ no_match: [casino poker] }}"));
    let seen = ["words:2 never holds", "words:4 branch 1 never asked", "words:4 branch 2 never asked"];
    assert_eq!(missing(&cover(&beside)), seen);
    let all = rule(&format!("{when}\nexamples: {{ match: [casino, poker], no_match: [casino poker] }}"));
    assert_eq!(missing(&cover(&all)), [""; 0]);
}

#[test]
fn branches_are_found_under_not_and_in_each_other() {
    let text = rule(
        "when:
  not:
    any:
      - name: { contains: a }
      - all:
          - name: { contains: b }
          - any: [{ name: { contains: c } }, { name: { contains: d } }]
examples: { no_match: [a] }",
    );
    let seen = [
        "words:2 never holds",
        "words:7 branch 1 never fails",
        "words:9 branch 2 never holds",
        "words:10 branch 1 never asked",
        "words:10 branch 2 never asked",
    ];
    assert_eq!(missing(&cover(&text)), seen);
}

const THREE: &str = "
rules:
  - id: first
    mode: shadow
    action: deny
    when: { name: { contains: a } }
  - id: second
    action: deny
    when: { name: { contains: b } }
  - id: groups
    commands: [create_group]
    action: deny
    when: { name: { contains: c } }
  - id: last
    action: deny
    when: { name: { contains: d } }
  - id: parked
    mode: disabled
    action: deny
    when: { name: { contains: e } }
tests:
";

#[test]
fn a_test_looks_at_the_rules_up_to_the_deciding_one() {
    let test =
        |name: &str| format!("  - {{ name: x, request: {{ operator: o, name: {name} }}, expect: {{ code: 7 }} }}\n");
    let behind = ["groups:10 never asked", "last:14 never asked"].map(str::to_owned);
    let coverage = cover(&(THREE.to_owned() + &test("ab")));
    assert_eq!(missing(&coverage)[..2], ["first:3 never fails", "second:7 never fails"]);
    assert_eq!(missing(&coverage)[2..], behind);
    // A rule for other commands is not asked, and a disabled one is not part of it.
    let all = cover(&(THREE.to_owned() + &test("ab") + &test("d") + &test("x")));
    assert_eq!(missing(&all), ["groups:10 never asked"]);
    assert_eq!((all.share().seen, all.share().possible), (6, 8));
}

#[test]
fn nothing_is_measured_of_a_set_that_was_not_run() {
    let broken = rules::cover(input(&[("rules.yaml", "rules: [{ id: a }]")]), Timestamp::UNIX_EPOCH);
    assert!(broken.1.is_none() && broken.0.report.has_errors());
}

/// A rule with two exceptions, one of them until the end of 2030, and with these tests: time, operator and name.
fn with_exceptions(more: &str, tests: &[(&str, &str, &str)]) -> String {
    let lines = format!(
        "when: {{ name: {{ contains: casino }} }}
except:
  - {{ id: film, reason: A film., expires: 2030-12-31, when: {{ name: {{ contains: royale }} }} }}
  - id: staff
    reason: They know.
    expires: never
    when: {{ any: [{{ operator: {{ is: amy }} }}, {{ operator: {{ is: bo }} }}] }}
{more}"
    );
    let test = |(at, operator, name): &(&str, &str, &str)| {
        format!(
            "\n  - {{ name: x, at: {at}, request: {{ operator: {operator}, name: {name} }}, expect: {{ code: 7 }} }}"
        )
    };
    rule(&lines) + "tests:" + &tests.iter().map(test).collect::<String>()
}

const SOON: &str = "2026-11-23T18:00:00Z";
const LATE: &str = "2031-01-01T00:00:00Z";

#[test]
fn exceptions_are_looked_at_where_the_rule_would_apply_without_them() {
    let passed = with_exceptions("", &[(SOON, "amy", "royale")]);
    assert_eq!(
        missing(&cover(&passed)),
        [
            "words:2 never holds",
            "words:6 except film never asked",
            "words:7 except staff never asked",
            "words:10 except staff branch 1 never asked",
            "words:10 except staff branch 2 never asked",
        ]
    );
    // Both hold; neither hides the other.
    let both = with_exceptions("", &[(SOON, "amy", "casino royale")]);
    assert_eq!(
        missing(&cover(&both)),
        [
            "words:2 never fails",
            "words:6 except film never fails",
            "words:7 except staff never fails",
            "words:10 except staff branch 1 never fails",
            "words:10 except staff branch 2 never holds",
        ]
    );
    let all = [(SOON, "amy", "casino royale"), (SOON, "bo", "casino"), (SOON, "leckie", "casino"), (SOON, "o", "x")];
    assert_eq!(missing(&cover(&with_exceptions("", &all))), [""; 0]);
}

#[test]
fn an_exception_that_is_over_is_not_looked_at() {
    let late = with_exceptions("", &[(LATE, "amy", "casino royale")]);
    assert_eq!(missing(&cover(&late))[1..3], ["words:6 except film never asked", "words:7 except staff never fails"]);
}

#[test]
fn a_rule_that_is_not_alive_is_not_asked() {
    let text = with_exceptions("active: { until: 2026-12-31 }", &[(LATE, "amy", "casino"), (LATE, "leckie", "poker")]);
    assert!(missing(&cover(&text)).iter().all(|line| line.ends_with("never asked")));
}

#[test]
fn a_rule_behind_a_quota_is_asked_until_that_is_used_up() {
    let test = |count: u32| {
        "
rules:
  - { id: newcomers, action: deny, when: always, quota: { limit: 3, per: operator, within: 1h } }
  - { id: words, action: deny, when: { name: { contains: casino } } }
tests:
  - name: x
    given: { counts: { newcomers: COUNT } }
    request: { operator: leckie, name: casino }
    expect: { decision: deny }
"
        .replace("COUNT", &count.to_string())
    };
    assert_eq!(missing(&cover(&test(2))), ["words:4 never fails"]);
    assert_eq!(missing(&cover(&test(3))), ["words:4 never asked"]);
}
