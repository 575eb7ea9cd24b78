//! The story of a request to the webhook, from its head to its answer.
//!
//! What can be refused by the head alone is refused before the body is read. From the signature on, whatever goes wrong is
//! answered as the settings say, because Chat lets an action through when it gets no proper reply.

#![expect(clippy::disallowed_methods, reason = "here a request gets its time")]

use std::{panic::AssertUnwindSafe, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{ConnectionType, Method, header::X_FORWARDED_FOR},
};
use futures_util::FutureExt;
use jiff::Timestamp;

#[cfg(feature = "otel")]
use crate::server::{names, span};
use crate::{
    engine::{self, Counts, Decision, Mode, Plan, Snapshot, Views},
    facts::Facts,
    server::{
        answer,
        apps::App,
        body,
        caller::{caller, contains},
        lines::Kind,
        names::{Names, log_line, shown},
        service::Service,
        stop::{Rejection, Stop, Undecided},
    },
    webhook::{
        request::{self, Asked, Query},
        signature::{self, Refusal},
    },
};

/// Answers a request.
pub(super) async fn answer(service: &Service, request: &HttpRequest, payload: Payload) -> HttpResponse {
    answer_as(service, request, payload, tell).await
}

/// Answers as it is told, and as the settings say where that fails.
async fn answer_as<T>(service: &Service, request: &HttpRequest, mut payload: Payload, tell: T) -> HttpResponse
where
    T: AsyncFnOnce(&Service, &HttpRequest, &mut Payload) -> Result<HttpResponse, Stop>,
{
    let started = Instant::now();
    #[cfg(feature = "otel")]
    span::begin(service, request);
    let told = guarded(tell(service, request, &mut payload)).await;
    let is_rejected = matches!(told, Err(Stop::Rejected(_)));
    let mut response = told.unwrap_or_else(|stop| stop.answer(service, request, payload));
    // A connection that wants to become something else would be left to that.
    if service.is_draining() || request.head().connection_type() == ConnectionType::Upgrade {
        answer::close(&mut response);
    }
    #[cfg(feature = "otel")]
    span::end(service, request, response.status());
    // A flood of what is turned away at once would hide slow answers to Chat.
    if !is_rejected {
        service.metrics.latency.observe(started.elapsed());
    }
    response
}

async fn tell(service: &Service, request: &HttpRequest, payload: &mut Payload) -> Result<HttpResponse, Stop> {
    method(request)?;
    path(service, request)?;
    allowed_caller(service, request)?;
    let query = Query::parse(request.query_string());
    #[cfg(feature = "otel")]
    span::note(request, "topicgate.request_id", || names::request_id(request, &query));
    let app = app(service, &query)?;
    signature(service, app, &query, Timestamp::now())?;
    let body = body::read(payload, request.headers(), &service.settings.limits).await;
    // A command without rules is never refused, whatever its body is.
    let body = body.map_err(|missing| request::not_evaluated(&query).map_or(missing.into(), Stop::NotEvaluated))?;
    // Only now: counters want the times of requests in order, and a body may be slow.
    Ok(decide(service, request, &query, &body, Timestamp::now()).await?)
}

fn method(request: &HttpRequest) -> Result<(), Rejection> {
    if request.method() == Method::POST { Ok(()) } else { Err(Rejection::Method) }
}

fn path(service: &Service, request: &HttpRequest) -> Result<(), Rejection> {
    let path = request.uri().path();
    if service.settings.paths.iter().any(|own| own == path) { Ok(()) } else { Err(Rejection::Path) }
}

fn allowed_caller(service: &Service, request: &HttpRequest) -> Result<(), Rejection> {
    let settings = &service.settings;
    if settings.allow_from.is_empty() {
        return Ok(());
    }
    let forwarded: Vec<_> =
        request.headers().get_all(X_FORWARDED_FOR).map(|value| value.to_str().unwrap_or("")).collect();
    let peer = request.peer_addr().ok_or(Rejection::Caller(None))?.ip();
    let caller = caller(peer, forwarded.into_iter(), &settings.trusted_proxies).ok_or(Rejection::Caller(None))?;
    if contains(&settings.allow_from, caller) { Ok(()) } else { Err(Rejection::Caller(Some(caller))) }
}

/// The app that the request is for; `None` where it names none, as the console's verification does.
fn app<'a>(service: &'a Service, query: &Query<'_>) -> Result<Option<&'a App>, Rejection> {
    match query.app {
        request::App::Absent => Ok(None),
        request::App::Unreadable => Err(Rejection::App),
        request::App::Number(id) => service.apps.find(id).map(Some).ok_or(Rejection::App),
    }
}

/// The signature must fit the app, or any app where the request names none. An app without tokens needs no signature.
fn signature(service: &Service, app: Option<&App>, query: &Query<'_>, now: Timestamp) -> Result<(), Rejection> {
    let window = service.settings.signature_window;
    let mut refusal = Refusal::Wrong;
    for app in service.apps.iter().filter(|one| app.is_none_or(|app| app.id == one.id)) {
        if !app.is_signed() {
            return Ok(());
        }
        match signature::verify(&app.tokens(), query.sign.as_deref(), query.request_time.as_deref(), now, window) {
            Ok(()) => return Ok(()),
            // One of the apps made it, so what the others say of it means nothing.
            Err(_) if matches!(refusal, Refusal::Expired { .. }) => {}
            Err(other) => refusal = other,
        }
    }
    Err(Rejection::Signature(refusal))
}

/// A defect is answered like anything that cannot be decided; otherwise the connection would end without an answer.
fn guarded<T>(story: impl Future<Output = Result<T, Stop>>) -> impl Future<Output = Result<T, Stop>> {
    AssertUnwindSafe(story).catch_unwind().map(|told| told.unwrap_or_else(|_| Err(Undecided::Panicked.into())))
}

async fn decide(
    service: &Service,
    request: &HttpRequest,
    query: &Query<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<HttpResponse, Undecided> {
    match request::read(query, body, now)? {
        Asked::Decide(facts) => return settled(service, request, query, &facts).await,
        Asked::Verification => {
            service.tally.verifications.inc();
            #[cfg(feature = "otel")]
            span::ended(request, "verification", None);
        }
        Asked::NotEvaluated(command) => {
            service.tally.not_evaluated.add(command);
            #[cfg(feature = "otel")]
            span::ended(request, "not_evaluated", Some(command));
        }
    }
    Ok(answer::allowed())
}

/// Decides by one snapshot, which a reload cannot change meanwhile.
async fn settled(
    service: &Service,
    request: &HttpRequest,
    query: &Query<'_>,
    facts: &Facts<'_>,
) -> Result<HttpResponse, Undecided> {
    let snapshot = service.live.current();
    let views = Views::of(facts);
    let plan = engine::evaluate(&snapshot, &views);
    let counts = counts(service, &snapshot, facts, &plan).await?;
    let verdict = engine::settle(&snapshot, &views, &plan, &counts);
    service.metrics.decisions.count(&snapshot, &verdict);
    service.tally.decided(facts.command, &verdict.decision).inc();
    #[cfg(feature = "otel")]
    span::decided(request, facts.command, &snapshot, &verdict);
    let log = Log { service, snapshot: &snapshot, request, query, facts };
    let lines = &service.lines;
    verdict.shadow.iter().for_each(|rule| log.line(&lines.shadows, "would have decided", Some(*rule), None));
    Ok(match &verdict.decision {
        Decision::Allow => answer::allowed(),
        Decision::Deny { code, message } => {
            log.line(&lines.refusals, "refused", verdict.rule, Some(*code));
            answer::refused(*code, message)
        }
    })
}

/// What the store says of the rules of a plan that have to be counted; most plans have none, and cost nothing here.
async fn counts(service: &Service, snapshot: &Snapshot, facts: &Facts<'_>, plan: &Plan) -> Result<Counts, Undecided> {
    let counted: Vec<_> = plan.counted(snapshot, facts).collect();
    if counted.is_empty() {
        return Ok(Counts::default());
    }
    let counts = service.quotas.count(&counted, facts.at).await;
    // What only shadow rules ask for must not change the answer.
    let is_needed = counted.iter().any(|one| one.mode == Mode::Enforce);
    counts.or_else(|error| if is_needed { Err(Undecided::Uncounted(error)) } else { Ok(Counts::default()) })
}

/// What a log line says of a decision; what comes from the request is cleaned and cut.
struct Log<'a> {
    service: &'a Service,
    snapshot: &'a Snapshot,
    request: &'a HttpRequest,
    query: &'a Query<'a>,
    facts: &'a Facts<'a>,
}

impl Log<'_> {
    fn line(&self, kind: &Kind, what: &'static str, rule: Option<usize>, code: Option<u32>) {
        let Some(skipped) = kind.admit(|| self.service.started.elapsed()) else { return };
        let rule = rule.and_then(|index| self.snapshot.rules.get(index)).map(|rule| rule.id.as_str());
        log_line!(
            info,
            Names::of(self.request, Some(self.query)),
            rule,
            code,
            command = self.facts.command.name(),
            operator = %shown(&self.facts.operator),
            content = self.snapshot.content,
            revision = self.snapshot.revision,
            version = env!("CARGO_PKG_VERSION"),
            skipped,
            "{what}"
        );
    }
}

#[cfg(test)]
mod tests;
