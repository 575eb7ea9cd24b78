//! `topicgate diff`: what a change of rules means.

#![expect(
    clippy::disallowed_methods,
    reason = "sets are compared as of now, and files are told from revisions by looking"
)]

mod compare;
mod git;
mod json;
mod lists;
mod markdown;
mod source;
mod text;

use std::{io::Write, path::Path};

use anyhow::bail;
use jiff::Timestamp;

use crate::{
    analysis::{Budget, DEFAULT_STATES, difference::Kind},
    cli::{Exit, rule_set::ListRoots, time::time},
    diagnostic::render::{self, Style},
    engine::Snapshot,
    rules::{self, Input, Inventory},
    source::{self as disk, Options},
};

use compare::Compared;
use source::Source;

const EXAMPLES: &str = "\
OLD and NEW are each a rule directory, a file, or a git revision of one: REVISION:PATH, with PATH from the root of
the repository, or from this directory when it begins with `./`. With a revision alone, NEW is PATH in the work tree.

Every kind of difference has a request that shows it, found by proof and asked of both sets; where there is none,
that is proved, or it is said what is not. Shares and counters count as both full and empty.

Examples:
  topicgate diff rules.old rules
  topicgate diff main:rules                   what the work tree changes
  topicgate diff main:rules HEAD:rules
  topicgate diff --format markdown --fail-on loosened origin/main:rules rules

Exit codes: 0 compared, 1 a set has errors, or `--fail-on` and there is such a difference,
            2 wrong usage, no rules, or no such revision.";

/// Tell what a change of rules means: which requests are decided differently
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The rules before: a directory, a file, or REVISION:PATH of git
    #[arg(value_name = "OLD")]
    old: String,

    /// The rules after; without it, PATH of OLD in the work tree
    #[arg(value_name = "NEW")]
    new: Option<String>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Exit with 1 when there is such a difference; may be repeated, or take several with commas
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    fail_on: Vec<Failing>,

    /// Requests made from then on are compared, with its zone: 2026-11-23T18:00:00+08:00 [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,

    /// How many states each proof may look at; with fewer it is faster, with more it may find out more
    #[arg(long, value_name = "STATES", default_value_t = DEFAULT_STATES)]
    proof_states: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// A comment for a change request
    Markdown,
}

/// What `--fail-on` looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Failing {
    /// Something is refused that was allowed
    Tightened,
    /// Something is allowed that was refused
    Loosened,
    /// Something is refused with another code
    Code,
    /// Something is refused with another message
    Text,
    /// Something is not proved
    NotProved,
    /// Any of these
    Any,
}

/// A set that loads.
pub(super) struct Side {
    /// What the command line calls it.
    name: String,
    snapshot: Snapshot,
    inventory: Inventory,
    scopes: Vec<String>,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Arguments { old, new, list_roots, format, fail_on, at, proof_states } = arguments;
    let options = list_roots.options();
    let at = at.unwrap_or_else(Timestamp::now);
    let (old, new) = sources(&old, new.as_deref())?;
    let (old, new) = match (loaded(&old, &options, at)?, loaded(&new, &options, at)?) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let worst = [old.err(), new.err()].into_iter().flatten().max_by_key(|exit| *exit as u8);
            return Ok(worst.unwrap_or(Exit::Problems));
        }
    };
    let compared = Compared::of(&old, &new, at, Budget { states: proof_states });
    match format {
        Format::Text => text::print(&compared, out)?,
        Format::Json => json::print(&compared, out)?,
        Format::Markdown => markdown::print(&compared, out)?,
    }
    Ok(if fail_on.iter().any(|failing| failing.is_met(&compared)) { Exit::Problems } else { Exit::Clean })
}

fn sources(old: &str, new: Option<&str>) -> anyhow::Result<(Source, Source)> {
    let old = Source::of(old)?;
    let new = match (new, &old) {
        (Some(new), _) => Source::of(new)?,
        (None, Source::Git(revision)) => Source::Disk(revision.in_work_tree()?),
        (None, Source::Disk(path)) => {
            let path = path.display();
            bail!("there is nothing to compare `{path}` with\nhelp: name NEW too, or a revision: `HEAD:./{path}`")
        }
    };
    Ok((old, new))
}

/// Reads and loads one side. What is wrong with it is told as `check` tells it.
fn loaded(source: &Source, options: &Options, at: Timestamp) -> anyhow::Result<Result<Side, Exit>> {
    let input = match source {
        Source::Disk(path) => disk::read(std::slice::from_ref(path), options),
        Source::Git(revision) => revision.read(options)?,
    };
    Ok(side(source.to_string(), input, at).map_err(|(exit, report)| {
        // What cannot be written to standard error has no reader.
        let _ = anstream::stderr().write_all(report.as_bytes());
        exit
    }))
}

fn side(name: String, input: Input, at: Timestamp) -> Result<Side, (Exit, String)> {
    let files = input.files.len();
    let (loaded, inventory) = rules::inventory(input, at);
    let Some(snapshot) = loaded.snapshot else {
        let exit = if files == 0 { Exit::Usage } else { Exit::Problems };
        return Err((exit, render::text(&loaded.report, Style::Colour)));
    };
    let live = inventory.rules.iter().filter(|rule| rule.live.is_some());
    let scopes = live.map(|rule| rule.scope.clone()).collect();
    Ok(Side { name, snapshot, inventory, scopes })
}

impl Failing {
    fn is_met(self, compared: &Compared<'_>) -> bool {
        let has = |kind| compared.difference.has(kind);
        match self {
            Failing::Tightened => has(Kind::Tightened),
            Failing::Loosened => has(Kind::Loosened),
            Failing::Code => has(Kind::Code),
            Failing::Text => has(Kind::Text),
            Failing::NotProved => !compared.difference.open.is_empty(),
            Failing::Any => !compared.difference.is_none(),
        }
    }
}

/// Whether something lies at a path.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
