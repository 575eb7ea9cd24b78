//! Proofs agree with brute force: every short name over a small alphabet, by a few operators, on a few platforms.

use jiff::Timestamp;
use proptest::prelude::*;
use topicgate::{
    analysis::{self, Answer, Budget, Finding, Formula, Kind, Solver},
    engine::{Mode, Rule, Snapshot, Standing, Views, evaluate},
    facts::{Command, Facts, Rollout},
};

use crate::generated::loaded;

const TESTS: [&str; 14] = [
    "name: {is: ab}",
    "name: {in: [a, b, ab, ba]}",
    "name: {starts_with: a}",
    "name: {ends_with: [b, ba]}",
    "name: {contains: [ab, bb]}",
    "name: {matches: '^[ab]+$'}",
    "name: {matches: 'a.*b'}",
    "name: {bytes: {max: 2}}",
    "name_raw: {contains: A}",
    "name_raw: {matches: '^a'}",
    "operator: {is: x}",
    "operator: {in: [x, z]}",
    "operator: {matches: '^[xz]$'}",
    "platform: {is: web}",
];

/// Tests that are only followed between bounds.
const LOOSE: [&str; 5] = [
    "name: {contains_word: [a, ab]}",
    "name: {length: {min: 2}}",
    "name: {length: {max: 2}}",
    "name: {contains: a, ignoring: ab}",
    "name_lookalike: {contains: ab}",
];

const LIVES: [&str; 8] = [
    "",
    "",
    "",
    "",
    "quota: {limit: 1, per: client_ip, within: 1h}, ",
    "active: {until: '2000-01-01T00:00:00Z'}, ",
    "mode: shadow, ",
    "commands: [create_topic, create_group], ",
];

fn test(loose: bool) -> impl Strategy<Value = String> {
    let all: Vec<&str> = TESTS.iter().chain(if loose { &LOOSE[..] } else { &[] }).copied().collect();
    prop::sample::select(all).prop_map(|test| format!("{{{test}}}"))
}

pub fn condition(loose: bool) -> impl Strategy<Value = String> {
    test(loose).prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("{{any: [{}]}}", parts.join(", "))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("{{all: [{}]}}", parts.join(", "))),
            inner.prop_map(|inner| format!("{{not: {inner}}}")),
        ]
    })
}

pub fn rule(loose: bool) -> impl Strategy<Value = String> {
    let except = prop::option::weighted(0.2, condition(loose)).prop_map(|when| {
        when.map(|when| format!("except: [{{id: e, reason: r, expires: 2001-01-01, when: {when}}}], "))
            .unwrap_or_default()
    });
    let life = prop::sample::select(LIVES.to_vec());
    (condition(loose), except, life)
        .prop_map(|(when, except, life)| format!("action: deny, {except}{life}when: {when}"))
}

fn set(loose: bool) -> impl Strategy<Value = String> {
    prop::collection::vec(rule(loose), 1..6).prop_map(|rules| {
        let rules = rules.iter().enumerate().map(|(id, rule)| format!("- {{id: r{id}, {rule}}}\n"));
        format!("rules:\n{}", rules.collect::<String>())
    })
}

/// Every request of the small world.
pub fn world() -> Vec<Facts<'static>> {
    let mut names = vec![String::new()];
    let mut last = names.clone();
    for _ in 0..3 {
        last = last.iter().flat_map(|name| ["a", "b", "A", " ", "1"].map(|end| format!("{name}{end}"))).collect();
        names.extend(last.clone());
    }
    let times = ["1999-01-01T00:00:00Z", "2000-06-01T00:00:00Z", "2020-01-01T00:00:00Z"];
    let mut world = Vec::new();
    for name in names {
        for operator in ["w", "x", "z"] {
            for platform in [None, Some("web")] {
                for time in times {
                    let mut facts = Facts::topic(operator.to_owned(), name.clone(), time.parse().unwrap());
                    facts.platform = platform.map(Into::into);
                    facts.client_ip = platform.map(|_| [192, 0, 2, 1].into());
                    facts.rollout = Rollout::In;
                    world.push(facts.clone());
                }
            }
        }
    }
    let groups = world.clone().into_iter().map(|facts| Facts { command: Command::CreateGroup, ..facts });
    world.iter().cloned().chain(groups).collect()
}

/// Whether a request contradicts what was proved.
fn contradicts(snapshot: &Snapshot, finding: &Finding, facts: &Facts<'_>) -> bool {
    let views = Views::of(facts);
    let rule = &snapshot.rules[finding.rule];
    match finding.kind {
        Kind::NeverMatches => rule.when.holds(&views),
        Kind::AlwaysMatches => !rule.when.holds(&views),
        Kind::NeverDecides(_) | Kind::NeverApplies(_) => evaluate(snapshot, &views).applies.contains(&finding.rule),
        Kind::NotProved(_) | Kind::MayAlwaysMatch(_) => false,
    }
}

fn applies(rule: &Rule, facts: &Facts<'_>) -> bool {
    rule.standing(&Views::of(facts)) == Standing::Applies
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_contradicts_a_proof(text in set(true)) {
        let snapshot = loaded(&text);
        let findings = analysis::findings(&snapshot, Timestamp::UNIX_EPOCH, Budget::default());
        let world = world();
        for finding in &findings {
            let wrong = world.iter().find(|facts| contradicts(&snapshot, finding, facts));
            prop_assert!(wrong.is_none(), "{text}{finding:?} {wrong:?}");
        }
    }

    #[test]
    fn what_is_followed_exactly_is_proved_or_refuted(text in set(false)) {
        let snapshot = loaded(&text);
        let on_one_view = !(text.contains("name:") && text.contains("name_raw:"));
        for finding in analysis::findings(&snapshot, Timestamp::UNIX_EPOCH, Budget::default()) {
            let is_open = matches!(finding.kind, Kind::NotProved(_) | Kind::MayAlwaysMatch(_));
            prop_assert!(!(is_open && on_one_view), "{text}{finding:?}");
        }
    }

    #[test]
    fn a_rule_that_decides_here_decides_there(text in set(true)) {
        let snapshot = loaded(&text);
        let world = world();
        let mut solver = Solver::new(Timestamp::UNIX_EPOCH, Budget::default());
        for rule in snapshot.rules.iter().filter(|rule| rule.mode == Mode::Enforce) {
            let found = solver.find(&Formula::Applies(rule), |facts| applies(rule, facts));
            match &found {
                Answer::None => prop_assert!(!world.iter().any(|facts| applies(rule, facts)), "{text}{}", rule.id),
                Answer::Witness(facts) => prop_assert!(applies(rule, facts), "{text}{facts:?}"),
                Answer::NotProved(_) => {}
            }
        }
    }
}
