//! Where the time of a decision goes: into views, into finding the rules to ask, into each rule, and the rest.

mod by_rule;

use std::{hint::black_box, time::Duration};

use crate::{
    cli::bench::measure::{at, median, once, passes, rounds},
    engine::{self, Condition, Counts, Plan, Snapshot, Verdict, Views},
    facts::{Facts, Field},
};

pub(super) use by_rule::ByRule;
use by_rule::{candidates, ends};

/// The requests that are decided in turn, and that parts of a decision are measured with: enough for shares of a thousandth.
const MOST_SAMPLED: usize = 4096;

/// A name that is decided by itself is decided so often in a row, if there is time.
const MOST_IN_A_ROW: usize = 32;

/// The views of the name; each is made of the one before.
const VIEWS: [Field; 3] = [Field::Name, Field::NameLookalike, Field::NameSqueezed];

/// What decisions cost, in nanoseconds.
pub(super) struct Costs {
    /// All requests in turn, each round.
    pub(super) rounds: Vec<f64>,
    /// Each request by itself, in the order of the requests.
    pub(super) by_request: Vec<f64>,
    /// How many requests are refused.
    pub(super) refused: usize,
    /// The views that rules ask for.
    pub(super) views: Vec<View>,
    /// Finding the rules to ask, once the views are there.
    pub(super) finding: f64,
    /// Making a verdict of the rules that apply, with the text of a refusal.
    pub(super) settling: f64,
    /// The rules in the order of the set.
    pub(super) rules: Vec<ByRule>,
}

/// What a view of the name costs.
pub(super) struct View {
    /// Which it is.
    pub(super) field: Field,
    /// Nanoseconds to make it, of the view before it.
    pub(super) cost: f64,
    /// For which part of the requests it is made.
    pub(super) share: f64,
}

impl Costs {
    /// Measures for about so long.
    pub(super) fn measure(snapshot: &Snapshot, requests: &[Facts<'static>], budget: Duration) -> Costs {
        let sampled = requests.get(..MOST_SAMPLED).unwrap_or(requests);
        let rounds = in_turn(snapshot, sampled, budget / 4);
        let by_request = one_by_one(snapshot, requests, median(&mut rounds.clone()), budget / 4);
        let views = views(snapshot, sampled, budget / 8);
        let prepared: Vec<Views<'_>> = sampled.iter().map(prepared).collect();
        let finding = finding(snapshot, &prepared, budget / 16);
        let settling = settling(snapshot, &prepared, budget / 16);
        let rules = by_rule::measure(snapshot, &prepared, budget / 4);
        let refused = requests.iter().filter(|facts| decide(snapshot, facts).decision.code() != 0).count();
        Costs { rounds, by_request, refused, views, finding, settling, rules }
    }

    /// A decision when all requests are decided in turn.
    pub(super) fn mean(&self) -> f64 {
        median(&mut self.rounds.clone())
    }

    /// Half of the names cost at most this.
    pub(super) fn median(&self) -> f64 {
        median(&mut self.by_request.clone())
    }

    /// Of a hundred names, 99 cost at most this.
    pub(super) fn p99(&self) -> f64 {
        at(&mut self.by_request.clone(), 99)
    }

    /// The request that costs the most, an index, and what it costs.
    pub(super) fn slowest(&self) -> (usize, f64) {
        let costs = self.by_request.iter().copied().enumerate();
        costs.max_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or_default()
    }

    /// The fastest round, and what nine of ten rounds take at most.
    pub(super) fn scatter(&self) -> (f64, f64) {
        let mut rounds = self.rounds.clone();
        (at(&mut rounds, 0), at(&mut rounds, 90))
    }

    /// How many rules are asked for an average request.
    pub(super) fn asked(&self) -> f64 {
        self.rules.iter().map(|rule| rule.share).sum()
    }

    /// What a decision costs besides everything that was measured by itself; what is measured apart can cost more than it
    /// does in a decision.
    pub(super) fn rest(&self) -> f64 {
        let views: f64 = self.views.iter().map(View::added).sum();
        let rules: f64 = self.rules.iter().map(ByRule::added).sum();
        (self.mean() - views - self.finding - self.settling - rules).max(0.0)
    }
}

impl View {
    /// What it adds to an average decision.
    pub(super) fn added(&self) -> f64 {
        self.cost * self.share
    }
}

/// One decision as the service makes it; nothing is counted for quotas.
pub(super) fn decide(snapshot: &Snapshot, facts: &Facts<'_>) -> Verdict {
    let views = Views::of(facts);
    let plan = engine::evaluate(snapshot, &views);
    engine::settle(snapshot, &views, &plan, &Counts::default())
}

fn in_turn(snapshot: &Snapshot, requests: &[Facts<'_>], budget: Duration) -> Vec<f64> {
    rounds(budget, || {
        for facts in requests {
            black_box(decide(snapshot, black_box(facts)));
        }
        requests.len()
    })
}

/// Each request several times in a row, pass after pass; `mean` says how many times there is time for.
fn one_by_one(snapshot: &Snapshot, requests: &[Facts<'_>], mean: f64, budget: Duration) -> Vec<f64> {
    let one_pass = Duration::from_secs_f64(mean * requests.len() as f64 / 1e9);
    let passes_in_time = budget.as_nanos() / 4 / one_pass.as_nanos().max(1);
    let in_a_row = usize::try_from(passes_in_time).unwrap_or(MOST_IN_A_ROW).clamp(1, MOST_IN_A_ROW);
    let mut costs = vec![Vec::new(); requests.len()];
    passes(budget, |pass| {
        for (facts, costs) in requests.iter().zip(&mut costs) {
            let cost = once(&mut || {
                (0..in_a_row).for_each(|_| _ = black_box(decide(snapshot, black_box(facts))));
                in_a_row
            });
            if pass > 0 {
                costs.push(cost);
            }
        }
    });
    costs.iter_mut().map(|costs| median(costs)).collect()
}

fn views(snapshot: &Snapshot, requests: &[Facts<'_>], budget: Duration) -> Vec<View> {
    let reads_name = snapshot.rules.iter().any(|rule| reads_name(&rule.when));
    let mut made = [0; VIEWS.len()];
    for facts in requests {
        let views = Views::of(facts);
        engine::evaluate(snapshot, &views);
        let [lookalike, squeezed] = views.looks();
        let is_made = [reads_name, lookalike.is_some(), squeezed.is_some()];
        made.iter_mut().zip(is_made).for_each(|(made, is_made)| *made += usize::from(is_made));
    }
    let mut before = 0.0;
    let views = VIEWS.into_iter().zip(made).map(|(field, made)| {
        let mut rounds = rounds(budget / 3, || {
            for facts in requests {
                let views = Views::of(black_box(facts));
                black_box(views.value(field));
            }
            requests.len()
        });
        let until_here = median(&mut rounds);
        let cost = (until_here - before).max(0.0);
        before = until_here;
        View { field, cost, share: made as f64 / requests.len().max(1) as f64 }
    });
    views.filter(|view| view.share > 0.0).collect()
}

/// Whether a condition reads a view of the name.
fn reads_name(condition: &Condition) -> bool {
    match condition {
        Condition::Always => false,
        Condition::All(parts) | Condition::Any { branches: parts, .. } => parts.iter().any(reads_name),
        Condition::Not { inner, .. } => reads_name(inner),
        Condition::Test(test) => VIEWS.contains(&test.field),
    }
}

/// Views in which everything was made already.
fn prepared<'a>(facts: &'a Facts<'_>) -> Views<'a> {
    let views = Views::of(facts);
    Field::ALL.iter().for_each(|field| _ = views.value(*field));
    views
}

/// The candidates of a request are found one after the other, and those behind the rule that decides never are.
fn finding(snapshot: &Snapshot, prepared: &[Views<'_>], budget: Duration) -> f64 {
    let last = |views: &Views<'_>| candidates(snapshot, views).position(|rule| ends(snapshot, rule, views));
    let wanted: Vec<usize> = prepared.iter().map(|views| last(views).map_or(usize::MAX, |last| last + 1)).collect();
    let mut rounds = rounds(budget, || {
        for (views, wanted) in prepared.iter().zip(&wanted) {
            black_box(candidates(snapshot, black_box(views)).take(*wanted).count());
        }
        prepared.len()
    });
    median(&mut rounds)
}

fn settling(snapshot: &Snapshot, prepared: &[Views<'_>], budget: Duration) -> f64 {
    let plans: Vec<Plan> = prepared.iter().map(|views| engine::evaluate(snapshot, views)).collect();
    let mut rounds = rounds(budget, || {
        for (views, plan) in prepared.iter().zip(&plans) {
            black_box(engine::settle(snapshot, views, black_box(plan), &Counts::default()));
        }
        prepared.len()
    });
    median(&mut rounds)
}
