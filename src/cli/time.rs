//! Arguments that are times.

use jiff::Timestamp;

use crate::rules;

/// A time with its zone, as tests write it.
pub(super) fn time(word: &str) -> Result<Timestamp, &'static str> {
    rules::instant(word).ok_or("write a time with its zone, such as 2026-11-23T18:00:00+08:00")
}
