//! What every request can see, and how it follows the rules and the tokens.

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
    server::{Error, apps::Apps, tally::Tally},
    settings::{Settings, Watch},
    source,
    telemetry::{
        metrics::{Load, Metrics},
        throttle::Throttle,
    },
};
#[cfg(feature = "otel")]
use crate::{server::span, telemetry::traces::Traces};

/// What every request can see.
pub(super) struct Service {
    pub(super) settings: Settings,
    pub(super) live: Arc<Live>,
    pub(super) apps: Arc<Apps>,
    pub(super) metrics: Arc<Metrics>,
    #[cfg(feature = "otel")]
    pub(super) traces: Option<Traces>,
    pub(super) tally: Tally,
    pub(super) throttle: Throttle,
    pub(super) draining: AtomicBool,
    pub(super) started: Instant,
}

impl Service {
    /// Reads the tokens, loads the rules and follows both; until the handle is dropped.
    pub(super) fn start(settings: Settings) -> Result<(Arc<Service>, Handle), Error> {
        let apps = Arc::new(Apps::open(&settings.apps).map_err(|fault| Error::Token(fault.message))?);
        let metrics = Arc::new(Metrics::new());
        #[cfg(feature = "otel")]
        let traces = Traces::from_environment(&metrics.spans);
        let counted = Arc::clone(&metrics);
        let preview: Preview = Box::new(move |snapshot| counted.decisions.prepare(snapshot));
        let listener = listener(Arc::clone(&apps), Arc::clone(&metrics));
        #[cfg(feature = "otel")]
        let listener = match &traces {
            Some(traces) => span::following(traces, &metrics.spans, listener),
            None => listener,
        };
        let options = Options { listener, preview, ..options(&settings) };
        let (live, handle) = Live::start(settings.rules.clone(), options)
            .map_err(|failure| Error::Rules { problem: failure.problem, report: failure.report })?;
        show(&metrics, &live);
        #[cfg(feature = "otel")]
        traces.iter().for_each(|traces| span::loaded(traces.tracer(), &metrics.spans, &live.status()));
        let (tally, throttle) = (Tally::of(&metrics), Throttle::default());
        let (draining, started) = (AtomicBool::new(false), Instant::now());
        Ok((
            Arc::new(Service {
                settings,
                live,
                apps,
                metrics,
                #[cfg(feature = "otel")]
                traces,
                tally,
                throttle,
                draining,
                started,
            }),
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
fn listener(apps: Arc<Apps>, metrics: Arc<Metrics>) -> Listener {
    Box::new(move |live, news| match news {
        News::Attempted => show(&metrics, live),
        News::Tick => _ = metrics.unusable_tokens.set(i64::try_from(apps.read_again()).unwrap_or(i64::MAX)),
    })
}

fn show(metrics: &Metrics, live: &Live) {
    let status = live.status();
    let (number, last) = (status.attempts, status.last);
    metrics.loaded(&status.snapshot, Load { number, at: last.at, took: last.took, succeeded: last.succeeded });
}
