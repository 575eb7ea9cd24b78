//! A rule set as data: how it is written down, and the naive meaning that the engine is held against.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

use proptest::{collection::vec, prelude::*, sample::select};
use topicgate::{
    facts::{Command, Facts, Rollout},
    text,
};

use crate::naive::{self, Texts};

/// Texts that rules and requests are made of; small, so that they meet often.
const PIECES: [&str; 18] = [
    "a", "b", "ab", "bet", "casino", "Casino", "微信", "é", "e\u{301}", " ", "ß", "ＶＸ", "1", "_", "\u{200b}", "ス",
    "а", "ー",
];

/// Texts that a person with bad intentions sends.
const HOSTILE: [&str; 12] = [
    "\u{202e}",
    "\u{301}\u{316}\u{301}",
    "\u{feff}",
    "\0",
    "\u{10ffff}",
    "\u{fdfa}",
    "\r\n",
    "👩‍👩‍👧",
    "\u{fffd}",
    "{match}",
    "\u{1b}[31m",
    "각\u{11a8}",
];

#[derive(Clone, Debug)]
pub enum Condition {
    Always,
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(&'static str, Ask),
}

#[derive(Clone, Debug)]
pub enum Ask {
    Texts(Texts),
    Scripts(Vec<&'static str>),
    Mixed,
    Matches(&'static str),
    Length(usize, usize),
    Present(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Enforce,
    Shadow,
    Disabled,
}

#[derive(Clone, Debug)]
pub struct Rule {
    pub id: usize,
    pub allow: bool,
    pub mode: Mode,
    pub groups: bool,
    pub when: Condition,
    pub life: Life,
}

/// When a rule is alive, in hours after the epoch; what it does not apply to; whether it is for a share only.
#[derive(Clone, Debug)]
pub struct Life {
    pub from: Option<i64>,
    pub until: Option<i64>,
    /// Exceptions, and when they expire.
    pub except: Vec<(Condition, Option<i64>)>,
    pub is_rolled_out: bool,
}

impl Life {
    fn written(&self) -> String {
        let time = |hour: i64| jiff::Timestamp::from_second(hour * 3600).unwrap().to_string();
        let mut keys = String::new();
        let ends = [("from", self.from), ("until", self.until)];
        let ends = ends.into_iter().filter_map(|(key, hour)| Some(format!("{key}: {}", time(hour?))));
        let ends: Vec<String> = ends.collect();
        if !ends.is_empty() {
            keys += &format!("active: {{{}}}, ", ends.join(", "));
        }
        let except = self.except.iter().enumerate().map(|(id, (when, expires))| {
            let expires = expires.map_or_else(|| "never".to_owned(), time);
            format!("{{id: e{id}, reason: r, expires: {expires}, when: {}}}", when.written())
        });
        let except: Vec<String> = except.collect();
        if !except.is_empty() {
            keys += &format!("except: [{}], ", except.join(", "));
        }
        if self.is_rolled_out {
            keys += "rollout: 50%, ";
        }
        keys
    }

    /// Whether the rule is alive for a request, exceptions aside.
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let hour = facts.at.as_second() / 3600;
        self.from.is_none_or(|from| from <= hour)
            && self.until.is_none_or(|until| hour < until)
            && !(self.is_rolled_out && facts.rollout == Rollout::Out)
    }

    /// The first exception that holds.
    fn exception(&self, facts: &Facts<'_>) -> Option<usize> {
        let hour = facts.at.as_second() / 3600;
        let holds = |(when, expires): &(Condition, Option<i64>)| {
            expires.is_none_or(|expires| hour < expires) && when.holds(facts)
        };
        self.except.iter().position(holds)
    }
}

impl Rule {
    /// The rule in the rule language, on one line; JSON is YAML.
    pub fn written(&self) -> String {
        let (action, mode) = (if self.allow { "allow" } else { "deny" }, format!("{:?}", self.mode).to_lowercase());
        let commands = if self.groups { "[create_topic, create_group]" } else { "[create_topic]" };
        let refusal = match (self.allow, self.when.tests_name()) {
            (true, _) => "",
            (false, true) => "code: 10120, message: '{match}|{name}|{operator}|{code}', ",
            (false, false) => "code: 10120, message: '{name}|{rule}', ",
        };
        let (when, life) = (self.when.written(), self.life.written());
        format!(
            "- {{id: r{}, action: {action}, mode: {mode}, commands: {commands}, {refusal}{life}when: {when}}}\n",
            self.id
        )
    }

    /// Whether it applies, mode aside.
    pub fn applies(&self, facts: &Facts<'_>) -> bool {
        self.would_apply(facts) && self.life.exception(facts).is_none()
    }

    /// The exception that alone keeps it from a request.
    pub fn excepted(&self, facts: &Facts<'_>) -> Option<String> {
        let exception = self.life.exception(facts).filter(|_| self.would_apply(facts))?;
        Some(format!("r{}/e{exception}", self.id))
    }

    fn would_apply(&self, facts: &Facts<'_>) -> bool {
        (self.groups || facts.command == Command::CreateTopic) && self.life.holds(facts) && self.when.holds(facts)
    }
}

/// The rules as one file.
pub fn file<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> String {
    "rules:\n".to_owned() + &rules.into_iter().map(Rule::written).collect::<String>()
}

impl Condition {
    fn written(&self) -> String {
        let list = |parts: &[Condition]| parts.iter().map(Condition::written).collect::<Vec<_>>().join(", ");
        match self {
            Condition::Always => "always".to_owned(),
            Condition::All(parts) => format!("{{all: [{}]}}", list(parts)),
            Condition::Any(parts) => format!("{{any: [{}]}}", list(parts)),
            Condition::Not(inner) => format!("{{not: {}}}", inner.written()),
            Condition::Test(field, Ask::Texts(texts)) => format!("{{{field}: {}}}", texts.written()),
            Condition::Test(field, Ask::Scripts(codes)) => format!("{{{field}: {{scripts: [{}]}}}}", codes.join(", ")),
            Condition::Test(field, Ask::Mixed) => format!("{{{field}: {{scripts: mixed}}}}"),
            Condition::Test(field, Ask::Matches(pattern)) => {
                format!("{{{field}: {{matches: {}}}}}", naive::quoted(pattern))
            }
            Condition::Test(field, Ask::Length(min, max)) => {
                format!("{{{field}: {{length: {{min: {min}, max: {max}}}}}}}")
            }
            Condition::Test(field, Ask::Present(wanted)) => format!("{{{field}: {{present: {wanted}}}}}"),
        }
    }

    fn tests_name(&self) -> bool {
        match self {
            Condition::Always | Condition::Not(_) => false,
            Condition::All(parts) | Condition::Any(parts) => parts.iter().any(Condition::tests_name),
            Condition::Test(field, _) => field.starts_with("name"),
        }
    }

    fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Condition::Always => true,
            Condition::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Condition::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Condition::Not(inner) => !inner.holds(facts),
            Condition::Test(field, ask) => {
                let value = match *field {
                    "operator" => Some(facts.operator.to_string()),
                    "owner" => facts.owner.as_deref().map(str::to_owned),
                    "name" => Some(text::fold(&facts.name).into_owned()),
                    _ => Some(facts.name.to_string()),
                };
                ask.holds(value.as_deref(), *field == "name")
            }
        }
    }
}

impl Ask {
    fn holds(&self, value: Option<&str>, folded: bool) -> bool {
        let Some(value) = value else { return matches!(self, Ask::Present(false)) };
        match self {
            Ask::Present(wanted) => *wanted,
            Ask::Length(min, max) => (*min..=*max).contains(&text::graphemes(value)),
            Ask::Matches(pattern) => {
                regex::RegexBuilder::new(pattern).case_insensitive(folded).build().unwrap().is_match(value)
            }
            Ask::Texts(texts) => !texts.found(value, if folded { naive::folded } else { naive::exact }).is_empty(),
            Ask::Scripts(codes) => {
                let of = codes.iter().map(|code| format!(r"\p{{scx={code}}}")).collect::<String>();
                pattern(&format!("^[{of}]+$")).is_match(&letters(value))
            }
            Ask::Mixed => words(value).into_iter().map(letters).any(|word| {
                let alphabets = ["Latn", "Grek", "Cyrl", "Armn", "Cher"];
                alphabets.iter().filter(|code| pattern(&format!(r"\p{{sc={code}}}")).is_match(&word)).count() > 1
            }),
        }
    }
}

/// A pattern, compiled once: classes of Unicode take their time.
fn pattern(text: &str) -> regex::Regex {
    static COMPILED: LazyLock<Mutex<HashMap<String, regex::Regex>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap();
    compiled.entry(text.to_owned()).or_insert_with(|| regex::Regex::new(text).unwrap()).clone()
}

fn letters(text: &str) -> String {
    pattern(r"\P{L}+").replace_all(text, "").into_owned()
}

/// A text cut before everything but marks that has a boundary before it.
fn words(value: &str) -> Vec<&str> {
    let unmarked = pattern(r"\P{M}");
    let places = unmarked.find_iter(value).map(|found| found.start());
    let places = places.filter(|at| text::word::is_boundary(value, *at));
    let places: Vec<usize> = [0].into_iter().chain(places).chain([value.len()]).collect();
    places.windows(2).map(|ends| &value[ends[0]..ends[1]]).collect()
}

/// A name: plain, hostile, long or empty.
pub fn name() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = PIECES.into_iter().chain(HOSTILE).collect();
    prop_oneof![
        6 => vec(select(&PIECES[..]), 0..6).prop_map(|pieces| pieces.concat()),
        2 => vec(select(pieces), 0..12).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => select(&HOSTILE[..]).prop_map(|piece| piece.repeat(4096 / piece.len())),
    ]
}

/// A request.
pub fn facts() -> impl Strategy<Value = Facts<'static>> {
    let group = prop_oneof![4 => Just(Command::CreateTopic), 1 => Just(Command::CreateGroup)];
    let rollout = select(vec![Rollout::In, Rollout::Out]);
    let facts = (group, name(), name(), proptest::option::of(name()), rollout, 0..HOURS);
    facts.prop_map(|(command, operator, name, owner, rollout, hour)| Facts {
        command,
        owner: owner.map(Into::into),
        rollout,
        ..Facts::topic(operator, name, jiff::Timestamp::from_second(hour * 3600 + 1800).unwrap())
    })
}

fn literal(folded: bool) -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 1..3).prop_map(|pieces| pieces.concat()).prop_filter(
        "a literal that can be used",
        move |literal| {
            !folded
                || (!text::fold(literal).is_empty()
                    && !literal.trim_matches('\u{200b}').starts_with(' ')
                    && !literal.trim_matches('\u{200b}').ends_with(' '))
        },
    )
}

const FIELDS: [&str; 5] = ["name", "name", "name_raw", "operator", "owner"];

fn texts() -> impl Strategy<Value = Condition> {
    let plain = select(vec!["is", "in", "starts_with", "ends_with", "contains", "contains_word"]);
    let matcher = prop_oneof![2 => (plain, Just(0)), 1 => (select(vec!["contains", "contains_word"]), 1..4usize)];
    (select(&FIELDS[..]), matcher).prop_flat_map(|(field, (matcher, ignored))| {
        let literals = |count| vec(literal(field == "name"), count);
        (literals(1..4), literals(ignored..ignored + 1))
            .prop_map(move |(texts, ignoring)| Condition::Test(field, Ask::Texts(Texts { matcher, texts, ignoring })))
    })
}

fn test() -> impl Strategy<Value = Condition> {
    let field = select(&FIELDS[..]);
    let pattern = select(vec!["a+b?", "^(bet|vx)", "[A-Z]", "微信|ab$", "^b*$", r"\bbet\b", "(?m)^a$", r"\d", "."]);
    let codes = vec(select(vec!["Latn", "Hani", "Kana", "Hira", "Grek", "Arab"]), 1..4);
    prop_oneof![
        6 => texts(),
        2 => (select(vec!["name", "name_raw"]), pattern).prop_map(|(field, pattern)| Condition::Test(field, Ask::Matches(pattern))),
        1 => (field.clone(), 0..4usize, 0..5usize).prop_map(|(field, min, more)| Condition::Test(field, Ask::Length(min, min + more))),
        1 => (field.clone(), codes).prop_map(|(field, codes)| Condition::Test(field, Ask::Scripts(codes))),
        1 => field.prop_map(|field| Condition::Test(field, Ask::Mixed)),
        1 => any::<bool>().prop_map(|wanted| Condition::Test("owner", Ask::Present(wanted))),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let tree = test().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(Condition::All),
            vec(inner.clone(), 1..4).prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    });
    prop_oneof![1 => Just(Condition::Always), 12 => tree]
}

/// Times lie in so many hours, so that they meet.
const HOURS: i64 = 8;

fn life() -> impl Strategy<Value = Life> {
    let hour = || proptest::option::weighted(0.5, 0..=HOURS);
    let except = prop_oneof![2 => Just(Vec::new()), 1 => vec((condition(), hour()), 1..3)];
    let lived = (hour(), 1..=HOURS, any::<bool>(), except, any::<bool>());
    let lived = lived.prop_map(|(from, lasts, ends, except, is_rolled_out)| Life {
        from,
        until: ends.then_some(from.unwrap_or(0) + lasts),
        except,
        is_rolled_out,
    });
    let plain = Life { from: None, until: None, except: Vec::new(), is_rolled_out: false };
    prop_oneof![2 => Just(plain), 1 => lived]
}

/// A rule set.
pub fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let mode = prop_oneof![4 => Just(Mode::Enforce), 3 => Just(Mode::Shadow), 1 => Just(Mode::Disabled)];
    let rule = (any::<bool>(), mode, any::<bool>(), condition(), life());
    vec(rule, 1..8).prop_map(|rules| {
        let numbered = rules.into_iter().enumerate();
        numbered.map(|(id, (allow, mode, groups, when, life))| Rule { id, allow, mode, groups, when, life }).collect()
    })
}
