//! Durations, dates and times: read from their characters, because YAML takes some of them for numbers.

use std::{ops::RangeInclusive, time::Duration};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    yaml::{Node, read::whole_number},
};

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
    fn a_duration_is_told_in_its_largest_unit() {
        for (seconds, told) in [(1, "1s"), (60, "60s"), (900, "15m"), (86_400, "24h"), (172_800, "2d"), (61, "61s")] {
            assert_eq!(spelled(Duration::from_secs(seconds)), told);
        }
    }
}
