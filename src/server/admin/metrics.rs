//! `/metrics`: everything that is counted, in the text format that is asked for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{Accept, CONTENT_TYPE, Header, HeaderValue},
    },
    mime::Mime,
};

use crate::{
    server::{answer::sentence, service::Service},
    telemetry::exposition::Format,
};

const OPEN_METRICS: &str = "application/openmetrics-text";

/// Every metric.
pub(super) fn report(service: &Service, request: &HttpRequest) -> HttpResponse {
    let format = format(request);
    let Ok(text) = service.metrics.text(format) else {
        return sentence(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written\n");
    };
    let content_type = match format {
        Format::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        Format::Plain => "text/plain; version=0.0.4; charset=utf-8",
    };
    let mut response = HttpResponse::with_body(StatusCode::OK, text).map_into_boxed_body();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// OpenMetrics for those who like it best, as Prometheus says it does; the older format is what everything else reads.
fn format(request: &HttpRequest) -> Format {
    let accepted = Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
    let known = [OPEN_METRICS, "text/plain", "text/*", "*/*"];
    match accepted.iter().map(Mime::essence_str).find(|kind| known.contains(kind)) {
        Some(OPEN_METRICS) => Format::OpenMetrics,
        _ => Format::Plain,
    }
}
