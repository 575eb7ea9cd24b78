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
    diagnostic::{Report, Severity},
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
    let status =
        Status { generation: 1, attempts: 1, since: last.at, last, last_failure: None, watching: files.watching() };
    let live = Arc::new(Live { current: ArcSwap::from_pointee(snapshot), status: ArcSwap::from_pointee(status) });
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
    /// Snapshots that requests may still hold. They are released here, not by the request that is last.
    retired: Vec<Arc<Snapshot>>,
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
            self.retired.retain(|snapshot| Arc::strong_count(snapshot) > 1);
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
        let started = Instant::now();
        let outcome = self.files.attempt(cause);
        self.read_all = Instant::now();
        if let Outcome::Unchanged = outcome {
            return log::unchanged(&self.live.current());
        }
        if let Outcome::KeepsChanging = outcome {
            self.trigger.note(Cause::Poll);
        }
        let took = started.elapsed();
        let mut status = Status::clone(&self.live.status());
        status.attempts += 1;
        status.watching = self.files.watching();
        let verdict = verdict(outcome);
        status.last = Attempt { at: Timestamp::now(), took, succeeded: verdict.is_ok(), cause };
        match verdict {
            Ok((snapshot, report)) => self.replace(&mut status, snapshot, &report),
            Err(failure) => {
                log::failed(&failure, &self.live.current(), took);
                status.last_failure = Some(Arc::new(failure));
            }
        }
        self.live.status.store(Arc::new(status));
        self.tell(News::Attempted);
    }

    /// Makes a set live, unless it is the live one.
    fn replace(&mut self, status: &mut Status, snapshot: Snapshot, report: &Report) {
        let old = self.live.current.load_full();
        log::reloaded(Some(&old), &snapshot, report, status.last.took);
        if snapshot.content == old.content {
            return;
        }
        let snapshot = Arc::new(snapshot);
        heard(guarded(|| (self.preview)(&snapshot)));
        // After the swap nobody can take the old one any more: its count only falls.
        self.retired.push(self.live.current.swap(snapshot));
        status.generation += 1;
        status.since = status.last.at;
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
                None => Err(failure(errors(&report), report)),
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

fn errors(report: &Report) -> String {
    let errors = report.count(Severity::Error);
    let noun = if errors == 1 { "error" } else { "errors" };
    format!("{errors} {noun} in the rule files")
}

fn failure(problem: String, report: Report) -> Failure {
    Failure { at: Timestamp::now(), problem, report }
}
