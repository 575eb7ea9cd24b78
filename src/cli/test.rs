//! `topicgate test`: runs the examples and tests of a rule set.

#![expect(clippy::disallowed_methods, reason = "rules are loaded as of now")]

use std::{io::Write, path::PathBuf};

use jiff::Timestamp;

use crate::{
    cli::{
        Exit,
        rule_set::{self, ListRoots, OnDisk},
    },
    diagnostic::{
        Sources, counted,
        render::{self, Style},
    },
    rules::{Difference, Outcome},
};

const EXAMPLES: &str = "\
Examples:
  topicgate test rules
  topicgate test first.yaml

Exit codes: 0 all passed, 1 some failed or the set has errors, 2 wrong usage or nothing to test.";

/// Run the examples and tests of a rule set
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Rule directories or files; all of them together are one set
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let OnDisk { loaded, files } = rule_set::load(&arguments.paths, &arguments.list_roots.options(), Timestamp::now());
    if loaded.outcomes.is_empty() {
        out.write_all(render::text(&loaded.report, Style::Colour).as_bytes())?;
        return nothing_ran(files, loaded.report.has_errors(), out);
    }
    writeln!(out, "running {}", counted(loaded.outcomes.len(), "check"))?;
    for outcome in &loaded.outcomes {
        let word = if outcome.failed() { "\u{1b}[31mFAILED\u{1b}[0m" } else { "\u{1b}[32mok\u{1b}[0m" };
        writeln!(out, "test {} ... {word}", outcome.title)?;
    }
    let failed: Vec<&Outcome> = loaded.outcomes.iter().filter(|outcome| outcome.failed()).collect();
    if !failed.is_empty() {
        writeln!(out, "\nfailures:")?;
    }
    for outcome in &failed {
        explain(outcome, &loaded.sources, out)?;
    }
    let passed = loaded.outcomes.len() - failed.len();
    let word = if failed.is_empty() { "\u{1b}[32mok\u{1b}[0m" } else { "\u{1b}[31mFAILED\u{1b}[0m" };
    writeln!(out, "\ntest result: {word}. {passed} passed; {} failed", failed.len())?;
    Ok(if loaded.report.has_errors() { Exit::Problems } else { Exit::Clean })
}

fn nothing_ran(files: usize, errors: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    if errors && files > 0 {
        writeln!(out, "no test was run, because the set has errors")?;
        return Ok(Exit::Problems);
    }
    if files > 0 {
        writeln!(out, "there is nothing to test: give rules `examples`, and the set `tests`")?;
    }
    Ok(Exit::Usage)
}

/// The differences of a failed test, field by field.
fn explain(outcome: &Outcome, sources: &Sources, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "\n---- {} ----", outcome.title)?;
    for Difference { what, expected, found, place } in &outcome.differences {
        writeln!(out, "{what} ({}:{})", sources.path(place.file), sources.line(*place))?;
        writeln!(out, "  expected: {expected}")?;
        writeln!(out, "     found: {found}")?;
    }
    if let Some(help) = outcome.finding.as_ref().and_then(|finding| finding.help.as_ref()) {
        writeln!(out, "help: {help}")?;
    }
    Ok(())
}
