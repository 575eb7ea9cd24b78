//! What every request can see, and how it follows the rules, the tokens and the certificates.

#![expect(clippy::disallowed_methods, reason = "it counts from its start")]

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Instant,
};

use jiff::Timestamp;
use tokio::sync::watch;
use tracing::warn;

use crate::{
    live::{Listener, Live, News, Options, Preview, Status, Watching},
    quota::{self, Memory},
    server::{
        Error,
        apps::Apps,
        descriptors,
        lines::Lines,
        reloads::Reloads,
        tally::Tally,
        tls::Tls,
        tokens::{Tokens, Whose},
        transport::Crowded,
    },
    settings::{self, Settings, Watch, tokens::admin},
    source::{self, kept::Store},
    telemetry::{
        metrics::{Load, Metrics},
        throttle::Throttle,
    },
};
#[cfg(feature = "otel")]
use crate::{server::span, telemetry::traces::Traces};

/// What every request can see.
pub(super) struct Service {
    /// With the limits that are in force.
    pub(super) settings: Settings,
    pub(super) live: Arc<Live>,
    pub(super) reloads: Reloads,
    pub(super) apps: Arc<Apps>,
    pub(super) admin_tokens: Arc<Tokens<admin::Source>>,
    /// What encrypts the webhook.
    pub(super) tls: Option<Arc<Tls>>,
    /// What encrypts the admin side.
    pub(super) admin_tls: Option<Arc<Tls>>,
    /// What counts for the rules with a quota.
    pub(super) quotas: Arc<dyn quota::Store>,
    pub(super) metrics: Arc<Metrics>,
    #[cfg(feature = "otel")]
    pub(super) traces: Option<Traces>,
    pub(super) tally: Tally,
    pub(super) throttle: Throttle,
    pub(super) lines: Lines,
    pub(super) draining: AtomicBool,
    /// Where it listens, once it does.
    pub(super) listening: OnceLock<Listening>,
    pub(super) started: Instant,
    pub(super) started_at: Timestamp,
}

/// The addresses of the listeners.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listening {
    pub(super) webhook: SocketAddr,
    pub(super) admin: SocketAddr,
}

impl Service {
    /// Reads the tokens and certificates, loads the rules and follows all of it, until it is dropped.
    pub(super) fn start(settings: Settings) -> Result<Arc<Service>, Error> {
        let settings = Settings { limits: descriptors::within(settings.limits), ..settings };
        let apps = Arc::new(Apps::open(&settings.apps).map_err(|fault| Error::Token(fault.message))?);
        let admin_tokens = Tokens::open(Whose::Admin, &settings.admin_tokens);
        let admin_tokens = Arc::new(admin_tokens.map_err(|fault| Error::Token(fault.message))?);
        let metrics = Arc::new(Metrics::new());
        #[cfg(feature = "otel")]
        let traces = Traces::from_environment(&metrics.spans);
        let quotas: Arc<dyn quota::Store> = Arc::new(Memory::new(settings.max_quota_keys, metrics.quotas.clone()));
        let preview = preview(Arc::clone(&metrics), Arc::clone(&quotas));
        let tls = encrypted("webhook", settings.tls.as_ref(), &metrics)?;
        let admin_tls = encrypted("admin", settings.admin_tls.as_ref(), &metrics)?;
        let (tell, ended) = watch::channel(None);
        let secrets = Secrets {
            apps: Arc::clone(&apps),
            admin_tokens: Arc::clone(&admin_tokens),
            encrypted: tls.iter().chain(&admin_tls).cloned().collect(),
        };
        let listener = listener(secrets, Arc::clone(&metrics), tell);
        #[cfg(feature = "otel")]
        let listener = span::following(traces.as_ref(), &metrics.spans, listener);
        let options = Options { listener, preview, ..options(&settings)? };
        let (live, handle) = Live::start(settings.rules.clone(), options).map_err(Error::Rules)?;
        show(&metrics, &live);
        #[cfg(feature = "otel")]
        traces.iter().for_each(|traces| span::loaded(traces.tracer(), &metrics.spans, &live.status()));
        metrics.allowed(settings.workers, settings.limits.connections);
        let reloads = Reloads::new(handle, ended);
        let (draining, started) = (AtomicBool::new(false), Instant::now());
        Ok(Arc::new(Service {
            tally: Tally::of(&metrics),
            throttle: Throttle::default(),
            lines: Lines::of(settings.log_refusals),
            quotas,
            settings,
            live,
            reloads,
            apps,
            admin_tokens,
            tls,
            admin_tls,
            metrics,
            #[cfg(feature = "otel")]
            traces,
            draining,
            listening: OnceLock::new(),
            started,
            started_at: Timestamp::now(),
        }))
    }

    /// Counts a connection to the webhook that was one too many, and says so.
    pub(super) fn crowd_out(&self, crowded: Crowded, peer: IpAddr) {
        let cause = crowded.cause();
        self.tally.refused_connections.add(cause);
        if let Some(held_back) = self.throttle.admit(cause, self.started.elapsed()) {
            warn!(cause, %peer, held_back, "connection refused");
        }
    }

    /// Whether it will end soon.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Relaxed)
    }
}

/// What encrypts a listener, if anything does.
fn encrypted(
    listener: &'static str,
    files: Option<&settings::Tls>,
    metrics: &Arc<Metrics>,
) -> Result<Option<Arc<Tls>>, Error> {
    let tls = files.map(|files| Tls::open(listener, files, metrics)).transpose();
    tls.map(|tls| tls.map(Arc::new)).map_err(|fault| Error::Certificate(fault.message))
}

fn options(settings: &Settings) -> Result<Options, Error> {
    let source = source::Options {
        list_roots: settings.source.list_roots.clone(),
        max_list_bytes: settings.source.max_list_bytes,
        ..source::Options::default()
    };
    let watching = match settings.watch {
        Watch::Auto => Watching::Events,
        Watch::Poll => Watching::Poll,
    };
    let open = |directory: &PathBuf| {
        Store::open(directory, &source).map_err(|error| Error::Data { directory: directory.clone(), error })
    };
    let data = settings.data.as_ref().map(open).transpose()?;
    Ok(Options { source, watching, poll: settings.poll, data, ..Options::default() })
}

/// What is read again besides the rules.
struct Secrets {
    apps: Arc<Apps>,
    admin_tokens: Arc<Tokens<admin::Source>>,
    encrypted: Vec<Arc<Tls>>,
}

impl Secrets {
    fn read_again(&self, metrics: &Metrics) {
        let unusable = self.apps.read_again() + self.admin_tokens.read_again();
        metrics.unusable_tokens.set(i64::try_from(unusable).unwrap_or(i64::MAX));
        self.encrypted.iter().for_each(|tls| tls.read_again());
    }
}

/// What must know of rules before they are live.
fn preview(metrics: Arc<Metrics>, quotas: Arc<dyn quota::Store>) -> Preview {
    Box::new(move |snapshot| {
        metrics.decisions.prepare(snapshot);
        quotas.follow(snapshot);
    })
}

/// Runs on the thread that reloads, so that no request waits for a disk.
fn listener(secrets: Secrets, metrics: Arc<Metrics>, ended: watch::Sender<Option<Arc<Status>>>) -> Listener {
    Box::new(move |live, news| match news {
        News::Attempted => {
            show(&metrics, live);
            ended.send_replace(Some(live.status()));
        }
        News::Kept => show(&metrics, live),
        News::Tick => secrets.read_again(&metrics),
    })
}

fn show(metrics: &Metrics, live: &Live) {
    let status = live.status();
    let (number, failed, last) = (status.attempts, status.failed, status.last);
    let is_stale = status.stale.is_some();
    let is_unwritable = status.kept.as_ref().is_some_and(|kept| kept.problem.is_some());
    let load =
        Load { number, failed, at: last.at, took: last.took, succeeded: last.succeeded, is_stale, is_unwritable };
    metrics.loaded(&status.snapshot, load);
    // The start and the first reload can overtake each other.
    if !Arc::ptr_eq(&status, &live.status()) {
        show(metrics, live);
    }
}
