//! The rules that decide now, and how they came to be: one swap, one status.

pub mod watch;

use std::{sync::Arc, time::Duration};

use arc_swap::{ArcSwap, Guard};
use jiff::Timestamp;

use crate::{diagnostic::Report, engine::Snapshot};

/// The current snapshot and its status. Reading either never waits.
#[derive(Debug)]
pub struct Live {
    current: ArcSwap<Snapshot>,
    status: ArcSwap<Status>,
}

/// How the live rules came to be.
#[derive(Clone, Debug)]
pub struct Status {
    /// Counts the sets that became live; 1 after the start.
    pub generation: u64,
    /// Counts the loads that were finished, failed ones included. A load that found the same content is not one.
    pub attempts: u64,
    /// When the live set became live.
    pub since: Timestamp,
    /// The latest attempt.
    pub last: Attempt,
    /// The latest attempt that failed, kept after later successes.
    pub last_failure: Option<Arc<Failure>>,
}

/// One finished load.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// How long reading, loading and proving took.
    pub took: Duration,
    /// Whether its set became live.
    pub succeeded: bool,
}

/// A load that did not become live.
#[derive(Debug)]
pub struct Failure {
    /// When it ended.
    pub at: Timestamp,
    /// One sentence, such as `2 errors in the rule files` or `rules keep changing`.
    pub problem: String,
    /// The findings.
    pub report: Report,
}

impl Live {
    /// The rules that decide now. Take it once per request and keep it: a request sees exactly one snapshot.
    pub fn current(&self) -> Guard<Arc<Snapshot>> {
        self.current.load()
    }

    /// How they came to be.
    pub fn status(&self) -> Arc<Status> {
        self.status.load_full()
    }
}
