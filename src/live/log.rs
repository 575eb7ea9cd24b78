//! What the log says about reloads.

use std::time::Duration;

use crate::{
    diagnostic::{Finding, Report, Severity},
    engine::Snapshot,
    live::Failure,
};

/// A set was loaded; `old` is the one before it.
pub(super) fn reloaded(old: Option<&Snapshot>, new: &Snapshot, report: &Report, took: Duration) {
    let counts = &new.counts;
    tracing::info!(
        old_revision = old.map(|old| old.revision.as_str()),
        revision = new.revision,
        content = new.content,
        files = counts.files,
        rules = counts.enforced + counts.shadow,
        disabled = counts.disabled,
        lists = counts.lists.len(),
        warnings = report.count(Severity::Warning),
        duration_ms = millis(took),
        "{}",
        if old.is_some() { "rules reloaded" } else { "rules loaded" },
    );
    if report.count(Severity::Warning) > 0 {
        tracing::warn!(revision = new.revision, warnings = report.count(Severity::Warning), "the rules have warnings");
        report.findings.iter().filter(|finding| finding.code.severity() == Severity::Warning).for_each(warning);
    }
}

/// The files are those of the attempt before.
pub(super) fn unchanged(live: &Snapshot) {
    tracing::debug!(revision = live.revision, content = live.content, "rules unchanged");
}

/// A set was not loaded, and the live rules stay.
pub(super) fn failed(failure: &Failure, live: &Snapshot, took: Duration) {
    tracing::error!(
        error = failure.problem,
        errors = failure.report.count(Severity::Error),
        warnings = failure.report.count(Severity::Warning),
        live_revision = live.revision,
        duration_ms = millis(took),
        "reload failed"
    );
    for finding in &failure.report.findings {
        match finding.code.severity() {
            Severity::Error => error(finding),
            Severity::Warning => warning(finding),
            Severity::Note => {}
        }
    }
}

fn error(finding: &Finding) {
    let Finding { code, message, place, help, .. } = finding;
    let (code, help, file) = (code.word(), help.as_deref(), place.path.as_str());
    let (line, column) = (place.start.line, place.start.column);
    tracing::error!(code, file, line, column, help, error = message, "error in the rules");
}

fn warning(finding: &Finding) {
    let Finding { code, message, place, help, .. } = finding;
    let (code, help, file) = (code.word(), help.as_deref(), place.path.as_str());
    let (line, column) = (place.start.line, place.start.column);
    tracing::warn!(code, file, line, column, help, warning = message, "warning in the rules");
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
