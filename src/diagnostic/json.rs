//! Findings for programs: one JSON object.

use serde::Serialize;

use crate::diagnostic::{Label, Report, Severity};

/// The wire form of a report: stable; fields are only added.
#[derive(Debug, Serialize)]
pub struct Findings<'a> {
    errors: usize,
    warnings: usize,
    notes: usize,
    accepted: usize,
    findings: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
}

/// The findings of a report, ready to be serialised.
pub fn findings(report: &Report) -> Findings<'_> {
    let entries = report.findings.iter().map(|finding| Entry {
        severity: finding.code.severity().name(),
        code: finding.code.word(),
        message: &finding.message,
        place: place(&finding.place),
        help: finding.help.as_deref(),
        related: finding.related.iter().map(related).collect(),
    });
    Findings {
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        notes: report.count(Severity::Note),
        accepted: report.accepted,
        findings: entries.collect(),
    }
}

fn place(label: &Label) -> Place<'_> {
    Place {
        file: &label.path,
        line: label.start.line,
        column: label.start.column,
        end_line: label.end.line,
        end_column: label.end.column,
    }
}

fn related(label: &Label) -> Related<'_> {
    Related { place: place(label), message: &label.text }
}
