//! Findings as a Code Quality report of GitLab (<https://docs.gitlab.com/ci/testing/code_quality/>).

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::diagnostic::{Finding, Report, Severity};

/// One finding.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Debug, Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The findings of some reports, ready to be serialised.
///
/// A fingerprint does not depend on lines, so that GitLab knows a finding again when others above it are mended.
pub fn entries<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Vec<Entry<'a>> {
    let mut seen = HashMap::new();
    reports.into_iter().flat_map(|report| &report.findings).map(|finding| entry(finding, &mut seen)).collect()
}

fn entry<'a>(finding: &'a Finding, seen: &mut HashMap<String, usize>) -> Entry<'a> {
    let place = &finding.place;
    let path = place.path.strip_prefix("./").unwrap_or(&place.path);
    let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let told = [finding.code.word(), path, &finding.message].join("\0");
    let number = seen.entry(told.clone()).or_default();
    *number += 1;
    let digest = Sha256::digest(format!("{told}\0{number}"));
    Entry {
        description: format!("{}{help}", finding.message),
        check_name: finding.code.word(),
        fingerprint: digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect(),
        severity: match finding.code.severity() {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location { path, lines: Lines { begin: place.start.line, end: place.end.line } },
    }
}
