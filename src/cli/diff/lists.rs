//! Lists that are not as they were, and what follows for requests that are one of their entries and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{
    analysis::difference::Kind,
    cli::diff::Side,
    engine::{Counts, Decision, Snapshot, Views, evaluate, settle},
    facts::{Facts, Field},
    rules::Entered,
};

/// Entries of a list that are asked about, each on its own: about a second.
const MOST_ASKED: usize = 100_000;

/// A list that is not as it was.
pub(super) struct ListChange<'a> {
    pub(super) name: &'a str,
    pub(super) added: Vec<&'a str>,
    pub(super) removed: Vec<&'a str>,
    /// How many of these entries were asked about; none where no rule looks for them in a text.
    pub(super) asked: usize,
    /// How many of those that were asked about are decided differently by themselves, and the first.
    pub(super) effects: BTreeMap<Kind, (usize, &'a str)>,
}

impl ListChange<'_> {
    /// How many entries were added or removed.
    pub(super) fn len(&self) -> usize {
        self.added.len() + self.removed.len()
    }

    /// Whether there were too many entries to ask about each.
    pub(super) fn is_cut(&self) -> bool {
        (1..self.len()).contains(&self.asked)
    }
}

pub(super) fn changes<'a>(old: &'a Side, new: &'a Side, from: Timestamp) -> Vec<ListChange<'a>> {
    let names: BTreeSet<&String> = old.inventory.lists.keys().chain(new.inventory.lists.keys()).collect();
    let change = |name: &'a String| {
        let (was, is) = (old.inventory.lists.get(name), new.inventory.lists.get(name));
        let (added, removed) = (missing(is, was), missing(was, is));
        if added.is_empty() && removed.is_empty() {
            return None;
        }
        let fields = [was, is].into_iter().flatten().flat_map(|list| list.fields.iter().copied());
        let fields: BTreeSet<Field> = fields.filter(|field| alone("", *field, from).is_some()).collect();
        let asked = if fields.is_empty() { Vec::new() } else { shared(&added, &removed, MOST_ASKED) };
        let mut effects = BTreeMap::new();
        for entry in &asked {
            let facts = fields.iter().filter_map(|field| alone(entry, *field, from));
            let kinds: BTreeSet<Kind> = facts
                .filter_map(|facts| Kind::of(&decided(&old.snapshot, &facts), &decided(&new.snapshot, &facts)))
                .collect();
            kinds.into_iter().for_each(|kind| effects.entry(kind).or_insert((0, *entry)).0 += 1);
        }
        Some(ListChange { name, asked: asked.len(), added, removed, effects })
    };
    names.into_iter().filter_map(change).collect()
}

/// The first of both, together at most so many; what one does not need is the other's.
fn shared<'a>(one: &[&'a str], other: &[&'a str], most: usize) -> Vec<&'a str> {
    let first = one.len().min(most.saturating_sub(other.len()).max(most / 2));
    one.iter().take(first).chain(other.iter().take(most - first)).copied().collect()
}

/// The entries of a list that another does not have.
fn missing<'a>(of: Option<&'a Entered>, from: Option<&Entered>) -> Vec<&'a str> {
    let entries = of.into_iter().flat_map(|list| list.entries.iter());
    let mut missing: Vec<&str> =
        entries.filter(|entry| !from.is_some_and(|list| list.entries.contains(entry))).collect();
    missing.sort_unstable();
    missing
}

/// A request that is an entry and nothing else.
fn alone<'e>(entry: &'e str, field: Field, from: Timestamp) -> Option<Facts<'e>> {
    match field {
        Field::Operator => Some(Facts::topic(entry, "topic", from)),
        field if field.is_name() => Some(Facts::topic("someone", entry, from)),
        Field::Owner => Some(Facts { owner: Some(entry.into()), ..Facts::topic("someone", "topic", from) }),
        _ => None,
    }
}

fn decided(snapshot: &Snapshot, facts: &Facts<'_>) -> Decision {
    let views = Views::of(facts);
    settle(snapshot, &views, &evaluate(snapshot, &views), &Counts::default()).decision
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_does_not_need_is_the_others() {
        let (few, many) = (["a"], ["b", "c", "d", "e", "f"]);
        assert_eq!(shared(&few, &many, 4), ["a", "b", "c", "d"]);
        assert_eq!(shared(&many, &few, 4), ["b", "c", "d", "a"]);
        assert_eq!(shared(&many, &many, 4), ["b", "c", "b", "c"]);
        assert_eq!(shared(&few, &few, 4), ["a", "a"]);
    }
}
