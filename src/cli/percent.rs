//! Arguments that are a share, such as `99`, `99%` or `99.5`.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

use crate::engine::coverage::Share;

/// So many tenths of a percent, at most 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Percent(usize);

impl Percent {
    /// Whether a share is at least this.
    pub(super) fn is_reached(self, share: Share) -> bool {
        share.reaches(self.0)
    }
}

impl FromStr for Percent {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Percent, &'static str> {
        let help = "write 0 to 100, with at most one decimal, such as 99, 99% or 99.5";
        let number = word.strip_suffix('%').unwrap_or(word);
        let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(tenth) || tenth.len() != 1 {
            return Err(help);
        }
        let (whole, tenth): (usize, usize) = (whole.parse().map_err(|_| help)?, tenth.parse().map_err(|_| help)?);
        Some(Percent(whole * 10 + tenth)).filter(|percent| percent.0 <= 1000).ok_or(help)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tenths = u16::try_from(self.0).unwrap_or(u16::MAX);
        match tenths % 10 {
            0 => serializer.serialize_u16(tenths / 10),
            _ => serializer.serialize_f64(f64::from(tenths) / 10.0),
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(formatter, "{}%", self.0 / 10),
            tenth => write!(formatter, "{}.{tenth}%", self.0 / 10),
        }
    }
}
