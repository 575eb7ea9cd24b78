//! `topicgate drill`: which ways to write a refused name get it through.

#![expect(clippy::disallowed_methods, reason = "rules are asked as of now")]

mod ask;
mod mend;
mod print;

use std::{io::Write, path::PathBuf};

use anyhow::bail;
use jiff::Timestamp;

use crate::{
    cli::{Exit, percent::Percent, rule_set::ListRoots, time::time},
    diagnostic::render::{self, Style},
    engine::Snapshot,
    rules::{self, Samples},
    source,
};

use ask::Drilled;

const EXAMPLES: &str = "\
Every `match` example of every deny rule, enforced or shadow, is written in the ways of the table in
docs/rules.md, each at all letters and at about half of them, and the whole set is asked. The rule at hand
is taken as enforced and alive. What no view can find is counted apart, and so is what the rule has as
`known_miss`.

Examples:
  topicgate drill rules
  topicgate drill --fail-under 99 rules      for CI
  topicgate drill --format json rules

Exit codes: 0 printed, 1 the set has errors, or less is stopped than `--fail-under`,
            2 wrong usage or nothing to drill.";

/// Try the known ways to write a name past the rules, and find what would stop them
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Rule directories or files; all of them together are one set
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// Exit with 1 when less than so many percent is stopped
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<Percent>,

    /// Draws the letters that are written differently where not all are
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// When the requests are decided: a time with its zone [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,

    /// How to print the results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Arguments { paths, list_roots, fail_under, seed, at, format } = arguments;
    let at = at.unwrap_or_else(Timestamp::now);
    let input = source::read(&paths, &list_roots.options());
    let (loaded, samples) = rules::samples(input.clone(), at);
    let Some(snapshot) = &loaded.snapshot else {
        anstream::stderr().write_all(render::text(&loaded.report, Style::Colour).as_bytes())?;
        return Ok(if input.files.is_empty() { Exit::Usage } else { Exit::Problems });
    };
    let mut drilled = drill(snapshot, &samples, seed, at);
    if drilled.iter().all(|rule| rule.variants == 0) {
        bail!("there is nothing to drill: no deny rule has a `match` example with a name that it refuses");
    }
    mend::suggest(&input, &loaded.sources, snapshot, &mut drilled, at);
    let report = print::Report::of(seed, &drilled);
    match format {
        Format::Text => report.text(out)?,
        Format::Json => report.json(out)?,
    }
    match fail_under.filter(|percent| !percent.is_reached(report.share())) {
        None => Ok(Exit::Clean),
        Some(percent) => {
            writeln!(anstream::stderr(), "error: less than {percent} is stopped")?;
            Ok(Exit::Problems)
        }
    }
}

fn drill<'a>(snapshot: &'a Snapshot, samples: &'a [Samples], seed: u64, at: Timestamp) -> Vec<Drilled<'a>> {
    samples.iter().filter_map(|samples| ask::drill(snapshot, samples, seed, at)).collect()
}
