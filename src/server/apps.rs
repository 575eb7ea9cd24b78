//! The apps and the tokens that their requests are signed with. Tokens are read again like rules: a source that cannot be
//! used keeps the tokens that it gave before.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use tracing::{error, info, warn};

use crate::{
    server::held::{Held, Turn},
    settings::{self, tokens::Source, value::Fault},
    webhook::signature::Token,
};

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
    sources: Vec<Held<Source>>,
    /// The tokens of all sources.
    tokens: ArcSwap<Vec<Token>>,
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
        let sources: Vec<_> = app.tokens.iter().cloned().map(Held::open).collect::<Result<_, Fault>>()?;
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
        self.sources.iter().filter_map(Held::problem)
    }

    fn read_again(&self) -> usize {
        self.sources.iter().for_each(|held| self.read_source_again(held));
        let tokens = all(&self.sources);
        if **self.tokens.load() != tokens {
            info!(app = self.id, tokens = tokens.len(), "tokens changed");
            self.tokens.store(Arc::new(tokens));
        }
        self.problems().count()
    }

    fn read_source_again(&self, held: &Held<Source>) {
        match held.read_again() {
            None => {}
            Some(Turn::Regained) => info!(app = self.id, source = %held.source, "tokens can be read again"),
            Some(Turn::Lost(error)) => error!(app = self.id, error, "tokens kept, because they cannot be read again"),
        }
    }
}

fn all(sources: &[Held<Source>]) -> Vec<Token> {
    sources.iter().flat_map(Held::value).collect()
}
