//! TLS of a listener: its certificate follows its files like tokens, and no connection is dropped for it.
//!
//! A new certificate or a new list of authorities is a new configuration, with new tickets: what the old one has made of a
//! client does not count for the new one.

#![expect(clippy::disallowed_methods, reason = "a certificate ends at a time, and the log is throttled by one")]

mod failure;

use std::{
    error::Error as StdError,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::rt::{net::TcpStream, time::timeout};
use arc_swap::ArcSwap;
use jiff::{SignedDuration, Timestamp};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::{Ticketer, default_provider},
    server::{NoServerSessionStorage, WebPkiClientVerifier},
    sign::SingleCertAndKey,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tracing::{error, info, warn};

use crate::{
    server::{
        held::{Held, Source, Turn},
        tally::By,
        tls::failure::Failure,
    },
    settings::{
        self,
        certificates::{Certificate, Identity},
        value::Fault,
    },
    telemetry::{certificates::State, metrics::Metrics, throttle::Throttle},
};

/// The only protocol: HTTP/2 stays off, see `Cargo.toml`.
const HTTP_1: &[u8] = b"http/1.1";

/// How many days before its end the log and the status remind of it.
pub(super) const SOON: i64 = 14;

/// How often it does.
const REMINDER: SignedDuration = SignedDuration::from_hours(24);

/// TLS of a listener.
pub(super) struct Tls {
    listener: &'static str,
    files: Held<settings::Tls>,
    config: ArcSwap<ServerConfig>,
    metrics: Arc<Metrics>,
    failures: By,
    throttle: Throttle,
    started: Instant,
    reminded: Mutex<Option<Timestamp>>,
}

/// What the files hold, ready to be used.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    identity: Identity,
    config: Arc<ServerConfig>,
}

impl PartialEq for Ready {
    fn eq(&self, other: &Ready) -> bool {
        self.identity == other.identity
    }
}

impl Source for settings::Tls {
    type Value = Ready;

    fn read(&self) -> Result<Ready, Fault> {
        let identity = settings::Tls::read(self)?;
        let unusable =
            |error: Box<dyn StdError>| Fault { message: format!("TLS is not possible: {error}"), help: None };
        let config = Arc::new(config(&identity).map_err(unusable)?);
        Ok(Ready { identity, config })
    }

    fn follow(&self, old: &Ready, new: Ready) -> Result<Ready, Fault> {
        let now = Timestamp::now();
        let doubt = |ready: &Ready| ready.identity.certificate.doubt(&self.certificate, now);
        match doubt(&new).filter(|_| doubt(old).is_none()) {
            Some(message) => Err(Fault { message, help: None }),
            None => Ok(new),
        }
    }
}

impl Tls {
    /// Reads the files of a listener.
    ///
    /// # Errors
    /// When they cannot be used.
    pub(super) fn open(listener: &'static str, files: &settings::Tls, metrics: &Arc<Metrics>) -> Result<Tls, Fault> {
        let files = Held::open(files.clone())?;
        let config = ArcSwap::new(files.value().config);
        let failures = By::each(Failure::CAUSES, |cause| metrics.certificates.failures(listener, cause));
        let (metrics, throttle, started) = (Arc::clone(metrics), Throttle::default(), Instant::now());
        let tls = Tls { listener, files, config, metrics, failures, throttle, started, reminded: Mutex::default() };
        tls.show();
        Ok(tls)
    }

    /// Which listener it is.
    pub(super) fn listener(&self) -> &'static str {
        self.listener
    }

    /// What the live certificate says.
    pub(super) fn certificate(&self) -> Certificate {
        self.files.value().identity.certificate
    }

    /// What is wrong with its files now.
    pub(super) fn problem(&self) -> Option<String> {
        self.files.problem()
    }

    /// Says in the log which certificate is shown.
    pub(super) fn introduce(&self) {
        let Certificate { subject, names, not_after, .. } = self.certificate();
        let names = names.join(", ");
        info!(listener = self.listener, subject, names, %not_after, "listener has a certificate");
    }

    /// Reads the files again.
    pub(super) fn read_again(&self) {
        let listener = self.listener;
        match self.files.read_again() {
            None => {}
            Some(Turn::Regained) => info!(listener, "certificate can be read again"),
            Some(Turn::Lost(error)) => error!(listener, error, "certificate kept, because it cannot be read again"),
        }
        let config = self.files.value().config;
        if !Arc::ptr_eq(&config, &self.config.load()) {
            self.config.store(config);
            let Certificate { subject, names, not_after, .. } = self.certificate();
            info!(listener, subject, names = names.join(", "), %not_after, "certificate changed");
        }
        self.show();
    }

    /// Agrees with a client on how to encrypt.
    pub(super) async fn accept(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        within: Duration,
    ) -> Option<TlsStream<TcpStream>> {
        let accepted = timeout(within, TlsAcceptor::from(self.config.load_full()).accept(stream)).await;
        let failure = match accepted {
            Ok(Ok(stream)) => return Some(stream),
            Ok(Err(error)) => Failure::of(&error),
            Err(_) => Failure::slow(),
        };
        self.failures.add(failure.cause);
        if let Some(held_back) = self.throttle.admit(failure.cause, self.started.elapsed()) {
            let (listener, peer, Failure { cause, error }) = (self.listener, peer.ip(), failure);
            warn!(listener, cause, %peer, error, held_back, "handshake failed");
        }
        None
    }

    fn show(&self) {
        let now = Timestamp::now();
        let certificate = self.certificate();
        let (not_after, days_left) = (certificate.not_after, certificate.days_left(now));
        let is_unusable = self.problem().is_some();
        self.metrics.certificates.show(self.listener, State { not_after, days_left, is_unusable });
        let mut reminded = self.reminded.lock().unwrap_or_else(PoisonError::into_inner);
        if days_left < SOON && reminded.is_none_or(|last| now.duration_since(last) >= REMINDER) {
            *reminded = Some(now);
            warn!(listener = self.listener, days_left, %not_after, "certificate ends soon");
        }
    }
}

fn config(identity: &Identity) -> Result<ServerConfig, Box<dyn StdError>> {
    let provider = Arc::new(default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let certified = Arc::new(SingleCertAndKey::from(Arc::clone(&identity.certified)));
    let mut config = match &identity.clients {
        None => {
            let mut config = builder.with_no_client_auth().with_cert_resolver(certified);
            config.ticketer = Ticketer::new()?;
            config
        }
        Some(authorities) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::clone(authorities), provider);
            let verifier = verifier.allow_unauthenticated().build()?;
            let mut config = builder.with_client_cert_verifier(verifier).with_cert_resolver(certified);
            // A client shows its certificate on every connection, so that its end is noticed.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
            config
        }
    };
    config.alpn_protocols = vec![HTTP_1.to_vec()];
    Ok(config)
}
