//! Which rules of two sets are the same, in the same order.

use std::collections::HashMap;

use crate::{
    analysis::difference::Side,
    engine::{Mode, Rule},
};

/// The enforced rules that apply to the same requests on both sides, and stand in the same order there.
#[derive(Debug)]
pub(super) struct Alignment {
    /// For each rule of the old set, its partner in the new one.
    pub(super) old: Vec<Option<usize>>,
    /// The other way round.
    pub(super) new: Vec<Option<usize>>,
}

impl Alignment {
    pub(super) fn of(old: &Side<'_>, new: &Side<'_>) -> Alignment {
        let ids: HashMap<&str, usize> = enforced(new).map(|(index, rule)| (rule.id.as_str(), index)).collect();
        let partner = |(index, rule): (usize, &Rule)| {
            let partner = *ids.get(rule.id.as_str())?;
            is_same(old, index, new, partner).then_some((index, partner))
        };
        let pairs: Vec<(usize, usize)> = enforced(old).filter_map(partner).collect();
        let mut alignment =
            Alignment { old: vec![None; old.snapshot.rules.len()], new: vec![None; new.snapshot.rules.len()] };
        for (one, other) in longest_rise(&pairs) {
            let slots = alignment.old.get_mut(one).zip(alignment.new.get_mut(other));
            if let Some((old, new)) = slots {
                (*old, *new) = (Some(other), Some(one));
            }
        }
        alignment
    }
}

fn enforced<'r>(side: &Side<'r>) -> impl Iterator<Item = (usize, &'r Rule)> + use<'r> {
    side.snapshot.rules.iter().enumerate().filter(|(_, rule)| rule.mode == Mode::Enforce)
}

/// Whether two rules of one id apply to the same requests.
fn is_same(old: &Side<'_>, one: usize, new: &Side<'_>, other: usize) -> bool {
    let guards = |side: &Side<'_>, index| side.rule(index).map(|rule| (rule.quota, rule.rollout));
    let scopes = old.scopes.get(one).zip(new.scopes.get(other));
    scopes.is_some_and(|(one, other)| one == other) && guards(old, one) == guards(new, other)
}

/// The most pairs whose second numbers rise as the first ones do: what stays where it is when something moves.
pub fn longest_rise(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best chain of each length so far, and the pair before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    let second = |at: usize| pairs.get(at).map(|pair| pair.1);
    for (at, (_, other)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(*end) < Some(*other));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chain: Vec<(usize, usize)> = Vec::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        chain.extend(pairs.get(at));
        next = before.get(at).copied().flatten();
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rule_that_moved_leaves_the_others_where_they_are() {
        let pairs = [(0, 4), (1, 0), (2, 1), (3, 2), (4, 3)];
        assert_eq!(longest_rise(&pairs), pairs[1..]);
        assert!(longest_rise(&[]).is_empty());
    }
}
