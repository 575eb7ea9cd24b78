//! Findings as SARIF 2.1.0, which code hosts show beside the lines
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use serde::Serialize;

use crate::diagnostic::{Code, Finding, Label, Report, Severity};

/// A SARIF log with one run.
#[derive(Debug, Serialize)]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult<'a>>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text<'static>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Debug, Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Debug, Serialize)]
struct Artifact {
    uri: String,
}

/// Lines and columns count from 1, columns in characters; the end is one past the last.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: Message,
    artifact_changes: [Change<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: [Replacement<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Text<'a>,
}

/// The findings of some reports, ready to be serialised. Of the codes, those that were found are described.
pub fn log<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Log<'a> {
    let findings: Vec<&Finding> = reports.into_iter().flat_map(|report| &report.findings).collect();
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results = findings.iter().map(|finding| result(finding, &codes)).collect();
    let driver = Driver {
        name: env!("CARGO_PKG_NAME"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: codes.iter().map(|code| rule(*code)).collect(),
    };
    Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results }],
    }
}

fn rule(code: Code) -> Rule {
    Rule {
        id: code.word(),
        short_description: Text { text: code.summary() },
        help: Help { text: code.summary(), markdown: code.explanation() },
        default_configuration: Configuration { level: level(code) },
    }
}

fn level(code: Code) -> &'static str {
    // The words are those of the severities.
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result<'a>(finding: &'a Finding, codes: &[Code]) -> SarifResult<'a> {
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    SarifResult {
        rule_id: finding.code.word(),
        rule_index: codes.partition_point(|code| *code < finding.code),
        level: level(finding.code),
        message: Message { text: format!("{}{help}", finding.message) },
        locations: [location(&finding.place)],
        related_locations: finding.related.iter().map(location).collect(),
        fixes: fix(finding).into_iter().collect(),
    }
}

fn location(label: &Label) -> Location<'_> {
    let message = (!label.text.is_empty()).then_some(Text { text: &label.text });
    let physical_location = Physical { artifact_location: artifact(label), region: region(label) };
    Location { physical_location, message }
}

/// One that changes what the finding points at.
fn fix(finding: &Finding) -> Option<Fix<'_>> {
    let fix = finding.fix.as_ref().filter(|fix| fix.place == finding.place.place)?;
    let replacement =
        Replacement { deleted_region: region(&finding.place), inserted_content: Text { text: &fix.text } };
    Some(Fix {
        description: Message { text: format!("write {}", fix.text) },
        artifact_changes: [Change { artifact_location: artifact(&finding.place), replacements: [replacement] }],
    })
}

fn artifact(label: &Label) -> Artifact {
    let path = label.path.strip_prefix("./").unwrap_or(&label.path);
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let uri = path.bytes().fold(scheme.to_owned(), |uri, byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
            uri + char::from(byte).encode_utf8(&mut [0; 4])
        }
        _ => uri + &format!("%{byte:02X}"),
    });
    Artifact { uri }
}

fn region(label: &Label) -> Region {
    Region {
        start_line: label.start.line,
        start_column: label.start.column,
        end_line: label.end.line,
        end_column: label.end.column,
    }
}
