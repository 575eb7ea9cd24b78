//! When a change is over: after a short time without another one. Pure: times come from outside.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::live::Cause;

/// The time without a change after which files are read.
pub(super) const QUIET: Duration = Duration::from_millis(50);
/// How long changes that follow each other can put off reading.
const MOST_WAITING: Duration = Duration::from_millis(500);
/// How long files that were modified and not closed can put off reading, however many there are.
const MOST_OPEN: Duration = Duration::from_secs(10);

/// What an event says about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It appeared, and somebody may be writing it.
    Created,
    /// Its bytes changed, and the writer may go on.
    Written,
    /// The writer closed it, or another name came or went.
    Closed,
    /// Anything else.
    Touched,
}

/// Changes that were noticed and not acted upon.
#[derive(Debug, Default)]
pub(super) struct Changes {
    span: Option<Span>,
    /// Files that somebody is writing.
    open: BTreeSet<PathBuf>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    first: Instant,
    last: Instant,
    cause: Cause,
}

impl Changes {
    /// Notes a change of a file.
    pub(super) fn file(&mut self, now: Instant, path: &Path, change: Change) {
        match change {
            Change::Created | Change::Written => {
                self.open.insert(path.to_owned());
            }
            Change::Closed => {
                self.open.remove(path);
            }
            Change::Touched => {}
        }
        self.note(now, Cause::Event);
        self.span.iter_mut().for_each(|span| span.last = now);
    }

    /// Notes that something changed, now or before. Of several causes the one that promises least about the files counts.
    pub(super) fn note(&mut self, now: Instant, cause: Cause) {
        let span = self.span.get_or_insert(Span { first: now, last: now, cause });
        span.cause = span.cause.max(cause);
    }

    /// When the files may be read, unless something changes until then.
    pub(super) fn due(&self) -> Option<Instant> {
        let span = self.span?;
        let waits = !self.open.is_empty() && span.cause != Cause::Forced;
        Some(if waits { span.first + MOST_OPEN } else { (span.last + QUIET).min(span.first + MOST_WAITING) })
    }

    /// Takes the changes, if it is time to act upon them.
    pub(super) fn take(&mut self, now: Instant) -> Option<Cause> {
        self.due().filter(|due| *due <= now)?;
        self.open.clear();
        self.span.take().map(|span| span.cause)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "times must begin somewhere")]

    use super::*;

    fn after(start: Instant, millis: u64) -> Instant {
        start + Duration::from_millis(millis)
    }

    /// The time at which files are read after some changes of one file, in milliseconds.
    fn due(changes: &[(u64, Change)]) -> u128 {
        let start = Instant::now();
        let mut noted = Changes::default();
        changes.iter().for_each(|(at, change)| noted.file(after(start, *at), Path::new("a"), *change));
        noted.due().map_or(0, |due| (due - start).as_millis())
    }

    #[test]
    fn nothing_is_due_without_a_change() {
        assert_eq!(Changes::default().due(), None);
    }

    #[test]
    fn a_change_is_due_after_the_quiet_time() {
        assert_eq!(due(&[(0, Change::Touched)]), 50);
        assert_eq!(due(&[(0, Change::Touched), (40, Change::Touched)]), 90);
    }

    #[test]
    fn steady_changes_are_not_waited_out() {
        let steady: Vec<_> = (0..100).map(|step| (step * 20, Change::Touched)).collect();
        assert_eq!(due(&steady), 500);
    }

    #[test]
    fn a_file_that_is_still_open_is_waited_for() {
        assert_eq!(due(&[(0, Change::Written), (900, Change::Written)]), 10_000);
        assert_eq!(due(&[(0, Change::Written), (400, Change::Written), (480, Change::Closed)]), 500);
        assert_eq!(due(&[(0, Change::Written), (40, Change::Closed)]), 90);
        assert_eq!(due(&[(0, Change::Written), (40, Change::Touched)]), 10_000);
    }

    #[test]
    fn files_that_are_opened_one_after_the_other_put_off_reading_only_once() {
        let start = Instant::now();
        let mut noted = Changes::default();
        for (at, name) in [(0, "a"), (4000, "b"), (8000, "c")] {
            noted.file(after(start, at), Path::new(name), Change::Created);
        }
        assert_eq!(noted.due(), Some(after(start, 10_000)));
        noted.file(after(start, 8500), Path::new("a"), Change::Closed);
        assert_eq!(noted.due(), Some(after(start, 10_000)));
    }

    #[test]
    fn who_asks_for_a_reload_does_not_wait_for_open_files() {
        let start = Instant::now();
        let mut noted = Changes::default();
        noted.file(start, Path::new("a"), Change::Written);
        noted.note(after(start, 1000), Cause::Forced);
        assert_eq!(noted.due(), Some(after(start, 50)));
    }

    #[test]
    fn finding_a_change_again_does_not_put_it_off() {
        let start = Instant::now();
        let mut noted = Changes::default();
        noted.note(start, Cause::Poll);
        noted.note(after(start, 40), Cause::Poll);
        assert_eq!(noted.due(), Some(after(start, 50)));
    }

    #[test]
    fn taking_forgets() {
        let start = Instant::now();
        let mut noted = Changes::default();
        noted.note(start, Cause::Forced);
        noted.file(start, Path::new("a"), Change::Closed);
        assert_eq!(noted.take(after(start, 49)), None);
        assert_eq!(noted.take(after(start, 50)), Some(Cause::Forced));
        assert_eq!(noted.due(), None);
    }
}
