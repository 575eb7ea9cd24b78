//! Durations, dates and times: read from their characters, because YAML takes some of them for numbers.

use std::{ops::RangeInclusive, time::Duration};

use jiff::{Timestamp, civil};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    rules::ast::{Moment, Point, Written},
    yaml::{Node, read::whole_number},
};

/// A time as it is asked for.
const A_TIME: &str = "write a time with its zone, such as 2026-11-23T18:00:00+08:00";

/// What a time without a zone needs.
const ADD_ZONE: &str = "add the offset of its zone, such as `+08:00`, or `Z` for UTC";

/// A date as it is asked for.
const A_DATE: &str = "write the date like 2026-11-23";

/// Behind it, a time in some zone would have a year of five digits.
const LAST_TIME: &str = "9999-12-30T22:00:00Z";

/// The units of a duration, with their seconds.
const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];

/// A whole number with a unit, such as `15m`, that lies in a range.
pub(super) fn duration(node: &Node, what: &str, range: RangeInclusive<Duration>, sink: &mut Sink) -> Option<Duration> {
    let word = node.word(what, sink)?;
    match read_duration(word) {
        Ok(duration) if range.contains(&duration) => Some(duration),
        Ok(_) => {
            let message = format!("{what} cannot be `{word}`");
            let help = format!("it takes {} to {}", spelled(*range.start()), spelled(*range.end()));
            sink.push(Diagnostic::new(Code::InvalidValue, node.place, message).help(help));
            None
        }
        Err(help) => {
            let help = help.unwrap_or_else(|| "write a whole number with `s`, `m`, `h` or `d`, such as 15m".to_owned());
            let message = format!("`{word}` is not a duration");
            sink.push(Diagnostic::new(Code::InvalidValue, node.place, message).help(help));
            None
        }
    }
}

/// A moment, which needs a zone.
pub(super) fn time(node: &Node, what: &str, sink: &mut Sink) -> Option<Timestamp> {
    let word = node.word(what, sink)?;
    let time = instant(word);
    if time.is_none() {
        sink.push(not_a_time(node, word));
    }
    time
}

/// The moment of a time with a zone, such as `2026-11-23T18:00:00+08:00`; `None` for everything else.
pub fn instant(word: &str) -> Option<Timestamp> {
    // The name of a zone in brackets could contradict the offset before it.
    let (day, clock) = word.split_at_checked(DATE_LENGTH)?;
    let is_plain = day_of(day).is_some() && clock.contains(':') && !clock.contains('[');
    word.parse().ok().filter(|_| is_plain)
}

/// A day, which has no zone.
pub(super) fn date(node: &Node, what: &str, sink: &mut Sink) -> Option<Written<civil::Date>> {
    let word = node.word(what, sink)?;
    let date = day_of(word);
    if date.is_none() {
        sink.push(not_a_date(node, word));
    }
    date.map(|value| Written { value, place: node.place })
}

/// A day or a time with a zone.
pub(super) fn moment<'t>(node: &'t Node, what: &str, sink: &mut Sink) -> Option<Moment<'t>> {
    let word = node.word(what, sink)?;
    let point = day_of(word).map(Point::Day).or_else(|| instant(word).map(Point::Time));
    if point.is_none() {
        sink.push(if word.contains(':') { not_a_time(node, word) } else { not_a_date(node, word) });
    }
    point.map(|point| Moment { word, place: node.place, point })
}

/// The characters of `2026-11-23`.
const DATE_LENGTH: usize = 10;

/// The day that is written like `2026-11-23`.
fn day_of(word: &str) -> Option<civil::Date> {
    let shape = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    (word.len() == DATE_LENGTH && word.bytes().enumerate().all(shape)).then(|| word.parse().ok())?
}

fn not_a_time(node: &Node, word: &str) -> Diagnostic {
    if is_beyond_all(word) {
        let message = format!("`{word}` lies beyond the last time that can be compared");
        return Diagnostic::new(Code::InvalidValue, node.place, message).help(format!("write {LAST_TIME} or earlier"));
    }
    let lacks_zone = word.contains(':') && !word.contains('[') && word.parse::<civil::DateTime>().is_ok();
    let help = if lacks_zone { ADD_ZONE } else { A_TIME };
    Diagnostic::new(Code::InvalidValue, node.place, format!("`{word}` is not a time with a zone")).help(help)
}

/// Whether it would be a time, were it a year earlier.
fn is_beyond_all(word: &str) -> bool {
    word.strip_prefix("9999").is_some_and(|rest| instant(&format!("9998{rest}")).is_some())
}

fn not_a_date(node: &Node, word: &str) -> Diagnostic {
    let parts: Vec<&str> = word.split(|character: char| !character.is_ascii_digit()).collect();
    let help = match parts.as_slice() {
        [year, month, day, rest @ ..] if year.len() == 4 && rest.concat().is_empty() => plain_date(year, month, day),
        // 03/04/2026 is not the same day to everybody.
        [day, month, year] if year.len() == 4 && word.contains('.') => plain_date(year, month, day),
        [digits] => digits.split_at_checked(4).and_then(|(year, rest)| {
            let (month, day) = rest.split_at_checked(2)?;
            plain_date(year, month, day)
        }),
        _ => None,
    };
    let (message, help) = match parts.as_slice() {
        [year, month, _] if word.len() == DATE_LENGTH && help.is_none() && word.contains('-') => {
            (format!("there is no day `{word}`"), month_length(year, month))
        }
        _ => (format!("`{word}` is not a date"), help),
    };
    Diagnostic::new(Code::InvalidValue, node.place, message).help(help.unwrap_or_else(|| A_DATE.to_owned()))
}

/// "that month has 30 days", if there is such a month.
fn month_length(year: &str, month: &str) -> Option<String> {
    let first = civil::Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    Some(format!("that month has {} days", first.days_in_month()))
}

/// "write `2026-11-23`", if there is such a day.
fn plain_date(year: &str, month: &str, day: &str) -> Option<String> {
    let date = civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(format!("write `{date}`"))
}

/// The duration, however long; else, where one can be guessed, how to write it.
fn read_duration(word: &str) -> Result<Duration, Option<String>> {
    let mut units = UNITS.into_iter();
    let (digits, unit, seconds) =
        units.find_map(|(unit, seconds)| Some((word.strip_suffix(unit)?, unit, seconds))).ok_or(None)?;
    let number: u128 = whole_number(digits).map_err(|help| help.map(|help| with_unit(&help, unit)))?;
    let seconds = u64::try_from(number).ok().and_then(|number| number.checked_mul(seconds));
    Ok(seconds.map_or(Duration::MAX, Duration::from_secs))
}

/// "write `5`" with the unit behind the number.
fn with_unit(help: &str, unit: char) -> String {
    help.strip_suffix('`').map_or_else(|| help.to_owned(), |help| format!("{help}{unit}`"))
}

/// A duration in its largest unit.
fn spelled(duration: Duration) -> String {
    let seconds = duration.as_secs();
    // Two days are easier to compare with hours than one.
    let unit = UNITS.into_iter().rev().find(|(_, unit)| seconds > *unit && seconds.is_multiple_of(*unit));
    let (unit, each) = unit.unwrap_or(('s', 1));
    format!("{}{unit}", seconds / each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_whole_number_with_a_unit() {
        for (word, seconds) in [("1s", 1), ("15m", 900), ("24h", 86_400), ("2d", 172_800), ("0s", 0)] {
            assert_eq!(read_duration(word), Ok(Duration::from_secs(seconds)), "{word}");
        }
        for word in ["", "15", "m", "1.5h", "1h30m", "15 m", "15M", "15min", "-1m", "1mm", "PT15M"] {
            assert_eq!(read_duration(word), Err(None), "{word}");
        }
        assert_eq!(read_duration("05m"), Err(Some("write `5m`".to_owned())));
        assert_eq!(read_duration("99999999999999999999d"), Ok(Duration::MAX));
    }

    #[test]
    fn a_time_has_a_date_a_clock_and_a_zone() {
        let time = instant("2026-11-23T18:00:00+08:00");
        assert_eq!(time, instant("2026-11-23T10:00:00Z"));
        assert_eq!(time, instant("2026-11-23 18:00+08:00"));
        assert!(time.is_some());
        for word in [
            "2026-11-23",
            "2026-11-23T18:00",
            "18:00Z",
            "2026-11-23T18:00+08:00[Asia/Shanghai]",
            "20261123T1800Z",
            "now",
        ] {
            assert_eq!(instant(word), None, "{word}");
        }
    }

    #[test]
    fn a_date_is_a_day_that_there_is() {
        assert!(day_of("2024-02-29").is_some());
        for word in ["2026-02-29", "2026-13-01", "2026-1-02", "26-01-02", "2026/01/02", "2026-01-02 ", "２026-01-02"] {
            assert_eq!(day_of(word), None, "{word}");
        }
    }

    #[test]
    fn a_duration_is_told_in_its_largest_unit() {
        for (seconds, told) in [(1, "1s"), (60, "60s"), (900, "15m"), (86_400, "24h"), (172_800, "2d"), (61, "61s")] {
            assert_eq!(spelled(Duration::from_secs(seconds)), told);
        }
    }
}
