//! What is read of a status; see `docs/formats.md`. A service of another version may leave things out.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) problems: Vec<String>,
    pub(super) ready: bool,
    pub(super) version: String,
    pub(super) revision: String,
    pub(super) content: String,
    pub(super) generation: u64,
    pub(super) attempts: u64,
    pub(super) since: String,
    pub(super) last_attempt: Attempt,
    pub(super) last_failure: Option<Failure>,
    pub(super) report: Findings,
    pub(super) counts: Counts,
    pub(super) rules: Vec<Rule>,
    pub(super) apps: Vec<App>,
    pub(super) admin: Admin,
    #[serde(default)]
    pub(super) certificates: Vec<Certificate>,
    pub(super) listeners: Listeners,
    pub(super) requests: Requests,
    pub(super) causes: Causes,
    pub(super) durations: Durations,
    pub(super) connections: Connections,
    pub(super) on_error: String,
    pub(super) at: String,
    pub(super) started_at: String,
    pub(super) watch: String,
    pub(super) data: Option<Data>,
    pub(super) quota: Option<Quota>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Quota {
    pub(super) keys: u64,
    pub(super) max_keys: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attempt {
    pub(super) at: String,
    pub(super) took_seconds: f64,
    pub(super) succeeded: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    pub(super) at: String,
    pub(super) problem: String,
    pub(super) report: Findings,
}

#[derive(Debug, Deserialize)]
pub(super) struct Findings {
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) findings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Finding {
    pub(super) severity: String,
    pub(super) code: String,
    pub(super) message: String,
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) help: Option<String>,
    #[serde(default)]
    pub(super) related: Vec<Related>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) column: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Related {
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) message: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Counts {
    pub(super) files: u64,
    pub(super) enforced: u64,
    pub(super) shadow: u64,
    pub(super) disabled: u64,
    pub(super) lists: Vec<List>,
    /// Nothing before guarantees were known.
    #[serde(default)]
    pub(super) guarantees: u64,
    #[serde(default)]
    pub(super) proved: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) entries: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) mode: String,
    pub(super) matches: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct App {
    pub(super) id: u64,
    pub(super) tokens: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Admin {
    pub(super) access: String,
    pub(super) tokens: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Certificate {
    pub(super) listener: String,
    pub(super) not_after: String,
    pub(super) days_left: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Listeners {
    pub(super) webhook: Option<String>,
    pub(super) admin: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Requests {
    pub(super) allowed: u64,
    pub(super) refused: u64,
    pub(super) not_evaluated: u64,
    pub(super) verifications: u64,
    pub(super) rejected: u64,
    pub(super) undecided: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Causes {
    pub(super) rejected: BTreeMap<String, u64>,
    pub(super) undecided: BTreeMap<String, u64>,
    pub(super) admin_rejected: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Durations {
    pub(super) p50_seconds: Option<f64>,
    pub(super) p99_seconds: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Connections {
    pub(super) open: i64,
    pub(super) most: u64,
    pub(super) workers: u64,
    pub(super) lost_log_lines: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Data {
    pub(super) stored: Option<String>,
}
