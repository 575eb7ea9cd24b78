//! At most one log line for each cause and minute, however many requests fail.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How long a cause stays silent after it was logged.
const SILENCE: Duration = Duration::from_secs(60);

/// Lets one line a cause and minute through.
#[derive(Debug, Default)]
pub struct Throttle {
    causes: Mutex<HashMap<&'static str, Line>>,
}

#[derive(Debug)]
struct Line {
    written: Duration,
    held_back: u64,
}

impl Throttle {
    /// How many lines were held back since the latest one, if a line may be written `now`, by any clock.
    pub fn admit(&self, cause: &'static str, now: Duration) -> Option<u64> {
        let mut causes = self.causes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(line) = causes.get_mut(cause) else {
            causes.insert(cause, Line { written: now, held_back: 0 });
            return Some(0);
        };
        if now < line.written + SILENCE {
            line.held_back += 1;
            return None;
        }
        let held_back = line.held_back;
        *line = Line { written: now, held_back: 0 };
        Some(held_back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_cause_and_minute_says_how_many_were_held_back() {
        let throttle = Throttle::default();
        let admit = |cause, seconds| throttle.admit(cause, Duration::from_secs(seconds));
        assert_eq!(admit("app", 0), Some(0));
        assert_eq!(admit("app", 1), None);
        assert_eq!(admit("caller", 1), Some(0));
        assert_eq!(admit("app", 59), None);
        assert_eq!(admit("app", 60), Some(2));
        assert_eq!(admit("app", 61), None);
    }
}
