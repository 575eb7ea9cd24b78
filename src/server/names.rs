//! What a log line names its request by. It is looked up only when a line is written: an allowed request logs nothing.

use actix_web::HttpRequest;

#[cfg(feature = "otel")]
use crate::server::span;
use crate::{telemetry::trace_context::TraceContext, text, webhook::request::Query};

/// The most characters of a request that a log line shows.
const MOST_SHOWN: usize = 128;

/// The names of a request. None is made up: a request without a name is logged without one.
pub(super) struct Names {
    /// Chat's `RequestID`, or else the `X-Request-Id` of a proxy.
    pub(super) request_id: Option<String>,
    /// The trace that it belongs to.
    pub(super) trace_id: Option<String>,
    /// The span that sent it.
    pub(super) parent_id: Option<String>,
    /// Its own span, where one is recorded.
    pub(super) span_id: Option<String>,
}

/// A log line about a request: its names, and the rest.
macro_rules! log_line {
    ($level:ident, $names:expr, $($rest:tt)*) => {{
        let names: Names = $names;
        tracing::$level!(
            request_id = names.request_id,
            trace_id = names.trace_id,
            parent_id = names.parent_id,
            span_id = names.span_id,
            $($rest)*
        );
    }};
}
pub(super) use log_line;

impl Names {
    /// The names of a request, whose query was read before or not.
    pub(super) fn of(request: &HttpRequest, query: Option<&Query<'_>>) -> Names {
        let request_id = match query {
            Some(query) => request_id(request, query),
            None => request_id(request, &Query::parse(request.query_string())),
        };
        let context = trace_context(request);
        let trace_id = context.map(|context| format!("{:032x}", context.trace_id));
        let parent_id = context.map(|context| format!("{:016x}", context.parent_id));
        let names = Names { request_id, trace_id, parent_id, span_id: None };
        #[cfg(feature = "otel")]
        let names = span::name(request, names);
        names
    }
}

/// The trace context of a request; two of them are none.
pub(super) fn trace_context(request: &HttpRequest) -> Option<TraceContext> {
    TraceContext::parse(sole_header(request, "traceparent")?)
}

/// What Chat calls a request, or else what a proxy does.
pub(super) fn request_id(request: &HttpRequest, query: &Query<'_>) -> Option<String> {
    query.request_id.as_deref().map(shown).filter(|id| !id.is_empty()).or_else(|| id_of_proxy(request))
}

/// Proxies write letters, digits and a few signs. What is longer, or anything else, was not written by one.
fn id_of_proxy(request: &HttpRequest) -> Option<String> {
    let id = sole_header(request, "x-request-id")?;
    let fits = (1..=MOST_SHOWN).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic);
    fits.then(|| String::from_utf8_lossy(id).into_owned())
}

fn sole_header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a [u8]> {
    let mut values = request.headers().get_all(name);
    let value = values.next()?;
    values.next().is_none().then(|| value.as_bytes())
}

/// What a log line shows of a text from a request.
pub(super) fn shown(text: &str) -> String {
    text::clean(text).chars().take(MOST_SHOWN).collect()
}
