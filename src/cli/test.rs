//! `topicgate test`: runs the examples and tests of a rule set, and measures what they show of it.

#![expect(clippy::disallowed_methods, reason = "rules are loaded as of now")]

mod github;
mod json;
mod junit;
mod missing;
mod text;

pub(super) use missing::percent;

use std::{fmt, io::Write, path::PathBuf};

use anyhow::bail;
use jiff::Timestamp;

use crate::{
    cli::{Exit, percent::Percent, rule_set::ListRoots},
    diagnostic::counted,
    engine::{Coverage, coverage::Share},
    live,
    rules::{self, Input, Loaded, Outcome},
    source,
};

const EXAMPLES: &str = "\
Coverage: each rule's `when`, each of its exceptions and each branch of an `any` should be seen
to hold and not to hold, in an example or a test. docs/rules.md says how that is counted.

Examples:
  topicgate test rules
  topicgate test --min-coverage 90 rules     fail when less than 90 % was seen
  topicgate test --format junit rules > report.xml
  topicgate test --watch rules               again after every change

Exit codes: 0 all passed, 1 some failed, the set has errors or too little was seen,
            2 wrong usage or nothing to test.";

/// Run the examples and tests of a rule set, and say what they leave out
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Rule directories or files; all of them together are one set
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// How to print results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Exit with 1 when the coverage is less than so many percent
    #[arg(long, value_name = "PERCENT")]
    min_coverage: Option<Percent>,

    /// Run again whenever a rule or list file changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// A JUnit report, which GitLab and Jenkins show
    Junit,
    /// GitHub workflow commands, shown beside the changed lines
    Github,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Arguments { paths, list_roots, format, min_coverage, watch } = arguments;
    let options = list_roots.options();
    if watch {
        return follow(paths, options, format, min_coverage, out);
    }
    let run = Run::of(source::read(&paths, &options), min_coverage);
    match format {
        Format::Text => text::print(&run, out)?,
        Format::Json => json::print(&run, out)?,
        Format::Junit => junit::print(&run, out)?,
        Format::Github => github::print(&run, out)?,
    }
    Ok(run.problem().map_or(Exit::Clean, Problem::exit))
}

fn follow(
    paths: Vec<PathBuf>,
    options: source::Options,
    format: Format,
    min_coverage: Option<Percent>,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    if format != Format::Text {
        bail!("`--watch` prints text only: leave `--format` out");
    }
    live::follow(paths, options, |input| -> anyhow::Result<()> {
        writeln!(out, "--- {} ---", Timestamp::now().strftime("%FT%TZ"))?;
        text::print(&Run::of(input, min_coverage), out)?;
        writeln!(out, "\nwaiting for changes; Ctrl-C ends this")?;
        Ok(out.flush()?)
    })?;
    Ok(Exit::Clean)
}

/// One run of the examples and tests.
struct Run {
    loaded: Loaded,
    /// How many rule files there are.
    files: usize,
    /// What was seen of the set, if anything was run.
    coverage: Option<Coverage>,
    /// How many percent of it ought to be.
    min_coverage: Option<Percent>,
}

/// Why a run is not fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    /// There are no rule files.
    NoFiles,
    /// The set has other errors, so that nothing was run.
    NotRun,
    /// There is neither an example nor a test.
    Nothing,
    /// So many failed.
    Failed(usize),
    /// Less was seen than so many percent.
    Uncovered(Share, Percent),
}

impl Run {
    fn of(input: Input, min_coverage: Option<Percent>) -> Run {
        let files = input.files.len();
        let (loaded, coverage) = rules::cover(input, Timestamp::now());
        let coverage = coverage.filter(|_| !loaded.outcomes.is_empty());
        Run { loaded, files, coverage, min_coverage }
    }

    fn failed(&self) -> impl Iterator<Item = &Outcome> {
        self.loaded.outcomes.iter().filter(|outcome| outcome.failed())
    }

    fn problem(&self) -> Option<Problem> {
        let failed = self.failed().count();
        let share = self.coverage.as_ref().map(Coverage::share).unwrap_or_default();
        match self.min_coverage {
            _ if self.files == 0 => Some(Problem::NoFiles),
            _ if failed > 0 => Some(Problem::Failed(failed)),
            _ if self.loaded.report.has_errors() => Some(Problem::NotRun),
            _ if self.loaded.outcomes.is_empty() => Some(Problem::Nothing),
            Some(percent) if !percent.is_reached(share) => Some(Problem::Uncovered(share, percent)),
            _ => None,
        }
    }
}

impl Problem {
    fn exit(self) -> Exit {
        match self {
            Problem::NoFiles | Problem::Nothing => Exit::Usage,
            Problem::NotRun | Problem::Failed(_) | Problem::Uncovered(..) => Exit::Problems,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NoFiles => f.write_str("there is nothing to test: there are no rule files"),
            Problem::NotRun => f.write_str("no test was run, because the set has errors"),
            Problem::Nothing => f.write_str("there is nothing to test: give rules `examples`, and the set `tests`"),
            Problem::Failed(count) => write!(f, "{} failed", counted(*count, "check")),
            Problem::Uncovered(share, percent) => {
                write!(f, "the coverage is {}, less than {percent}", missing::percent(*share))
            }
        }
    }
}
