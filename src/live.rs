//! The rules that decide now, and how they came to be: one swap, one status, and the thread that follows the files.

#![expect(clippy::disallowed_methods, reason = "rules are loaded as of now")]

mod files;
mod follow;
mod keep;
mod log;
mod quiet;
mod reload;
mod start;
mod trigger;
mod watch;

use std::{fmt, ops::Deref, path::PathBuf, sync::Arc, time::Duration};

use arc_swap::{
    ArcSwap,
    access::{Access, Map},
};
use jiff::Timestamp;

use crate::{
    diagnostic::Report,
    engine::Snapshot,
    live::trigger::Trigger,
    rules::{self, Input, Loaded},
    source::{
        self,
        kept::{self, Store},
    },
};

pub use follow::follow;

/// The current snapshot and its status, behind one swap: neither is ever seen without the other. Reading never waits.
#[derive(Debug)]
pub struct Live(ArcSwap<Status>);

/// The live rules, and how they came to be.
#[derive(Clone, Debug)]
pub struct Status {
    /// The rules that decide.
    pub snapshot: Arc<Snapshot>,
    /// Counts the sets that became live; 1 after the start.
    pub generation: u64,
    /// Counts the loads that were finished, failed ones included. A load that found the same content is not one, unless
    /// it was asked for.
    pub attempts: u64,
    /// How many of them failed.
    pub failed: u64,
    /// The highest number that [`Handle::reload`] gave and that an attempt was made for.
    pub answered: u64,
    /// The revision that decided before the latest attempt, if that made another set live.
    pub replaced: Option<String>,
    /// When the live set became live.
    pub since: Timestamp,
    /// What was found in the live set when it was last loaded: warnings and notes.
    pub report: Arc<Report>,
    /// While the rules that decide are not those of the files but the ones that an earlier process kept: when it stored
    /// them.
    pub stale: Option<Timestamp>,
    /// The latest attempt.
    pub last: Attempt,
    /// The latest attempt that failed, kept after later successes.
    pub last_failure: Option<Arc<Failure>>,
    /// What is kept for the next start, where something is to be.
    pub kept: Option<Kept>,
    /// How changes are noticed.
    pub watching: Watching,
}

/// One finished load.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// How long reading, loading and proving took.
    pub took: Duration,
    /// Whether its set became live, or is the live one.
    pub succeeded: bool,
    /// What it was made for.
    pub cause: Cause,
}

/// Why the files were read; the later ones promise less about the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The service started.
    Start,
    /// The system reported a change.
    Event,
    /// A comparison found a change, or it was time to read all.
    Poll,
    /// It was asked for.
    Forced,
}

/// How changes are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watching {
    /// By events of the system, and by polling.
    Events,
    /// By polling only.
    Poll,
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

/// Why there are no rules to live on.
#[derive(Debug)]
pub struct NoRules {
    /// What is wrong with the files.
    pub files: Box<Failure>,
    /// What is wrong with the rules that an earlier process kept, if it did.
    pub kept: Option<Box<Failure>>,
}

/// The set that is kept for the next start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Its [`Snapshot::content`], if there is one.
    pub content: Option<String>,
    /// When it was stored.
    pub stored: Option<Timestamp>,
    /// Why the live set cannot be stored.
    pub problem: Option<String>,
}

/// How to follow the files.
pub struct Options {
    /// What may be read.
    pub source: source::Options,
    /// How changes are noticed; where the system has no events, polling is all there is. Default `Events`.
    pub watching: Watching,
    /// The time between two polls; default 2 s.
    pub poll: Duration,
    /// Where the last good set is kept, to start from when the files cannot be loaded; default nowhere.
    pub data: Option<Store>,
    /// Turns bytes into rules; default [`rules::load`] at this time.
    pub load: fn(Input) -> Loaded,
    /// Is told of what happens, on the thread that reloads; default nobody.
    pub listener: Listener,
    /// Is shown each set before it becomes live, on the same thread; default nobody.
    pub preview: Preview,
}

/// Is shown a set that no request has seen yet; bound like a [`Listener`].
pub type Preview = Box<dyn Fn(&Arc<Snapshot>) + Send>;

/// Is told of what happens. It must not wait for anything slow: no reload happens meanwhile.
pub type Listener = Box<dyn Fn(&Live, News) + Send>;

/// What a [`Listener`] is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// An attempt ended; the status tells how.
    Attempted,
    /// The live set was stored, or cannot be; the status tells which.
    Kept,
    /// It is time to look at other files: every 2 s, at every poll that comes sooner, and when a reload is asked for.
    Tick,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            source: source::Options::default(),
            watching: Watching::Events,
            poll: Duration::from_secs(2),
            data: None,
            load: |input| rules::load(input, Timestamp::now()),
            listener: Box::new(|_, _| {}),
            preview: Box::new(|_| {}),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { source, watching, poll, data, .. } = self;
        f.debug_struct("Options")
            .field("source", source)
            .field("watching", watching)
            .field("poll", poll)
            .field("data", data)
            .finish_non_exhaustive()
    }
}

/// Keeps the rules following the files; dropping it ends that.
#[derive(Debug)]
pub struct Handle(Arc<Trigger>);

impl Live {
    /// Loads the rules of some paths, each a directory or a file, and follows the files from then on.
    ///
    /// # Errors
    ///
    /// When the first load fails and there is no set that was kept; there are no rules to live on then.
    pub fn start(paths: Vec<PathBuf>, options: Options) -> Result<(Arc<Live>, Handle), NoRules> {
        reload::start(paths, options).map(|(live, trigger)| (live, Handle(trigger)))
    }

    /// The rules that decide now. Take it once per request and keep it: a request sees exactly one snapshot.
    pub fn current(&self) -> impl Deref<Target = Arc<Snapshot>> {
        Map::new(&self.0, |status: &Status| &status.snapshot).load()
    }

    /// The same rules, and how they came to be.
    pub fn status(&self) -> Arc<Status> {
        self.0.load_full()
    }
}

impl Kept {
    fn of(kept: &kept::Kept) -> Kept {
        Kept { content: Some(kept.input.content.clone()), stored: Some(kept.stored), problem: None }
    }
}

impl Handle {
    /// Asks for a reload, also of unchanged files. Returns at once, with a number: an attempt that began after this has
    /// ended when [`Status::answered`] has reached it.
    pub fn reload(&self) -> u64 {
        self.0.force()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.stop();
    }
}
