//! Two rules with different outcomes that are about the same name.
//!
//! Nearly any two rules have a name in common: the one that has both of their words. What is looked for is a name that is
//! by itself what one of them looks for, with nothing around or between it, and that the other matches as well. It is
//! taken as it is written: what is only disguised as such a name is another matter.

mod embed;
mod hits;
mod parts;
mod subject;

use std::{
    collections::{BTreeMap, HashSet},
    rc::Rc,
};

use jiff::Timestamp;
use regex_syntax::hir::Hir;

use crate::{
    analysis::{Answer, Budget, Formula, Reason, Solver, Whole, bare, cells, formula::Question, search, whole},
    engine::{Expression, Language, Rule, Snapshot, Standing, Value, Views, evaluate},
    facts::{Facts, Field},
    text::set::TextSet,
};

use parts::Parts;
use subject::Subject;

/// A request that two rules with different outcomes match.
#[derive(Debug)]
pub struct Overlap {
    /// Indexes into [`Snapshot::rules`]: the one that decides, and a later one.
    pub rules: [usize; 2],
    /// The request.
    pub facts: Box<Facts<'static>>,
}

/// Two rules of which it is not known whether they overlap.
#[derive(Debug)]
pub struct Open {
    /// Indexes into [`Snapshot::rules`], in order.
    pub rules: [usize; 2],
    /// Why it is not known.
    pub reason: Reason,
}

/// What came of comparing all rules of a set.
#[derive(Debug, Default)]
pub struct Overlaps {
    /// One request for each two rules.
    pub found: Vec<Overlap>,
    /// The others that may overlap.
    pub open: Vec<Open>,
}

/// So many of the states of a proof may be visited for one pair of rules, as a share of them: there are many pairs.
const SHARE: usize = 8;

/// So many times as many states may be visited for all pairs.
const QUESTIONS: usize = 4;

/// The same for states of single tables: to look at one of them takes next to no time.
const CHEAP: usize = 500;

/// Compares each two rules that decide for sure whatever they apply to, but for those that are settled.
pub fn overlaps(snapshot: &Snapshot, settled: &HashSet<[usize; 2]>, at: Timestamp, budget: Budget) -> Overlaps {
    let subjects = subject::subjects(snapshot);
    let mut comparison = Comparison {
        snapshot,
        settled,
        at,
        within: parts::VIEWS.map(|view| (view, Parts::of(view, &subjects))),
        subjects: &subjects,
        solver: Solver::new(at, Budget { states: budget.states / SHARE })
            .bounded(budget.states.saturating_mul(QUESTIONS)),
        found: BTreeMap::new(),
        open: BTreeMap::new(),
        cheap_left: budget.states.saturating_mul(CHEAP),
    };
    (0..subjects.len()).for_each(|one| comparison.compare(one));
    comparison.settle()
}

struct Comparison<'r> {
    snapshot: &'r Snapshot,
    subjects: &'r [Subject<'r>],
    settled: &'r HashSet<[usize; 2]>,
    at: Timestamp,
    solver: Solver,
    within: [(Field, Parts); 4],
    found: BTreeMap<[usize; 2], Box<Facts<'static>>>,
    open: BTreeMap<[usize; 2], Vec<Result<Rc<Whole>, Reason>>>,
    cheap_left: usize,
}

/// Whether a request has a name that is looked for.
type IsWhole<'a> = &'a dyn Fn(&Views<'_>) -> bool;

impl<'r> Comparison<'r> {
    /// Looks for names that are what one of the rules looks for.
    fn compare(&mut self, one: usize) {
        let Some(subject) = self.subjects.get(one) else { return };
        for test in whole::tests(&subject.rule.when) {
            match test.matcher.bounds().over {
                Language::Texts(texts) | Language::Starts(texts) | Language::Ends(texts) | Language::Parts(texts) => {
                    self.texts(one, test.field, texts);
                }
                Language::Patterns(patterns) => {
                    patterns.iter().for_each(|pattern| self.pattern(one, test.field, pattern));
                }
                _ => {}
            }
        }
    }

    fn pattern(&mut self, one: usize, field: Field, pattern: &Expression<'_>) {
        let Some(hir) = bare::bare(pattern) else { return self.leave_all(one, &Err(Reason::TooLarge), |_| true) };
        match bare::texts(&hir) {
            Some(texts) => self.texts(one, field, &texts.iter().map(String::as_str).collect()),
            None => self.table(one, field, &hir),
        }
    }

    fn texts(&mut self, one: usize, field: Field, texts: &TextSet) {
        let is_whole =
            |views: &Views<'_>| views.value(field).and_then(Value::text).is_some_and(|text| texts.contains(text));
        texts.iter().for_each(|text| self.name(one, text, &is_whole));
    }

    /// Compares a rule with all others that match a name.
    fn name(&mut self, one: usize, name: &str, is_whole: IsWhole<'_>) {
        let Some(left) = self.cheap_left.checked_sub(name.len()) else {
            return self.leave_all(one, &Err(Reason::Budget), |_| true);
        };
        self.cheap_left = left;
        let facts = named(self.at, name);
        let views = Views::of(&facts);
        let mut others: Vec<usize> = (0..self.subjects.len()).filter(|other| self.is_free(*other)).collect();
        for (view, parts) in &self.within {
            let text = views.value(*view).and_then(Value::text).unwrap_or_default();
            parts.within(text, &mut others);
        }
        others.sort_unstable();
        others.dedup();
        for other in others {
            self.offer(one, other, name, is_whole);
        }
    }

    fn is_free(&self, other: usize) -> bool {
        self.subjects.get(other).is_some_and(|subject| subject.needs.is_none())
    }

    /// Compares a rule with all others by what a pattern looks for, where that is more than a few texts.
    fn table(&mut self, one: usize, field: Field, pattern: &Hir) {
        let looked = Whole::of_pattern(field, pattern.clone()).and_then(|whole| {
            let hits = hits::of(&whole, pattern, &self.within, &mut self.cheap_left)?;
            Ok((Rc::new(whole), hits))
        });
        let (whole, hits) = match looked {
            Ok(looked) => looked,
            Err(reason) => return self.leave_all(one, &Err(reason), |_| true),
        };
        let is_whole = |views: &Views<'_>| whole.holds(views);
        if let Some(name) = &hits.shortest {
            self.name(one, name, &is_whole);
        }
        for (other, name) in &hits.names {
            self.offer(one, *other, name, &is_whole);
        }
        let subjects = self.subjects;
        let may_match = |other: usize| {
            let subject = subjects.get(other);
            hits.possible.contains(&other) || subject.is_some_and(|it| it.needs.is_none() && it.has_texts)
        };
        self.leave_all(one, &Ok(Rc::clone(&whole)), may_match);
    }

    /// Leaves what was not found for the solver.
    fn leave_all(&mut self, one: usize, whole: &Result<Rc<Whole>, Reason>, which: impl Fn(usize) -> bool) {
        for other in (0..self.subjects.len()).filter(|other| which(*other)) {
            if let Some(pair) = self.pair(one, other).filter(|pair| !self.found.contains_key(pair)) {
                self.open.entry(pair).or_default().push(whole.clone());
            }
        }
    }

    /// The two rules in order, if their outcomes differ and nobody settled it.
    fn pair(&self, one: usize, other: usize) -> Option<[usize; 2]> {
        let (one, other) = (self.subjects.get(one)?, self.subjects.get(other)?);
        let pair = [one.index.min(other.index), one.index.max(other.index)];
        (one.outcome != other.outcome && !self.settled.contains(&pair)).then_some(pair)
    }

    /// Keeps a name that both rules match, if it is the shortest so far.
    fn offer(&mut self, one: usize, other: usize, name: &str, is_whole: IsWhole<'_>) {
        let Some(pair) = self.pair(one, other) else { return };
        if self.found.get(&pair).is_some_and(|known| known.name.len() <= name.len()) {
            return;
        }
        let plain = named(self.at, name);
        let views = Views::of(&plain);
        let facts = if is_whole(&views) && self.decider(pair, &views) == Some(pair[0]) {
            Some(Box::new(plain.clone()))
        } else {
            let tried = self.first_decides(pair, is_whole, |formula, confirm| {
                let found = search::complete(&self.solver, &Question::of(&formula), name, confirm);
                found.map_or(Answer::None, Answer::Witness)
            });
            tried.ok().flatten()
        };
        if let Some(facts) = facts {
            self.found.insert(pair, facts);
        }
    }

    fn rules(&self, pair: [usize; 2]) -> Option<[&'r Rule; 2]> {
        let [earlier, later] = pair.map(|index| self.snapshot.rules.get(index));
        Some([earlier?, later?])
    }

    /// The rule that decides a request, if it is one for both rules.
    fn decider(&self, pair: [usize; 2], views: &Views<'_>) -> Option<usize> {
        let stands = |rule: &Rule| rule.standing(views) == Standing::Applies;
        let both = self.rules(pair).is_some_and(|rules| rules.into_iter().all(stands));
        if both { evaluate(self.snapshot, views).applies.last().copied() } else { None }
    }

    /// Asks the solver about what is open.
    fn settle(mut self) -> Overlaps {
        let mut open = Vec::new();
        for (rules, wholes) in std::mem::take(&mut self.open) {
            let mut reason = None;
            for whole in wholes {
                if self.found.contains_key(&rules) {
                    break;
                }
                let asked = match whole {
                    Ok(_) if self.solver.left == 0 => Err(Reason::Budget),
                    Ok(whole) if !self.is_on(rules, whole.field) => Err(Reason::Views),
                    Ok(whole) => self.ask(rules, &whole),
                    Err(reason) => Err(reason),
                };
                match asked {
                    Ok(Some(facts)) => drop(self.found.insert(rules, facts)),
                    Ok(None) => {}
                    Err(why) => reason = Some(why),
                }
            }
            let is_found = self.found.contains_key(&rules);
            open.extend(reason.filter(|_| !is_found).map(|reason| Open { rules, reason }));
        }
        let found = self.found.into_iter().map(|(rules, facts)| Overlap { rules, facts }).collect();
        Overlaps { found, open }
    }

    fn ask(&mut self, pair: [usize; 2], whole: &Whole) -> Result<Option<Box<Facts<'static>>>, Reason> {
        let mut solver = std::mem::replace(&mut self.solver, Solver::new(self.at, Budget::default()));
        let is_whole = |views: &Views<'_>| whole.holds(views);
        let answer = self.first_decides(pair, &is_whole, |formula, confirm| {
            let formula = Formula::All(vec![Formula::Whole(whole), formula]);
            solver.find(&formula, confirm)
        });
        self.solver = solver;
        answer
    }

    /// Looks for a request that the first of two rules decides and the other matches. Each rule that takes one from both
    /// names one more that has to be passed.
    fn first_decides(
        &self,
        pair: [usize; 2],
        is_whole: IsWhole<'_>,
        mut find: impl FnMut(Formula<'_>, &mut dyn FnMut(&Facts<'_>) -> bool) -> Answer,
    ) -> Result<Option<Box<Facts<'static>>>, Reason> {
        let Some(both) = self.rules(pair) else { return Ok(None) };
        let mut takers: Vec<usize> = Vec::new();
        loop {
            let passed = takers.iter().filter_map(|taker| self.snapshot.rules.get(*taker));
            let passed = passed.map(|taker| Formula::Applies(taker).negated());
            let formula = Formula::All(both.map(Formula::Applies).into_iter().chain(passed).collect());
            let mut taker = None;
            let answer = find(formula, &mut |facts| {
                let views = Views::of(facts);
                let decider = self.decider(pair, &views).filter(|_| is_whole(&views));
                taker = decider.filter(|decider| *decider != pair[0] && self.takes(*decider));
                decider == Some(pair[0]) || taker.is_some_and(|taker| !takers.contains(&taker))
            });
            match (answer, taker) {
                (Answer::None, _) => return Ok(None),
                (Answer::NotProved(reason), _) => return Err(reason),
                (Answer::Witness(_), Some(taker)) => takers.push(taker),
                (Answer::Witness(facts), None) => return Ok(Some(facts)),
            }
        }
    }

    /// Whether two rules look at one view of the name only.
    fn is_on(&self, pair: [usize; 2], view: Field) -> bool {
        let views = self.rules(pair).into_iter().flatten().flat_map(|rule| whole::views(&rule.when));
        views.into_iter().all(|field| field == view)
    }

    fn takes(&self, index: usize) -> bool {
        self.snapshot.rules.get(index).is_some_and(|rule| rule.quota.is_none() && rule.rollout.is_none())
    }
}

/// A request of which only the name matters.
fn named(at: Timestamp, name: &str) -> Facts<'static> {
    Facts { name: name.to_owned().into(), ..cells::plain(at) }
}
