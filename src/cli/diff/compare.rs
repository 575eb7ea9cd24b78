//! What is different: rules and lists as they are written, and requests as they are decided.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::{
    analysis::{
        Budget,
        difference::{self, Difference, Kind, Ruling, longest_rise},
    },
    cli::diff::{
        lists::{self, ListChange},
        side::Side,
    },
    rules::{Member, SHOWN},
};

/// Two sets, compared.
pub(super) struct Compared<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
    pub(super) from: Timestamp,
    pub(super) rules: Vec<RuleChange<'a>>,
    pub(super) lists: Vec<ListChange<'a>>,
    pub(super) difference: Difference,
}

/// What happened to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Added,
    Removed,
    Changed,
    Moved,
}

impl How {
    pub(super) fn name(self) -> &'static str {
        match self {
            How::Added => "added",
            How::Removed => "removed",
            How::Changed => "changed",
            How::Moved => "moved",
        }
    }
}

/// A rule that is not as it was.
pub(super) struct RuleChange<'a> {
    pub(super) how: How,
    /// As it is now, or was.
    pub(super) rule: &'a Member,
    /// What of it is changed; `order` where it moved.
    pub(super) parts: Vec<PartChange<'a>>,
}

/// A part of a rule that is not as it was.
pub(super) struct PartChange<'a> {
    pub(super) name: String,
    /// Before and after, where people can read it.
    pub(super) values: Option<(&'a str, &'a str)>,
}

impl<'a> Compared<'a> {
    pub(super) fn of(old: &'a Side, new: &'a Side, from: Timestamp, budget: Budget) -> Compared<'a> {
        let side = |side: &'a Side| difference::Side { snapshot: &side.snapshot, scopes: &side.scopes };
        let difference = difference::between(side(old), side(new), from, budget);
        Compared { old, new, from, rules: rules(old, new), lists: lists::changes(old, new, from), difference }
    }

    /// The kinds of difference that there are.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        Kind::ALL.into_iter().filter(|kind| self.difference.has(*kind)).collect()
    }

    /// The answer in one line.
    pub(super) fn verdict(&self) -> String {
        let names: Vec<&str> = self.kinds().into_iter().map(told).collect();
        let open: Vec<&str> = self.difference.open_kinds().map(told).collect();
        match (names.is_empty(), open.is_empty()) {
            (true, true) => "no request is decided differently: proved".to_owned(),
            (true, false) => format!("no difference was found; not proved: {}", open.join(", ")),
            (false, true) if !self.difference.open.is_empty() => {
                format!("{}; it is not proved that what is shown is all", names.join(", "))
            }
            (false, true) => format!("{}; nothing else: proved", names.join(", ")),
            (false, false) => format!("{}; not proved: {}", names.join(", "), open.join(", ")),
        }
    }

    /// Where the rule of a decision is written, if a rule made it.
    pub(super) fn rule_of(side: &'a Side, ruling: &Ruling) -> Option<(&'a str, String)> {
        let rule = side.snapshot.rules.get(ruling.rule?)?;
        Some((&rule.id, format!("{}:{}", rule.file, rule.line)))
    }

    /// Changed rules that decide nothing, before or after.
    pub(super) fn silent(&self) -> Vec<&'a str> {
        let enforced = |side: &Side, id: &str| {
            side.inventory.rules.iter().any(|rule| rule.id == id && mode(rule) == Some("enforce"))
        };
        let ids = self.rules.iter().map(|change| change.rule.id.as_str());
        ids.filter(|id| !enforced(self.old, id) && !enforced(self.new, id)).collect()
    }
}

/// A kind in the words of a verdict.
pub(super) fn told(kind: Kind) -> &'static str {
    match kind {
        Kind::Tightened => "tightened",
        Kind::Loosened => "loosened",
        Kind::Code => "other codes",
        Kind::Text => "other messages",
    }
}

/// What a kind means.
pub(super) fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Tightened => "what was allowed is refused",
        Kind::Loosened => "what was refused is allowed",
        Kind::Code => "it is refused with another code",
        Kind::Text => "it is refused with another message",
    }
}

fn mode(rule: &Member) -> Option<&str> {
    rule.parts.iter().find(|(name, _)| *name == "mode").map(|(_, value)| value.as_str())
}

fn rules<'a>(old: &'a Side, new: &'a Side) -> Vec<RuleChange<'a>> {
    let before: HashMap<&str, (usize, &Member)> =
        old.inventory.rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), (at, rule))).collect();
    let after: BTreeSet<&str> = new.inventory.rules.iter().map(|rule| rule.id.as_str()).collect();
    let pairs: Vec<(usize, usize)> = new
        .inventory
        .rules
        .iter()
        .enumerate()
        .filter_map(|(at, rule)| Some((at, before.get(rule.id.as_str())?.0)))
        .collect();
    let kept: BTreeSet<usize> = longest_rise(&pairs).into_iter().map(|(at, _)| at).collect();
    let changed = new.inventory.rules.iter().enumerate().filter_map(|(at, rule)| {
        let Some((_, was)) = before.get(rule.id.as_str()) else {
            return Some(RuleChange { how: How::Added, rule, parts: Vec::new() });
        };
        let mut parts = parts(old, new, was, rule);
        let how = if parts.is_empty() { How::Moved } else { How::Changed };
        if !kept.contains(&at) {
            parts.push(PartChange { name: "order".to_owned(), values: None });
        }
        (!parts.is_empty()).then_some(RuleChange { how, rule, parts })
    });
    let removed = old.inventory.rules.iter().filter(|rule| !after.contains(rule.id.as_str()));
    changed.chain(removed.map(|rule| RuleChange { how: How::Removed, rule, parts: Vec::new() })).collect()
}

fn parts<'a>(old: &Side, new: &Side, was: &'a Member, is: &'a Member) -> Vec<PartChange<'a>> {
    let value =
        |rule: &'a Member, part: &str| rule.parts.iter().find(|(name, _)| *name == part).map(|(_, value)| value);
    let changed = was.parts.iter().filter_map(|(name, one)| {
        let other = value(is, name).filter(|other| *other != one)?;
        let values = SHOWN.contains(name).then_some((one.as_str(), other.as_str()));
        Some(PartChange { name: (*name).to_owned(), values })
    });
    let entries = is.lists.intersection(&was.lists).filter(|name| entries(old, name) != entries(new, name));
    let entries = entries.map(|name| PartChange { name: format!("list `{name}`"), values: None });
    changed.chain(entries).collect()
}

/// The entries of a list in order.
fn entries<'a>(side: &'a Side, name: &str) -> BTreeSet<&'a str> {
    side.inventory.lists.get(name).into_iter().flat_map(|list| list.entries.iter()).collect()
}
