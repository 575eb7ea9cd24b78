//! A rule set as data: how it is written down, and the naive meaning that the engine is held against.

use std::ops::Range;

use topicgate::{
    engine::{Decision, Views, message::MAX_MESSAGE_BYTES},
    facts::{Command, Facts, Field, Rollout},
    text,
};

use crate::{asked::Ask, lists};

#[derive(Clone, Debug)]
pub enum Condition {
    Always,
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(&'static str, Ask),
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
            (true, _) => String::new(),
            (false, true) => format!("code: {}, message: '{{match}}|{{name}}|{{operator}}|{{code}}', ", self.code()),
            (false, false) => format!("code: {}, message: '{{name}}|{{rule}}', ", self.code()),
        };
        let (when, life) = (self.when.written(), self.life.written());
        format!(
            "- {{id: r{}, action: {action}, mode: {mode}, commands: {commands}, {refusal}{life}when: {when}}}\n",
            self.id
        )
    }

    fn code(&self) -> u32 {
        10_120 + u32::try_from(self.id).unwrap()
    }

    /// What it answers a request that it applies to.
    pub fn decision(&self, facts: &Facts<'_>) -> Decision {
        if self.allow {
            return Decision::Allow;
        }
        let (code, name) = (self.code(), text::clean(&facts.name));
        let mut message = if self.when.tests_name() {
            format!("{}|{name}|{}|{code}", text::clean(self.when.matched(facts)), text::clean(&facts.operator))
        } else {
            format!("{name}|r{}", self.id)
        };
        message.truncate(message.floor_char_boundary(MAX_MESSAGE_BYTES));
        Decision::Deny { code, message }
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
    let rules: String = rules.into_iter().map(Rule::written).collect();
    lists::declared(&rules) + "rules:\n" + &rules
}

impl Condition {
    pub fn written(&self) -> String {
        let list = |parts: &[Condition]| parts.iter().map(Condition::written).collect::<Vec<_>>().join(", ");
        match self {
            Condition::Always => "always".to_owned(),
            Condition::All(parts) => format!("{{all: [{}]}}", list(parts)),
            Condition::Any(parts) => format!("{{any: [{}]}}", list(parts)),
            Condition::Not(inner) => format!("{{not: {}}}", inner.written()),
            Condition::Test(field, ask) => format!("{{{field}: {}}}", ask.written()),
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
            Condition::Test(field, ask) => !ask.found(field, facts).is_empty(),
        }
    }

    /// What was typed where the first test of the name, in written order and not under `not`, found something.
    fn matched<'f>(&self, facts: &'f Facts<'_>) -> &'f str {
        let found = self.first_found(facts);
        found.map_or(&facts.name, |(field, range)| {
            let views = Views::of(facts);
            &facts.name[views.typed(Field::named(field).unwrap(), range)]
        })
    }

    fn first_found(&self, facts: &Facts<'_>) -> Option<(&'static str, Range<usize>)> {
        match self {
            Condition::Always | Condition::Not(_) => None,
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().filter(|part| part.holds(facts)).find_map(|part| part.first_found(facts))
            }
            Condition::Test(field, ask) => {
                let places = ask.found(field, facts).into_iter().filter(|_| field.starts_with("name"));
                Some((*field, ask.preferred(places)?))
            }
        }
    }
}
