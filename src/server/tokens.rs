//! The tokens of an app or of the admin side, from all their sources. They are read again like rules: a source that cannot
//! be used keeps the tokens that it gave before.

use std::{fmt::Display, sync::Arc};

use arc_swap::{ArcSwap, Guard};
use tracing::{error, info};

use crate::{
    server::held::{Held, Source, Turn},
    settings::{tokens, value::Fault},
    webhook::signature::Token,
};

impl Source for tokens::admin::Source {
    type Value = Vec<Token>;

    fn read(&self) -> Result<Vec<Token>, Fault> {
        tokens::admin::Source::read(self)
    }
}

impl Source for tokens::Source {
    type Value = Vec<Token>;

    fn read(&self) -> Result<Vec<Token>, Fault> {
        tokens::Source::read(self)
    }
}

/// Tokens that follow their sources.
#[derive(Debug)]
pub(super) struct Tokens<S: Source> {
    whose: Whose,
    sources: Vec<Held<S>>,
    now: ArcSwap<Vec<Token>>,
}

/// Who is asked for them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose {
    /// Chat, for an app.
    App(u64),
    /// Whoever asks the admin side.
    Admin,
}

impl<S: Source<Value = Vec<Token>> + Clone + Display> Tokens<S> {
    /// Reads every source.
    ///
    /// # Errors
    /// When one cannot be used.
    pub(super) fn open(whose: Whose, sources: &[S]) -> Result<Tokens<S>, Fault> {
        let sources: Vec<_> = sources.iter().cloned().map(Held::open).collect::<Result<_, Fault>>()?;
        let now = ArcSwap::from_pointee(all(&sources));
        Ok(Tokens { whose, sources, now })
    }

    /// Whether there are any: a source never has none.
    pub(super) fn are_wanted(&self) -> bool {
        !self.sources.is_empty()
    }

    /// All of them, as they are now.
    pub(super) fn now(&self) -> Guard<Arc<Vec<Token>>> {
        self.now.load()
    }

    /// What is wrong with the sources now.
    pub(super) fn problems(&self) -> impl Iterator<Item = String> {
        self.sources.iter().filter_map(Held::problem)
    }

    /// Reads every source again; returns how many cannot be used.
    pub(super) fn read_again(&self) -> usize {
        self.sources.iter().for_each(|held| self.read_source_again(held));
        let tokens = all(&self.sources);
        if **self.now.load() != tokens {
            let (listener, app) = self.whose.named();
            info!(listener, app, tokens = tokens.len(), "tokens changed");
            self.now.store(Arc::new(tokens));
        }
        self.problems().count()
    }

    fn read_source_again(&self, held: &Held<S>) {
        let (listener, app) = self.whose.named();
        match held.read_again() {
            None => {}
            Some(Turn::Regained) => info!(listener, app, source = %held.source, "tokens can be read again"),
            Some(Turn::Lost(error)) => error!(listener, app, error, "tokens kept, because they cannot be read again"),
        }
    }
}

impl Whose {
    /// For the log.
    fn named(self) -> (&'static str, Option<u64>) {
        match self {
            Whose::App(app) => ("webhook", Some(app)),
            Whose::Admin => ("admin", None),
        }
    }
}

fn all<S: Source<Value = Vec<Token>>>(sources: &[Held<S>]) -> Vec<Token> {
    sources.iter().flat_map(Held::value).collect()
}
