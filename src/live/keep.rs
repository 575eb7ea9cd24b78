//! Keeps the last good set for the next start. A disk that fails changes the status and nothing else.

#![expect(clippy::disallowed_methods, reason = "what failed is tried again after a time")]

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::{
    engine::Snapshot,
    live::{Kept, files::guarded, log},
    rules::Input,
    source::kept::Store,
};

/// The time after which what failed is tried again.
const AGAIN: Duration = Duration::from_secs(30);

/// Keeps sets in a store; none without one.
#[derive(Debug)]
pub(super) struct Keeper {
    store: Option<Store>,
    kept: Kept,
    /// What the live set was loaded from, until it is stored.
    waiting: Option<Input>,
    tried: Option<Instant>,
}

impl Keeper {
    /// Keeps sets in a store, where `kept` is what is known of it.
    pub(super) fn new(store: Option<Store>, kept: Kept) -> Keeper {
        Keeper { store, kept, waiting: None, tried: None }
    }

    /// What is kept now; nothing without a store.
    pub(super) fn kept(&self) -> Option<Kept> {
        self.store.as_ref().map(|_| self.kept.clone())
    }

    /// Takes what the live set was loaded from.
    pub(super) fn take(&mut self, input: Option<Input>) {
        self.waiting = input;
        self.tried = None;
    }

    /// Looks at what an earlier process kept.
    pub(super) fn look(&mut self, live: &Snapshot) {
        let Some(store) = &self.store else { return };
        match guarded(|| store.read()) {
            Ok(Ok(Some(found))) => self.kept = Kept::of(&found),
            Ok(Ok(None)) => {}
            Ok(Err(error)) => log::replaces(&store.path(), &error.to_string(), live),
            Err(error) => log::replaces(&store.path(), &error, live),
        }
    }

    /// Whether something waits, and it is time to try.
    pub(super) fn is_due(&self) -> bool {
        self.waiting.is_some() && self.tried.is_none_or(|tried| tried.elapsed() >= AGAIN)
    }

    /// Stores what waits. If that fails, it goes on waiting.
    pub(super) fn keep(&mut self, live: &Snapshot) {
        let (Some(store), Some(input)) = (&self.store, &self.waiting) else { return };
        self.tried = Some(Instant::now());
        let now = Timestamp::now();
        let is_kept = self.kept.content.as_ref() == Some(&input.content);
        let write = || store.write(input, &live.revision, now).map_err(|error| error.to_string());
        let written = if is_kept { Ok(()) } else { guarded(write).unwrap_or_else(Err) };
        match written {
            Ok(()) => {
                log::kept(self.kept.problem.as_deref(), live);
                let stored = if is_kept { self.kept.stored } else { Some(now) };
                self.kept = Kept { content: Some(input.content.clone()), stored, problem: None };
                self.waiting = None;
            }
            Err(problem) if self.kept.problem.as_ref() == Some(&problem) => {}
            Err(problem) => {
                log::not_kept(&problem, live);
                self.kept.problem = Some(problem);
            }
        }
    }
}
