//! The admin side: its table of routes, and who may ask.

mod metrics;
mod reload;
mod status;

use std::net::IpAddr;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{ALLOW, HOST, HeaderValue, ORIGIN},
    },
};

use crate::{
    server::{answer::sentence, reloads, service::Service},
    settings::Limits,
};

/// What is said of every other path.
const NOT_HERE: &str = "there are /healthz, /readyz, /metrics, /-/status and /-/reload\n";

/// Connections to the admin side: a few programs and people.
const MAX_CONNECTIONS: usize = 256;

/// What a client of the admin side may take.
pub(super) fn limits(webhook: Limits) -> Limits {
    // A connection is not reused; while it waits for a reload it looks idle.
    let keep_alive = reloads::MOST_WAITING;
    Limits { connections: MAX_CONNECTIONS, connections_per_peer: MAX_CONNECTIONS, keep_alive, ..webhook }
}

/// Answers a request to the admin listener, whose own address is `local`.
pub(super) async fn answer(service: &Service, local: IpAddr, request: &HttpRequest) -> HttpResponse {
    if local.is_loopback() && !names_loopback(request) {
        return sentence(StatusCode::FORBIDDEN, "this listener answers to a loopback name only\n");
    }
    let endpoint: fn(&Service, &HttpRequest) -> HttpResponse = match request.path() {
        "/-/reload" => return reload(service, request).await,
        "/healthz" => health,
        "/readyz" => readiness,
        "/metrics" => metrics::report,
        "/-/status" => status::report,
        _ => return sentence(StatusCode::NOT_FOUND, NOT_HERE),
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return wrong_method("GET, HEAD", "it is read with GET\n");
    }
    endpoint(service, request)
}

/// A browser names the origin of the page that asks; no page has a reason to.
async fn reload(service: &Service, request: &HttpRequest) -> HttpResponse {
    if *request.method() != Method::POST {
        return wrong_method("POST", "a reload is asked for with POST\n");
    }
    if request.headers().contains_key(ORIGIN) {
        return sentence(StatusCode::FORBIDDEN, "a web page may not ask for a reload\n");
    }
    reload::reload(service).await
}

fn wrong_method(allowed: &'static str, text: &'static str) -> HttpResponse {
    let mut response = sentence(StatusCode::METHOD_NOT_ALLOWED, text);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
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
