//! A formula as a tree over atoms, and its value where only some of them are known.

use std::collections::HashMap;

use crate::{
    analysis::{Formula, atom::Atom, lengths},
    engine::{Condition, Identity, Rule, life::Exception},
};

/// How often both values of what is not known are looked at for one question.
const MOST_SPLITS: usize = 200;

/// A formula, taken apart.
#[derive(Debug)]
pub(super) struct Question<'r> {
    pub(super) atoms: Vec<Atom<'r>>,
    /// Which atom a test is.
    tests: HashMap<Identity, usize>,
    root: Node,
}

#[derive(Debug)]
enum Node {
    Atom(usize),
    /// What nothing is known of.
    Unknown,
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// What the share and the counter of a rule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    /// Nobody knows what they say.
    Kept,
    /// They say that it applies.
    Settled,
}

/// What is known of the truth of each atom.
pub(super) type Truths = Vec<Option<bool>>;

impl<'r> Question<'r> {
    pub(super) fn of(formula: &Formula<'r>) -> Question<'r> {
        let mut question = Question { atoms: Vec::new(), tests: HashMap::new(), root: Node::Unknown };
        question.root = question.formula(formula);
        question
    }

    /// The value of the formula; `None` where it depends on what is not known.
    pub(super) fn value(&self, truths: &[Option<bool>]) -> Option<bool> {
        value(&self.root, truths)
    }

    /// Whether the formula can hold, however what is not known turns out.
    pub(super) fn can_hold(&self, truths: &[Option<bool>]) -> bool {
        let mut left = MOST_SPLITS;
        self.splits(&mut truths.to_vec(), &mut left)
    }

    fn splits(&self, truths: &mut Truths, left: &mut usize) -> bool {
        if !lengths::agree(&self.atoms, truths) {
            return false;
        }
        if let Some(value) = self.value(truths) {
            return value;
        }
        let Some(open) = open(&self.root, truths) else { return true };
        let Some(fewer) = left.checked_sub(1) else { return true };
        *left = fewer;
        [true, false].into_iter().any(|truth| {
            let before = set(truths, open, Some(truth));
            let holds = self.splits(truths, left);
            set(truths, open, before);
            holds
        })
    }

    fn formula(&mut self, formula: &Formula<'r>) -> Node {
        match formula {
            Formula::Holds(condition) => self.condition(condition),
            Formula::Applies(rule) => self.rule(rule, Doubt::Kept),
            Formula::Reaches(rule) => self.rule(rule, Doubt::Settled),
            Formula::Among(commands) => self.atom(Atom::Command(commands)),
            Formula::Before(moment) => self.atom(Atom::Before(*moment)),
            Formula::Given(per) => self.atom(Atom::Given(*per)),
            Formula::Whole(whole) => self.atom(Atom::Whole(whole)),
            Formula::Not(inner) => Node::Not(Box::new(self.formula(inner))),
            Formula::All(parts) => Node::All(parts.iter().map(|part| self.formula(part)).collect()),
            Formula::Any(parts) => Node::Any(parts.iter().map(|part| self.formula(part)).collect()),
        }
    }

    fn condition(&mut self, condition: &'r Condition) -> Node {
        match condition {
            Condition::Always => Node::All(Vec::new()),
            Condition::All(parts) => Node::All(parts.iter().map(|part| self.condition(part)).collect()),
            Condition::Any { branches, .. } => Node::Any(branches.iter().map(|part| self.condition(part)).collect()),
            Condition::Not { inner, .. } => Node::Not(Box::new(self.condition(inner))),
            Condition::Test(test) => self.atom(Atom::Test(test)),
        }
    }

    fn rule(&mut self, rule: &'r Rule, doubt: Doubt) -> Node {
        let mut parts = vec![self.atom(Atom::Command(&rule.commands)), self.condition(&rule.when)];
        if rule.active.from.is_some() || rule.active.until.is_some() {
            parts.push(self.atom(Atom::Active(rule.active)));
        }
        if let Some(schedule) = &rule.schedule {
            parts.push(self.atom(Atom::Schedule(schedule)));
        }
        if rule.rollout.is_some() && doubt == Doubt::Kept {
            parts.push(Node::Unknown);
        }
        if let Some(quota) = rule.quota {
            parts.push(self.atom(Atom::Given(quota.per)));
            parts.extend((doubt == Doubt::Kept).then_some(Node::Unknown));
        }
        let excepted = rule.except.iter().map(|exception| self.exception(exception)).collect();
        parts.push(Node::Not(Box::new(Node::Any(excepted))));
        Node::All(parts)
    }

    fn exception(&mut self, exception: &'r Exception) -> Node {
        let mut parts = vec![self.condition(&exception.when)];
        if let Some(expires) = exception.expires {
            parts.push(self.atom(Atom::Before(expires)));
        }
        Node::All(parts)
    }

    /// The same atom in two rules is one.
    fn atom(&mut self, atom: Atom<'r>) -> Node {
        let next = self.atoms.len();
        let known = match &atom {
            Atom::Test(test) => Some(*self.tests.entry(test.identity).or_insert(next)).filter(|known| *known < next),
            _ => self.atoms.iter().position(|other| other.is_same(&atom)),
        };
        Node::Atom(known.unwrap_or_else(|| {
            self.atoms.push(atom);
            next
        }))
    }
}

/// An atom that the value of a formula depends on.
fn open(node: &Node, truths: &[Option<bool>]) -> Option<usize> {
    match node {
        _ if value(node, truths).is_some() => None,
        Node::Atom(index) => Some(*index),
        Node::Unknown => None,
        Node::Not(inner) => open(inner, truths),
        Node::All(parts) | Node::Any(parts) => parts.iter().find_map(|part| open(part, truths)),
    }
}

fn set(truths: &mut Truths, index: usize, truth: Option<bool>) -> Option<bool> {
    truths.get_mut(index).and_then(|slot| std::mem::replace(slot, truth))
}

fn value(node: &Node, truths: &[Option<bool>]) -> Option<bool> {
    match node {
        Node::Atom(index) => truths.get(*index).copied().flatten(),
        Node::Unknown => None,
        Node::Not(inner) => value(inner, truths).map(|value| !value),
        Node::All(parts) => joined(parts, truths, false),
        Node::Any(parts) => joined(parts, truths, true),
    }
}

/// One part of the value `ends` decides; otherwise all have to be known.
fn joined(parts: &[Node], truths: &[Option<bool>], ends: bool) -> Option<bool> {
    let mut joined = Some(!ends);
    for part in parts {
        match value(part, truths) {
            Some(value) if value == ends => return Some(ends),
            Some(_) => {}
            None => joined = None,
        }
    }
    joined
}
