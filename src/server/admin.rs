//! The admin side: its table of routes. Who may ask is told by `access`.

mod access;
mod certificates;
mod metrics;
mod reload;
mod status;

use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{ALLOW, HeaderValue},
    },
};

pub(super) use access::{Access, REFUSED};

use crate::{
    server::{
        answer::{sentence, without_reading},
        reloads,
        service::Service,
    },
    settings::Limits,
};

/// What is said of every other path.
const NOT_HERE: &str = "there are /healthz, /readyz, /metrics, /-/status and /-/reload\n";

/// Connections to the admin side: a few programs and people.
pub(super) const MAX_CONNECTIONS: usize = 256;

/// How many of them one address may have.
const MAX_CONNECTIONS_PER_PEER: usize = 64;

/// What a client of the admin side may take.
pub(super) fn limits(webhook: Limits) -> Limits {
    // A connection is not reused; while it waits for a reload it looks idle.
    let keep_alive = reloads::MOST_WAITING;
    Limits { connections: MAX_CONNECTIONS, connections_per_peer: MAX_CONNECTIONS_PER_PEER, keep_alive, ..webhook }
}

/// Answers a request to the admin listener. Nobody reads its body.
pub(super) async fn answer(service: &Service, request: &HttpRequest, unread: Payload) -> HttpResponse {
    without_reading(route(service, request).await, unread)
}

async fn route(service: &Service, request: &HttpRequest) -> HttpResponse {
    if let Err(refusal) = access::check(service, request) {
        return refusal.answer(service, request);
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    match request.path() {
        "/-/reload" if *request.method() == Method::POST => reload::reload(service).await,
        "/-/reload" => wrong_method("POST", "a reload is asked for with POST\n"),
        "/healthz" | "/readyz" | "/metrics" | "/-/status" if !is_read => {
            wrong_method("GET, HEAD", "it is read with GET\n")
        }
        "/healthz" => sentence(StatusCode::OK, "ok\n"),
        "/readyz" => readiness(service),
        "/metrics" => metrics::report(service, request),
        "/-/status" => status::report(service),
        _ => sentence(StatusCode::NOT_FOUND, NOT_HERE),
    }
}

fn wrong_method(allowed: &'static str, text: &'static str) -> HttpResponse {
    let mut response = sentence(StatusCode::METHOD_NOT_ALLOWED, text);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Whether the service wants requests.
fn readiness(service: &Service) -> HttpResponse {
    if service.is_draining() {
        return sentence(StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    sentence(StatusCode::OK, "ready\n")
}
