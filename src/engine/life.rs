//! When a rule is alive, and for whom: its window, its schedule, its share of operators and its exceptions.
//!
//! Time is a fact of the request, so all of this is as pure as a condition.

use jiff::{SignedDuration, Span, Timestamp, civil, tz::TimeZone};
use sha2::{Digest, Sha256};

use crate::{
    engine::{Condition, Views},
    facts::{Facts, Rollout},
};

/// From when until when a rule is alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Active {
    /// The first moment; none where it always was.
    pub from: Option<Timestamp>,
    /// The first moment after the last; none where it does not end.
    pub until: Option<Timestamp>,
}

impl Active {
    /// Whether a moment lies in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// Windows that come again each week.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// The days on which a window starts, Monday first.
    pub days: [bool; 7],
    /// When it starts.
    pub start: civil::Time,
    /// How long it lasts, in elapsed time; at most 24 hours.
    pub duration: SignedDuration,
    /// Where its days and times are read.
    pub zone: TimeZone,
}

/// How many days back a window may have started that still lasts: one for midnight, and one for a day that a change of the
/// zone's offset skipped.
const DAYS_BACK: i64 = 2;

const DAYS_OF_WEEK: i64 = 7;

impl Schedule {
    /// Whether a moment lies in one of its windows. A start that daylight saving skips moves forward.
    pub fn holds(&self, at: Timestamp) -> bool {
        let today = self.zone.to_datetime(at).date();
        (0..=DAYS_BACK)
            .filter_map(|back| today.checked_sub(Span::new().days(back)).ok())
            .any(|day| self.started(day).is_some_and(|start| start <= at && at.duration_since(start) < self.duration))
    }

    /// When the next window starts after a moment.
    pub fn next(&self, at: Timestamp) -> Option<Timestamp> {
        let today = self.zone.to_datetime(at).date();
        (0..=DAYS_OF_WEEK)
            .filter_map(|ahead| today.checked_add(Span::new().days(ahead)).ok())
            .find_map(|day| self.started(day).filter(|start| at < *start))
    }

    /// When the window of a day starts, if one does.
    fn started(&self, day: civil::Date) -> Option<Timestamp> {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
        let starts = self.days.get(weekday).copied().unwrap_or_default();
        self.zone.to_timestamp(day.to_datetime(self.start)).ok().filter(|_| starts)
    }
}

/// The share of operators that a rule applies to, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(pub u16);

/// All operators.
pub const WHOLE_SHARE: u16 = 10_000;

impl Share {
    /// Whether an operator is part of it. It depends on nothing but the two texts, and a larger share has all of a smaller
    /// one.
    pub fn holds(self, rule: &str, facts: &Facts<'_>) -> bool {
        match facts.rollout {
            Rollout::In => true,
            Rollout::Out => false,
            Rollout::ByOperator => self.0 > place_of(rule, &facts.operator),
        }
    }
}

/// Where an operator stands among all of them, for one rule: from 0 up to [`WHOLE_SHARE`].
fn place_of(rule: &str, operator: &str) -> u16 {
    // A rule's id has no such byte, so no two pairs feed the same bytes.
    let hash = Sha256::new().chain_update(rule).chain_update([0]).chain_update(operator).finalize();
    let number = hash.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let place = (u128::from(number) * u128::from(WHOLE_SHARE)) >> u64::BITS;
    u16::try_from(place).unwrap_or_default()
}

/// A case that a rule does not apply to.
#[derive(Debug)]
pub struct Exception {
    /// Unique in its rule.
    pub id: String,
    /// The line of its id, from 1.
    pub line: usize,
    /// The first moment when it is over; none where it never is.
    pub expires: Option<Timestamp>,
    /// What it is for.
    pub when: Condition,
}

impl Exception {
    /// Whether it keeps the rule from a request.
    pub fn holds(&self, views: &Views<'_>) -> bool {
        self.expires.is_none_or(|expires| views.facts().at < expires) && self.when.holds(views)
    }
}
