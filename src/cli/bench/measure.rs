//! Times of short things, measured in rounds. A round is long enough that reading the clock does not count, and there are
//! several, of which the median is taken: whatever else the machine does shows as scatter.

#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// The least time of a round. A long one would seldom pass without something else that wants the processor, and most must
/// for the median to be good.
const ROUND: Duration = Duration::from_micros(100);

/// The most rounds of one measurement, and the most passes: more would not make a median better.
const MOST_ROUNDS: usize = 2001;
const MOST_PASSES: usize = 101;

/// The most times that a long thing is measured.
const MOST_TIMES: usize = 5;

/// How long each run takes, without what `prepare` does before it and without the end of what came of it: once, and up to
/// five times within the budget.
pub(super) fn times<I, O>(budget: Duration, prepare: impl Fn() -> I, run: impl Fn(I) -> O) -> Vec<Duration> {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.is_empty() || (times.len() < MOST_TIMES && begun.elapsed() < budget) {
        let input = prepare();
        let started = Instant::now();
        let output = black_box(run(input));
        times.push(started.elapsed());
        drop(output);
    }
    times
}

/// Nanoseconds an operation in each round, at least one, until the budget is used up; `pass` says how many operations it
/// did, and is called in a round until that is long enough. The first pass warms up and does not count.
pub(super) fn rounds(budget: Duration, mut pass: impl FnMut() -> usize) -> Vec<f64> {
    let begun = Instant::now();
    pass();
    let passes = ROUND.as_nanos() / begun.elapsed().as_nanos().max(1) + 1;
    let mut round = || (0..passes).map(|_| pass()).sum();
    let mut rounds = Vec::new();
    while rounds.is_empty() || (rounds.len() < MOST_ROUNDS && begun.elapsed() < budget) {
        rounds.push(once(&mut round));
    }
    rounds
}

/// Nanoseconds an operation of one round.
pub(super) fn once(round: &mut impl FnMut() -> usize) -> f64 {
    let started = Instant::now();
    let operations = round();
    let took = started.elapsed();
    took.as_nanos() as f64 / operations.max(1) as f64
}

/// Calls `pass` for the number of each pass, from 0, until the budget is used up: at least four times, because the first warms
/// up and one that is disturbed is not the median of the others, but twice where a pass is longer than that.
pub(super) fn passes(budget: Duration, mut pass: impl FnMut(usize)) {
    let begun = Instant::now();
    let mut number = 0;
    while number < 2
        || (number < 4 && begun.elapsed() < 4 * budget)
        || (number <= MOST_PASSES && begun.elapsed() < budget)
    {
        pass(number);
        number += 1;
    }
}

/// The one in the middle; 0 of none.
pub(super) fn median(values: &mut [f64]) -> f64 {
    at(values, 50)
}

/// The smallest value that so many percent are at most; 0 of none.
pub(super) fn at(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() * percent).div_ceil(100).max(1) - 1;
    values.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let mut values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!([at(&mut values, 50), at(&mut values, 99), at(&mut values, 100)], [100.0, 198.0, 200.0]);
        assert_eq!([at(&mut [7.0], 50), at(&mut [7.0], 99), at(&mut [], 99)], [7.0, 7.0, 0.0]);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
    }

    #[test]
    fn something_is_measured_whatever_the_budget_is() {
        assert_eq!(rounds(Duration::ZERO, || 0).len(), 1);
        assert_eq!(times(Duration::ZERO, || (), |()| ()).len(), 1);
        let mut seen = Vec::new();
        passes(Duration::ZERO, |pass| seen.push(pass));
        assert_eq!(seen, [0, 1]);
    }

    #[test]
    fn there_is_an_end_to_rounds_that_cost_nothing() {
        assert_eq!(rounds(Duration::from_secs(3600), || 1).len(), MOST_ROUNDS);
    }
}
