//! Results for people.

use std::io::Write;

use crate::{
    cli::test::{Problem, Run, missing},
    diagnostic::{
        Sources, counted,
        render::{self, Style},
    },
    rules::{Difference, Outcome},
    text,
};

pub(super) fn print(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    if run.loaded.outcomes.is_empty() {
        out.write_all(render::text(&run.loaded.report, Style::Colour).as_bytes())?;
    } else {
        results(run, out)?;
        coverage(run, out)?;
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
        writeln!(out, "test {} ... {}", outcome.title, word(outcome.failed()))?;
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
    writeln!(out, "\ntest result: {}. {passed} passed; {failed} failed", word(failed > 0))?;
    Ok(())
}

fn word(failed: bool) -> &'static str {
    if failed { "\u{1b}[31mFAILED\u{1b}[0m" } else { "\u{1b}[32mok\u{1b}[0m" }
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
