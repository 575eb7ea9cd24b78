//! `/-/status`: which rules are live, since when, and what failed. Fields are only added.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;

use crate::{
    diagnostic::json::{Findings, findings},
    engine::{Snapshot, snapshot::Counts},
    live::{self, Watching},
    server::{
        admin::certificates::{self, Shown},
        answer,
        apps::App,
        service::Service,
    },
    settings::Watch,
};

#[derive(Serialize)]
struct Status<'a> {
    version: &'static str,
    revision: &'a str,
    content: &'a str,
    generation: u64,
    attempts: u64,
    since: String,
    last_attempt: Attempt,
    last_failure: Option<Failure<'a>>,
    stale: bool,
    stale_since: Option<String>,
    data: Option<Data<'a>>,
    counts: Loaded<'a>,
    rules: Vec<Live<'a>>,
    apps: Vec<Held>,
    /// None without TLS.
    certificates: Vec<Shown>,
    uptime_seconds: u64,
    watch: &'static str,
    draining: bool,
}

#[derive(Serialize)]
pub(super) struct Attempt {
    at: String,
    took_seconds: f64,
    succeeded: bool,
}

#[derive(Serialize)]
struct Failure<'a> {
    at: String,
    problem: &'a str,
    report: Findings<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    content: Option<&'a str>,
    stored: Option<String>,
    problem: Option<&'a str>,
}

#[derive(Serialize)]
struct Loaded<'a> {
    files: usize,
    enforced: usize,
    shadow: usize,
    disabled: usize,
    lists: Vec<List<'a>>,
    examples: usize,
    tests: usize,
}

#[derive(Serialize)]
struct List<'a> {
    name: &'a str,
    entries: usize,
}

#[derive(Serialize)]
struct Live<'a> {
    id: &'a str,
    mode: &'static str,
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Held {
    id: u64,
    tokens: usize,
    problems: Vec<String>,
}

/// The whole status.
pub(super) fn report(service: &Service) -> HttpResponse {
    let history = service.live.status();
    let snapshot = &history.snapshot;
    let status = Status {
        version: env!("CARGO_PKG_VERSION"),
        revision: &snapshot.revision,
        content: &snapshot.content,
        generation: history.generation,
        attempts: history.attempts,
        since: history.since.to_string(),
        last_attempt: attempt(&history.last),
        last_failure: history.last_failure.as_deref().map(failure),
        stale: history.stale.is_some(),
        stale_since: history.stale.map(|stored| stored.to_string()),
        data: history.kept.as_ref().map(data),
        counts: loaded(&snapshot.counts),
        rules: rules(snapshot),
        apps: service.apps.iter().map(held).collect(),
        certificates: certificates::shown(service),
        uptime_seconds: service.started.elapsed().as_secs(),
        watch: watch(history.watching),
        draining: service.is_draining(),
    };
    answer::document(StatusCode::OK, &status)
}

/// The wire form of an attempt.
pub(super) fn attempt(last: &live::Attempt) -> Attempt {
    Attempt { at: last.at.to_string(), took_seconds: last.took.as_secs_f64(), succeeded: last.succeeded }
}

fn failure(failure: &live::Failure) -> Failure<'_> {
    Failure { at: failure.at.to_string(), problem: &failure.problem, report: findings(&failure.report) }
}

fn data(kept: &live::Kept) -> Data<'_> {
    let (content, problem) = (kept.content.as_deref(), kept.problem.as_deref());
    Data { content, stored: kept.stored.map(|stored| stored.to_string()), problem }
}

fn loaded(counts: &Counts) -> Loaded<'_> {
    Loaded {
        files: counts.files,
        enforced: counts.enforced,
        shadow: counts.shadow,
        disabled: counts.disabled,
        lists: counts.lists.iter().map(|(name, entries)| List { name, entries: *entries }).collect(),
        examples: counts.examples,
        tests: counts.tests,
    }
}

fn rules(snapshot: &Snapshot) -> Vec<Live<'_>> {
    let rules = snapshot.rules.iter();
    rules.map(|rule| Live { id: &rule.id, mode: rule.mode.name(), file: &rule.file, line: rule.line }).collect()
}

/// The word of the setting for it.
fn watch(watching: Watching) -> &'static str {
    match watching {
        Watching::Events => Watch::Auto.name(),
        Watching::Poll => Watch::Poll.name(),
    }
}

fn held(app: &App) -> Held {
    Held { id: app.id, tokens: app.tokens().len(), problems: app.problems().collect() }
}
