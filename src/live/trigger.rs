//! What wakes the thread that reloads: events, polls, requests to reload, and the end.

#![expect(clippy::disallowed_methods, reason = "waiting needs a clock")]

use std::{
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::{
    live::{
        Cause,
        quiet::{Change, Changes},
    },
    source::{self, Places},
};

/// What wakes the thread. Bounded, however many events there are.
#[derive(Debug, Default)]
pub(super) struct Trigger {
    state: Mutex<State>,
    woken: Condvar,
}

#[derive(Debug, Default)]
struct State {
    places: Places,
    changes: Changes,
    /// How often a reload was asked for.
    asked: u64,
    stopped: bool,
}

/// Why the thread goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// Changes are over.
    Due(Cause),
    /// The time has come to look at everything that has no events.
    Tick,
    /// It ends.
    Stop,
}

impl Trigger {
    /// An event named a path.
    pub(super) fn file(&self, path: &Path, change: Change) {
        let mut state = self.state();
        if !state.places.concern(path) {
            return;
        }
        let complete = change == Change::Created && !source::may_be_open(path);
        state.changes.file(Instant::now(), path, if complete { Change::Closed } else { change });
        self.woken.notify_all();
    }

    /// Something may have changed anywhere.
    pub(super) fn note(&self, cause: Cause) {
        self.state().changes.note(Instant::now(), cause);
        self.woken.notify_all();
    }

    /// A reload was asked for; returns how often until now.
    pub(super) fn force(&self) -> u64 {
        let asked = {
            let mut state = self.state();
            state.asked += 1;
            state.changes.note(Instant::now(), Cause::Forced);
            state.asked
        };
        self.woken.notify_all();
        asked
    }

    /// How often a reload was asked for: an attempt that begins now is for all of them.
    pub(super) fn asked(&self) -> u64 {
        self.state().asked
    }

    /// The thread is to end.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.woken.notify_all();
    }

    /// From now on, only events at these places count.
    pub(super) fn set_places(&self, places: Places) {
        self.state().places = places;
    }

    /// Waits until there is something to do.
    pub(super) fn wait(&self, tick: Instant) -> Wake {
        let mut state = self.state();
        loop {
            let now = Instant::now();
            if state.stopped {
                return Wake::Stop;
            }
            // Before the tick: a poll without a pause must not keep changes waiting.
            if let Some(cause) = state.changes.take(now) {
                return Wake::Due(cause);
            }
            if tick <= now {
                return Wake::Tick;
            }
            let until = state.changes.due().map_or(tick, |due| due.min(tick));
            let waited = self.woken.wait_timeout(state, until.saturating_duration_since(now));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
