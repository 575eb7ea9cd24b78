//! Random rules, traffic and reloads: decisions, counts and shadow lists are those of a model that keeps every request.

use std::collections::HashMap;

use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*, sample::select};
use topicgate::{
    engine::{
        self, Mode, Snapshot, Views,
        quota::{self, Counted, Per},
    },
    facts::{Command, Facts},
    quota::{Memory, Store},
    rules::{self, Input, RuleFile},
    telemetry::quotas::Quotas,
};

#[derive(Clone, Debug)]
struct Rule {
    id: usize,
    mode: Mode,
    action: &'static str,
    commands: Vec<Command>,
    /// What the name must be, if it matters.
    name: Option<&'static str>,
    quota: Option<Quota>,
}

/// With the window in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Quota {
    limit: u32,
    per: Per,
    within: u64,
}

#[derive(Clone, Debug)]
struct Request {
    /// Milliseconds since the one before.
    later: i64,
    command: Command,
    operator: &'static str,
    name: &'static str,
    client_ip: Option<&'static str>,
    app: Option<u64>,
}

#[derive(Clone, Debug)]
enum Step {
    Reload(Vec<Rule>),
    Ask(Request),
}

fn quota() -> impl Strategy<Value = Quota> {
    (1..4_u32, select(Per::ALL.to_vec()), 1..4_u64).prop_map(|(limit, per, within)| Quota { limit, per, within })
}

fn rule(id: usize) -> impl Strategy<Value = Rule> {
    let mode = select(vec![Mode::Enforce, Mode::Enforce, Mode::Shadow]);
    let commands = select(vec![vec![Command::CreateTopic], Command::ALL.to_vec()]);
    let name = option::of(select(vec!["a", "b"]));
    let quota = option::weighted(0.8, quota());
    (mode, any::<bool>(), commands, name, quota).prop_map(move |(mode, grants, commands, name, quota)| {
        let action = if grants && quota.is_none() { "allow" } else { "deny" };
        Rule { id, mode, action, commands, name, quota }
    })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    (rule(0), rule(1), rule(2), rule(3), 1..5_usize).prop_map(|(a, b, c, d, count)| {
        let mut rules = vec![a, b, c, d];
        rules.truncate(count);
        rules
    })
}

fn request() -> impl Strategy<Value = Request> {
    let later = select(vec![0, 0, 1, 400, 500, 999, 1000, 2000, 3000]);
    let command = select(Command::ALL.to_vec());
    let client_ip = option::of(select(vec!["192.0.2.1", "2001:db8::1"]));
    let texts = (select(vec!["leckie", "mary"]), select(vec!["a", "b"]), client_ip);
    (later, command, texts, option::of(1..3_u64)).prop_map(|(later, command, (operator, name, client_ip), app)| {
        Request { later, command, operator, name, client_ip, app }
    })
}

/// A set now and then, and what is asked of it; most rules come back as they were.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    (rules(), rules()).prop_flat_map(|(first, second)| {
        let step = prop_oneof![
            12 => request().prop_map(Step::Ask),
            1 => select(vec![first.clone(), second]).prop_map(Step::Reload),
        ];
        vec(step, 1..80).prop_map(move |steps| [vec![Step::Reload(first.clone())], steps].concat())
    })
}

fn text(rules: &[Rule]) -> String {
    let mut text = "rules:\n".to_owned();
    for rule in rules {
        let commands: Vec<&str> = rule.commands.iter().map(|command| command.name()).collect();
        let when = rule.name.map_or("always".to_owned(), |name| format!("{{ name: {{ is: {name} }} }}"));
        let quota = rule.quota.map_or(String::new(), |quota| {
            format!(", quota: {{ limit: {}, per: {}, within: {}s }}", quota.limit, quota.per.name(), quota.within)
        });
        text += &format!(
            "  - {{ id: r{}, mode: {}, action: {}, commands: [{}], when: {when}{quota} }}\n",
            rule.id,
            rule.mode.name(),
            rule.action,
            commands.join(", ")
        );
    }
    text
}

pub fn load(text: &str) -> Snapshot {
    let file = RuleFile { path: "a.yaml".to_owned(), relative: "a.yaml".to_owned(), bytes: Ok(text.into()) };
    let loaded = rules::load(Input { files: vec![file], ..Input::default() }, Timestamp::UNIX_EPOCH);
    loaded.snapshot.unwrap_or_else(|| panic!("does not load:\n{text}"))
}

/// The moments of all requests, by rule, mode, quota and key.
type Seen = HashMap<(usize, &'static str, Quota, String), Vec<i64>>;

/// What was decided: the rule, the shadow rules and the counts that were asked for.
type Decided = (Option<usize>, Vec<usize>, Vec<u64>);

fn key(request: &Request, per: Per) -> Option<String> {
    match per {
        Per::Operator => Some(request.operator.to_owned()),
        Per::ClientIp => request.client_ip.map(str::to_owned),
        Per::App => request.app.map(|app| app.to_string()),
    }
}

fn expected(rules: &[Rule], request: &Request, now: i64, seen: &mut Seen) -> Decided {
    let (mut shadow, mut counts) = (Vec::new(), Vec::new());
    for (index, rule) in rules.iter().enumerate() {
        let mut applies = rule.commands.contains(&request.command) && rule.name.is_none_or(|name| name == request.name);
        if let (true, Some(quota)) = (applies, rule.quota) {
            let Some(key) = key(request, quota.per) else { continue };
            let seen = seen.entry((rule.id, rule.mode.name(), quota, key)).or_default();
            seen.push(now);
            let count = seen.iter().filter(|then| now - **then < quota.within as i64 * 1000).count() as u64;
            counts.push(count.min(u64::from(quota.limit) + 1));
            applies = count > u64::from(quota.limit);
        }
        match rule.mode {
            Mode::Enforce if applies => return (Some(index), shadow, counts),
            Mode::Shadow if applies => shadow.push(index),
            _ => {}
        }
    }
    (None, shadow, counts)
}

fn found(snapshot: &Snapshot, request: &Request, now: i64, memory: &Memory) -> Decided {
    let at = Timestamp::from_millisecond(now).unwrap();
    let facts = Facts {
        command: request.command,
        client_ip: request.client_ip.map(|address| address.parse().unwrap()),
        app: request.app,
        ..Facts::topic(request.operator, request.name, at)
    };
    let views = Views::of(&facts);
    let plan = engine::evaluate(snapshot, &views);
    let counts = memory.counts(&plan.counted(snapshot, &facts).collect::<Vec<_>>(), at);
    let verdict = engine::settle(snapshot, &views, &plan, &counts);
    (verdict.rule, verdict.shadow, counts.0)
}

/// Counts a request of one key among all those before it, at the time that it counts at.
fn count(seen: &mut Vec<i64>, now: i64, quota: quota::Quota) -> u64 {
    let latest = seen.last().copied().unwrap_or(now);
    let now = if (0..=10_000).contains(&(latest - now)) { latest } else { now };
    // Only where the clock was set back is anything later.
    seen.iter_mut().for_each(|then| *then = now.min(*then));
    seen.push(now);
    seen.retain(|then| now - then < quota.within as i64);
    (seen.len() as u64).min(u64::from(quota.limit) + 1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counting_over_traffic_and_reloads_is_that_of_keeping_every_request(steps in steps()) {
        let memory = Memory::new(100_000, Quotas::default());
        let (mut seen, mut now) = (Seen::new(), 1_800_000_000_000);
        let (mut rules, mut snapshot) = (Vec::new(), None);
        for step in steps {
            match step {
                Step::Reload(new) => {
                    let loaded = load(&text(&new));
                    memory.follow(&loaded);
                    let is_live = |rule: &Rule, id, mode| rule.id == id && rule.mode.name() == mode;
                    seen.retain(|(id, mode, quota, _), _| {
                        new.iter().any(|rule| is_live(rule, *id, *mode) && rule.quota == Some(*quota))
                    });
                    (snapshot, rules) = (Some(loaded), new);
                }
                Step::Ask(request) => {
                    now += request.later;
                    let expected = expected(&rules, &request, now, &mut seen);
                    prop_assert_eq!(found(snapshot.as_ref().unwrap(), &request, now, &memory), expected);
                }
            }
        }
    }

    #[test]
    fn a_request_that_comes_late_counts_as_the_latest_of_its_key(
        limit in 1..6_u32,
        within in 1..4_u64,
        steps in vec((0..1500_i64, select(vec![0, 0, 1, 900, 3000, 10_000, 10_001, 60_000])), 1..80),
    ) {
        let memory = Memory::new(100, Quotas::default());
        let quota = quota::Quota { limit, per: Per::Operator, within: within * 1000 };
        let (mut seen, mut now) = (Vec::new(), 1_800_000_000_000);
        for (later, late) in steps {
            now += later;
            let one = [Counted { rule: "few", index: 0, mode: Mode::Enforce, quota, key: "leckie".into() }];
            let counts = memory.counts(&one, Timestamp::from_millisecond(now - late).unwrap());
            prop_assert_eq!(counts.0, [count(&mut seen, now - late, quota)]);
        }
    }
}
