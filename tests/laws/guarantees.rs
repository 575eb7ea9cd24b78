//! Guarantees agree with brute force: every short name over a small alphabet, by a few operators, at a few times, with
//! every share and every counter one way and the other.

use jiff::Timestamp;
use proptest::prelude::*;
use topicgate::{
    analysis::{Budget, Guarantee, Outcome, Promise, Proof, Solver, prove},
    engine::{Counts, Deciders, Decision, Mode, Rule, Snapshot, Standing, Verdict, Views, evaluate, settle},
    facts::{Command, Facts, Rollout},
};

use crate::{
    generated::{self, loaded},
    model,
    proofs::{condition, world},
};

const FROM: &str = "2000-03-01T00:00:00Z";

const ACTIONS: [&str; 4] = [
    "action: deny",
    "action: deny, code: 10101",
    "action: deny, quota: {limit: 3, per: operator, within: 1h}",
    "action: allow",
];

const LIVES: [&str; 8] = [
    "",
    "",
    "",
    "rollout: 50%, ",
    "mode: shadow, ",
    "active: {until: '2010-01-01T00:00:00Z'}, ",
    "active: {from: '2010-01-01T00:00:00Z'}, ",
    "commands: [create_topic, create_group], ",
];

const OUTCOMES: [Outcome; 3] = [Outcome::Allow, Outcome::Deny, Outcome::DenyWith(10101)];

fn rule(loose: bool) -> impl Strategy<Value = String> {
    let except = prop::option::weighted(0.2, condition(loose)).prop_map(|when| {
        when.map(|when| format!("except: [{{id: e, reason: r, expires: 2005-01-01, when: {when}}}], "))
            .unwrap_or_default()
    });
    let (action, life) = (prop::sample::select(ACTIONS.to_vec()), prop::sample::select(LIVES.to_vec()));
    (action, condition(loose), except, life)
        .prop_map(|(action, when, except, life)| format!("{action}, {except}{life}when: {when}"))
}

/// A set whose last rule, a shadow one, has the condition of the guarantee.
fn set(loose: bool) -> impl Strategy<Value = String> {
    (prop::collection::vec(rule(loose), 1..5), condition(loose)).prop_map(|(rules, when)| {
        let about = format!("action: deny, mode: shadow, when: {when}");
        let rules = rules.iter().chain([&about]).enumerate().map(|(id, rule)| format!("- {{id: r{id}, {rule}}}\n"));
        format!("rules:\n{}", rules.collect::<String>())
    })
}

fn promise() -> impl Strategy<Value = Promise> {
    let of = prop::sample::select(vec![Promise::Never as fn(Outcome) -> Promise, Promise::Always]);
    (of, prop::sample::select(OUTCOMES.to_vec())).prop_map(|(of, outcome)| of(outcome))
}

fn guarantee(snapshot: &Snapshot, promise: Promise) -> Guarantee<'_> {
    Guarantee { commands: &[Command::CreateTopic], when: &snapshot.rules.last().unwrap().when, promise }
}

fn proof(snapshot: &Snapshot, promise: Promise) -> Proof {
    proof_from(snapshot, promise, FROM)
}

fn proof_from(snapshot: &Snapshot, promise: Promise, from: &str) -> Proof {
    let from = from.parse().unwrap();
    prove(&mut Solver::new(from, Budget::default()), snapshot, guarantee(snapshot, promise), from)
}

fn is_about(guarantee: Guarantee<'_>, facts: &Facts<'_>) -> bool {
    let from: Timestamp = FROM.parse().unwrap();
    facts.at >= from && guarantee.commands.contains(&facts.command) && guarantee.when.holds(&Views::of(facts))
}

/// What comes of a request with all shares and counters one of four ways.
fn verdicts(snapshot: &Snapshot, facts: &Facts<'_>) -> Vec<Verdict> {
    let ways = [Rollout::In, Rollout::Out].into_iter().flat_map(|rollout| [0, 9].map(|before| (rollout, before)));
    let decided = ways.map(|(rollout, before)| {
        let facts = Facts { rollout, ..facts.clone() };
        let views = Views::of(&facts);
        let plan = evaluate(snapshot, &views);
        settle(snapshot, &views, &plan, &Counts::after(snapshot, &facts, &plan, |_| before))
    });
    decided.collect()
}

fn keeps(promise: Promise, decision: &Decision) -> bool {
    let comes = |outcome: Outcome| match outcome {
        Outcome::Allow => decision.code() == 0,
        Outcome::Deny => decision.code() != 0,
        Outcome::DenyWith(code) => decision.code() == code,
    };
    match promise {
        Promise::Never(outcome) => !comes(outcome),
        Promise::Always(outcome) => comes(outcome),
    }
}

/// Whether a rule, or none, can be the one that decides: no rule before it that decides for sure applies.
fn may_decide(snapshot: &Snapshot, facts: &Facts<'_>, rule: Option<usize>) -> bool {
    let facts = Facts { rollout: Rollout::In, ..facts.clone() };
    let views = Views::of(&facts);
    let applies = |rule: &Rule| rule.mode == Mode::Enforce && rule.standing(&views) == Standing::Applies;
    let before = &snapshot.rules[..rule.unwrap_or(snapshot.rules.len())];
    let is_taken = before.iter().any(|rule| applies(rule) && rule.quota.is_none() && rule.rollout.is_none());
    !is_taken && rule.is_none_or(|rule| applies(&snapshot.rules[rule]))
}

fn decision(snapshot: &Snapshot, facts: &Facts<'_>, rule: Option<usize>) -> Decision {
    rule.map_or(Decision::Allow, |rule| snapshot.rules[rule].decide(&Views::of(facts)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_contradicts_a_guarantee(text in set(true), promise in promise()) {
        let snapshot = loaded(&text);
        let guarantee = guarantee(&snapshot, promise);
        let wrong = |facts: &&Facts<'_>| verdicts(&snapshot, facts).iter().any(|it| !keeps(promise, &it.decision));
        match proof(&snapshot, promise) {
            Proof::Proved => {
                let world = world();
                let wrong = world.iter().filter(|facts| is_about(guarantee, facts)).find(wrong);
                prop_assert!(wrong.is_none(), "{text}{promise:?} {wrong:?}");
            }
            Proof::AboutNothing => prop_assert!(!world().iter().any(|facts| is_about(guarantee, facts)), "{text}"),
            Proof::Broken(facts, rule) => {
                prop_assert!(is_about(guarantee, &facts), "{text}{facts:?}");
                prop_assert!(may_decide(&snapshot, &facts, rule), "{text}{promise:?} {facts:?} {rule:?}");
                prop_assert!(!keeps(promise, &decision(&snapshot, &facts, rule)), "{text}{promise:?} {facts:?} {rule:?}");
            }
            Proof::NotProved(..) => {}
        }
    }

    #[test]
    fn a_guarantee_that_is_followed_exactly_is_proved_or_refuted(text in set(false), promise in promise()) {
        let on_one_view = !(text.contains("name:") && text.contains("name_raw:"));
        if let Proof::NotProved(rule, reason) = proof(&loaded(&text), promise) {
            prop_assert!(!on_one_view, "{text}{promise:?} {rule:?} {reason}");
        }
    }

    #[test]
    fn no_date_breaks_a_guarantee(text in set(true), promise in promise()) {
        let snapshot = loaded(&text);
        if matches!(proof(&snapshot, promise), Proof::Proved) {
            for later in ["2004-12-31T23:59:59Z", "2005-01-02T00:00:00Z", "2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z"] {
                let later = proof_from(&snapshot, promise, later);
                prop_assert!(!matches!(later, Proof::Broken(..)), "{text}{promise:?} {later:?}");
            }
        }
    }

    #[test]
    fn who_decides_is_one_of_those_that_may(text in set(true), facts in prop::sample::select(world())) {
        let snapshot = loaded(&text);
        let deciders = Deciders::of(&snapshot, &facts);
        for verdict in verdicts(&snapshot, &facts) {
            prop_assert!(deciders.each().any(|rule| rule == verdict.rule), "{text}{facts:?} {verdict:?}");
        }
    }

    #[test]
    fn no_hostile_request_contradicts_a_guarantee((rules, requests) in generated::case(1..60), promise in promise()) {
        let text = model::file(&rules);
        let snapshot = loaded(&text);
        let from = Timestamp::UNIX_EPOCH;
        let mut solver = Solver::new(from, Budget { states: 2000 });
        for about in snapshot.rules.iter().take(3) {
            let guarantee = Guarantee { commands: &about.commands, when: &about.when, promise };
            let found = prove(&mut solver, &snapshot, guarantee, from);
            let is_about = |facts: &&Facts<'_>| {
                facts.app.is_some() && about.commands.contains(&facts.command) && about.when.holds(&Views::of(facts))
            };
            let wrong = |facts: &&Facts<'_>| verdicts(&snapshot, facts).iter().any(|it| !keeps(promise, &it.decision));
            if matches!(found, Proof::Proved | Proof::AboutNothing) {
                let wrong = requests.iter().filter(is_about).find(wrong);
                prop_assert!(wrong.is_none(), "{text}{} {promise:?} {wrong:?}", about.id);
            }
            if matches!(found, Proof::AboutNothing) {
                prop_assert!(!requests.iter().any(|facts| is_about(&facts)), "{text}{}", about.id);
            }
        }
    }
}
