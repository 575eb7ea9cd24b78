//! The values of one part of a request, of which each stands for all that the formula cannot tell from it.

use std::{collections::BTreeSet, collections::HashSet, net::IpAddr};

use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};

use crate::{
    analysis::{
        atom::{Atom, Axis},
        formula::Question,
        sample, sets,
        walk::Known,
    },
    engine::{Language, Views},
    facts::{Command, Facts, Rollout},
};

/// A choice for one part of a request.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    Command(Command),
    At(Timestamp),
    Text(Axis, Option<String>),
    Address(Option<IpAddr>),
    App(Option<u64>),
}

/// A choice, and what is known of each atom that depends on it.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) choice: Choice,
    pub(super) known: Known,
}

/// Texts of one test that are tried as they are.
const SAMPLES: usize = 24;

/// Longer texts are not tried.
pub(super) const LONGEST_SAMPLE: usize = 200;

/// What a request is where nothing depends on it.
pub(super) fn plain(at: Timestamp) -> Facts<'static> {
    Facts { rollout: Rollout::In, ..Facts::topic("someone", "topic", at) }
}

impl Choice {
    pub(super) fn put(&self, facts: &mut Facts<'static>) {
        match self {
            Choice::Command(command) => facts.command = *command,
            Choice::At(at) => facts.at = *at,
            Choice::Address(address) => facts.client_ip = *address,
            Choice::App(app) => facts.app = *app,
            Choice::Text(axis, text) => {
                let text = text.clone().map(Into::into);
                match axis {
                    Axis::Owner => facts.owner = text,
                    Axis::Type => facts.group_type = text,
                    Axis::Platform => facts.platform = text,
                    Axis::Operator => facts.operator = text.unwrap_or_default(),
                    _ => facts.name = text.unwrap_or_default(),
                }
            }
        }
    }

    /// What is true of each atom of a part once it is chosen.
    pub(super) fn cell(self, question: &Question<'_>, axis: Axis, at: Timestamp) -> Cell {
        let mut facts = plain(at);
        self.put(&mut facts);
        let views = Views::of(&facts);
        let known = atoms(question, axis).map(|(index, atom)| (index, Some(atom.holds(&views)))).collect();
        Cell { choice: self, known }
    }
}

/// The atoms of a part, with their numbers.
pub(super) fn atoms<'q, 'r>(question: &'q Question<'r>, axis: Axis) -> impl Iterator<Item = (usize, &'q Atom<'r>)> {
    question.atoms.iter().enumerate().filter(move |(_, atom)| atom.axis() == axis)
}

/// The languages of the tests of a part.
pub(super) fn languages<'r>(question: &Question<'r>, axis: Axis) -> Vec<Language<'r>> {
    let bounds = atoms(question, axis).filter_map(|(_, atom)| atom.bounds());
    bounds.flat_map(|bounds| std::iter::once(bounds.over).chain(bounds.under)).collect()
}

/// Choices worth trying, of which a part without texts needs no others. Only one of those that agree on everything is kept.
pub(super) fn tried(question: &Question<'_>, axis: Axis, at: Timestamp) -> Vec<Cell> {
    let choices = match axis {
        Axis::Command => Command::ALL.map(Choice::Command).to_vec(),
        Axis::Time => times(question, at).into_iter().map(Choice::At).collect(),
        Axis::Address => addresses(question).into_iter().map(Choice::Address).collect(),
        Axis::App => apps(question).into_iter().map(Choice::App).collect(),
        _ => texts(question, axis, SAMPLES).into_iter().map(|text| Choice::Text(axis, text)).collect::<Vec<_>>(),
    };
    distinct(question, axis, at, choices)
}

/// One choice of each kind.
pub(super) fn distinct(question: &Question<'_>, axis: Axis, at: Timestamp, choices: Vec<Choice>) -> Vec<Cell> {
    let mut seen = HashSet::new();
    let cells = choices.into_iter().map(|choice| choice.cell(question, axis, at));
    cells.filter(|cell| seen.insert(cell.known.clone())).collect()
}

/// The moments from which on something changes, one before all of them, the next windows, and the moments before those.
fn times(question: &Question<'_>, at: Timestamp) -> Vec<Timestamp> {
    let mut times = BTreeSet::from([at]);
    for (_, atom) in atoms(question, Axis::Time) {
        match atom {
            Atom::Active(active) => times.extend(active.from.into_iter().chain(active.until)),
            Atom::Before(expires) => drop(times.insert(*expires)),
            _ => {}
        }
    }
    let before = times.first().and_then(|first| first.checked_sub(SignedDuration::from_secs(1)).ok());
    times.extend(before);
    let windows = atoms(question, Axis::Time).filter_map(|(_, atom)| match atom {
        Atom::Schedule(schedule) => Some(times.iter().filter_map(|time| schedule.next(*time)).collect::<Vec<_>>()),
        _ => None,
    });
    let second = SignedDuration::from_secs(1);
    let windows = windows.flatten().flat_map(|window| [Ok(window), window.checked_sub(second)]).flatten();
    let windows: Vec<Timestamp> = windows.collect();
    // Now reads best.
    std::iter::once(at).chain(times).chain(windows).collect()
}

/// The first addresses of all stretches that lie alike.
fn addresses(question: &Question<'_>) -> Vec<Option<IpAddr>> {
    let mut addresses = BTreeSet::from([IpAddr::from([0, 0, 0, 0]), IpAddr::from([0_u16; 8])]);
    for language in languages(question, Axis::Address) {
        let Language::Networks(networks) = language else { continue };
        for network in networks {
            addresses.insert(network.network());
            addresses.extend(after(network));
        }
    }
    std::iter::once(None).chain(addresses.into_iter().map(Some)).collect()
}

/// The address after the last one of a network.
fn after(network: &IpNet) -> Option<IpAddr> {
    match network.broadcast() {
        IpAddr::V4(last) => last.to_bits().checked_add(1).map(|bits| std::net::Ipv4Addr::from_bits(bits).into()),
        IpAddr::V6(last) => last.to_bits().checked_add(1).map(|bits| std::net::Ipv6Addr::from_bits(bits).into()),
    }
}

fn apps(question: &Question<'_>) -> Vec<Option<u64>> {
    let mut numbers = BTreeSet::new();
    for language in languages(question, Axis::App) {
        if let Language::Numbers(these) = language {
            numbers.extend(these.iter().copied());
        }
    }
    let fresh = (1_400_000_000..).find(|number| !numbers.contains(number));
    std::iter::once(None).chain(fresh.map(Some)).chain(numbers.into_iter().map(Some)).collect()
}

/// An absent one, something that no test speaks of, and texts of the tests, at most so many of each.
pub(super) fn texts(question: &Question<'_>, axis: Axis, most: usize) -> Vec<Option<String>> {
    let mut texts = Vec::new();
    if axis.field().is_optional() {
        texts.push(None);
    }
    let mut known = HashSet::new();
    for language in languages(question, axis) {
        match language {
            Language::Texts(set) | Language::Starts(set) | Language::Ends(set) | Language::Parts(set) => {
                known.extend(set.iter().take(most).map(str::to_owned).filter(|text| texts_may_hold(text, most)));
            }
            Language::Bytes(range) | Language::Characters(range) => {
                let lengths = [*range.start(), range.end().saturating_add(1)];
                let lengths = lengths.into_iter().filter(|length| *length <= LONGEST_SAMPLE);
                known.extend(lengths.map(|length| "a".repeat(length)));
            }
            Language::Patterns(patterns) => {
                let read = patterns.iter().take(most).filter_map(sample::read);
                known.extend(read.filter_map(|hir| sample::sample(&hir)));
            }
            _ => {}
        }
    }
    texts.push(Some(sets::fresh(question, axis)));
    let mut known: Vec<String> = known.into_iter().collect();
    known.sort_unstable_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    texts.extend(known.into_iter().map(Some));
    texts
}

/// Samples are short; where all texts are wanted, they may be long.
fn texts_may_hold(text: &str, most: usize) -> bool {
    most == usize::MAX || text.len() <= LONGEST_SAMPLE
}
