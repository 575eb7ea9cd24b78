//! Every metric of the service. What a request counts is a plain counter that was looked up before.

use std::{
    collections::HashSet,
    fmt, mem,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use jiff::Timestamp;
use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Metric, Registry},
};

#[cfg(feature = "otel")]
use crate::telemetry::traces::Spans;
use crate::{
    engine::Snapshot,
    telemetry::{
        self,
        certificates::Certificates,
        decisions::Decisions,
        exposition::{self, Format},
        latency::Latency,
        quotas::Quotas,
    },
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
struct List {
    list: String,
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
    /// How many of them failed.
    pub failed: u64,
    /// When it ended.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Whether its set became live.
    pub succeeded: bool,
    /// Whether the rules that decide are not those of the files.
    pub is_stale: bool,
    /// Whether the live rules cannot be stored.
    pub is_unwritable: bool,
}

/// The metrics, and the registry that shows them.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// What has no prefix.
    process: Registry,
    requests: Family<Requested, Counter>,
    on_error: Family<Cause, Counter>,
    rejected: Family<Cause, Counter>,
    admin_rejected: Family<Cause, Counter>,
    refused_connections: Family<Cause, Counter>,
    /// Decisions by rule.
    pub decisions: Decisions,
    /// From the head of an authenticated request to its answer.
    pub latency: Latency,
    /// Open connections to the webhook.
    pub connections: Gauge,
    /// 1 from the signal to end on.
    pub draining: Gauge,
    max_connections: Gauge,
    workers: Gauge,
    /// Token files and variables that cannot be used now.
    pub unusable_tokens: Gauge,
    /// What becomes of spans.
    #[cfg(feature = "otel")]
    pub spans: Spans,
    lost_log_lines: Gauge,
    /// Certificates and handshakes.
    pub certificates: Certificates,
    /// What quotas count.
    pub quotas: Quotas,
    reloads: Reloads,
}

#[derive(Debug)]
struct Reloads {
    by_result: Family<Outcome, Counter>,
    at: Seconds,
    took: Seconds,
    succeeded: Gauge,
    stale: Gauge,
    unwritable: Gauge,
    identity: Family<Identity, Gauge>,
    rules: Family<Mode, Gauge>,
    lists: Gauge,
    list_entries: Family<List, Gauge>,
    shown: Mutex<Shown>,
}

/// What the metrics of the rules show.
#[derive(Debug, Default)]
struct Shown {
    identity: Option<Identity>,
    lists: HashSet<List>,
    /// The number of the latest attempt that was counted.
    number: u64,
    /// How many of those had failed.
    failed: u64,
}

impl Metrics {
    /// All metrics, at zero.
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix("topicgate");
        let all = &mut registry;
        Metrics {
            requests: new(all, "requests", "Requests to the webhook"),
            on_error: new(all, "on_error", "Authenticated requests that could not be decided"),
            rejected: new(all, "rejected", "Requests turned away before their body"),
            admin_rejected: new(all, "admin_rejected", "Requests to the admin side that were turned away"),
            refused_connections: new(all, "refused_connections", "Connections to the webhook that were one too many"),
            decisions: Decisions::register(all),
            latency: new(all, "request_duration_seconds", "From the head of an authenticated request to its answer"),
            connections: new(all, "connections", "Open connections to the webhook"),
            max_connections: new(all, "max_connections", "The most connections to the webhook"),
            workers: new(all, "workers", "Threads that answer the webhook"),
            draining: new(all, "draining", "1 while it answers its last requests"),
            unusable_tokens: new(all, "unusable_tokens", "Token files and variables that cannot be used now"),
            lost_log_lines: new(all, "lost_log_lines", "Log lines that nobody read in time"),
            certificates: Certificates::register(all),
            quotas: Quotas::register(all),
            reloads: Reloads::register(all),
            process: process(),
            #[cfg(feature = "otel")]
            spans: Spans::register(all),
            registry,
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

    /// The counter of requests to the admin side that were turned away for a cause.
    pub fn admin_rejected(&self, cause: &'static str) -> Counter {
        self.admin_rejected.get_or_create_owned(&Cause { cause })
    }

    /// The counter of connections to the webhook that were turned away for a cause.
    pub fn refused_connections(&self, cause: &'static str) -> Counter {
        self.refused_connections.get_or_create_owned(&Cause { cause })
    }

    /// Shows what the settings allow.
    pub fn allowed(&self, workers: usize, connections: usize) {
        self.workers.set(gauge(workers));
        self.max_connections.set(gauge(connections));
    }

    /// Shows the live set and the latest attempt to load one.
    pub fn loaded(&self, snapshot: &Arc<Snapshot>, load: Load) {
        let mut shown = self.reloads.shown.lock().unwrap_or_else(PoisonError::into_inner);
        // The start and the first reload can overtake each other.
        if load.number >= shown.number {
            self.decisions.follow(snapshot);
            self.reloads.show(&mut shown, snapshot, load);
        }
    }

    /// Everything.
    ///
    /// # Errors
    /// When a metric cannot be written, which does not happen to a string.
    pub fn text(&self, format: Format) -> Result<String, fmt::Error> {
        self.lost_log_lines.set(gauge(telemetry::lost_lines()));
        let mut text = String::new();
        encode_registry(&mut text, &self.process)?;
        encode(&mut text, &self.registry)?;
        Ok(match format {
            Format::OpenMetrics => text,
            Format::Plain => exposition::plain(&text),
        })
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

impl Reloads {
    fn register(all: &mut Registry) -> Reloads {
        let this = Reloads {
            by_result: new(all, "reloads", "Finished loads of the rules"),
            at: new(all, "last_reload_timestamp_seconds", "When the latest load ended"),
            took: new(all, "last_reload_duration_seconds", "How long the latest load took"),
            succeeded: new(all, "last_reload_successful", "1 if the latest load became live"),
            stale: new(all, "rules_stale", "1 if the last good rules decide, because the first load failed"),
            unwritable: new(all, "data_unwritable", "1 if the live rules cannot be stored"),
            identity: new(all, "rules_info", "What decides now"),
            rules: new(all, "rules", "Rules of the live set"),
            lists: new(all, "lists", "Lists of the live set"),
            list_entries: new(all, "list_entries", "Distinct entries of each list of the live set"),
            shown: Mutex::default(),
        };
        for result in ["success", "failure"] {
            this.by_result.get_or_create_owned(&Outcome { result });
        }
        this
    }

    fn show(&self, shown: &mut Shown, snapshot: &Snapshot, load: Load) {
        // More than one may be new, each with a result of its own.
        let failed = load.failed.saturating_sub(shown.failed);
        let succeeded = load.number.saturating_sub(shown.number).saturating_sub(failed);
        for (result, new) in [("success", succeeded), ("failure", failed)] {
            self.by_result.get_or_create_owned(&Outcome { result }).inc_by(new);
        }
        self.at.set(load.at.as_duration().as_secs_f64());
        self.took.set(load.took.as_secs_f64());
        self.succeeded.set(i64::from(load.succeeded));
        self.stale.set(i64::from(load.is_stale));
        self.unwritable.set(i64::from(load.is_unwritable));
        self.count(shown, snapshot);
        let identity = identity(snapshot);
        self.identity.get_or_create_owned(&identity).set(1);
        let left = shown.identity.replace(identity).filter(|left| Some(left) != shown.identity.as_ref());
        left.map(|left| self.identity.remove(&left));
        (shown.number, shown.failed) = (load.number, load.failed);
    }

    fn count(&self, shown: &mut Shown, snapshot: &Snapshot) {
        let counts = &snapshot.counts;
        for (mode, count) in [("enforce", counts.enforced), ("shadow", counts.shadow), ("disabled", counts.disabled)] {
            self.rules.get_or_create_owned(&Mode { mode }).set(gauge(count));
        }
        self.lists.set(gauge(counts.lists.len()));
        let mut left = mem::take(&mut shown.lists);
        for size in &counts.lists {
            let list = List { list: size.name.clone() };
            self.list_entries.get_or_create_owned(&list).set(gauge(size.entries));
            left.remove(&list);
            shown.lists.insert(list);
        }
        left.iter().for_each(|list| _ = self.list_entries.remove(list));
    }
}

/// A metric at zero, shown from now on.
fn new<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

fn process() -> Registry {
    #[cfg_attr(not(target_os = "linux"), expect(unused_mut, reason = "there is nothing to read"))]
    let mut registry = Registry::default();
    #[cfg(target_os = "linux")]
    registry.register_collector(Box::new(telemetry::process::Own));
    registry
}

fn identity(snapshot: &Snapshot) -> Identity {
    let (content, revision) = (snapshot.content.clone(), snapshot.revision.clone());
    Identity { content, revision, version: env!("CARGO_PKG_VERSION") }
}

fn gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
