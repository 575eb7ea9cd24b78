//! Rules that never decide, conditions that never hold, and conditions that always do.

use jiff::Timestamp;

use crate::{
    analysis::{Answer, Budget, Formula, Reason, Solver},
    engine::{Condition, Mode, Rule, Snapshot, Views, evaluate, quota::Per},
};

/// All rules together may take as many steps as so many questions that spend their states, and one more for every few rules.
const LEAST_QUESTIONS: usize = 25;
const RULES_A_QUESTION: usize = 4;

/// What was proved of a rule, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// An index into [`Snapshot::rules`].
    pub rule: usize,
    /// What it is.
    pub kind: Kind,
}

/// A kind of [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No request passes its condition.
    NeverMatches,
    /// Every request passes its condition, which is not `always`.
    AlwaysMatches,
    /// Whatever it applies to is decided by these rules before it, by their indexes.
    NeverDecides(Vec<usize>),
    /// Some requests pass its condition, and it applies to none of them.
    NeverApplies(Cause),
    /// Whether it ever matches, or ever decides, is open.
    NotProved(Reason),
    /// Whether every request passes its condition is open: no request that does not was found.
    MayAlwaysMatch(Reason),
}

/// Why a rule applies to nothing that passes its condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// None of it has what its quota counts by.
    Key(Per),
    /// Its exceptions hold for all of it.
    Exceptions,
    /// Neither alone: its times, its exceptions and its quota together leave nothing.
    Together,
}

/// Looks at every rule of a set.
pub fn findings(snapshot: &Snapshot, at: Timestamp, budget: Budget) -> Vec<Finding> {
    let steps = budget.states.saturating_mul(LEAST_QUESTIONS + snapshot.rules.len() / RULES_A_QUESTION);
    let mut solver = Solver::new(at, budget).bounded(steps).trying_on();
    let mut findings = Vec::new();
    for (index, rule) in snapshot.rules.iter().enumerate() {
        let kinds = kinds(&mut solver, snapshot, index, rule);
        findings.extend(kinds.into_iter().map(|kind| Finding { rule: index, kind }));
    }
    findings
}

fn kinds(solver: &mut Solver, snapshot: &Snapshot, index: usize, rule: &Rule) -> Vec<Kind> {
    let when = Formula::Holds(&rule.when);
    match solver.find(&when, |facts| rule.when.holds(&Views::of(facts))) {
        Answer::None => return vec![Kind::NeverMatches],
        Answer::NotProved(reason) => return vec![Kind::NotProved(reason)],
        Answer::Witness(_) => {}
    }
    let open = match solver.find(&when.negated(), |facts| !rule.when.holds(&Views::of(facts))) {
        Answer::None if matches!(rule.when, Condition::Always) => None,
        Answer::None => return vec![Kind::AlwaysMatches],
        Answer::NotProved(reason) => Some(Kind::MayAlwaysMatch(reason)),
        Answer::Witness(_) => None,
    };
    let decided = if rule.mode == Mode::Enforce { decides(solver, snapshot, index, rule) } else { None };
    let open = open.filter(|_| !matches!(decided, Some(Kind::NeverDecides(_) | Kind::NeverApplies(_))));
    decided.into_iter().chain(open).collect()
}

/// Looks for a request that a rule decides. Each that a rule before it decides instead names one more that has to be passed.
fn decides(solver: &mut Solver, snapshot: &Snapshot, index: usize, rule: &Rule) -> Option<Kind> {
    let mut takers: Vec<usize> = Vec::new();
    loop {
        let passed = takers.iter().filter_map(|taker| Some(Formula::Applies(snapshot.rules.get(*taker)?).negated()));
        let formula = Formula::All(std::iter::once(Formula::Applies(rule)).chain(passed).collect());
        let mut taker = None;
        let answer = solver.find(&formula, |facts| {
            let plan = evaluate(snapshot, &Views::of(facts));
            let decided = plan.applies.contains(&index);
            taker = plan.applies.last().copied().filter(|last| !decided && takes(snapshot, index, *last));
            decided || taker.is_some_and(|taker| !takers.contains(&taker))
        });
        match (answer, taker) {
            (Answer::None, _) if takers.is_empty() => return Some(Kind::NeverApplies(cause(solver, rule))),
            (Answer::None, _) => {
                takers.sort_unstable();
                return Some(Kind::NeverDecides(takers));
            }
            (Answer::NotProved(reason), _) => return Some(Kind::NotProved(reason)),
            (Answer::Witness(_), Some(taker)) => takers.push(taker),
            (Answer::Witness(_), None) => return None,
        }
    }
}

fn cause(solver: &mut Solver, rule: &Rule) -> Cause {
    let mut is_nothing = |more: Formula<'_>, holds: &dyn Fn(&Views<'_>) -> bool| {
        let formula = Formula::All(vec![Formula::Among(&rule.commands), Formula::Holds(&rule.when), more]);
        let answer = solver.find(&formula, |facts| {
            let views = Views::of(facts);
            rule.commands.contains(&facts.command) && rule.when.holds(&views) && holds(&views)
        });
        matches!(answer, Answer::None)
    };
    if let Some(quota) = rule.quota
        && is_nothing(Formula::Given(quota.per), &|views| quota.per.is_given(views.facts()))
    {
        return Cause::Key(quota.per);
    }
    let excepted = rule.except.iter().map(|exception| {
        let expires = exception.expires.map(Formula::Before);
        Formula::All(std::iter::once(Formula::Holds(&exception.when)).chain(expires).collect())
    });
    let excepted = Formula::Any(excepted.collect());
    let has_none = |views: &Views<'_>| !rule.except.iter().any(|exception| exception.holds(views));
    if is_nothing(excepted.negated(), &has_none) { Cause::Exceptions } else { Cause::Together }
}

/// Whether a rule takes requests from a later one for sure, whoever asks.
fn takes(snapshot: &Snapshot, victim: usize, taker: usize) -> bool {
    taker < victim && snapshot.rules.get(taker).is_some_and(Rule::is_sure)
}
