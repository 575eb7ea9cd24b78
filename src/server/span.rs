//! The spans of requests and of reloads. They name rules and codes, and nobody: no operator, no name, no address, no query.

use std::time::SystemTime;

use actix_web::{
    HttpMessage, HttpRequest,
    http::{Method, StatusCode},
};
use opentelemetry::{
    Context, KeyValue,
    trace::{
        Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer,
    },
};
use opentelemetry_sdk::trace::{SdkTracer, Span};

use crate::{
    engine::{Decision, Snapshot, Verdict},
    facts::Command,
    live::{self, Cause, Listener, News},
    server::{
        names::{Names, trace_context},
        service::Service,
        stop::Stop,
    },
    telemetry::traces::{Spans, Traces},
};

/// Methods that a span may be named after; a client can make up others.
const METHODS: [Method; 9] = [
    Method::CONNECT,
    Method::DELETE,
    Method::GET,
    Method::HEAD,
    Method::OPTIONS,
    Method::PATCH,
    Method::POST,
    Method::PUT,
    Method::TRACE,
];

/// Begins the span of a request, which the request carries.
pub(super) fn begin(service: &Service, request: &HttpRequest) {
    let Some(traces) = &service.traces else { return };
    let method = METHODS.into_iter().find(|method| method == request.method());
    let route = service.settings.paths.iter().find(|path| *path == request.path());
    let name = match (&method, route) {
        (Some(method), Some(route)) => format!("{method} {route}"),
        (Some(method), None) => method.to_string(),
        (None, _) => "HTTP".to_owned(),
    };
    let method = method.map_or("_OTHER".to_owned(), |method| method.to_string());
    let mut attributes = vec![KeyValue::new("http.request.method", method)];
    attributes.extend(route.map(|route| KeyValue::new("http.route", route.clone())));
    let builder = traces.tracer().span_builder(name).with_kind(SpanKind::Server).with_attributes(attributes);
    let span = traces.tracer().build_with_context(builder, &parent(request));
    request.extensions_mut().insert(span);
}

/// The span that sent a request, or none.
fn parent(request: &HttpRequest) -> Context {
    let Some(context) = trace_context(request) else { return Context::new() };
    let flags = TraceFlags::default().with_sampled(context.is_sampled);
    let (trace, parent) = (TraceId::from(context.trace_id), SpanId::from(context.parent_id));
    Context::new().with_remote_span_context(SpanContext::new(trace, parent, flags, true, TraceState::NONE))
}

/// The same names, with those of the span of the request.
pub(super) fn name(request: &HttpRequest, names: Names) -> Names {
    let extensions = request.extensions();
    let Some(span) = extensions.get::<Span>().filter(|span| span.is_recording()) else { return names };
    let context = span.span_context();
    Names { trace_id: Some(context.trace_id().to_string()), span_id: Some(context.span_id().to_string()), ..names }
}

/// Notes something about a request, if its span is recorded.
pub(super) fn note(request: &HttpRequest, key: &'static str, value: impl FnOnce() -> Option<String>) {
    let mut extensions = request.extensions_mut();
    let Some(span) = extensions.get_mut::<Span>().filter(|span| span.is_recording()) else { return };
    if let Some(value) = value() {
        span.set_attribute(KeyValue::new(key, value));
    }
}

/// Notes how a request ended that was not decided.
pub(super) fn ended(request: &HttpRequest, outcome: &'static str, command: Option<&'static str>) {
    note(request, "topicgate.outcome", || Some(outcome.to_owned()));
    note(request, "topicgate.command", || command.map(str::to_owned));
}

/// Notes why a request was stopped.
pub(super) fn stopped(request: &HttpRequest, stop: &Stop) {
    let (outcome, cause) = match stop {
        Stop::NotEvaluated(command) => return ended(request, "not_evaluated", Some(command)),
        Stop::Rejected(rejection) => ("rejected", rejection.cause()),
        Stop::Undecided(undecided) => ("undecided", undecided.cause()),
    };
    ended(request, outcome, None);
    note(request, "topicgate.cause", || Some(cause.to_owned()));
}

/// Notes a decision.
pub(super) fn decided(request: &HttpRequest, command: Command, snapshot: &Snapshot, verdict: &Verdict) {
    let rule = verdict.rule.and_then(|index| snapshot.rules.get(index));
    let (outcome, code) = match &verdict.decision {
        Decision::Allow => ("allow", None),
        Decision::Deny { code, .. } => ("deny", Some(*code)),
    };
    ended(request, outcome, Some(command.name()));
    note(request, "topicgate.rule", || rule.map(|rule| rule.id.clone()));
    note(request, "topicgate.code", || code.map(|code| code.to_string()));
    note(request, "topicgate.revision", || Some(snapshot.revision.clone()));
}

/// Ends the span of a request.
pub(super) fn end(service: &Service, request: &HttpRequest, status: StatusCode) {
    let Some(mut span) = request.extensions_mut().remove::<Span>().filter(Span::is_recording) else { return };
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_attribute(KeyValue::new("error.type", status.as_str().to_owned()));
        span.set_status(Status::error(""));
    }
    service.metrics.spans.record();
    span.end();
}

/// A listener that also records every attempt to load the rules; the first is over when anybody listens.
pub(super) fn following(traces: Option<&Traces>, spans: &Spans, listener: Listener) -> Listener {
    let Some(traces) = traces else { return listener };
    let (tracer, spans) = (traces.tracer().clone(), spans.clone());
    Box::new(move |live, news| {
        if news == News::Attempted {
            loaded(&tracer, &spans, &live.status());
        }
        listener(live, news);
    })
}

/// Records an attempt to load the rules, after it ended.
pub(super) fn loaded(tracer: &SdkTracer, spans: &Spans, status: &live::Status) {
    let last = &status.last;
    // The time of an attempt is one that the system gave.
    let Ok(end) = SystemTime::try_from(last.at) else { return };
    let builder = tracer.span_builder("load rules").with_start_time(end.checked_sub(last.took).unwrap_or(end));
    let mut span = tracer.build_with_context(builder, &Context::new());
    if !span.is_recording() {
        return;
    }
    let outcome = if last.succeeded { "success" } else { "failure" };
    span.set_attribute(KeyValue::new("topicgate.cause", word(last.cause)));
    span.set_attribute(KeyValue::new("topicgate.outcome", outcome));
    span.set_attribute(KeyValue::new("topicgate.revision", status.snapshot.revision.clone()));
    if let Some(failure) = status.last_failure.as_ref().filter(|_| !last.succeeded) {
        span.set_status(Status::error(failure.problem.clone()));
    }
    spans.record();
    span.end_with_timestamp(end);
}

fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::Start => "start",
        Cause::Event => "event",
        Cause::Poll => "poll",
        Cause::Forced => "forced",
    }
}
