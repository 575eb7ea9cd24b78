//! What is read from outside and read again while the service runs: a source that cannot be used keeps what it gave before.

#![expect(clippy::disallowed_methods, reason = "the thread that reloads waits between two reads")]

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::settings::value::Fault;

/// How long a source must give the same before that counts: a file may be in the middle of being written.
const QUIET: Duration = Duration::from_millis(50);

/// Something that can be read whenever it is asked for.
pub(super) trait Source {
    /// What it gives.
    type Value: Clone + fmt::Debug + PartialEq;

    /// What it gives now.
    ///
    /// # Errors
    /// When it cannot be used.
    fn read(&self) -> Result<Self::Value, Fault>;

    /// What is to count of a new value, given the old one.
    ///
    /// # Errors
    /// When the old one is better.
    fn follow(&self, _: &Self::Value, new: Self::Value) -> Result<Self::Value, Fault> {
        Ok(new)
    }
}

/// A source, and what it gave. Only who reads it again takes the lock, and who asks for the status: no request.
#[derive(Debug)]
pub(super) struct Held<S: Source> {
    /// Where it comes from.
    pub(super) source: S,
    latest: Mutex<Latest<S::Value>>,
}

/// What is worth a line in the log, once.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The source cannot be used any more, or for another reason than before.
    Lost(String),
    /// The source can be used again.
    Regained,
}

#[derive(Debug)]
struct Latest<T> {
    value: T,
    problem: Option<String>,
}

impl<S: Source> Held<S> {
    /// Reads a source for the first time.
    ///
    /// # Errors
    /// When it cannot be used.
    pub(super) fn open(source: S) -> Result<Held<S>, Fault> {
        let latest = Latest { value: source.read()?, problem: None };
        Ok(Held { source, latest: Mutex::new(latest) })
    }

    /// What it gave when it could last be used.
    pub(super) fn value(&self) -> S::Value {
        self.latest().value.clone()
    }

    /// Why it cannot be used now.
    pub(super) fn problem(&self) -> Option<String> {
        self.latest().problem.clone()
    }

    /// Reads it again, unless it is changing: then it will be looked at again.
    pub(super) fn read_again(&self) -> Option<Turn> {
        let read = self.changed()?;
        let mut latest = self.latest();
        match read {
            Ok(value) => {
                latest.value = value;
                latest.problem.take().map(|_| Turn::Regained)
            }
            Err(fault) => {
                latest.problem = Some(fault.message.clone());
                Some(Turn::Lost(fault.message))
            }
        }
    }

    /// What the source gives, unless it is the same as before, or changing.
    fn changed(&self) -> Option<Result<S::Value, Fault>> {
        let first = self.better();
        if self.latest().is(&first) {
            return None;
        }
        thread::sleep(QUIET);
        Some(self.better()).filter(|second| *second == first)
    }

    fn better(&self) -> Result<S::Value, Fault> {
        self.source.read().and_then(|new| self.source.follow(&self.value(), new))
    }

    fn latest(&self) -> MutexGuard<'_, Latest<S::Value>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: PartialEq> Latest<T> {
    fn is(&self, read: &Result<T, Fault>) -> bool {
        match read {
            Ok(value) => self.problem.is_none() && self.value == *value,
            Err(fault) => self.problem.as_ref() == Some(&fault.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Gives these one after the other, and the last one for ever; `bad` cannot be used.
    struct Given(RefCell<Vec<&'static str>>);

    impl Source for Given {
        type Value = &'static str;

        fn read(&self) -> Result<&'static str, Fault> {
            let mut given = self.0.borrow_mut();
            let next = if given.len() > 1 { given.remove(0) } else { given[0] };
            if next == "bad" { Err(Fault { message: "it is bad".to_owned(), help: None }) } else { Ok(next) }
        }
    }

    fn held(given: &[&'static str]) -> Held<Given> {
        Held::open(Given(RefCell::new(given.to_vec()))).unwrap()
    }

    #[test]
    fn a_change_counts_when_two_reads_agree() {
        let held = held(&["old", "ne", "new"]);
        assert_eq!((held.read_again(), held.value()), (None, "old"));
        assert_eq!((held.read_again(), held.value()), (None, "new"));
    }

    #[test]
    fn a_source_that_goes_bad_keeps_what_it_gave_and_is_reported_once() {
        let held = held(&["old", "bad", "bad", "bad", "new"]);
        assert_eq!(held.read_again(), Some(Turn::Lost("it is bad".to_owned())));
        assert_eq!((held.value(), held.problem()), ("old", Some("it is bad".to_owned())));
        assert_eq!(held.read_again(), None);
        assert_eq!(held.read_again(), Some(Turn::Regained));
        assert_eq!((held.value(), held.problem()), ("new", None));
    }

    #[test]
    fn a_source_that_cannot_be_used_at_first_is_not_held() {
        assert!(Held::open(Given(RefCell::new(vec!["bad"]))).is_err());
    }
}
