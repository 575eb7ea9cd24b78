//! What a decision costs, the engine alone: `cargo bench --bench decide`. What the views of a name cost stands in views.rs.

#![expect(clippy::unwrap_used, reason = "a measurement may fail")]

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use loaded::{decide, input, input_of, load, topic};
use policy::Policy;
use topicgate::engine::Snapshot;

#[path = "policies/loaded.rs"]
mod loaded;
#[expect(dead_code, clippy::disallowed_methods, reason = "it serves other benches as well")]
#[path = "policies/policy.rs"]
mod policy;

/// Names of 40 bytes that no rule is about; the first is only ASCII and folded.
const ASCII: &str = "weekend hiking tips for the whole family";
const CAPITALS: &str = "Weekend Hiking 2026: Tips For The Family";
const HAN: &str = "周末徒步摄影读书会朋友旅行x";
const MIXED: &str = "🅰rtist cl\u{443}b Ｇо\u{301}Ｏd 周末 days";

/// Somebody whom no rule is about.
const OPERATOR: &str = "u0000000000000000000";

type Group<'c> = BenchmarkGroup<'c, WallTime>;

/// One row: what it is called, who asks for which name, and what is decided.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

fn rows(group: &mut Group<'_>, snapshot: &Snapshot, rows: &[Row<'_>]) {
    for (label, operator, name, decision) in rows {
        let facts = topic(operator, name);
        assert_eq!(decide(snapshot, &facts).decision.name(), *decision, "{label}");
        group.bench_function(*label, |it| it.iter(|| decide(black_box(snapshot), &facts)));
    }
}

fn group<'c>(criterion: &'c mut Criterion, name: &str) -> Group<'c> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(40).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_millis(1500));
    group
}

fn policies(criterion: &mut Criterion) {
    for policy in [Policy::small(), Policy::medium(), Policy::large()] {
        let snapshot = load(input(&policy));
        let (early, late) = (policy.refused_by(0), policy.refused_by(policy.rules.len() - 1));
        let mut group = group(criterion, policy.name);
        rows(
            &mut group,
            &snapshot,
            &[
                ("ASCII", OPERATOR, ASCII, "allow"),
                ("ASCII with capitals", OPERATOR, CAPITALS, "allow"),
                ("Han", OPERATOR, HAN, "allow"),
                ("mixed", OPERATOR, MIXED, "allow"),
                ("refused by the first name rule", OPERATOR, early, "deny"),
                ("refused by the last name rule", OPERATOR, late, "deny"),
                ("allowed operator", policy.allowed.last().unwrap(), ASCII, "allow"),
                ("denied operator", policy.denied.last().unwrap(), ASCII, "deny"),
            ],
        );
        if policy.name == "L" {
            long(&mut group, &policy, &snapshot);
        }
    }
}

/// Names that are as long as no user types them, and names that are full of what rules look for.
fn long(group: &mut Group<'_>, policy: &Policy, snapshot: &Snapshot) {
    let (ascii, han) = (ASCII.repeat(100), HAN.repeat(100));
    let (short, long) = (policy.near_misses(80), policy.near_misses(4000));
    rows(
        group,
        snapshot,
        &[
            ("4,000 bytes of ASCII", OPERATOR, &ascii, "allow"),
            ("4,000 bytes of Han", OPERATOR, &han, "allow"),
            ("80 bytes of near misses", OPERATOR, &short, "allow"),
            ("4,000 bytes of near misses", OPERATOR, &long, "allow"),
        ],
    );
}

fn views(criterion: &mut Criterion) {
    let policy = Policy::large_views();
    let snapshot = load(input(&policy));
    let names = [("ASCII", ASCII), ("ASCII with capitals", CAPITALS), ("Han", HAN), ("mixed", MIXED)];
    let names = names.map(|(label, name)| (label, OPERATOR, name, "allow"));
    rows(&mut group(criterion, policy.name), &snapshot, &names);
}

/// What an index helps least, and the largest set of patterns.
fn hard_sets(criterion: &mut Criterion) {
    for policy in [Policy::without_literals(50), Policy::patterns(100_000)] {
        let snapshot = load(input(&policy));
        let refused = policy.refused_by(policy.rules.len() - 1);
        let long = ASCII.repeat(100);
        let mut group = group(criterion, policy.name);
        let names = [("ASCII", ASCII), ("Han", HAN), ("mixed", MIXED), ("4,000 bytes of ASCII", &long)];
        rows(&mut group, &snapshot, &names.map(|(label, name)| (label, OPERATOR, name, "allow")));
        rows(&mut group, &snapshot, &[("refused", OPERATOR, refused, "deny")]);
    }
}

/// Each matcher in a rule of its own, and a name for which it holds; it does not hold for [`ASCII`].
const MATCHERS: &[(&str, &str, &str)] = &[
    ("is", "name: { is: gardening for everybody in this town }", "Gardening for everybody in this town"),
    ("in", "name: { in: [gardening for everybody, 园艺] }", "Gardening for everybody"),
    ("starts_with", "name: { starts_with: [official, 官方] }", "Official hiking tips for the family"),
    ("ends_with", "name: { ends_with: [.com, .cn] }", "Weekend hiking tips for everyone.com"),
    ("contains", "name: { contains: [casino, 赌场] }", "Weekend hiking tips from the casino family"),
    ("contains_word", "name: { contains_word: [bet, casino] }", "Weekend hiking tips: bet on family"),
    ("ignoring", "name: { contains: casino, ignoring: casino royale }", "Weekend casino tips for the whole family"),
    ("matches", "name: { matches: '(vx|wechat)[ :_-]*[a-z0-9]{5,20}' }", "Weekend hiking tips by vx: coin888"),
    ("length", "name: { length: { max: 10 } }", "Gardening"),
    ("bytes", "name_raw: { bytes: { max: 10 } }", "Gardening"),
    ("scripts", "name: { scripts: [Cyrl] }", "Советы для походов"),
    ("present", "client_ip: { present: true }", ""),
    ("in_cidr", "client_ip: { in_cidr: [10.0.0.0/8, 192.0.2.7] }", ""),
];

fn matchers(criterion: &mut Criterion) {
    for (matcher, when, name) in MATCHERS {
        let rule = format!("rules:\n  - {{ id: one, action: deny, when: {{ {when} }} }}\n");
        let snapshot = load(input_of(vec![("one.yaml".to_owned(), rule)], Vec::new()));
        let mut group = group(criterion, matcher);
        rows(&mut group, &snapshot, &[("does not hold", OPERATOR, ASCII, "allow")]);
        let mut facts = topic(OPERATOR, name);
        if name.is_empty() {
            facts.client_ip = "192.0.2.7".parse().ok();
        }
        assert_eq!(decide(&snapshot, &facts).decision.name(), "deny", "{matcher}");
        group.bench_function("holds", |it| it.iter(|| decide(black_box(&snapshot), &facts)));
    }
}

criterion_group!(benches, matchers, policies, views, hard_sets);
criterion_main!(benches);
