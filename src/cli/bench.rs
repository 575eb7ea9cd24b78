//! `topicgate bench`: what a rule set costs. It measures this machine and this set; the figures are as good as the machine is
//! quiet.

#![expect(clippy::disallowed_methods, reason = "requests are decided now")]

mod costs;
mod json;
mod measure;
mod memory;
mod names;
mod notes;
mod text;

use std::{io::Write, path::PathBuf, time::Duration};

use jiff::Timestamp;

use crate::{
    cli::{Exit, rule_set::ListRoots},
    diagnostic::{
        Report,
        render::{self, Style},
    },
    engine::Snapshot,
    facts::Facts,
    rules,
    source::{self, Options},
};

use costs::{ByRule, Costs};
use memory::Memory;
use names::Requests;

const EXAMPLES: &str = "\
Without --names, names that harm nobody are decided: some that are built in, and those of the
examples and tests of the set. With it, the names of the file and those of the set. Names
without an operator are created by one who is in no list. It runs on one thread.
docs/performance.md says how to read the figures.

Examples:
  topicgate bench rules
  topicgate bench --names last-week.txt rules
  topicgate bench --seconds 10 --format json rules > costs.json

Exit codes: 0 measured, 1 the rules do not load, 2 wrong usage.";

/// Measure what a rule set costs: a decision, each rule, each list, and loading it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Rule directories or files; all of them together are one set
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// A file with names to decide, one a line; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,

    /// About how long to measure
    #[arg(long, value_name = "COUNT", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=60))]
    seconds: u8,

    /// How to print the figures
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

/// Everything that was measured.
struct Measured<'a> {
    snapshot: &'a Snapshot,
    requests: &'a Requests,
    costs: Costs,
    /// How long it took to load the set, each time.
    loads: Vec<Duration>,
    memory: Memory,
    notes: Vec<String>,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Arguments { paths, list_roots, names, seconds, format } = arguments;
    let (options, at) = (list_roots.options(), Timestamp::now());
    let given = names.as_deref().map(names::read).transpose()?;
    let before = memory::resident();
    let (snapshot, own) = match load(&paths, &options, at) {
        Ok(loaded) => loaded,
        Err((report, exit)) => return refused(&report, exit, format, out),
    };
    let memory = Memory { before, with_set: memory::resident() };
    let requests = Requests::of(given, own, at);
    let budget = Duration::from_secs(seconds.into());
    let loads = loads(&paths, &options, at, budget / 5);
    let costs = Costs::measure(&snapshot, &requests.all, budget.saturating_sub(loads.iter().sum()).max(budget / 2));
    let notes = notes::of(&snapshot, &costs);
    let measured = Measured { snapshot: &snapshot, requests: &requests, costs, loads, memory, notes };
    match format {
        Format::Text => text::print(&measured, out)?,
        Format::Json => json::print(&measured, out)?,
    }
    Ok(Exit::Clean)
}

/// The set and what its examples and tests ask; everything else that was made to load it is given back.
fn load(
    paths: &[PathBuf],
    options: &Options,
    at: Timestamp,
) -> Result<(Snapshot, Vec<Facts<'static>>), (Report, Exit)> {
    let input = source::read(paths, options);
    let exit = if input.files.is_empty() { Exit::Usage } else { Exit::Problems };
    let (loaded, own) = rules::requests(input, at);
    loaded.snapshot.map(|snapshot| (snapshot, own)).ok_or((loaded.report, exit))
}

fn refused(report: &Report, exit: Exit, format: Format, out: &mut impl Write) -> anyhow::Result<Exit> {
    match format {
        Format::Text => out.write_all(render::text(report, Style::Colour).as_bytes())?,
        Format::Json => json::refused(report, out)?,
    }
    Ok(exit)
}

/// How long the set takes to load, from the bytes of its files to rules that decide.
fn loads(paths: &[PathBuf], options: &Options, at: Timestamp, budget: Duration) -> Vec<Duration> {
    let input = source::read(paths, options);
    measure::times(budget, || input.clone(), |input| rules::load(input, at))
}

impl Measured<'_> {
    /// The rules, as indexes into those of the set, the costliest first.
    fn costliest(&self) -> Vec<(usize, &ByRule)> {
        let mut rules: Vec<(usize, &ByRule)> = self.costs.rules.iter().enumerate().collect();
        rules.sort_by(|one, other| other.1.added().total_cmp(&one.1.added()));
        rules
    }
}
