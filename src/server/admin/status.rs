//! `/-/status`: which rules are live, since when, and what failed. Fields are only added.

#![expect(clippy::disallowed_methods, reason = "it says of when it is")]

mod attention;
mod work;

use std::{net::SocketAddr, sync::Arc};

use actix_web::{HttpResponse, http::StatusCode};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    diagnostic::json::{Findings, findings},
    engine::{Rule, Snapshot, snapshot::Counts},
    live::{self, Watching},
    server::{
        admin::{
            access::Access,
            certificates::{self, Shown},
            status::work::{Causes, Connections, Durations, Quota, Requests},
        },
        answer,
        apps::App,
        service::{Listening, Service},
    },
    settings::{OnError, Watch},
};

#[derive(Serialize)]
struct Status<'a> {
    /// What somebody should look at; empty when all is well.
    problems: Vec<String>,
    ready: bool,
    version: &'static str,
    revision: &'a str,
    content: &'a str,
    generation: u64,
    attempts: u64,
    since: String,
    last_attempt: Attempt,
    last_failure: Option<Failure<'a>>,
    /// What was found in the live set: warnings and notes.
    report: Findings<'a>,
    stale: bool,
    stale_since: Option<String>,
    data: Option<Data<'a>>,
    counts: Loaded<'a>,
    rules: Vec<Live<'a>>,
    apps: Vec<Held>,
    admin: Admin,
    /// None without TLS.
    certificates: Vec<Shown>,
    listeners: Listeners,
    requests: Requests,
    causes: Causes,
    durations: Durations,
    connections: Connections,
    quota: Quota,
    /// What is answered when a request cannot be decided.
    on_error: &'static str,
    /// The time of this status.
    at: String,
    started_at: String,
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
    guarantees: usize,
    proved: usize,
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
    /// How often it decided since it became live, or would have.
    matches: u64,
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Held {
    id: u64,
    tokens: usize,
    problems: Vec<String>,
}

/// Who may ask the admin side.
#[derive(Serialize)]
struct Admin {
    access: &'static str,
    metrics_public: bool,
    tokens: usize,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Listeners {
    webhook: Option<String>,
    admin: Option<String>,
}

/// The whole status.
pub(super) fn report(service: &Service) -> HttpResponse {
    let history = service.live.status();
    let snapshot = &history.snapshot;
    let status = Status {
        problems: attention::problems(service, &history),
        ready: !service.is_draining(),
        version: env!("CARGO_PKG_VERSION"),
        revision: &snapshot.revision,
        content: &snapshot.content,
        generation: history.generation,
        attempts: history.attempts,
        since: history.since.to_string(),
        last_attempt: attempt(&history.last),
        last_failure: history.last_failure.as_deref().map(failure),
        report: findings(&history.report),
        stale: history.stale.is_some(),
        stale_since: history.stale.map(|stored| stored.to_string()),
        data: history.kept.as_ref().map(data),
        counts: loaded(&snapshot.counts),
        rules: rules(service, snapshot),
        apps: service.apps.iter().map(held).collect(),
        admin: admin(service),
        certificates: certificates::shown(service),
        listeners: listeners(service),
        requests: work::requests(service),
        causes: work::causes(service),
        durations: work::durations(service),
        connections: work::connections(service),
        quota: work::quota(service),
        on_error: on_error(&service.settings.on_error),
        at: Timestamp::now().to_string(),
        started_at: service.started_at.to_string(),
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
        lists: counts.lists.iter().map(|list| List { name: &list.name, entries: list.entries }).collect(),
        examples: counts.examples,
        tests: counts.tests,
        guarantees: counts.guarantees,
        proved: counts.proved,
    }
}

fn rules<'a>(service: &Service, snapshot: &'a Arc<Snapshot>) -> Vec<Live<'a>> {
    let matches = service.metrics.decisions.counts(snapshot);
    let live = |(index, rule): (usize, &'a Rule)| {
        let matches = matches.get(index).copied().unwrap_or_default();
        Live { id: &rule.id, mode: rule.mode.name(), matches, file: &rule.file, line: rule.line }
    };
    snapshot.rules.iter().enumerate().map(live).collect()
}

fn admin(service: &Service) -> Admin {
    Admin {
        access: Access::of(&service.settings).name(),
        metrics_public: service.settings.metrics_public,
        tokens: service.admin_tokens.now().len(),
        problems: service.admin_tokens.problems().collect(),
    }
}

fn listeners(service: &Service) -> Listeners {
    let listening = service.listening.get();
    let address = |of: fn(&Listening) -> SocketAddr| listening.map(|listening| of(listening).to_string());
    Listeners { webhook: address(|all| all.webhook), admin: address(|all| all.admin) }
}

/// The word of the setting for it.
fn on_error(on_error: &OnError) -> &'static str {
    match on_error {
        OnError::Allow => "allow",
        OnError::Deny { .. } => "deny",
    }
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
