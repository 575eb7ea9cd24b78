//! The apps and the tokens that their requests are signed with. Tokens are read again like rules: a source that cannot be
//! used keeps the tokens that it gave before.

#![expect(clippy::disallowed_methods, reason = "the thread that reloads waits between two reads")]

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use arc_swap::{ArcSwap, Guard};
use tracing::{error, info, warn};

use crate::{
    settings::{self, tokens::Source, value::Fault},
    webhook::signature::Token,
};

/// How long a source must give the same before that counts: a file may be in the middle of being written.
const QUIET: Duration = Duration::from_millis(50);

/// Every app.
#[derive(Debug)]
pub(super) struct Apps {
    apps: Vec<App>,
}

/// One app.
#[derive(Debug)]
pub(super) struct App {
    /// Its SdkAppid.
    pub(super) id: u64,
    sources: Vec<Held>,
    /// The tokens of all sources.
    tokens: ArcSwap<Vec<Token>>,
}

/// A source, and what it gave. Only who reads it again takes the lock, and who asks for the status.
#[derive(Debug)]
struct Held {
    source: Source,
    latest: Mutex<Latest>,
}

/// What a source gave.
type Read = Result<Vec<Token>, Fault>;

#[derive(Debug)]
struct Latest {
    tokens: Vec<Token>,
    problem: Option<String>,
}

impl Apps {
    /// Reads every token.
    ///
    /// # Errors
    /// When a source cannot be used.
    pub(super) fn open(apps: &[settings::App]) -> Result<Apps, Fault> {
        Ok(Apps { apps: apps.iter().map(App::open).collect::<Result<_, Fault>>()? })
    }

    /// The app of an id.
    pub(super) fn find(&self, id: u64) -> Option<&App> {
        self.apps.iter().find(|app| app.id == id)
    }

    /// Every app, in the order of the settings.
    pub(super) fn iter(&self) -> impl Iterator<Item = &App> {
        self.apps.iter()
    }

    /// Says in the log how the requests of each app are checked.
    pub(super) fn introduce(&self) {
        for app in &self.apps {
            match app.tokens().len() {
                0 => warn!(app = app.id, "app has no token: signatures are not checked"),
                tokens => info!(app = app.id, tokens, "app has tokens: signatures are checked"),
            }
        }
    }

    /// Reads every token again; returns how many sources cannot be used.
    pub(super) fn read_again(&self) -> usize {
        self.apps.iter().map(App::read_again).sum()
    }
}

impl App {
    fn open(app: &settings::App) -> Result<App, Fault> {
        let sources: Vec<_> = app.tokens.iter().map(Held::open).collect::<Result<_, Fault>>()?;
        let tokens = ArcSwap::from_pointee(all(&sources));
        Ok(App { id: app.id, sources, tokens })
    }

    /// Whether its requests must be signed.
    pub(super) fn is_signed(&self) -> bool {
        !self.sources.is_empty()
    }

    /// Its tokens, as they are now.
    pub(super) fn tokens(&self) -> Guard<Arc<Vec<Token>>> {
        self.tokens.load()
    }

    /// What is wrong with its sources now.
    pub(super) fn problems(&self) -> impl Iterator<Item = String> {
        self.sources.iter().filter_map(|held| held.latest().problem.clone())
    }

    fn read_again(&self) -> usize {
        let unusable = self.sources.iter().filter(|held| !held.read_again(self.id)).count();
        let tokens = all(&self.sources);
        if **self.tokens.load() != tokens {
            info!(app = self.id, tokens = tokens.len(), "tokens changed");
            self.tokens.store(Arc::new(tokens));
        }
        unusable
    }
}

fn all(sources: &[Held]) -> Vec<Token> {
    sources.iter().flat_map(|held| held.latest().tokens.clone()).collect()
}

impl Held {
    fn open(source: &Source) -> Result<Held, Fault> {
        let latest = Latest { tokens: source.read()?, problem: None };
        Ok(Held { source: source.clone(), latest: Mutex::new(latest) })
    }

    /// Whether the source can be used.
    fn read_again(&self, app: u64) -> bool {
        let read = self.settled(|| self.source.read());
        let mut latest = self.latest();
        match read {
            // It will be looked at again.
            None => latest.problem.is_none(),
            Some(Ok(tokens)) => {
                if latest.problem.is_some() {
                    info!(app, source = %self.source, "tokens can be read again");
                }
                *latest = Latest { tokens, problem: None };
                true
            }
            Some(Err(fault)) => {
                if latest.problem.as_ref() != Some(&fault.message) {
                    error!(app, error = fault.message, "tokens kept, because they cannot be read again");
                    latest.problem = Some(fault.message);
                }
                false
            }
        }
    }

    /// What the source gives, unless it is changing.
    fn settled(&self, mut read: impl FnMut() -> Read) -> Option<Read> {
        let first = read();
        if self.latest().is(&first) {
            return Some(first);
        }
        thread::sleep(QUIET);
        Some(read()).filter(|second| *second == first)
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Latest {
    fn is(&self, read: &Read) -> bool {
        match read {
            Ok(tokens) => self.problem.is_none() && self.tokens == *tokens,
            Err(fault) => self.problem.as_ref() == Some(&fault.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a source that held `old` and gives these one after the other.
    fn settled(given: [&str; 2]) -> Option<Vec<Token>> {
        let tokens = |text: &str| vec![Token::new(text).unwrap()];
        let latest = Mutex::new(Latest { tokens: tokens("old"), problem: None });
        let held = Held { source: Source::Variable("TOKEN".to_owned()), latest };
        let mut given = given.into_iter();
        held.settled(|| Ok(tokens(given.next().unwrap()))).map(Result::unwrap)
    }

    #[test]
    fn a_change_counts_when_two_reads_agree() {
        assert_eq!(settled(["new", "new"]), Some(vec![Token::new("new").unwrap()]));
        assert_eq!(settled(["ne", "new"]), None);
    }
}
