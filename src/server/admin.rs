//! The admin side: its table of routes, and who may ask.

mod metrics;
mod status;

use std::net::IpAddr;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{ALLOW, HOST, HeaderValue},
    },
};

use crate::{
    server::{answer::sentence, service::Service},
    settings::Limits,
};

/// Connections to the admin side: a few programs and people.
const MAX_CONNECTIONS: usize = 256;

/// What a client of the admin side may take.
pub(super) fn limits(webhook: Limits) -> Limits {
    Limits { connections: MAX_CONNECTIONS, connections_per_peer: MAX_CONNECTIONS, ..webhook }
}

/// Answers a request to the admin listener, whose own address is `local`.
pub(super) fn answer(service: &Service, local: IpAddr, request: &HttpRequest) -> HttpResponse {
    if local.is_loopback() && !names_loopback(request) {
        return sentence(StatusCode::FORBIDDEN, "this listener answers to a loopback name only\n");
    }
    let endpoint: fn(&Service, &HttpRequest) -> HttpResponse = match request.path() {
        "/healthz" => health,
        "/readyz" => readiness,
        "/metrics" => metrics::report,
        "/-/status" => status::report,
        _ => return sentence(StatusCode::NOT_FOUND, "there are /healthz, /readyz, /metrics and /-/status\n"),
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = sentence(StatusCode::METHOD_NOT_ALLOWED, "it is read with GET\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    endpoint(service, request)
}

/// The process runs.
fn health(_: &Service, _: &HttpRequest) -> HttpResponse {
    sentence(StatusCode::OK, "ok\n")
}

/// The service wants requests.
fn readiness(service: &Service, _: &HttpRequest) -> HttpResponse {
    if service.is_draining() {
        return sentence(StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    sentence(StatusCode::OK, "ready\n")
}

/// A page of another site can make a browser on this machine ask under its own name (DNS rebinding), but not under ours.
fn names_loopback(request: &HttpRequest) -> bool {
    let Some(host) = request.headers().get(HOST).and_then(|host| host.to_str().ok()) else { return true };
    let port = |end: &str| end.bytes().all(|byte| byte.is_ascii_digit());
    let name = host.rsplit_once(':').filter(|(_, end)| port(end)).map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.strip_suffix('.').unwrap_or(name).eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
