//! What every request can see, and how it follows the rules, the tokens and the certificates.

#![expect(clippy::disallowed_methods, reason = "it counts from its start")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Instant,
};

use crate::{
    live::{Handle, Listener, Live, News, Options, Preview, Watching},
    server::{Error, apps::Apps, tally::Tally, tls::Tls},
    settings::{self, Settings, Watch},
    source,
    telemetry::{
        metrics::{Load, Metrics},
        throttle::Throttle,
    },
};

/// What every request can see.
pub(super) struct Service {
    pub(super) settings: Settings,
    pub(super) live: Arc<Live>,
    pub(super) apps: Arc<Apps>,
    /// What encrypts the webhook.
    pub(super) tls: Option<Arc<Tls>>,
    /// What encrypts the admin side.
    pub(super) admin_tls: Option<Arc<Tls>>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) tally: Tally,
    pub(super) throttle: Throttle,
    pub(super) draining: AtomicBool,
    pub(super) started: Instant,
}

impl Service {
    /// Reads the tokens and certificates, loads the rules and follows all of it; until the handle is dropped.
    pub(super) fn start(settings: Settings) -> Result<(Arc<Service>, Handle), Error> {
        let apps = Arc::new(Apps::open(&settings.apps).map_err(|fault| Error::Token(fault.message))?);
        let metrics = Arc::new(Metrics::new());
        let counted = Arc::clone(&metrics);
        let preview: Preview = Box::new(move |snapshot| counted.decisions.prepare(snapshot));
        let encrypted = |listener, files: &Option<settings::Tls>| {
            let tls = files.as_ref().map(|files| Tls::open(listener, files, &metrics)).transpose();
            tls.map(|tls| tls.map(Arc::new)).map_err(|fault| Error::Certificate(fault.message))
        };
        let (tls, admin_tls) = (encrypted("webhook", &settings.tls)?, encrypted("admin", &settings.admin_tls)?);
        let followed = tls.iter().chain(&admin_tls).cloned().collect();
        let listener = listener(Arc::clone(&apps), followed, Arc::clone(&metrics));
        let options = Options { listener, preview, ..options(&settings) };
        let (live, handle) = Live::start(settings.rules.clone(), options)
            .map_err(|failure| Error::Rules { problem: failure.problem, report: failure.report })?;
        show(&metrics, &live);
        metrics.allowed(settings.workers, settings.limits.connections);
        let (tally, throttle) = (Tally::of(&metrics), Throttle::default());
        let (draining, started) = (AtomicBool::new(false), Instant::now());
        Ok((
            Arc::new(Service { settings, live, apps, tls, admin_tls, metrics, tally, throttle, draining, started }),
            handle,
        ))
    }

    /// Whether it will end soon.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Relaxed)
    }
}

fn options(settings: &Settings) -> Options {
    let source = source::Options {
        list_roots: settings.source.list_roots.clone(),
        max_list_bytes: settings.source.max_list_bytes,
        ..source::Options::default()
    };
    let watching = match settings.watch {
        Watch::Auto => Watching::Events,
        Watch::Poll => Watching::Poll,
    };
    Options { source, watching, poll: settings.poll, ..Options::default() }
}

/// Runs on the thread that reloads, so that no request waits for a disk.
fn listener(apps: Arc<Apps>, encrypted: Vec<Arc<Tls>>, metrics: Arc<Metrics>) -> Listener {
    Box::new(move |live, news| match news {
        News::Attempted => show(&metrics, live),
        News::Tick => {
            metrics.unusable_tokens.set(i64::try_from(apps.read_again()).unwrap_or(i64::MAX));
            encrypted.iter().for_each(|tls| tls.read_again());
        }
    })
}

fn show(metrics: &Metrics, live: &Live) {
    let status = live.status();
    let (number, last) = (status.attempts, status.last);
    metrics.loaded(&status.snapshot, Load { number, at: last.at, took: last.took, succeeded: last.succeeded });
}
