//! What the log says about reloads. Every line names the live set and the program.

use std::{path::Path, time::Duration};

use jiff::Timestamp;

use crate::{
    diagnostic::{Finding, Report, Severity},
    engine::Snapshot,
    live::Failure,
};

macro_rules! line {
    ($level:ident, $live:expr, $($rest:tt)*) => {
        tracing::$level!(
            content = $live.content,
            revision = $live.revision,
            version = env!("CARGO_PKG_VERSION"),
            $($rest)*
        )
    };
}

/// A set was loaded; `old` is the one before it.
pub(super) fn reloaded(old: Option<&Snapshot>, new: &Snapshot, report: &Report, took: Duration) {
    let counts = &new.counts;
    line!(
        info,
        new,
        old_revision = old.map(|old| old.revision.as_str()),
        files = counts.files,
        rules = counts.enforced + counts.shadow,
        disabled = counts.disabled,
        lists = counts.lists.len(),
        guarantees = counts.guarantees,
        proved = counts.proved,
        warnings = report.count(Severity::Warning),
        duration_ms = millis(took),
        "{}",
        match old {
            None => "rules loaded",
            Some(old) if old.content == new.content => "rules reloaded, they are the same",
            Some(_) => "rules reloaded",
        },
    );
    if report.count(Severity::Warning) > 0 {
        line!(warn, new, warnings = report.count(Severity::Warning), "the rules have warnings");
    }
    findings(report, new);
}

/// The files are those of the attempt before.
pub(super) fn unchanged(live: &Snapshot) {
    line!(debug, live, "rules unchanged");
}

/// A set was not loaded, and the live rules stay.
pub(super) fn failed(failure: &Failure, live: &Snapshot, took: Duration) {
    line!(
        error,
        live,
        error = failure.problem,
        errors = failure.report.count(Severity::Error),
        warnings = failure.report.count(Severity::Warning),
        duration_ms = millis(took),
        "reload failed"
    );
    findings(&failure.report, live);
}

/// The files cannot be loaded, and the rules that were kept decide instead.
pub(super) fn stale(failure: &Failure, live: &Snapshot, stored: Option<Timestamp>) {
    let stored = stored.map(|stored| stored.to_string());
    line!(error, live, error = failure.problem, stored, "rules not loaded, the last good ones decide");
    findings(&failure.report, live);
}

/// The rules of the files decide again.
pub(super) fn fresh(live: &Snapshot) {
    line!(info, live, "the rules of the files decide again");
}

/// The live set is stored for the next start; `problem` is what kept it from that.
pub(super) fn kept(problem: Option<&str>, live: &Snapshot) {
    match problem {
        Some(_) => line!(info, live, "rules can be stored again"),
        None => line!(debug, live, "rules stored"),
    }
}

/// The live set cannot be stored for the next start.
pub(super) fn not_kept(problem: &str, live: &Snapshot) {
    line!(error, live, error = problem, "rules not stored");
}

/// What was stored is of no use, and is overwritten.
pub(super) fn replaces(path: &Path, problem: &str, live: &Snapshot) {
    line!(warn, live, path = %path.display(), error = problem, "stored rules replaced");
}

fn findings(report: &Report, live: &Snapshot) {
    for finding in &report.findings {
        let Finding { code, message, place, help, .. } = finding;
        let (severity, code, help) = (code.severity(), code.word(), help.as_deref());
        let (file, line, column, related) =
            (place.path.as_str(), place.start.line, place.start.column, related(finding));
        match severity {
            Severity::Error => {
                line!(error, live, code, file, line, column, help, related, error = message, "error in the rules");
            }
            Severity::Warning => {
                line!(warn, live, code, file, line, column, help, related, warning = message, "warning in the rules");
            }
            Severity::Note => {
                line!(info, live, code, file, line, column, help, related, note = message, "note on the rules");
            }
        }
    }
    for severity in [Severity::Error, Severity::Warning] {
        let more = report.hidden(severity);
        if more > 0 {
            line!(warn, live, severity = severity.name(), more, "more was found in the rules");
        }
    }
}

/// The other places of a finding, as `file:line: words`.
fn related(finding: &Finding) -> Option<String> {
    let places = finding.related.iter().map(|label| format!("{}:{}: {}", label.path, label.start.line, label.text));
    Some(places.collect::<Vec<_>>().join("; ")).filter(|places| !places.is_empty())
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
