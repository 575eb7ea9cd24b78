//! What each rule costs, over the requests that it is asked about.

use std::{hint::black_box, time::Duration};

use crate::{
    cli::bench::measure::{median, once, passes},
    engine::{Mode, Rule, Snapshot, Standing, Views},
};

/// A rule is measured with so many of its requests.
const MOST_MEASURED: usize = 64;

/// What a rule costs.
pub(in crate::cli::bench) struct ByRule {
    /// Nanoseconds to ask it about a request, on average over those that it is asked about.
    pub(in crate::cli::bench) cost: f64,
    /// The part of the requests that it is asked about.
    pub(in crate::cli::bench) share: f64,
}

impl ByRule {
    /// What it adds to an average decision.
    pub(in crate::cli::bench) fn added(&self) -> f64 {
        self.cost * self.share
    }
}

/// The requests that a rule is asked about.
#[derive(Clone, Default)]
struct Asked {
    count: usize,
    measured: Vec<usize>,
    costs: Vec<f64>,
}

/// Measures all rules, in passes of all of them.
pub(super) fn measure(snapshot: &Snapshot, prepared: &[Views<'_>], budget: Duration) -> Vec<ByRule> {
    let mut asked = asked(snapshot, prepared);
    passes(budget, |pass| {
        for (rule, asked) in snapshot.rules.iter().zip(&mut asked) {
            let requests: Vec<&Views<'_>> = asked.measured.iter().filter_map(|index| prepared.get(*index)).collect();
            if requests.is_empty() {
                continue;
            }
            let repeats = MOST_MEASURED / requests.len();
            let cost = once(&mut || {
                for _ in 0..repeats {
                    requests.iter().for_each(|views| _ = black_box(rule.standing(black_box(views))));
                }
                repeats * requests.len()
            });
            if pass > 0 {
                asked.costs.push(cost);
            }
        }
    });
    let of = |asked: &mut Asked| ByRule {
        cost: median(&mut asked.costs),
        share: asked.count as f64 / prepared.len().max(1) as f64,
    };
    asked.iter_mut().map(of).collect()
}

/// The rules that may apply to a request. A decision asks them up to the one that ends it.
pub(super) fn candidates<'a>(snapshot: &'a Snapshot, views: &'a Views<'_>) -> impl Iterator<Item = usize> + 'a {
    snapshot.index.candidates(views)
}

/// Whether a rule ends the decision about a request.
pub(super) fn ends(snapshot: &Snapshot, rule: usize, views: &Views<'_>) -> bool {
    let can_end = |rule: &&Rule| rule.mode == Mode::Enforce && rule.quota.is_none();
    let rule = snapshot.rules.get(rule).filter(can_end);
    rule.is_some_and(|rule| rule.standing(views) == Standing::Applies)
}

fn asked(snapshot: &Snapshot, prepared: &[Views<'_>]) -> Vec<Asked> {
    let mut asked = vec![Asked::default(); snapshot.rules.len()];
    for (request, views) in prepared.iter().enumerate() {
        for rule in candidates(snapshot, views) {
            let Some(asked) = asked.get_mut(rule) else { continue };
            asked.count += 1;
            if asked.measured.len() < MOST_MEASURED {
                asked.measured.push(request);
            }
            if ends(snapshot, rule, views) {
                break;
            }
        }
    }
    asked
}
