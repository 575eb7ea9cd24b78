//! Why a request ends before its decision, and what it is told. HTTP knows two kinds: theirs, and ours.

use std::net::IpAddr;

use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        StatusCode,
        header::{ALLOW, HeaderValue},
    },
};

#[cfg(feature = "otel")]
use crate::server::span;
use crate::{
    quota::StoreError,
    server::{
        answer,
        body::Missing,
        names::{Names, log_line, shown},
        service::Service,
    },
    settings::OnError,
    webhook::{request::Malformed, signature::Refusal},
};

/// Every cause of a request that is turned away by its head.
pub(super) const REJECTED: [&str; 8] = [
    "method",
    "path",
    "caller",
    "app",
    "signature_missing",
    "signature_malformed",
    "signature_wrong",
    "signature_expired",
];

/// Every cause of an undecided request besides what is malformed.
pub(super) const UNDECIDED: [&str; 5] = ["large_body", "slow_body", "broken_body", "counters", "panic"];

/// Why a request ends before its decision.
pub(super) enum Stop {
    /// By its head: nobody has shown to be Chat.
    Rejected(Rejection),
    /// It is from Chat, and cannot be decided.
    Undecided(Undecided),
    /// It is from Chat, its body is not there, and its command, by its label, would not have been decided anyway.
    NotEvaluated(&'static str),
}

/// What is wrong with a head.
#[derive(Clone, Copy)]
pub(super) enum Rejection {
    /// It is not `POST`.
    Method,
    /// The webhook is not there.
    Path,
    /// The address is not in the allow-list; behind a trusted proxy it is unknown where `X-Forwarded-For` does not tell.
    Caller(Option<IpAddr>),
    /// The app is not ours.
    App,
    /// The signature is not ours.
    Signature(Refusal),
}

/// Why an authenticated request cannot be decided.
#[derive(Debug)]
pub(super) enum Undecided {
    /// Its body is not there.
    Missing(Missing),
    /// It cannot be understood.
    Malformed(Malformed),
    /// Nobody could tell how often its key came before.
    Uncounted(StoreError),
    /// A defect of this program.
    Panicked,
}

impl Stop {
    /// The answer.
    pub(super) fn answer(self, service: &Service, request: &HttpRequest, unread: Payload) -> HttpResponse {
        #[cfg(feature = "otel")]
        span::stopped(request, &self);
        match self {
            Stop::Rejected(rejection) => rejection.answer(service, request, unread),
            Stop::Undecided(undecided) => undecided.answer(service, request, unread),
            Stop::NotEvaluated(command) => {
                service.tally.not_evaluated.add(command);
                answer::without_reading(answer::allowed(), unread)
            }
        }
    }
}

impl Rejection {
    fn answer(self, service: &Service, request: &HttpRequest, unread: Payload) -> HttpResponse {
        let cause = self.cause();
        service.tally.reject(cause);
        if let Some(held_back) = service.throttle.admit(cause, service.started.elapsed()) {
            self.log(request, held_back);
        }
        let (status, sentence) = self.words();
        let mut response = answer::sentence(status, sentence);
        if let Rejection::Method = self {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        answer::without_reading(response, unread)
    }

    fn log(self, request: &HttpRequest, held_back: u64) {
        let peer = request.peer_addr().map(|peer| peer.ip().to_string());
        let caller = if let Rejection::Caller(caller) = self { caller.map(|caller| caller.to_string()) } else { None };
        let method = matches!(self, Rejection::Method).then(|| shown(request.method().as_str()));
        let path = matches!(self, Rejection::Path).then(|| shown(before_values(request.path())));
        let app = matches!(self, Rejection::App).then(|| app(request));
        let expired =
            if let Rejection::Signature(Refusal::Expired { seconds_old }) = self { Some(seconds_old) } else { None };
        let (names, cause) = (Names::of(request, None), self.cause());
        log_line!(
            warn,
            names,
            cause,
            peer,
            caller,
            method,
            path,
            app,
            seconds_old = expired,
            held_back,
            "request rejected"
        );
    }

    /// The word for metrics and logs.
    pub(super) fn cause(self) -> &'static str {
        match self {
            Rejection::Method => "method",
            Rejection::Path => "path",
            Rejection::Caller(_) => "caller",
            Rejection::App => "app",
            Rejection::Signature(refusal) => refusal.cause(),
        }
    }

    fn words(self) -> (StatusCode, &'static str) {
        match self {
            Rejection::Method => (StatusCode::METHOD_NOT_ALLOWED, "the webhook is called with POST\n"),
            Rejection::Path => (StatusCode::NOT_FOUND, "the webhook is not here\n"),
            Rejection::Caller(_) => (StatusCode::FORBIDDEN, "this address may not call the webhook\n"),
            Rejection::App => (StatusCode::FORBIDDEN, "this SdkAppid is not configured\n"),
            Rejection::Signature(_) => (StatusCode::FORBIDDEN, "the signature is not accepted\n"),
        }
    }
}

impl Undecided {
    fn answer(self, service: &Service, request: &HttpRequest, unread: Payload) -> HttpResponse {
        service.tally.undecided.inc();
        let cause = self.cause();
        service.tally.on_error.add(cause);
        if let Some(held_back) = service.throttle.admit(cause, service.started.elapsed()) {
            let error = self.error();
            log_line!(warn, Names::of(request, None), cause, error, held_back, "request not decided");
        }
        let response = self.response(&service.settings.on_error);
        if let Undecided::Missing(_) = self { answer::without_reading(response, unread) } else { response }
    }

    fn error(&self) -> Option<String> {
        match self {
            Undecided::Malformed(malformed) => Some(malformed.to_string()),
            Undecided::Uncounted(error) => Some(error.to_string()),
            Undecided::Missing(_) | Undecided::Panicked => None,
        }
    }

    /// What the settings say.
    pub(super) fn response(&self, on_error: &OnError) -> HttpResponse {
        if let OnError::Deny { code, message } = on_error {
            return answer::refused(*code, message);
        }
        let (status, sentence) = self.words();
        answer::sentence(status, sentence)
    }

    /// The word for metrics and logs.
    pub(super) fn cause(&self) -> &'static str {
        match self {
            Undecided::Missing(Missing::TooLarge) => "large_body",
            Undecided::Missing(Missing::TooSlow) => "slow_body",
            Undecided::Missing(Missing::Broken) => "broken_body",
            Undecided::Malformed(malformed) => malformed.cause(),
            Undecided::Uncounted(_) => "counters",
            Undecided::Panicked => "panic",
        }
    }

    fn words(&self) -> (StatusCode, &'static str) {
        match self {
            Undecided::Missing(Missing::TooLarge) => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large\n"),
            Undecided::Missing(Missing::TooSlow) => (StatusCode::REQUEST_TIMEOUT, "the body is too slow\n"),
            Undecided::Missing(Missing::Broken) => (StatusCode::BAD_REQUEST, "the body is broken off\n"),
            Undecided::Malformed(_) => (StatusCode::BAD_REQUEST, "the request is malformed\n"),
            Undecided::Uncounted(_) => (StatusCode::SERVICE_UNAVAILABLE, "the counters of the rules do not answer\n"),
            Undecided::Panicked => (StatusCode::INTERNAL_SERVER_ERROR, "the request met a defect of this service\n"),
        }
    }
}

/// The app that a request says it is for.
fn app(request: &HttpRequest) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(key, _)| key.eq_ignore_ascii_case("SdkAppid")).map(|(_, app)| shown(before_values(&app)))
}

/// A text up to the first value: whoever encodes too much puts a query, with its signature, where none belongs.
fn before_values(text: &str) -> &str {
    let first = ["=", "%3D", "%3d"].iter().filter_map(|sign| text.find(sign)).min();
    first.and_then(|end| text.get(..end)).unwrap_or(text)
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Stop {
        Stop::Rejected(rejection)
    }
}

impl From<Undecided> for Stop {
    fn from(undecided: Undecided) -> Stop {
        Stop::Undecided(undecided)
    }
}

impl From<Missing> for Stop {
    fn from(missing: Missing) -> Stop {
        Stop::Undecided(Undecided::Missing(missing))
    }
}

impl From<Malformed> for Undecided {
    fn from(malformed: Malformed) -> Undecided {
        Undecided::Malformed(malformed)
    }
}
