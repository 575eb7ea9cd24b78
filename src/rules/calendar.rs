//! Where and when a day is: time zones, and the moments at which a date begins and ends.

use jiff::{Timestamp, civil, tz::TimeZone};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    rules::ast::{Moment, Point, RuleSet, Written},
};

/// The zone of a set: the first that was given, else UTC.
pub(super) fn zone_of(set: &RuleSet<'_>) -> TimeZone {
    set.time_zones.first().and_then(|zone| known(zone.value)).unwrap_or(TimeZone::UTC)
}

/// The zone of a name.
pub(super) fn named(zone: Written<&str>, sink: &mut Sink) -> Option<TimeZone> {
    let found = known(zone.value);
    if found.is_none() {
        let message = format!("there is no time zone `{}`", zone.value);
        let found = Diagnostic::new(Code::InvalidValue, zone.place, message);
        let help = "write an IANA name, such as Asia/Shanghai";
        sink.push(found.help(help).meant_if(city(zone.value).as_deref()));
    }
    found
}

/// `Etc/Unknown` is a name too, of no zone.
fn known(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())
}

/// The zone whose name ends with a city, such as `Europe/Berlin` for `Berlin`.
fn city(word: &str) -> Option<String> {
    let word = word.replace(' ', "_");
    let is_meant = |name: &String| name.rsplit_once('/').is_some_and(|(_, city)| city.eq_ignore_ascii_case(&word));
    jiff::tz::db().available().map(|name| name.to_string()).filter(is_meant).min()
}

/// The first moment of a day. One that lies beyond all calendars is the last moment there is.
pub(super) fn beginning(day: civil::Date, zone: &TimeZone) -> Timestamp {
    let beginning = day.to_zoned_datetime(zone.clone()).and_then(|midnight| midnight.start_of_day());
    beginning.map_or(Timestamp::MAX, |beginning| beginning.timestamp())
}

impl Moment<'_> {
    /// Its first moment.
    pub(super) fn begins(&self, zone: &TimeZone) -> Timestamp {
        match self.point {
            Point::Day(day) => beginning(day, zone),
            Point::Time(time) => time,
        }
    }

    /// The first moment that no longer belongs to what it is the end of.
    pub(super) fn ends(&self, zone: &TimeZone) -> Timestamp {
        match self.point {
            Point::Day(day) => day.tomorrow().map_or(Timestamp::MAX, |next| beginning(next, zone)),
            Point::Time(time) => time,
        }
    }

    /// The end in a sentence, such as `at the end of 2026-12-24`.
    pub(super) fn end(&self) -> String {
        match self.point {
            Point::Day(_) => format!("at the end of {}", self.word),
            Point::Time(_) => format!("at {}", self.word),
        }
    }
}
