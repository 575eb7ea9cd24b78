//! Results for people.

use std::io::Write;

use crate::{
    cli::test::{Problem, Run, missing},
    diagnostic::{
        Severity, Sources, counted,
        render::{self, Style},
    },
    rules::{Difference, Outcome},
    text,
};

const PASSED: &str = "\u{1b}[32mok\u{1b}[0m";
const FAILED: &str = "\u{1b}[31mFAILED\u{1b}[0m";

pub(super) fn print(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    if run.loaded.outcomes.is_empty() {
        out.write_all(render::text(&run.loaded.report, Style::Colour).as_bytes())?;
    } else {
        results(run, out)?;
        coverage(run, out)?;
        warnings(run, out)?;
    }
    match run.problem() {
        // The findings, and the line of the result, say it.
        None | Some(Problem::NoFiles | Problem::Failed(_)) => Ok(()),
        Some(problem) => Ok(writeln!(out, "\u{1b}[31merror\u{1b}[0m: {problem}")?),
    }
}

fn results(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    let outcomes = &run.loaded.outcomes;
    writeln!(out, "running {}", counted(outcomes.len(), "check"))?;
    for outcome in outcomes {
        let word = if outcome.failed() { FAILED } else { PASSED };
        writeln!(out, "test {} ... {word}{}", outcome.title, if outcome.warns() { ", with a warning" } else { "" })?;
    }
    let failed = run.failed().count();
    if failed > 0 {
        writeln!(out, "\nfailures:")?;
    }
    for outcome in run.failed() {
        writeln!(out, "\n---- {} ----", outcome.title)?;
        write!(out, "{}", explained(outcome, &run.loaded.sources))?;
    }
    let passed = outcomes.len() - failed;
    let word = if failed > 0 { FAILED } else { PASSED };
    writeln!(out, "\ntest result: {word}. {passed} passed; {failed} failed")?;
    Ok(())
}

/// `check` shows them; whoever runs tests only should know that there are some.
fn warnings(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    match run.loaded.report.count(Severity::Warning) {
        0 => Ok(()),
        count => Ok(writeln!(out, "{}: `topicgate check` says more", counted(count, "warning"))?),
    }
}

fn coverage(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    let Some(coverage) = &run.coverage else { return Ok(()) };
    writeln!(out, "{}", missing::total(coverage))?;
    for lacking in missing::all(coverage).take(missing::MOST_LISTED) {
        writeln!(out, "  {}", missing::line(lacking))?;
    }
    let more = missing::all(coverage).skip(missing::MOST_LISTED).count();
    if more > 0 {
        writeln!(out, "  ... and {more} more; `--format json` has all of them")?;
    }
    Ok(())
}

/// The differences of what failed, field by field.
pub(super) fn explained(outcome: &Outcome, sources: &Sources) -> String {
    let mut told = String::new();
    for Difference { what, expected, found, place } in &outcome.differences {
        told += &format!("{what} ({}:{})\n", text::clean(sources.path(place.file)), sources.line(*place));
        told += &format!("  expected: {expected}\n     found: {found}\n");
    }
    if let Some(help) = outcome.finding.as_ref().and_then(|finding| finding.help.as_ref()) {
        told += &format!("help: {help}\n");
    }
    told
}
