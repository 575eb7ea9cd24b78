//! Traces: finished spans leave by OTLP over HTTP, in batches and on a thread of their own.
//!
//! The queue to that thread is bounded: a collector that is slow or away costs spans, never a request. Everything is
//! configured by the variables of OpenTelemetry, and nothing is exported unless they name an endpoint.

#![expect(clippy::disallowed_methods, reason = "OpenTelemetry is configured by the environment")]

mod export;

use std::time::Duration;

use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{
    ExporterBuildError, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, SpanExporter, WithHttpConfig,
};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use prometheus_client::{metrics::counter::Counter, registry::Registry};
use tracing::{error, info};

use crate::telemetry::traces::export::{Client, Counted};

/// How long the end of the service waits for the last spans to leave.
const LAST_EXPORT: Duration = Duration::from_millis(300);

/// What becomes of spans. What was recorded and not exported was lost, or still waits.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    recorded: Counter,
    exported: Counter,
}

/// Where spans are recorded; dropping it exports the rest.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Spans {
    /// None yet.
    pub fn register(registry: &mut Registry) -> Spans {
        let spans = Spans::default();
        registry.register("recorded_spans", "Spans that were recorded", spans.recorded.clone());
        registry.register("exported_spans", "Spans that the collector took", spans.exported.clone());
        spans
    }

    /// Counts a span that ended.
    pub fn record(&self) {
        self.recorded.inc();
    }
}

impl Traces {
    /// Starts to export, if the environment says where to.
    ///
    /// A mistake there is logged: it must not keep the service from answering.
    pub fn from_environment(spans: &Spans) -> Option<Traces> {
        let wanted = [OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT].into_iter().any(is_set);
        if !wanted || variable("OTEL_SDK_DISABLED").eq_ignore_ascii_case("true") {
            return None;
        }
        match Traces::start(spans) {
            Ok(traces) => {
                info!("traces are exported");
                Some(traces)
            }
            // Its words may show an endpoint, and that may hold a password.
            Err(_) => {
                error!(error = "a variable `OTEL_EXPORTER_OTLP_...` cannot be used", "traces are not exported");
                None
            }
        }
    }

    fn start(spans: &Spans) -> Result<Traces, ExporterBuildError> {
        let exporter = SpanExporter::builder().with_http().with_http_client(Client::new()).build()?;
        let exporter = Counted::new(exporter, spans.exported.clone());
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource()).build();
        let tracer = provider.tracer(env!("CARGO_PKG_NAME"));
        Ok(Traces { provider, tracer })
    }

    /// Makes spans.
    pub fn tracer(&self) -> &SdkTracer {
        &self.tracer
    }

    /// Exports what waits, for 300 ms and this time at most; nothing is recorded any more.
    pub fn end(&self, left: Duration) {
        // What did not leave in time is lost, and counted.
        _ = self.provider.shutdown_with_timeout(LAST_EXPORT + left);
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}

/// Who speaks: this program, unless the environment gives it another name.
fn resource() -> Resource {
    let detected = Resource::builder().build();
    let is_named =
        detected.get(&"service.name".into()).is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let builder = Resource::builder().with_attribute(version);
    if is_named { builder.build() } else { builder.with_service_name(env!("CARGO_PKG_NAME")).build() }
}

fn is_set(name: &str) -> bool {
    !variable(name).is_empty()
}

/// A variable; a blank one counts as not set.
fn variable(name: &str) -> String {
    std::env::var_os(name).map(|value| value.to_string_lossy().trim().to_owned()).unwrap_or_default()
}
