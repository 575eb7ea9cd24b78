//! The thread that follows the files: it waits for changes, and makes what loads live.

#![expect(clippy::disallowed_methods, reason = "status tells when")]

use std::{
    hint::black_box,
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::{
    diagnostic::{Report, Severity, counted},
    engine::Snapshot,
    live::{
        Attempt, Cause, Failure, Listener, Live, News, NoRules, Options, Preview, Status,
        files::{Files, Outcome, guarded},
        keep::Keeper,
        log,
        start::first,
        trigger::{Trigger, Wake},
    },
    rules::{Input, Loaded},
};

/// How often all files are read although nothing seems to have changed.
const READ_ALL: Duration = Duration::from_secs(60);
/// How often other files are looked at, unless rules are looked for more often.
const OTHERS: Duration = Duration::from_secs(2);
/// Bytes that no allocator takes from where it has small blocks; nothing is written to them.
const BLOCK: usize = 4 << 20;

/// Loads the first rules and starts the thread.
pub(super) fn start(paths: Vec<PathBuf>, options: Options) -> Result<(Arc<Live>, Arc<Trigger>), NoRules> {
    let trigger = Arc::new(Trigger::default());
    let mut files = Files::new(paths, &options, Arc::clone(&trigger));
    let (status, keeper) = first(&mut files, options.data, options.load)?;
    let live = Arc::new(Live(ArcSwap::from_pointee(status)));
    let reloader = Reloader {
        live: Arc::clone(&live),
        files,
        keeper,
        trigger: Arc::clone(&trigger),
        poll: options.poll,
        listener: options.listener,
        preview: options.preview,
        retired: Vec::new(),
        read_all: Instant::now(),
    };
    let thread = thread::Builder::new().name("rules".to_owned()).spawn(move || reloader.run());
    thread.map_err(|error| {
        let problem = format!("cannot start the thread that reloads: {error}");
        NoRules { files: Box::new(failure(problem, Report::default())), kept: None }
    })?;
    Ok((live, trigger))
}

/// The state of the thread.
struct Reloader {
    live: Arc<Live>,
    files: Files,
    keeper: Keeper,
    trigger: Arc<Trigger>,
    poll: Duration,
    listener: Listener,
    preview: Preview,
    /// What requests may still hold. It is released here, not by the request that is last.
    retired: Vec<Arc<Status>>,
    read_all: Instant,
}

impl Reloader {
    fn run(mut self) {
        let often = self.poll.min(OTHERS);
        let mut poll = Instant::now() + self.poll;
        let mut tick = Instant::now() + often;
        self.begin();
        loop {
            match self.trigger.wait(tick) {
                Wake::Due(cause) => self.attempt(cause),
                Wake::Tick => {
                    self.tell(News::Tick);
                    self.keep();
                    give_back();
                    if poll <= Instant::now() {
                        self.look();
                        poll = Instant::now() + self.poll;
                    }
                    tick = (Instant::now() + often).min(poll);
                }
                Wake::Stop => return,
            }
            self.retired.retain(|status| Arc::strong_count(status) > 1);
        }
    }

    /// What need not be done before the first request.
    fn begin(&mut self) {
        let status = self.live.status();
        if status.stale.is_some() {
            // Files that kept changing may have settled.
            return self.trigger.note(Cause::Poll);
        }
        self.keep();
    }

    /// Looks for changes that no event told of.
    fn look(&mut self) {
        if self.read_all.elapsed() >= READ_ALL || guarded(|| self.files.differ()).unwrap_or_default() {
            self.trigger.note(Cause::Poll);
        }
    }

    fn attempt(&mut self, cause: Cause) {
        let asked = self.trigger.asked();
        if cause == Cause::Forced {
            self.tell(News::Tick);
        }
        let started = Instant::now();
        let outcome = self.files.attempt(cause);
        self.read_all = Instant::now();
        let mut status = Status::clone(&self.live.status());
        status.watching = self.files.watching();
        if let Outcome::Unchanged = outcome {
            log::unchanged(&status.snapshot);
            return self.publish(status);
        }
        if let Outcome::KeepsChanging = outcome {
            self.trigger.note(Cause::Poll);
        }
        let took = started.elapsed();
        status.attempts += 1;
        status.replaced = None;
        if cause == Cause::Forced {
            status.answered = asked;
        }
        let verdict = verdict(outcome);
        status.last = Attempt { at: Timestamp::now(), took, succeeded: verdict.is_ok(), cause };
        match verdict {
            Ok(good) => self.replace(&mut status, good),
            Err(failure) => {
                status.failed += 1;
                log::failed(&failure, &status.snapshot, took);
                status.last_failure = Some(Arc::new(failure));
            }
        }
        self.publish(status);
        self.tell(News::Attempted);
        self.keep();
    }

    /// Takes a set for the live one, unless it is the same. One that was kept is never the same: nobody saw its files.
    fn replace(&mut self, status: &mut Status, good: Good) {
        let Good { snapshot, report, input } = good;
        log::reloaded(Some(&status.snapshot), &snapshot, &report, status.last.took);
        self.keeper.take(input);
        status.report = Arc::new(report);
        let was_stale = status.stale.take().is_some();
        if was_stale || snapshot.content != status.snapshot.content {
            status.replaced = Some(status.snapshot.revision.clone());
            status.snapshot = Arc::new(snapshot);
            status.generation += 1;
            status.since = status.last.at;
            heard(guarded(|| (self.preview)(&status.snapshot)));
        }
        if was_stale {
            log::fresh(&status.snapshot);
        }
    }

    /// Stores the live set if that is due, and whenever what was stored is lost.
    fn keep(&mut self) {
        let mut status = Status::clone(&self.live.status());
        self.keeper.look(&status.snapshot);
        if self.keeper.is_due() {
            let content = &status.snapshot.content;
            self.keeper.keep(&status.snapshot, || guarded(|| self.files.again(content)).unwrap_or_default());
        }
        let kept = self.keeper.kept();
        if kept != status.kept {
            status.kept = kept;
            self.publish(status);
            self.tell(News::Kept);
        }
    }

    /// After the swap nobody can take the old status any more, nor the rules in it: its count only falls.
    fn publish(&mut self, status: Status) {
        self.retired.push(self.live.0.swap(Arc::new(status)));
    }

    fn tell(&self, news: News) {
        heard(guarded(|| (self.listener)(&self.live, news)));
    }
}

/// The allocator keeps what was freed for a second, and only then, when another large block is freed, gives it back to the
/// system: without this the memory of a reload would stay with the process until the next one.
fn give_back() {
    drop(black_box(Vec::<u8>::with_capacity(BLOCK)));
}

fn heard(by: Result<(), String>) {
    if let Err(error) = by {
        tracing::error!(error, "a listener of the rules failed");
    }
}

/// A set that loaded.
pub(super) struct Good {
    pub(super) snapshot: Snapshot,
    pub(super) report: Report,
    /// What it was loaded from, where that is kept.
    pub(super) input: Option<Input>,
}

/// What an attempt comes to.
pub(super) fn verdict(outcome: Outcome) -> Result<Good, Failure> {
    match outcome {
        Outcome::Loaded(loaded, input) => {
            let Loaded { snapshot, report, .. } = *loaded;
            match snapshot {
                Some(snapshot) => Ok(Good { snapshot, report, input }),
                None => {
                    let errors = counted(report.count(Severity::Error), "error");
                    Err(failure(format!("{errors} in the rule files"), report))
                }
            }
        }
        Outcome::Unchanged | Outcome::KeepsChanging => {
            Err(failure("rules keep changing".to_owned(), Report::default()))
        }
        Outcome::Panicked(said) => {
            Err(failure(format!("a defect of this program stopped loading: {said}"), Report::default()))
        }
    }
}

/// A failure now.
pub(super) fn failure(problem: String, report: Report) -> Failure {
    Failure { at: Timestamp::now(), problem, report }
}
