//! Keeps the last good set for the next start. A disk that fails changes the status and nothing else.

#![expect(clippy::disallowed_methods, reason = "what failed is tried again after a time")]

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::{
    engine::Snapshot,
    live::{Kept, files::guarded, log},
    rules::Input,
    source::{Stamp, kept::Store},
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
    /// The file that `kept` tells of.
    file: Option<Stamp>,
}

impl Keeper {
    /// Keeps sets in a store, where `kept` is what is known of it.
    pub(super) fn new(store: Option<Store>, kept: Kept) -> Keeper {
        Keeper { store, kept, waiting: None, tried: None, file: None }
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

    /// Looks at what is stored, if that is not the file which is known: of an earlier process, another one, or nobody.
    pub(super) fn look(&mut self, live: &Snapshot) {
        let Some(store) = &self.store else { return };
        let file = store.stamp();
        if file == self.file {
            return;
        }
        (self.file, self.tried) = (file, None);
        (self.kept.content, self.kept.stored) = (None, None);
        match guarded(|| store.read()) {
            Ok(Ok(Some(found))) => self.kept = Kept { problem: self.kept.problem.take(), ..Kept::of(&found) },
            Ok(Ok(None)) => {}
            Ok(Err(error)) => log::replaces(&store.path(), &error.to_string(), live),
            Err(error) => log::replaces(&store.path(), &error, live),
        }
    }

    /// Whether something waits or is lost, and it is time to try.
    pub(super) fn is_due(&self) -> bool {
        let is_lost = self.store.is_some() && self.kept.content.is_none();
        (is_lost || self.waiting.is_some()) && self.tried.is_none_or(|tried| tried.elapsed() >= AGAIN)
    }

    /// Stores what waits, or else what is read again. If that fails, it goes on waiting.
    pub(super) fn keep(&mut self, live: &Snapshot, again: impl FnOnce() -> Option<Input>) {
        self.tried = Some(Instant::now());
        self.waiting = self.waiting.take().or_else(again);
        match self.store_waiting(live) {
            Ok(kept) => {
                log::kept(self.kept.problem.as_deref(), live);
                (self.kept, self.waiting) = (kept, None);
            }
            Err(problem) if self.kept.problem.as_ref() == Some(&problem) => {}
            Err(problem) => {
                log::not_kept(&problem, live);
                self.kept.problem = Some(problem);
            }
        }
    }

    fn store_waiting(&mut self, live: &Snapshot) -> Result<Kept, String> {
        let lost = || "what was stored is lost, and the rule files are not those that decide".to_owned();
        let (Some(store), Some(input)) = (&self.store, &self.waiting) else { return Err(lost()) };
        let content = Some(input.content.clone());
        if self.kept.content == content {
            return Ok(Kept { content, stored: self.kept.stored, problem: None });
        }
        let now = Timestamp::now();
        let write = || store.write(input, &live.revision, now).map_err(|error| error.to_string());
        self.file = Some(guarded(write).unwrap_or_else(Err)?);
        Ok(Kept { content, stored: Some(now), problem: None })
    }
}
