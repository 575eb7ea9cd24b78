//! What a set consists of, part by part, so that two sets can be compared.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use crate::{
    engine,
    facts::{Command, Field},
    rules::{
        Whole,
        ast::{Action, Condition, Mode, Rule, Test},
        name_of, revision,
    },
    text::set::TextSet,
    yaml::{Node, Value},
};

/// The rules and lists of a set.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Every rule, in order.
    pub rules: Vec<Member>,
    /// Every list, by its name.
    pub lists: BTreeMap<String, Entered>,
}

/// A list.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// Its distinct entries.
    pub entries: Arc<TextSet>,
    /// The fields in which live rules look for its entries, each once.
    pub fields: BTreeSet<Field>,
}

/// A rule.
#[derive(Debug)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// The file, as operators know it.
    pub file: String,
    /// The line of the rule in its file, from 1.
    pub line: usize,
    /// Its index among the live rules; `None` for a disabled one.
    pub live: Option<usize>,
    /// Its parts, each with something that is equal for equal parts. A part that is not known is left out.
    pub parts: Vec<(&'static str, String)>,
    /// The lists that it looks into.
    pub lists: BTreeSet<String>,
    /// Equal only for rules that apply to the same requests, shares and counters aside.
    pub scope: String,
}

/// The parts whose values people can read.
pub const SHOWN: [&str; 4] = ["mode", "action", "code", "rollout"];

pub(super) fn of(whole: &Whole<'_, '_>) -> Inventory {
    let lists: BTreeMap<String, Entered> = whole
        .lists
        .declared
        .keys()
        .filter_map(|name| Some((name.clone(), Entered { entries: whole.lists.exact(name)?, ..Entered::default() })))
        .collect();
    let mut inventory = Inventory { rules: Vec::new(), lists };
    let digests: BTreeMap<&String, String> =
        inventory.lists.iter().map(|(name, list)| (name, digest(list.entries.iter()))).collect();
    let mut live = 0..;
    let mut rules = Vec::new();
    let mut fields = Vec::new();
    for written in &whole.set.rules {
        let live = if written.mode == Mode::Disabled { None } else { live.next() };
        let rule = live.and_then(|live| whole.snapshot.rules.get(live));
        rules.push(member(whole, written, live.zip(rule), &digests));
        conditions(written).for_each(|when| when.tests(&mut |test| fields.extend(looked_up(test, written))));
    }
    inventory.rules = rules;
    for (name, field) in fields {
        if let Some(list) = inventory.lists.get_mut(&name) {
            list.fields.insert(field);
        }
    }
    inventory
}

fn conditions<'s, 't>(written: &'s Rule<'t>) -> impl Iterator<Item = &'s Condition<'t>> {
    written.when.iter().chain(written.life.except.iter().filter_map(|exception| exception.when.as_ref()))
}

/// The list of a test of a live rule, and the field.
fn looked_up(test: &Test<'_>, written: &Rule<'_>) -> Option<(String, Field)> {
    let Value::Mapping(entries) = &test.argument.value else { return None };
    let list = entries.iter().find(|(key, _)| key.text == revision::LIST).and_then(|(_, value)| value.scalar())?;
    (written.mode != Mode::Disabled).then(|| (list.text.clone(), test.field.value))
}

fn member(
    whole: &Whole<'_, '_>,
    written: &Rule<'_>,
    live: Option<(usize, &engine::Rule)>,
    digests: &BTreeMap<&String, String>,
) -> Member {
    let (condition, lists) = revision::of_conditions(written.when.iter());
    let (exceptions, excepted) =
        revision::of_conditions(written.life.except.iter().filter_map(|exception| exception.when.as_ref()));
    let lists: BTreeSet<String> = lists.into_iter().chain(excepted).collect();
    let commands: Vec<&str> =
        Command::ALL.into_iter().filter(|one| written.commands.contains(one)).map(Command::name).collect();
    let message = written.message.and_then(Node::scalar).map(|scalar| scalar.text.clone());
    let mut parts = vec![
        ("mode", written.mode.name().to_owned()),
        ("commands", commands.join(", ")),
        ("action", if written.action == Some(Action::Allow) { "allow" } else { "deny" }.to_owned()),
        ("code", written.code.map_or("none".to_owned(), |code| code.value.to_string())),
        ("message", message.unwrap_or_default()),
        ("condition", condition),
        ("description", written.description.unwrap_or_default().to_owned()),
    ];
    if let Some((_, rule)) = live {
        parts.extend(life(rule, &exceptions));
    }
    let told =
        parts.iter().filter(|(part, _)| ["commands", "condition", "active", "schedule", "exceptions"].contains(part));
    let told = told.map(|(_, value)| value.as_str());
    let entries = lists.iter().filter_map(|name| digests.get(name)).map(String::as_str);
    let scope = digest(told.chain(entries));
    let (file, line) = (whole.sources.path(written.place.file).to_owned(), whole.sources.line(written.place));
    let id = written.id.map_or("", |id| id.value).to_owned();
    Member { id, file, line, live: live.map(|(live, _)| live), parts, lists, scope }
}

/// The parts of a rule's life.
fn life(rule: &engine::Rule, exceptions: &str) -> [(&'static str, String); 5] {
    let excepted: Vec<String> =
        rule.except.iter().map(|exception| format!("{} {:?}", exception.id, exception.expires)).collect();
    let schedule = rule.schedule.as_ref().map(|schedule| {
        let zone = schedule.zone.iana_name().unwrap_or("UTC");
        format!("{:?} {} {:?} {zone}", schedule.days, schedule.start, schedule.duration)
    });
    let share = rule.rollout.map_or("none".to_owned(), |share| format!("{}%", f64::from(share.0) / 100.0));
    [
        ("active", format!("{:?}", rule.active)),
        ("schedule", schedule.unwrap_or_default()),
        ("rollout", share),
        ("exceptions", format!("{} {exceptions}", excepted.join(", "))),
        ("quota", format!("{:?}", rule.quota)),
    ]
}

/// A name of some texts in order.
fn digest<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    name_of(hash)
}
