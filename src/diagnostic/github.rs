//! Findings as GitHub workflow commands, which show them beside the changed lines.

use crate::diagnostic::{Finding, Report, Severity, render::harmless};

/// One workflow command a finding, each on its own line.
pub fn text(report: &Report) -> String {
    report.findings.iter().map(line).collect()
}

/// The workflow command for something that is no finding, at a line of a file or nowhere.
pub fn remark(severity: Severity, place: Option<(&str, usize)>, title: &str, message: &str) -> String {
    let place = place.map(|(path, line)| format!("file={},line={line},", property(path))).unwrap_or_default();
    format!("::{} {place}title={}::{}\n", command(severity), property(title), data(message))
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

fn line(finding: &Finding) -> String {
    let command = command(finding.code.severity());
    let place = &finding.place;
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!(
        "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}\n",
        property(&place.path),
        place.start.line,
        place.start.column,
        place.end.line,
        place.end.column,
        finding.code.word(),
        data(&format!("{}{help}", finding.message)),
    )
}

/// Escapes as GitHub's own toolkit does (`@actions/core`, `command.ts`).
fn data(text: &str) -> String {
    harmless(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
