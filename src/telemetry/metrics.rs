//! Every metric of the service. What a request counts is a plain counter that was looked up before.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use jiff::Timestamp;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

#[cfg(feature = "otel")]
use crate::telemetry::traces::Spans;
use crate::{
    engine::Snapshot,
    telemetry::{self, decisions::Decisions, latency::Latency},
};

/// A floating-point gauge.
type Seconds = Gauge<f64, AtomicU64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Requested {
    command: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Cause {
    cause: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Mode {
    mode: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Identity {
    content: String,
    revision: String,
    version: &'static str,
}

/// The latest load of the rules.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// How many loads there were, this one included.
    pub number: u64,
    /// When it ended.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Whether its set became live.
    pub succeeded: bool,
}

/// The metrics, and the registry that shows them.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Requested, Counter>,
    on_error: Family<Cause, Counter>,
    rejected: Family<Cause, Counter>,
    /// Decisions by rule.
    pub decisions: Decisions,
    /// From the head of a request to its answer.
    pub latency: Latency,
    /// Open connections to the webhook.
    pub connections: Gauge,
    /// Token files and variables that cannot be used now.
    pub unusable_tokens: Gauge,
    /// What becomes of spans.
    #[cfg(feature = "otel")]
    pub spans: Spans,
    lost_log_lines: Gauge,
    reloads: Reloads,
}

#[derive(Debug, Default)]
struct Reloads {
    by_result: Family<Outcome, Counter>,
    at: Seconds,
    took: Seconds,
    succeeded: Gauge,
    identity: Family<Identity, Gauge>,
    rules: Family<Mode, Gauge>,
    lists: Gauge,
    list_entries: Gauge,
    /// What `identity` shows, and the number of the latest attempt that was counted.
    shown: Mutex<(Option<Identity>, u64)>,
}

impl Metrics {
    /// All metrics, at zero.
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix("topicgate");
        let (requests, on_error, rejected) = (Family::default(), Family::default(), Family::default());
        registry.register("requests", "Requests to the webhook", Family::clone(&requests));
        registry.register("on_error", "Authenticated requests that could not be decided", Family::clone(&on_error));
        registry.register("rejected", "Requests turned away before their body", Family::clone(&rejected));
        let decisions = Decisions::register(&mut registry);
        let (latency, connections, unusable) = (Latency::default(), Gauge::default(), Gauge::default());
        registry.register("request_duration_seconds", "From the head of a request to its answer", latency.clone());
        registry.register("connections", "Open connections to the webhook", connections.clone());
        registry.register("unusable_tokens", "Token files and variables that cannot be used now", unusable.clone());
        let lost = Gauge::default();
        registry.register("lost_log_lines", "Log lines that nobody read in time", lost.clone());
        let reloads = Reloads::register(&mut registry);
        #[cfg(feature = "otel")]
        let spans = Spans::register(&mut registry);
        Metrics {
            registry,
            requests,
            on_error,
            rejected,
            decisions,
            latency,
            connections,
            unusable_tokens: unusable,
            #[cfg(feature = "otel")]
            spans,
            lost_log_lines: lost,
            reloads,
        }
    }

    /// The counter of requests with a command and an outcome.
    pub fn requests(&self, command: &'static str, outcome: &'static str) -> Counter {
        self.requests.get_or_create_owned(&Requested { command, outcome })
    }

    /// The counter of requests that could not be decided for a cause.
    pub fn on_error(&self, cause: &'static str) -> Counter {
        self.on_error.get_or_create_owned(&Cause { cause })
    }

    /// The counter of requests that were turned away for a cause.
    pub fn rejected(&self, cause: &'static str) -> Counter {
        self.rejected.get_or_create_owned(&Cause { cause })
    }

    /// Shows the live set and the latest attempt to load one.
    pub fn loaded(&self, snapshot: &Arc<Snapshot>, load: Load) {
        let mut shown = self.reloads.shown.lock().unwrap_or_else(PoisonError::into_inner);
        // The start and the first reload can overtake each other.
        if load.number >= shown.1 {
            self.decisions.follow(snapshot);
            self.reloads.show(&mut shown, snapshot, load);
        }
    }

    /// Everything, in the text format of OpenMetrics.
    ///
    /// # Errors
    /// When a metric cannot be written, which does not happen to a string.
    pub fn text(&self) -> Result<String, fmt::Error> {
        self.lost_log_lines.set(gauge(telemetry::lost_lines()));
        let mut text = String::new();
        encode(&mut text, &self.registry).map(|()| text)
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

impl Reloads {
    fn register(registry: &mut Registry) -> Reloads {
        let this = Reloads::default();
        registry.register("reloads", "Finished loads of the rules", this.by_result.clone());
        registry.register("last_reload_timestamp_seconds", "When the latest load ended", this.at.clone());
        registry.register("last_reload_duration_seconds", "How long the latest load took", this.took.clone());
        registry.register("last_reload_successful", "1 if the latest load became live", this.succeeded.clone());
        registry.register("rules_info", "What decides now", this.identity.clone());
        registry.register("rules", "Rules of the live set", this.rules.clone());
        registry.register("lists", "Lists of the live set", this.lists.clone());
        registry.register("list_entries", "Distinct entries of all lists of the live set", this.list_entries.clone());
        for result in ["success", "failure"] {
            this.by_result.get_or_create_owned(&Outcome { result });
        }
        this
    }

    fn show(&self, shown: &mut (Option<Identity>, u64), snapshot: &Snapshot, load: Load) {
        let (result, succeeded) = if load.succeeded { ("success", 1) } else { ("failure", 0) };
        let new = load.number.saturating_sub(shown.1);
        self.by_result.get_or_create_owned(&Outcome { result }).inc_by(new);
        self.at.set(load.at.as_duration().as_secs_f64());
        self.took.set(load.took.as_secs_f64());
        self.succeeded.set(succeeded);
        self.count(snapshot);
        let identity = identity(snapshot);
        self.identity.get_or_create_owned(&identity).set(1);
        let left = shown.0.replace(identity).filter(|left| Some(left) != shown.0.as_ref());
        left.map(|left| self.identity.remove(&left));
        shown.1 = load.number;
    }

    fn count(&self, snapshot: &Snapshot) {
        let counts = &snapshot.counts;
        for (mode, count) in [("enforce", counts.enforced), ("shadow", counts.shadow), ("disabled", counts.disabled)] {
            self.rules.get_or_create_owned(&Mode { mode }).set(gauge(count));
        }
        self.lists.set(gauge(counts.lists.len()));
        self.list_entries.set(gauge(counts.lists.iter().map(|(_, entries)| entries).sum()));
    }
}

fn identity(snapshot: &Snapshot) -> Identity {
    let (content, revision) = (snapshot.content.clone(), snapshot.revision.clone());
    Identity { content, revision, version: env!("CARGO_PKG_VERSION") }
}

fn gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
