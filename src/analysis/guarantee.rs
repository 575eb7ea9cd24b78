//! Whether what a set promises holds for every request from now on.
//!
//! A rule *breaks* a promise when what it does is not what was promised, and so may the default, which allows. The promise
//! holds when no rule that breaks it can be reached: that is asked of each of them, and each request that a rule before it
//! decides for sure names one more rule that has to be passed. Shares and counters count for nothing here: a rule that has
//! one may decide, and may not. Only requests that can come count: with an app, and with a name that is decided.

use jiff::Timestamp;

use crate::{
    analysis::{Answer, Formula, Reason, Solver},
    engine::{Action, Condition, Deciders, Mode, Rule, Snapshot, Standing, Views, quota::Per},
    facts::{Command, Facts, Field, MAX_NAME_BYTES},
};

/// What is promised of the requests for which a condition holds.
#[derive(Clone, Copy, Debug)]
pub struct Guarantee<'r> {
    /// The commands that it is for.
    pub commands: &'r [Command],
    /// Which requests it is about.
    pub when: &'r Condition,
    /// What is promised of them.
    pub promise: Promise,
}

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// This never comes of a request.
    Never(Outcome),
    /// This comes of every request.
    Always(Outcome),
}

/// What can come of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is let through.
    Allow,
    /// It is refused, with whatever code.
    Deny,
    /// It is refused with this code.
    DenyWith(u32),
}

/// What is known of a guarantee.
#[derive(Debug)]
pub enum Proof {
    /// It holds.
    Proved,
    /// There is no request that it is about.
    AboutNothing,
    /// It does not hold: a request, and the rule that may decide it, an index into [`Snapshot::rules`]; `None` where it may
    /// be that no rule decides.
    Broken(Box<Facts<'static>>, Option<usize>),
    /// Neither is known: whether this rule can decide such a request, or no rule, is open for a reason.
    NotProved(Option<usize>, Reason),
}

impl Promise {
    /// Whether it is kept where a rule decides, or none.
    fn is_kept_by(self, rule: Option<&Rule>) -> bool {
        match self {
            Promise::Never(outcome) => !outcome.comes_of(rule),
            Promise::Always(outcome) => outcome.comes_of(rule),
        }
    }
}

impl Outcome {
    fn comes_of(self, rule: Option<&Rule>) -> bool {
        match (rule.map_or(&Action::Allow, |rule| &rule.action), self) {
            (Action::Allow, Outcome::Allow) | (Action::Deny { .. }, Outcome::Deny) => true,
            (Action::Deny { code, .. }, Outcome::DenyWith(promised)) => *code == Some(promised),
            _ => false,
        }
    }
}

/// Proves a guarantee for the requests that come at `from` or later, or shows one for which it does not hold.
pub fn prove(solver: &mut Solver, snapshot: &Snapshot, guarantee: Guarantee<'_>, from: Timestamp) -> Proof {
    let mut attempt = Attempt { solver, snapshot, guarantee, from, takers: Vec::new() };
    match attempt.ask(None, 0) {
        Asked::Nothing => Proof::AboutNothing,
        Asked::Broken(facts, rule) => Proof::Broken(facts, rule),
        Asked::Something | Asked::Open(_) => attempt.run(),
    }
}

/// A proof on the way.
struct Attempt<'a> {
    solver: &'a mut Solver,
    snapshot: &'a Snapshot,
    guarantee: Guarantee<'a>,
    from: Timestamp,
    /// Rules that decide for sure, of those that had to be passed so far.
    takers: Vec<usize>,
}

/// What is known of some requests that the guarantee is about.
enum Asked {
    /// There are none.
    Nothing,
    /// There are some.
    Something,
    /// One of them breaks the promise, by this rule or by none.
    Broken(Box<Facts<'static>>, Option<usize>),
    Open(Reason),
}

impl<'a> Attempt<'a> {
    /// Asks of every rule that breaks the promise whether it can be reached; the number behind the last rule stands for
    /// the default.
    fn run(mut self) -> Proof {
        let mut open = None;
        let mut asked = 0;
        for breaker in self.breakers() {
            let rule = Some(breaker).filter(|breaker| *breaker < self.snapshot.rules.len());
            // Where nothing gets past the rules that keep the promise, nothing behind them need be asked.
            let may_end = rule.is_some() && (asked..breaker).any(|index| self.is_taker(index));
            if may_end && matches!(self.ask(None, breaker), Asked::Nothing) {
                break;
            }
            asked = breaker;
            match self.ask(rule, breaker) {
                Asked::Nothing | Asked::Something => {}
                Asked::Broken(facts, rule) => return Proof::Broken(facts, rule),
                Asked::Open(reason) => open = open.or(Some((rule, reason))),
            }
        }
        open.map_or(Proof::Proved, |(rule, reason)| Proof::NotProved(rule, reason))
    }

    fn breakers(&self) -> Vec<usize> {
        let rules = &self.snapshot.rules;
        let breaks = |index: &usize| {
            let rule = rules.get(*index);
            rule.is_none_or(|rule| rule.mode == Mode::Enforce) && !self.guarantee.promise.is_kept_by(rule)
        };
        (0..=rules.len()).filter(breaks).collect()
    }

    fn is_taker(&self, index: usize) -> bool {
        let keeps = |rule: &Rule| rule.is_sure() && self.guarantee.promise.is_kept_by(Some(rule));
        self.snapshot.rules.get(index).is_some_and(keeps)
    }

    /// Asks for a request that gets past all that stands before a place, and to which this rule applies, if one is given.
    fn ask(&mut self, rule: Option<usize>, before: usize) -> Asked {
        let known = self.takers.len();
        let asked = self.asked(rule, before);
        // What was of no use here is in the way elsewhere: it may look at other views.
        if !matches!(asked, Asked::Nothing) {
            self.takers.truncate(known);
        }
        asked
    }

    fn asked(&mut self, rule: Option<usize>, before: usize) -> Asked {
        let (snapshot, guarantee) = (self.snapshot, self.guarantee);
        let is_inside = rule.is_none() && before < snapshot.rules.len();
        loop {
            let formula = self.formula(rule, before);
            let (mut broken, mut taker) = (None, None);
            let answer = self.solver.find(&formula, |facts| {
                (broken, taker) = (None, None);
                if !guarantee.is_about(facts, self.from) {
                    return false;
                }
                let deciders = Deciders::of(snapshot, facts);
                let rule_of = |index: Option<usize>| index.and_then(|index| snapshot.rules.get(index));
                broken = deciders.each().find(|index| !guarantee.promise.is_kept_by(rule_of(*index)));
                let last = deciders.sure().filter(|last| *last < before);
                taker = last
                    .filter(|last| !self.takers.contains(last))
                    .map(|last| guarantee.plainest(snapshot, facts, (last, before), &self.takers));
                broken.is_some() || taker.is_some() || (is_inside && last.is_none())
            });
            match (answer, broken, taker) {
                (Answer::None, ..) => return Asked::Nothing,
                (Answer::NotProved(reason), ..) => return Asked::Open(reason),
                (Answer::Witness(facts), Some(rule), _) => return Asked::Broken(facts, rule),
                (Answer::Witness(_), None, Some(taker)) => self.takers.push(taker),
                (Answer::Witness(_), None, None) => return Asked::Something,
            }
        }
    }

    fn formula(&self, rule: Option<usize>, before: usize) -> Formula<'a> {
        let Guarantee { commands, when, .. } = self.guarantee;
        let rules = &self.snapshot.rules;
        let applies = |index: &usize| rules.get(*index).map(Formula::Applies);
        let passed = self.takers.iter().filter(|taker| **taker < before).filter_map(applies).map(Formula::negated);
        let comes = [Formula::Given(Per::App), Formula::Before(self.from).negated()];
        let about = [Formula::Among(commands), Formula::Holds(when)].into_iter().chain(comes);
        Formula::All(about.chain(rule.as_ref().and_then(applies)).chain(passed).collect())
    }
}

impl Guarantee<'_> {
    /// Of the rules that decide a request for sure and stand before a place, one that looks at the views that the guarantee
    /// looks at; `last` decides it. Any will do, but such a one can be proved to.
    fn plainest(
        &self,
        snapshot: &Snapshot,
        facts: &Facts<'_>,
        (last, before): (usize, usize),
        takers: &[usize],
    ) -> usize {
        let views = Views::of(facts);
        let asked = names_of(self.when);
        let others = |rule: &Rule| names_of(&rule.when).iter().filter(|field| !asked.contains(field)).count();
        let fits = |(index, rule): &(usize, &Rule)| {
            rule.is_sure() && !takers.contains(index) && rule.standing(&views) == Standing::Applies
        };
        let rules = snapshot.rules.iter().enumerate().take(before);
        rules.filter(fits).min_by_key(|(_, rule)| others(rule)).map_or(last, |(index, _)| index)
    }

    fn is_about(&self, facts: &Facts<'_>, from: Timestamp) -> bool {
        let comes = from <= facts.at && facts.app.is_some() && facts.name.len() <= MAX_NAME_BYTES;
        comes && self.commands.contains(&facts.command) && self.when.holds(&Views::of(facts))
    }
}

/// The views of the name that a condition looks at.
fn names_of(condition: &Condition) -> Vec<Field> {
    match condition {
        Condition::Always => Vec::new(),
        Condition::All(parts) | Condition::Any { branches: parts, .. } => {
            let mut fields: Vec<Field> = parts.iter().flat_map(names_of).collect();
            fields.sort_unstable();
            fields.dedup();
            fields
        }
        Condition::Not { inner, .. } => names_of(inner),
        Condition::Test(test) => Some(test.field).into_iter().filter(|field| field.is_name()).collect(),
    }
}
