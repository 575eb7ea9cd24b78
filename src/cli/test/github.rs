//! Results as GitHub workflow commands: failures where they are written, and what was not seen as notices.

use std::io::Write;

use crate::{
    cli::test::{Problem, Run, missing},
    diagnostic::{Severity, github},
};

pub(super) fn print(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    out.write_all(github::text(&run.loaded.report).as_bytes())?;
    for (rule, item, unseen) in run.coverage.iter().flat_map(missing::all).take(missing::MOST_LISTED) {
        let message = format!("{}: {}", rule.id, missing::sentence(item, unseen));
        let place = Some((rule.file.as_str(), item.line));
        out.write_all(github::remark(Severity::Note, place, "coverage", &message).as_bytes())?;
    }
    if let Some(problem @ (Problem::Nothing | Problem::Uncovered(..))) = run.problem() {
        out.write_all(github::remark(Severity::Error, None, "topicgate test", &problem.to_string()).as_bytes())?;
    }
    let failed = run.failed().count();
    let coverage = run.coverage.as_ref().map(|coverage| format!("; {}", missing::total(coverage)));
    let passed = run.loaded.outcomes.len() - failed;
    writeln!(out, "{passed} passed; {failed} failed{}", coverage.unwrap_or_default())?;
    Ok(())
}
