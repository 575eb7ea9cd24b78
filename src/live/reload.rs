//! The thread that follows the files: it waits for changes, and makes what loads live.

#![expect(clippy::disallowed_methods, reason = "status tells when")]

use std::{
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
        Attempt, Cause, Failure, Listener, Live, News, Options, Preview, Status,
        files::{Files, Outcome, guarded},
        log,
        trigger::{Trigger, Wake},
    },
    rules::Loaded,
};

/// How often all files are read although nothing seems to have changed.
const READ_ALL: Duration = Duration::from_secs(60);

/// Loads the files of some paths and starts the thread.
pub(super) fn start(paths: Vec<PathBuf>, options: Options) -> Result<(Arc<Live>, Arc<Trigger>), Failure> {
    let trigger = Arc::new(Trigger::default());
    let mut files = Files::new(paths, &options, Arc::clone(&trigger));
    let started = Instant::now();
    let (snapshot, report) = verdict(files.attempt(Cause::Start))?;
    let last = Attempt { at: Timestamp::now(), took: started.elapsed(), succeeded: true, cause: Cause::Start };
    log::reloaded(None, &snapshot, &report, last.took);
    let (snapshot, since, watching) = (Arc::new(snapshot), last.at, files.watching());
    let report = Arc::new(report);
    let (generation, attempts, answered) = (1, 1, 0);
    let status = Status { snapshot, generation, attempts, answered, since, report, last, last_failure: None, watching };
    let live = Arc::new(Live(ArcSwap::from_pointee(status)));
    let reloader = Reloader {
        live: Arc::clone(&live),
        files,
        trigger: Arc::clone(&trigger),
        poll: options.poll,
        listener: options.listener,
        preview: options.preview,
        retired: Vec::new(),
        read_all: Instant::now(),
    };
    let thread = thread::Builder::new().name("rules".to_owned()).spawn(move || reloader.run());
    thread.map_err(|error| failure(format!("cannot start the thread that reloads: {error}"), Report::default()))?;
    Ok((live, trigger))
}

/// The state of the thread.
struct Reloader {
    live: Arc<Live>,
    files: Files,
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
        let mut tick = Instant::now() + self.poll;
        loop {
            match self.trigger.wait(tick) {
                Wake::Due(cause) => self.attempt(cause),
                Wake::Tick => {
                    self.look();
                    tick = Instant::now() + self.poll;
                }
                Wake::Stop => return,
            }
            self.retired.retain(|status| Arc::strong_count(status) > 1);
        }
    }

    /// Looks for changes that no event told of.
    fn look(&mut self) {
        self.tell(News::Tick);
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
        if cause == Cause::Forced {
            status.answered = asked;
        }
        let verdict = verdict(outcome);
        status.last = Attempt { at: Timestamp::now(), took, succeeded: verdict.is_ok(), cause };
        match verdict {
            Ok((snapshot, report)) => self.replace(&mut status, snapshot, report),
            Err(failure) => {
                log::failed(&failure, &status.snapshot, took);
                status.last_failure = Some(Arc::new(failure));
            }
        }
        self.publish(status);
        self.tell(News::Attempted);
    }

    /// Takes a set for the live one, unless it is the same.
    fn replace(&self, status: &mut Status, snapshot: Snapshot, report: Report) {
        log::reloaded(Some(&status.snapshot), &snapshot, &report, status.last.took);
        status.report = Arc::new(report);
        if snapshot.content != status.snapshot.content {
            status.snapshot = Arc::new(snapshot);
            status.generation += 1;
            status.since = status.last.at;
            heard(guarded(|| (self.preview)(&status.snapshot)));
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

fn heard(by: Result<(), String>) {
    if let Err(error) = by {
        tracing::error!(error, "a listener of the rules failed");
    }
}

fn verdict(outcome: Outcome) -> Result<(Snapshot, Report), Failure> {
    match outcome {
        Outcome::Loaded(loaded) => {
            let Loaded { snapshot, report, .. } = *loaded;
            match snapshot {
                Some(snapshot) => Ok((snapshot, report)),
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

fn failure(problem: String, report: Report) -> Failure {
    Failure { at: Timestamp::now(), problem, report }
}
