//! One of the two sets: loaded, or refused with what is wrong with it.

use std::io::Write;

use jiff::Timestamp;

use crate::{
    cli::{Exit, diff::source::Source},
    diagnostic::{
        Report,
        render::{self, Style},
    },
    engine::Snapshot,
    rules::{self, Input, Inventory},
    source::{self as disk, Options},
};

/// A set that loads.
pub(super) struct Side {
    /// What the command line calls it.
    pub(super) name: String,
    /// Whether there are rules at all.
    pub(super) is_there: bool,
    pub(super) snapshot: Snapshot,
    pub(super) inventory: Inventory,
    pub(super) scopes: Vec<String>,
}

/// A set that does not load.
pub(super) struct Refused {
    /// What the command line calls it.
    pub(super) name: String,
    pub(super) report: Report,
    files: usize,
}

/// What is asked of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// There have to be rules.
    Strict,
    /// A revision that has none there stands for a set without rules. A path on disk does not: it is misspelled.
    Lenient,
}

impl Side {
    pub(super) fn load(
        source: &Source,
        demand: Demand,
        options: &Options,
        at: Timestamp,
    ) -> anyhow::Result<Result<Side, Refused>> {
        let name = source.to_string();
        let input = match source {
            Source::Disk(path) => disk::read(std::slice::from_ref(path), options),
            Source::Git(revision) if demand == Demand::Lenient && !revision.has_rules()? => {
                return Ok(Ok(Side::without_rules(name)));
            }
            Source::Git(revision) => revision.read(options)?,
        };
        Ok(Side::of(name, input, at))
    }

    fn of(name: String, input: Input, at: Timestamp) -> Result<Side, Refused> {
        let files = input.files.len();
        let (loaded, inventory) = rules::inventory(input, at);
        let Some(snapshot) = loaded.snapshot else {
            return Err(Refused { name, report: loaded.report, files });
        };
        let live = inventory.rules.iter().filter(|rule| rule.live.is_some());
        let scopes = live.map(|rule| rule.scope.clone()).collect();
        Ok(Side { name, is_there: true, snapshot, inventory, scopes })
    }

    fn without_rules(name: String) -> Side {
        let (snapshot, inventory) = (Snapshot::without_rules(), Inventory::default());
        Side { name, is_there: false, snapshot, inventory, scopes: Vec::new() }
    }

    /// What is said behind its name.
    pub(super) fn note(&self) -> &'static str {
        if self.is_there { "" } else { " (no rules there)" }
    }
}

impl Refused {
    /// Tells what is wrong as `check` tells it, on standard error.
    pub(super) fn tell(&self) {
        // What cannot be written to standard error has no reader.
        let _ = anstream::stderr().write_all(render::text(&self.report, Style::Colour).as_bytes());
    }

    /// Whether there is something to mend, and not only something to spell rightly.
    pub(super) fn has_files(&self) -> bool {
        self.files > 0
    }

    pub(super) fn exit(&self) -> Exit {
        if self.has_files() { Exit::Problems } else { Exit::Usage }
    }
}
