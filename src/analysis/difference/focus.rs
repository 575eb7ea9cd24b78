//! Looks for the requests that one rule decides on its side and that the other side decides differently.

use jiff::Timestamp;

use crate::{
    analysis::{
        Answer, Formula, Reason, Solver,
        difference::{
            Change, Difference, Kind, Open, Side,
            align::Alignment,
            may_differ,
            meeting::{Deciders, Meeting, Met, implies, is_sure},
        },
    },
    engine::{Mode, Rule},
    facts::Facts,
};

/// After so many questions about one rule that have no answer, no more are asked.
const MOST_FAILED: usize = 8;

/// So many requests that are decided by yet other rules are enough.
const MOST_STEPS: usize = 200;

/// Whose rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A rule of the old set.
    Forward,
    /// A rule of the new set; what rules of the old set decide that are not the same in the new one was looked at before.
    Backward,
}

/// One rule that is not the same on both sides.
pub(super) struct Focus<'r> {
    way: Way,
    old: Side<'r>,
    new: Side<'r>,
    from: Timestamp,
    index: usize,
    rule: &'r Rule,
    /// The rules of the other side that may decide differently what this one decides, in order.
    others: Vec<(usize, &'r Rule, Kind)>,
    /// How no rule of the other side does it.
    none: Option<Kind>,
}

/// What a request showed.
enum Seen {
    /// It is decided differently.
    Change(Box<Met>, Kind),
    /// A rule before this one takes it.
    Taken(usize),
    /// The other side decides it in a way that is no news.
    Passed(Option<usize>),
}

impl<'r> Focus<'r> {
    /// Every rule to look at. A rule that is the same on both sides is one if what it answers is not.
    pub(super) fn all(
        way: Way,
        old: Side<'r>,
        new: Side<'r>,
        alignment: &Alignment,
        from: Timestamp,
    ) -> Vec<Focus<'r>> {
        let (mine, other, partners, back) = match way {
            Way::Forward => (old, new, &alignment.old, &alignment.new),
            Way::Backward => (new, old, &alignment.new, &alignment.old),
        };
        let rules = mine.snapshot.rules.iter().enumerate().filter(|(_, rule)| rule.mode == Mode::Enforce);
        let focus = |(index, rule): (usize, &'r Rule)| {
            let may = |other: Option<&Rule>| match way {
                Way::Forward => may_differ(Some(rule), other),
                Way::Backward => may_differ(other, Some(rule)),
            };
            let with = |at: usize| other.rule(at).and_then(|other| Some((at, other, may(Some(other))?)));
            let (others, none) = match partners.get(index).copied().flatten() {
                Some(partner) if way == Way::Forward => (with(partner).into_iter().collect(), None),
                Some(_) => return None,
                None => (met(way, other, back, index).filter_map(with).collect::<Vec<_>>(), may(None)),
            };
            let is_needed = none.is_some() || !others.is_empty();
            is_needed.then_some(Focus { way, old, new, from, index, rule, others, none })
        };
        rules.filter_map(focus).collect()
    }

    pub(super) fn look(&self, solver: &mut Solver, difference: &mut Difference) {
        let mut search = Search { focus: self, takers: Vec::new(), passed: Vec::new(), found: Vec::new() };
        let ended = search.run(solver);
        let kinds = search.open();
        difference.changes.extend(search.found);
        if let Err(reason) = ended
            && !kinds.is_empty()
        {
            difference.open.push(Open { rule: self.rule.id.clone(), kinds, reason });
        }
    }

    fn mine(&self) -> Side<'r> {
        if self.way == Way::Forward { self.old } else { self.new }
    }

    fn other(&self) -> Side<'r> {
        if self.way == Way::Forward { self.new } else { self.old }
    }

    /// The same pair, this side first.
    fn turned(&self, (old, new): Deciders) -> Deciders {
        if self.way == Way::Forward { (old, new) } else { (new, old) }
    }

    fn base(&self) -> Vec<Formula<'r>> {
        vec![Formula::Reaches(self.rule), Formula::Before(self.from).negated()]
    }
}

/// The rules of the other side that can decide what a rule decides here: not those whose partners would take it before.
fn met(way: Way, other: Side<'_>, partners: &[Option<usize>], index: usize) -> impl Iterator<Item = usize> {
    let is_met = move |partner: Option<usize>| partner.map_or(way == Way::Forward, |partner| partner > index);
    let rules = other.snapshot.rules.iter().zip(partners).enumerate();
    rules.filter(move |(_, (rule, partner))| rule.mode == Mode::Enforce && is_met(**partner)).map(|(at, _)| at)
}

fn is_open(rule: &Rule) -> bool {
    !is_sure(rule)
}

/// The search for one rule.
struct Search<'s, 'r> {
    focus: &'s Focus<'r>,
    /// Rules before this one, on its side, that take requests for sure.
    takers: Vec<usize>,
    /// Rules of the other side that decide, or a rule before them does, what is no news.
    passed: Vec<usize>,
    found: Vec<Change>,
}

impl<'r> Search<'_, 'r> {
    fn wants(&self, kind: Kind) -> bool {
        !self.found.iter().any(|change| change.kind == kind)
    }

    /// The kinds that were neither found nor ruled out.
    fn open(&self) -> Vec<Kind> {
        let may =
            |kind: &Kind| self.focus.none == Some(*kind) || self.focus.others.iter().any(|(_, _, other)| other == kind);
        Kind::ALL.into_iter().filter(|kind| self.wants(*kind) && may(kind)).collect()
    }

    fn wants_none(&self) -> bool {
        self.focus.none.is_some_and(|kind| self.wants(kind))
    }

    /// The rules of the other side that may still show something new.
    fn wanted(&self) -> impl Iterator<Item = (usize, &'r Rule, Kind)> + '_ {
        self.focus.others.iter().copied().filter(|(_, _, kind)| self.wants(*kind))
    }

    fn run(&mut self, solver: &mut Solver) -> Result<(), Reason> {
        // What the rule itself became reads best.
        let own = self.wanted().find(|(_, rule, _)| rule.id == self.focus.rule.id).map(|(at, ..)| at);
        if own.is_some() {
            // What it does not answer is asked below.
            let _ = self.meet(solver, own);
        }
        let mut is_none_passed = false;
        for _ in 0..MOST_STEPS {
            if is_none_passed || !self.wants_none() && self.wanted().next().is_none() {
                return self.one_by_one(solver, is_none_passed);
            }
            match self.ask(solver, &self.formula(), Search::news)? {
                None => return self.one_by_one(solver, false),
                Some(Seen::Taken(taker)) => self.takers.push(taker),
                Some(Seen::Passed(Some(passed))) => self.passed.push(passed),
                Some(Seen::Passed(None)) => is_none_passed = true,
                Some(Seen::Change(met, kind)) => self.record(*met, kind),
            }
        }
        Err(Reason::Budget)
    }

    /// Asks about the rules of the other side that may decide before those that were passed, one after the other.
    fn one_by_one(&mut self, solver: &mut Solver, is_none_passed: bool) -> Result<(), Reason> {
        let last = if is_none_passed { Some(usize::MAX) } else { self.passed.iter().copied().max() };
        let before = self.wanted().filter(|(at, ..)| Some(*at) < last);
        let before: Vec<(usize, Kind)> = before.map(|(at, _, kind)| (at, kind)).collect();
        let mut ended = Ok(());
        let mut failed = 0;
        for (target, kind) in before {
            if failed < MOST_FAILED
                && self.wants(kind)
                && let Err(reason) = self.meet(solver, Some(target))
            {
                failed += 1;
                ended = Err(reason);
            }
        }
        ended
    }

    /// Looks for a request that this rule decides here and the target there.
    fn meet(&mut self, solver: &mut Solver, target: Option<usize>) -> Result<(), Reason> {
        // What takes requests from this pair is no matter for another: with all of them each question would be larger.
        let takers = self.takers.clone();
        self.takers.extend(self.namesake(target).filter(|own| !takers.contains(own)));
        let met = self.met(solver, target);
        self.takers = takers;
        met
    }

    /// What the target is on this side, where it takes requests from this rule: most often that is why they never meet.
    fn namesake(&self, target: Option<usize>) -> Option<usize> {
        let target = self.focus.other().rule(target?)?;
        let mut before = self.focus.mine().snapshot.rules.iter().take(self.focus.index);
        before.position(|rule| rule.id == target.id && rule.mode == Mode::Enforce && is_sure(rule))
    }

    fn met(&mut self, solver: &mut Solver, target: Option<usize>) -> Result<(), Reason> {
        let other = self.focus.other();
        let is_before = |at: usize| target.is_none_or(|target| at < target);
        let sure = |at: &usize| is_before(*at) && other.rule(*at).is_some_and(is_sure);
        let mut others: Vec<usize> = self.passed.iter().copied().filter(sure).collect();
        for _ in 0..MOST_STEPS {
            let mut parts = self.focus.base();
            parts.extend(target.and_then(|target| other.rule(target)).map(Formula::Reaches));
            parts.extend(self.untaken());
            parts.extend(others.iter().filter_map(|at| Some(Formula::Reaches(other.rule(*at)?).negated())));
            let known = others.clone();
            match self.ask(solver, &Formula::All(parts), |search, meeting| search.seen_of(meeting, target, &known))? {
                None => return Ok(()),
                Some(Seen::Taken(taker)) => self.takers.push(taker),
                Some(Seen::Passed(passed)) => others.extend(passed),
                Some(Seen::Change(met, kind)) => {
                    self.record(*met, kind);
                    return Ok(());
                }
            }
        }
        Err(Reason::Budget)
    }

    fn record(&mut self, met: Met, kind: Kind) {
        let Met { facts, counted, old, new } = met;
        self.found.push(Change { kind, facts, counted, old, new });
    }

    /// Asks the solver. `look` says what is to be learned of a request, if there is something.
    fn ask(
        &self,
        solver: &mut Solver,
        formula: &Formula<'_>,
        look: impl Fn(&Self, &Meeting<'_, '_>) -> Option<Seen>,
    ) -> Result<Option<Seen>, Reason> {
        let mut seen = None;
        let answer = solver.find(formula, |facts: &Facts<'_>| {
            if facts.at < self.focus.from {
                return false;
            }
            seen = look(self, &Meeting::of(self.focus.old, self.focus.new, facts));
            seen.is_some()
        });
        match answer {
            Answer::None => Ok(None),
            Answer::Witness(_) => Ok(seen),
            Answer::NotProved(reason) => Err(reason),
        }
    }

    /// Requests that this rule decides and that are not known to be passed.
    fn formula(&self) -> Formula<'r> {
        let passed =
            self.passed.iter().filter_map(|at| Some(Formula::Reaches(self.focus.other().rule(*at)?).negated()));
        Formula::All(self.focus.base().into_iter().chain(self.untaken()).chain(passed).collect())
    }

    fn untaken(&self) -> impl Iterator<Item = Formula<'r>> + '_ {
        self.takers.iter().filter_map(|at| Some(Formula::Reaches(self.focus.mine().rule(*at)?).negated()))
    }

    /// What is new about a request.
    fn news(&self, meeting: &Meeting<'_, '_>) -> Option<Seen> {
        let deciders: Vec<Deciders> = meeting.deciders();
        let mine = deciders.iter().filter(|pair| self.focus.turned(**pair).0 == Some(self.focus.index));
        let mut mine: Vec<Deciders> = mine.copied().collect();
        // A difference that needs no counter to be full reads better.
        mine.sort_by_key(|pair| {
            self.focus.turned(*pair).1.and_then(|at| self.focus.other().rule(at)).is_some_and(is_open)
        });
        if mine.is_empty() {
            return self.taken(meeting);
        }
        if mine.iter().any(|pair| self.is_wanted(*pair)) {
            return mine.iter().find_map(|pair| self.change(meeting, *pair));
        }
        let end = self.end(meeting);
        (!end.is_some_and(|end| self.passed.contains(&end))).then_some(Seen::Passed(end))
    }

    /// The rule of the other side that decides at the latest what this rule decides here.
    fn end(&self, meeting: &Meeting<'_, '_>) -> Option<usize> {
        let settles = |rule: &Rule| is_sure(rule) || implies(self.focus.rule, rule);
        let (_, steps) = self.steps(meeting);
        steps.iter().copied().find(|at| self.focus.other().rule(*at).is_some_and(settles))
    }

    /// What is to be learned of a request that this rule and the target are to decide.
    fn seen_of(&self, meeting: &Meeting<'_, '_>, target: Option<usize>, known: &[usize]) -> Option<Seen> {
        let deciders = meeting.deciders();
        let turned = |pair: &&Deciders| self.focus.turned(**pair) == (Some(self.focus.index), target);
        if let Some(pair) = deciders.iter().find(turned)
            && let Some(change) = self.change(meeting, *pair)
        {
            return Some(change);
        }
        self.taken(meeting).or_else(|| {
            let end = self.end(meeting)?;
            let is_before = target.is_none_or(|target| end < target);
            (is_before && !known.contains(&end)).then_some(Seen::Passed(Some(end)))
        })
    }

    fn change(&self, meeting: &Meeting<'_, '_>, pair: Deciders) -> Option<Seen> {
        let met = if self.is_wanted(pair) { meeting.met(pair)? } else { return None };
        let kind = met.kind().filter(|kind| self.wants(*kind))?;
        Some(Seen::Change(Box::new(met), kind))
    }

    fn is_wanted(&self, pair: Deciders) -> bool {
        match self.focus.turned(pair).1 {
            Some(other) => self.wanted().any(|(at, ..)| at == other),
            None => self.wants_none(),
        }
    }

    fn taken(&self, meeting: &Meeting<'_, '_>) -> Option<Seen> {
        let last = self.steps(meeting).0.last().copied()?;
        let takes = last < self.focus.index && self.focus.mine().rule(last).is_some_and(is_sure);
        (takes && !self.takers.contains(&last)).then_some(Seen::Taken(last))
    }

    /// What a request reaches on this side and on the other.
    fn steps<'m>(&self, meeting: &'m Meeting<'_, '_>) -> (&'m [usize], &'m [usize]) {
        match self.focus.way {
            Way::Forward => (&meeting.old_steps, &meeting.new_steps),
            Way::Backward => (&meeting.new_steps, &meeting.old_steps),
        }
    }
}
