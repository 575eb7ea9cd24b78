//! From files to a loaded set: read until two reads agree, then load.

#![expect(clippy::disallowed_methods, reason = "it measures how long files keep changing")]

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    live::{Cause, Options, Watching, quiet::QUIET, trigger::Trigger, watch::Watch},
    rules::{Input, Loaded},
    source::{self, Fingerprint, Places, Stat},
};

/// How long reads may disagree.
const MOST_CHANGING: Duration = Duration::from_secs(5);

/// The files of a rule set, and what is known of them.
#[derive(Debug)]
pub(super) struct Files {
    paths: Vec<PathBuf>,
    options: source::Options,
    load: fn(Input) -> Loaded,
    /// Whether what is loaded is kept.
    keeps: bool,
    trigger: Arc<Trigger>,
    watch: Watch,
    /// The state on disk before the latest read.
    seen: Stat,
    /// The content of the latest attempt; empty when there was none.
    attempted: String,
    /// The places of the latest attempt, and of the latest one that succeeded.
    places: Places,
    good: Places,
}

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// There was nothing to do: the files are those of the attempt before.
    Unchanged,
    /// They were loaded, with success or with errors; and what they were loaded from, where that is kept.
    Loaded(Box<Loaded>, Option<Input>),
    /// No two reads agreed.
    KeepsChanging,
    /// A defect of this program, and what it said.
    Panicked(String),
}

/// Why there is nothing to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// The files are those of the attempt before.
    Unchanged,
    /// No two reads agreed.
    KeepsChanging,
}

impl Files {
    /// Follows the files of some paths.
    pub(super) fn new(paths: Vec<PathBuf>, options: &Options, trigger: Arc<Trigger>) -> Files {
        let watch = Watch::new(options.watching, &trigger);
        let keeps = options.data.is_some();
        let (options, load) = (options.source.clone(), options.load);
        let (seen, attempted) = (Stat::default(), String::new());
        let (places, good) = (Places::default(), Places::default());
        Files { paths, options, load, keeps, trigger, watch, seen, attempted, places, good }
    }

    /// How changes are noticed.
    pub(super) fn watching(&self) -> Watching {
        self.watch.watching()
    }

    /// Whether the disk says that something changed since the latest read.
    pub(super) fn differ(&self) -> bool {
        source::stat(&self.paths, &self.options, &self.watched()) != self.seen
    }

    /// Reads and loads the files.
    pub(super) fn attempt(&mut self, cause: Cause) -> Outcome {
        let outcome = guarded(|| self.read_and_load(cause)).unwrap_or_else(Outcome::Panicked);
        if matches!(&outcome, Outcome::Loaded(loaded, _) if loaded.snapshot.is_some()) {
            self.good = self.places.clone();
        }
        outcome
    }

    fn read_and_load(&mut self, cause: Cause) -> Outcome {
        let input = match self.read(cause) {
            Ok(input) => input,
            Err(Unread::Unchanged) => return Outcome::Unchanged,
            Err(Unread::KeepsChanging) => return Outcome::KeepsChanging,
        };
        // Before the load, which takes the bytes.
        let kept = self.keeps.then(|| input.clone());
        Outcome::Loaded(Box::new((self.load)(input)), kept)
    }

    /// Reads the files; fails where there is nothing to load.
    pub(super) fn read(&mut self, cause: Cause) -> Result<Input, Unread> {
        self.watch.renew(&self.watched());
        self.look();
        let Fingerprint { content, places } = source::fingerprint(&self.paths, &self.options);
        self.places = places;
        if content == self.attempted && cause != Cause::Forced {
            self.follow();
            return Err(Unread::Unchanged);
        }
        // Once more: other list files may be part of the set now.
        self.look();
        let settled = self.settled(content, cause);
        self.attempted = settled.as_ref().map(|input| input.content.clone()).unwrap_or_default();
        self.follow();
        settled.ok_or(Unread::KeepsChanging)
    }

    /// The set of a content, if the files still have it.
    pub(super) fn again(&self, content: &str) -> Option<Input> {
        Some(source::read(&self.paths, &self.options)).filter(|input| input.content == content)
    }

    /// Remembers the state on disk, before a read: what changes during the read is then a difference.
    fn look(&mut self) {
        self.seen = source::stat(&self.paths, &self.options, &self.watched());
    }

    /// Reads until a read agrees with the one before. Without events the files are not known to have been quiet, so time
    /// has to pass between the reads.
    fn settled(&self, mut content: String, cause: Cause) -> Option<Input> {
        let started = Instant::now();
        if matches!(cause, Cause::Poll | Cause::Forced) {
            thread::sleep(QUIET);
        }
        loop {
            let input = source::read(&self.paths, &self.options);
            if input.content == content {
                return Some(input);
            }
            if started.elapsed() > MOST_CHANGING {
                return None;
            }
            content = input.content;
            thread::sleep(QUIET);
        }
    }

    /// Makes events at the places of the set count. What changed before they did is found by comparing.
    fn follow(&mut self) {
        let watched = self.watched();
        self.watch.extend(&watched);
        self.trigger.set_places(watched);
        if self.differ() {
            self.trigger.note(Cause::Poll);
        }
    }

    fn watched(&self) -> Places {
        self.good.union(&self.places)
    }
}

/// Runs what must not take its thread down, and gives back what it said instead.
pub(super) fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| said(panic.as_ref()))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned())
}
