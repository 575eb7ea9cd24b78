//! The apps and the tokens that their requests are signed with.

use std::sync::Arc;

use arc_swap::Guard;
use tracing::{info, warn};

use crate::{
    server::tokens::{Tokens, Whose},
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
    tokens: Tokens<Source>,
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
        self.apps.iter().map(|app| app.tokens.read_again()).sum()
    }
}

impl App {
    fn open(app: &settings::App) -> Result<App, Fault> {
        Ok(App { id: app.id, tokens: Tokens::open(Whose::App(app.id), &app.tokens)? })
    }

    /// Whether its requests must be signed.
    pub(super) fn is_signed(&self) -> bool {
        self.tokens.are_wanted()
    }

    /// Its tokens, as they are now.
    pub(super) fn tokens(&self) -> Guard<Arc<Vec<Token>>> {
        self.tokens.now()
    }

    /// What is wrong with its sources now.
    pub(super) fn problems(&self) -> impl Iterator<Item = String> {
        self.tokens.problems()
    }
}
