//! `topicgate diff`: what a change of rules means.

#![expect(
    clippy::disallowed_methods,
    reason = "sets are compared as of now, and files are told from revisions by looking"
)]

mod compare;
mod failing;
mod git;
mod json;
mod lists;
mod markdown;
mod side;
mod source;
mod text;

use std::{io::Write, path::Path};

use anyhow::bail;
use jiff::Timestamp;

use crate::{
    analysis::{Budget, DEFAULT_STATES},
    cli::{Exit, rule_set::ListRoots, time::time},
};

use compare::Compared;
use failing::{Failing, Parser};
use side::{Demand, Refused, Side};
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
  topicgate diff --format markdown --fail-on loosened --lenient-old origin/main:rules rules

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
    #[arg(long, value_parser = Parser, value_name = "KIND", value_delimiter = ',')]
    fail_on: Vec<Failing>,

    /// For CI: where the revision OLD has no rules at PATH, all rules of NEW are new; where OLD has errors, that is told
    /// instead of a comparison, and fails nothing. A revision that git does not know stays an error
    #[arg(long)]
    lenient_old: bool,

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

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Arguments { old, new, list_roots, format, fail_on, lenient_old, at, proof_states } = arguments;
    let options = list_roots.options();
    let at = at.unwrap_or_else(Timestamp::now);
    let (old, new) = sources(&old, new.as_deref())?;
    let demand = if lenient_old { Demand::Lenient } else { Demand::Strict };
    let old = Side::load(&old, demand, &options, at)?;
    match (old, Side::load(&new, Demand::Strict, &options, at)?) {
        (Ok(old), Ok(new)) => {
            let compared = Compared::of(&old, &new, at, Budget { states: proof_states });
            format.compared(&compared, out)?;
            let fails = fail_on.iter().any(|failing| failing.is_met(&compared));
            Ok(if fails { Exit::Problems } else { Exit::Clean })
        }
        (Err(old), Ok(new)) if lenient_old && old.has_files() => {
            format.refused(&old, &new, at, out).map(|()| Exit::Clean)
        }
        (old, new) => {
            let refused: Vec<Refused> = [old.err(), new.err()].into_iter().flatten().collect();
            refused.iter().for_each(Refused::tell);
            Ok(refused.iter().map(Refused::exit).max_by_key(|exit| *exit as u8).unwrap_or(Exit::Problems))
        }
    }
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

impl Format {
    fn compared(self, compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
        match self {
            Format::Text => text::print(compared, out),
            Format::Json => json::print(compared, out),
            Format::Markdown => markdown::print(compared, out),
        }
    }

    /// Tells that OLD does not load, and so nothing is compared.
    fn refused(self, old: &Refused, new: &Side, from: Timestamp, out: &mut impl Write) -> anyhow::Result<()> {
        match self {
            Format::Text => text::refused(old, new, out),
            Format::Json => json::refused(old, new, from, out),
            Format::Markdown => markdown::refused(old, new, out),
        }
    }
}

/// Whether something lies at a path.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
