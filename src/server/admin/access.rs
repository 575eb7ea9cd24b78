//! Who may ask the admin side what; `docs/decisions/0007-admin-access.md` says why.

use std::net::IpAddr;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{AUTHORIZATION, HOST, HeaderValue, ORIGIN, WWW_AUTHENTICATE},
    },
};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use tracing::{info, warn};

use crate::{
    server::{
        answer,
        names::{Names, log_line, shown},
        service::Service,
        transport::ClientCertificate,
    },
    settings::Settings,
};

/// Every cause of a request that is turned away.
pub(in crate::server) const REFUSED: [&str; 5] = ["host", "origin", "no_token_set", "token_missing", "token_wrong"];

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A loopback listener was asked under another name.
    Host,
    /// A web page asks for something to be done.
    Origin,
    /// Nobody could be let in.
    NoTokenSet,
    /// It has no token.
    Missing,
    /// It has another token.
    Wrong,
}

/// Who may read metrics and status and ask for a reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Access {
    /// Whoever is on this machine.
    Loopback,
    /// Whoever has a token, or a certificate where clients may have one.
    Known,
    /// Nobody.
    Closed,
}

impl Access {
    /// What the settings say.
    pub(in crate::server) fn of(settings: &Settings) -> Access {
        match settings {
            _ if settings.admin.ip().is_loopback() => Access::Loopback,
            _ if settings.admin_is_closed() => Access::Closed,
            _ => Access::Known,
        }
    }

    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Access::Loopback => "loopback",
            Access::Known => "known",
            Access::Closed => "closed",
        }
    }

    /// Says it in the log.
    pub(in crate::server) fn introduce(self) {
        match self {
            Access::Loopback => info!("admin side asks for no token on loopback"),
            Access::Known => info!("admin side asks for a token or a certificate"),
            Access::Closed => warn!("admin side has no token: beyond loopback it is closed"),
        }
    }
}

/// Whether a request may be answered.
///
/// What counts is the address of the listener, not that of the peer: a proxy beside it also comes from loopback.
pub(super) fn check(service: &Service, request: &HttpRequest) -> Result<(), Refusal> {
    if *request.method() == Method::POST && request.headers().contains_key(ORIGIN) {
        return Err(Refusal::Origin);
    }
    if Access::of(&service.settings) == Access::Loopback {
        return if names_loopback(request) { Ok(()) } else { Err(Refusal::Host) };
    }
    let is_known = request.conn_data::<ClientCertificate>().is_some();
    if is_known || is_public(&service.settings, request.path()) { Ok(()) } else { bearer(service, request) }
}

fn is_public(settings: &Settings, path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz") || (path == "/metrics" && settings.metrics_public)
}

/// A page of another site can make a browser on this machine ask under its own name (DNS rebinding), but not under ours.
fn names_loopback(request: &HttpRequest) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    // A target may name a host as well.
    let target = request.uri().authority();
    host.is_some_and(is_loopback) && target.is_none_or(|target| is_loopback(target.as_str()))
}

fn is_loopback(host: &str) -> bool {
    let port = |end: &str| end.bytes().all(|byte| byte.is_ascii_digit());
    let name = host.rsplit_once(':').filter(|(_, end)| port(end)).map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.strip_suffix('.').unwrap_or(name).eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Every token is compared, by its hash, so that the time it takes says nothing about any of them.
fn bearer(service: &Service, request: &HttpRequest) -> Result<(), Refusal> {
    if !service.admin_tokens.are_wanted() {
        return Err(Refusal::NoTokenSet);
    }
    let sent = Sha256::digest(token(request).ok_or(Refusal::Missing)?);
    let tokens = service.admin_tokens.now();
    let known = tokens.iter().fold(Choice::from(0), |known, token| known | Sha256::digest(token.secret()).ct_eq(&sent));
    if bool::from(known) { Ok(()) } else { Err(Refusal::Wrong) }
}

fn token(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Refusal {
    /// The answer.
    pub(super) fn answer(self, service: &Service, request: &HttpRequest) -> HttpResponse {
        let cause = self.cause();
        service.tally.admin_rejected.add(cause);
        if let Some(held_back) = service.throttle.admit(cause, service.started.elapsed()) {
            let peer = request.peer_addr().map(|peer| peer.ip().to_string());
            let path = shown(request.path());
            log_line!(warn, Names::of(request, None), cause, peer, path, held_back, "admin request rejected");
        }
        let (status, text) = self.words();
        let mut response = answer::sentence(status, text);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// The word for metrics and logs.
    fn cause(self) -> &'static str {
        match self {
            Refusal::Host => "host",
            Refusal::Origin => "origin",
            Refusal::NoTokenSet => "no_token_set",
            Refusal::Missing => "token_missing",
            Refusal::Wrong => "token_wrong",
        }
    }

    fn words(self) -> (StatusCode, &'static str) {
        match self {
            Refusal::Host => (StatusCode::FORBIDDEN, "this listener answers to a loopback name only\n"),
            Refusal::Origin => (StatusCode::FORBIDDEN, "a web page may not ask for this\n"),
            Refusal::NoTokenSet => (
                StatusCode::UNAUTHORIZED,
                "nobody can be let in here before `admin_token_file` or `admin_token_env` is set\n",
            ),
            Refusal::Missing => {
                (StatusCode::UNAUTHORIZED, "send `Authorization: Bearer TOKEN`, with a token of `admin_token_file`\n")
            }
            Refusal::Wrong => (
                StatusCode::UNAUTHORIZED,
                "this token is not accepted: `admin_token_file` or `admin_token_env` holds those that are\n",
            ),
        }
    }
}
