//! What rules wait for, gathered to become an index.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    mem, ptr,
    sync::Arc,
};

use ipnet::IpNet;
use regex_syntax::hir::Hir;

use super::{
    Guard, Index, Owners,
    exact::Exact,
    gathered::Numbers,
    lookup::{Lookup, Way},
    networks::Networks,
    parts::Parts,
    patterns::{self, Room},
};
use crate::{
    engine::{Needs, Rule},
    facts::{Command, Field},
    text::set::TextSet,
};

/// What rules wait for, and which wait for nothing.
#[derive(Default)]
pub(super) struct Waiting<'r> {
    rules: &'r [Rule],
    always: Vec<u32>,
    /// The first rule that waits for each need.
    firsts: Vec<u32>,
    /// Each need by its number, with the rules that wait for it.
    pairs: Vec<(u32, u32)>,
    known: HashMap<Identity, u32>,
    exact: Gatherings<&'r Arc<TextSet>>,
    parts: Gatherings<&'r str>,
    patterns: Gatherings<&'r Hir>,
    numbers: Gatherings<u64>,
    networks: Gatherings<IpNet>,
}

/// What is looked for in each field, with the number of the need that it is part of.
type Gatherings<T> = BTreeMap<Field, Vec<(T, u32)>>;

/// Where the argument of a matcher lies, and how many there are: a list that many rules name is one need.
type Identity = (Field, usize, usize);

impl<'r> Waiting<'r> {
    pub(super) fn of(rules: &'r [Rule]) -> Waiting<'r> {
        let mut waiting = Waiting { rules, ..Waiting::default() };
        for (number, rule) in (0..).zip(rules) {
            match Guard::of(&rule.when) {
                None => waiting.always.push(number),
                Some(guard) => guard.needs.into_iter().for_each(|(field, needs)| {
                    let need = waiting.need(field, needs, number);
                    waiting.pairs.push((need, number));
                }),
            }
        }
        waiting
    }

    /// The number of a need, which is new unless another rule has it.
    fn need(&mut self, field: Field, needs: Needs<'r>, rule: u32) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let number = *self.known.entry(identity(field, &needs)).or_insert(next);
        if number != next {
            return number;
        }
        self.firsts.push(rule);
        match needs {
            Needs::Texts(set) => self.exact.entry(field).or_default().push((set, number)),
            Needs::Parts(parts) => add(&mut self.parts, field, parts, number),
            Needs::Pattern(pattern) => add(&mut self.patterns, field, [pattern], number),
            Needs::Numbers(numbers) => add(&mut self.numbers, field, numbers.iter().copied(), number),
            Needs::Networks(networks) => add(&mut self.networks, field, networks.iter().copied(), number),
        }
        number
    }

    pub(super) fn index(mut self) -> Index {
        let mut lookups = Vec::new();
        for (field, sets) in mem::take(&mut self.exact) {
            lookups.push(self.lookup(field, &sets, Way::Exact(Exact::of(&sets))));
        }
        for (field, numbers) in mem::take(&mut self.numbers) {
            lookups.push(self.lookup(field, &numbers, Way::Numbers(Numbers::of(numbers.iter().copied()))));
        }
        for (field, networks) in mem::take(&mut self.networks) {
            lookups.push(self.lookup(field, &networks, Way::Networks(Networks::of(&networks))));
        }
        for (field, texts) in mem::take(&mut self.parts) {
            match Parts::of(&texts) {
                Some(parts) => lookups.push(self.lookup(field, &texts, Way::Parts(parts))),
                None => self.ask_always(&texts),
            }
        }
        let mut room = Room::SET;
        for (field, all) in mem::take(&mut self.patterns) {
            let (tables, left) = patterns::tables(&all, &mut room);
            lookups.extend(tables.into_iter().map(|table| self.lookup(field, &table.needs(), Way::Patterns(table))));
            self.ask_always(&left);
        }
        lookups.sort_by_key(|lookup| lookup.first);
        Index { always: self.by_command(), rules: Owners::of(self.known.len(), self.pairs), lookups }
    }

    fn lookup<T>(&self, field: Field, things: &[(T, u32)], way: Way) -> Lookup {
        let needs = things.iter().filter_map(|(_, need)| usize::try_from(*need).ok());
        let first = needs.filter_map(|need| self.firsts.get(need)).min();
        Lookup { field, way, first: first.copied().unwrap_or_default() }
    }

    /// Lets the rules that wait for these things wait for nothing.
    fn ask_always<T>(&mut self, things: &[(T, u32)]) {
        let needs: HashSet<u32> = things.iter().map(|(_, need)| *need).collect();
        self.always.extend(self.pairs.iter().filter(|(need, _)| needs.contains(need)).map(|(_, rule)| *rule));
        self.always.sort_unstable();
        self.always.dedup();
    }

    fn by_command(&self) -> [Vec<u32>; Command::ALL.len()] {
        Command::ALL.map(|command| {
            let is_for = |number: &&u32| {
                let rule = usize::try_from(**number).ok().and_then(|index| self.rules.get(index));
                rule.is_some_and(|rule| rule.commands.contains(&command))
            };
            self.always.iter().filter(is_for).copied().collect()
        })
    }
}

fn add<T>(to: &mut Gatherings<T>, field: Field, things: impl IntoIterator<Item = T>, need: u32) {
    to.entry(field).or_default().extend(things.into_iter().map(|thing| (thing, need)));
}

fn identity(field: Field, needs: &Needs<'_>) -> Identity {
    match needs {
        Needs::Texts(set) => (field, Arc::as_ptr(set).addr(), set.len()),
        Needs::Parts(parts) => (field, parts.first().map_or(0, |part| part.as_ptr().addr()), parts.len()),
        Needs::Pattern(pattern) => (field, ptr::from_ref(*pattern).addr(), 1),
        Needs::Numbers(numbers) => (field, ptr::from_ref(*numbers).addr(), numbers.len()),
        Needs::Networks(networks) => (field, networks.as_ptr().addr(), networks.len()),
    }
}
