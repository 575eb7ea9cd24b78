//! A formula as a tree over atoms, and its value where only some of them are known.

use crate::{
    analysis::{Formula, atom::Atom},
    engine::{Condition, Rule, life::Exception},
};

/// A formula, taken apart.
#[derive(Debug)]
pub(super) struct Question<'r> {
    pub(super) atoms: Vec<Atom<'r>>,
    pub(super) has_share: bool,
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
        let mut question = Question { atoms: Vec::new(), has_share: false, root: Node::Unknown };
        question.root = question.formula(formula);
        question
    }

    /// The value of the formula; `None` where it depends on what is not known.
    pub(super) fn value(&self, truths: &[Option<bool>]) -> Option<bool> {
        value(&self.root, truths)
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
            self.has_share = true;
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

    fn atom(&mut self, atom: Atom<'r>) -> Node {
        self.atoms.push(atom);
        Node::Atom(self.atoms.len() - 1)
    }
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
