//! Which decisions get a line in the log: one for each would make a flood of refusals cost more than deciding them.

use std::time::Duration;

use crate::{settings::LogRefusals, telemetry::sample::Sample};

/// The lines about decisions, of all workers together.
#[derive(Debug)]
pub(super) struct Lines {
    /// Those of refusals.
    pub(super) refusals: Kind,
    /// Those of what shadow rules would have decided: they must not crowd out what was refused.
    pub(super) shadows: Kind,
}

/// The lines of one kind.
#[derive(Debug)]
pub(super) enum Kind {
    All,
    None,
    Sampled(Sample),
}

impl Lines {
    /// What the settings ask for.
    pub(super) fn of(logged: LogRefusals) -> Lines {
        Lines { refusals: Kind::of(logged), shadows: Kind::of(logged) }
    }
}

impl Kind {
    fn of(logged: LogRefusals) -> Kind {
        match logged {
            LogRefusals::All => Kind::All,
            LogRefusals::Off => Kind::None,
            LogRefusals::Sampled => Kind::Sampled(Sample::default()),
        }
    }

    /// How many lines were left out since the latest one, if one may be written now.
    pub(super) fn admit(&self, now: impl FnOnce() -> Duration) -> Option<u64> {
        match self {
            Kind::All => Some(0),
            Kind::None => None,
            Kind::Sampled(sample) => sample.admit(now()),
        }
    }
}
