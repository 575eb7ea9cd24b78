//! Which outcomes of the conditions of a set were seen: what examples and tests show of it.
//!
//! Each condition is looked at in the way of a decision, except that every branch of an `any` and every exception is asked,
//! not only up to the first that holds.

use std::slice::IterMut;

use crate::engine::{Condition, Rule, Snapshot, Standing, Verdict, Views};

/// What was seen of a set.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The live rules, as in [`Snapshot::rules`].
    pub rules: Vec<Covered>,
}

/// What was seen of a rule.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Its id.
    pub id: String,
    /// The file, as operators know it.
    pub file: String,
    /// The line of the rule in its file, from 1.
    pub line: usize,
    /// Its condition, its exceptions, and the branches of each `any` after the condition that they are part of.
    pub items: Vec<Item>,
}

/// A condition that can hold or not.
#[derive(Clone, Debug)]
pub struct Item {
    /// The exception that it is, or is part of; none where it belongs to `when`.
    pub exception: Option<String>,
    /// Which branch of its `any` it is, from 1; none where it is no branch.
    pub branch: Option<usize>,
    /// Where it is written, from 1.
    pub line: usize,
    held: Seen,
    failed: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Yes,
    No,
    /// It cannot happen, so nobody has to show it.
    Never,
}

/// What was never seen of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// That it holds.
    Holds,
    /// That it does not hold.
    Fails,
    /// Either.
    Both,
}

/// How many outcomes were seen, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Outcomes that were seen.
    pub seen: usize,
    /// Outcomes that there are.
    pub possible: usize,
}

impl Share {
    /// In tenths of a percent, rounded down: nothing but all of it is 1000.
    pub fn per_mille(self) -> usize {
        (self.seen * 1000).checked_div(self.possible).unwrap_or(1000)
    }

    /// Whether it is at least so many tenths of a percent.
    pub fn reaches(self, tenths: usize) -> bool {
        self.seen * 1000 >= self.possible * tenths
    }
}

impl Coverage {
    /// Nothing was seen yet.
    pub fn of(snapshot: &Snapshot) -> Coverage {
        let covered =
            |rule: &Rule| Covered { id: rule.id.clone(), file: rule.file.clone(), line: rule.line, items: items(rule) };
        Coverage { rules: snapshot.rules.iter().map(covered).collect() }
    }

    /// A rule was asked about a request, by its condition alone.
    pub fn asked(&mut self, rule: usize, of: &Snapshot, views: &Views<'_>) {
        if let (Some(covered), Some(rule)) = (self.rules.get_mut(rule), of.rules.get(rule)) {
            look(&rule.when, Some(views), &mut covered.items.iter_mut());
        }
    }

    /// A request was decided.
    pub fn decided(&mut self, verdict: &Verdict, of: &Snapshot, views: &Views<'_>) {
        let reached = verdict.rule.map_or(of.rules.len(), |rule| rule + 1);
        for (covered, rule) in self.rules.iter_mut().zip(&of.rules).take(reached) {
            covered.reached(rule, views);
        }
    }

    /// How much of the set was seen.
    pub fn share(&self) -> Share {
        total(self.rules.iter().map(Covered::share))
    }
}

impl Covered {
    /// How much of the rule was seen.
    pub fn share(&self) -> Share {
        total(self.items.iter().map(Item::share))
    }

    fn reached(&mut self, rule: &Rule, views: &Views<'_>) {
        let standing = rule.standing(views);
        let (when, except) = match standing {
            Standing::OtherCommand | Standing::Inactive | Standing::OffSchedule => (None, None),
            Standing::Fails | Standing::NotRolledOut | Standing::NoKey => (Some(views), None),
            Standing::Excepted(_) | Standing::Applies => (Some(views), Some(views)),
        };
        let mut items = self.items.iter_mut();
        look(&rule.when, when, &mut items);
        for exception in &rule.except {
            let over = exception.expires.is_some_and(|expires| expires <= views.facts().at);
            look(&exception.when, except.filter(|_| !over), &mut items);
        }
    }
}

impl Item {
    /// What was never seen of it, if anything.
    pub fn unseen(&self) -> Option<Unseen> {
        match (self.held, self.failed) {
            (Seen::No, Seen::No) => Some(Unseen::Both),
            (Seen::No, _) => Some(Unseen::Holds),
            (_, Seen::No) => Some(Unseen::Fails),
            _ => None,
        }
    }

    fn share(&self) -> Share {
        let count = |seen: Seen| [self.held, self.failed].into_iter().filter(|it| *it == seen).count();
        Share { seen: count(Seen::Yes), possible: count(Seen::Yes) + count(Seen::No) }
    }
}

fn total(shares: impl Iterator<Item = Share>) -> Share {
    shares.fold(Share::default(), |sum, share| Share {
        seen: sum.seen + share.seen,
        possible: sum.possible + share.possible,
    })
}

/// The items of a rule, in the order in which [`look`] comes to them.
fn items(rule: &Rule) -> Vec<Item> {
    let mut items = vec![item(None, None, rule.line, &rule.when)];
    branches(None, &rule.when, &mut items);
    for exception in &rule.except {
        let id = Some(exception.id.as_str());
        items.push(item(id, None, exception.line, &exception.when));
        branches(id, &exception.when, &mut items);
    }
    items
}

fn item(exception: Option<&str>, branch: Option<usize>, line: usize, condition: &Condition) -> Item {
    let failed = if matches!(condition, Condition::Always) { Seen::Never } else { Seen::No };
    Item { exception: exception.map(str::to_owned), branch, line, held: Seen::No, failed }
}

fn branches(exception: Option<&str>, condition: &Condition, items: &mut Vec<Item>) {
    match condition {
        Condition::Always | Condition::Test(_) => {}
        Condition::All(parts) => parts.iter().for_each(|part| branches(exception, part, items)),
        Condition::Not { inner, .. } => branches(exception, inner, items),
        Condition::Any { branches: parts, line } => {
            for (index, part) in parts.iter().enumerate() {
                items.push(item(exception, Some(index + 1), first_line(part).unwrap_or(*line), part));
                branches(exception, part, items);
            }
        }
    }
}

fn first_line(condition: &Condition) -> Option<usize> {
    match condition {
        Condition::Always => None,
        Condition::All(parts) => parts.iter().find_map(first_line),
        Condition::Any { line, .. } | Condition::Not { line, .. } => Some(*line),
        Condition::Test(test) => Some(test.line),
    }
}

/// Notes the outcome of a condition and of the branches in it. Without `views` it goes past them: nothing asks there.
fn look(condition: &Condition, views: Option<&Views<'_>>, items: &mut IterMut<'_, Item>) {
    if let (Some(item), Some(views)) = (items.next(), views) {
        *(if condition.holds(views) { &mut item.held } else { &mut item.failed }) = Seen::Yes;
    }
    look_inside(condition, views, items);
}

fn look_inside(condition: &Condition, views: Option<&Views<'_>>, items: &mut IterMut<'_, Item>) {
    match condition {
        Condition::Always | Condition::Test(_) => {}
        Condition::All(parts) => {
            let fails = |part: &Condition| views.is_some_and(|views| !part.holds(views));
            let failing = parts.iter().filter(|part| fails(part)).count();
            for part in parts {
                // A part decides only where all beside it hold.
                let decides = failing == usize::from(fails(part));
                look_inside(part, views.filter(|_| decides), items);
            }
        }
        Condition::Not { inner, .. } => look_inside(inner, views, items),
        Condition::Any { branches, .. } => branches.iter().for_each(|branch| look(branch, views, items)),
    }
}
