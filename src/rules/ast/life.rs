//! When a rule is alive and for whom, as written: dates have no zone yet.

use jiff::{SignedDuration, Timestamp, civil};

use crate::{
    diagnostic::{Code, Place},
    engine::life::Share,
    rules::ast::{Condition, Written},
};

/// Everything that a rule says of its life.
#[derive(Debug, Default)]
pub struct Life<'t> {
    /// `active`
    pub active: Active<'t>,
    /// `schedule`
    pub schedule: Option<Schedule<'t>>,
    /// `rollout`
    pub rollout: Option<Written<Share>>,
    /// `except`
    pub except: Vec<Exception<'t>>,
    /// `review_by`
    pub review_by: Option<Written<civil::Date>>,
    /// `accept`
    pub accept: Vec<Accept>,
}

impl Life<'_> {
    /// Whether the same request may be decided differently at another time.
    pub fn depends_on_time(&self) -> bool {
        let expires = |exception: &Exception<'_>| matches!(exception.expires, Some(Expiry::Ends(_)));
        self.active.from.is_some()
            || self.active.until.is_some()
            || self.schedule.is_some()
            || self.except.iter().any(expires)
    }
}

/// A day, or a moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'t> {
    /// As written.
    pub word: &'t str,
    /// Where.
    pub place: Place,
    /// What it means.
    pub point: Point,
}

/// What a date or a time means.
#[derive(Clone, Copy, Debug)]
pub enum Point {
    /// The whole day.
    Day(civil::Date),
    /// The moment.
    Time(Timestamp),
}

/// `active`
#[derive(Clone, Copy, Debug, Default)]
pub struct Active<'t> {
    /// `from`
    pub from: Option<Moment<'t>>,
    /// `until`
    pub until: Option<Moment<'t>>,
}

/// `schedule`
#[derive(Debug)]
pub struct Schedule<'t> {
    /// The days on which a window starts, Monday first.
    pub days: [bool; 7],
    /// `start`
    pub start: civil::Time,
    /// `duration`
    pub duration: SignedDuration,
    /// `time_zone`
    pub zone: Option<Written<&'t str>>,
}

/// One entry of `except`.
#[derive(Debug)]
pub struct Exception<'t> {
    /// Its id.
    pub id: Option<Written<&'t str>>,
    /// When it is over.
    pub expires: Option<Expiry<'t>>,
    /// What it is for.
    pub when: Option<Condition<'t>>,
}

/// When an exception is over.
#[derive(Clone, Copy, Debug)]
pub enum Expiry<'t> {
    /// The word `never`.
    Never,
    /// Behind a day or at a time.
    Ends(Moment<'t>),
}

/// One entry of `accept`.
#[derive(Clone, Copy, Debug)]
pub struct Accept {
    /// The kind of finding.
    pub code: Code,
    /// Where it is written.
    pub place: Place,
    /// The text of the rule: findings in it are meant.
    pub rule: Place,
}
