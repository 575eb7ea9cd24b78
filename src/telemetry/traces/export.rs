//! The way of spans to the collector: a blocking HTTP client, and a log that a collector cannot flood.

#![expect(clippy::disallowed_methods, reason = "failures are logged once a minute")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    OTEL_EXPORTER_OTLP_TIMEOUT, OTEL_EXPORTER_OTLP_TIMEOUT_DEFAULT, OTEL_EXPORTER_OTLP_TRACES_TIMEOUT,
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};
use prometheus_client::metrics::counter::Counter;
use rustls::crypto::aws_lc_rs;
use tracing::warn;
use ureq::{
    Agent,
    tls::{RootCerts, TlsConfig},
};

use crate::telemetry::{throttle::Throttle, traces::variable};

/// The largest answer of a collector that is read, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;

/// Sends requests from the thread that exports, which waits meanwhile.
#[derive(Debug)]
pub(super) struct Client(Agent);

/// An exporter whose failures are logged once a minute and whose spans are counted.
#[derive(Debug)]
pub(super) struct Counted<E> {
    exporter: E,
    exported: Counter,
    throttle: Throttle,
    started: Instant,
}

impl Client {
    /// A client that trusts the certificates of the system.
    pub(super) fn new() -> Client {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(timeout()))
            .http_status_as_error(false)
            // A redirect could carry the headers, and secrets in them, elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build();
        Client(config.into())
    }
}

/// How long an export may take; the exporter of OpenTelemetry cannot end a client that blocks.
fn timeout() -> Duration {
    let millis =
        [OTEL_EXPORTER_OTLP_TRACES_TIMEOUT, OTEL_EXPORTER_OTLP_TIMEOUT].map(|name| variable(name).parse().ok());
    let millis = millis.into_iter().flatten().find(|millis| *millis > 0);
    millis.map_or(OTEL_EXPORTER_OTLP_TIMEOUT_DEFAULT, Duration::from_millis)
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let (head, body) = self.0.run(Request::from_parts(head, body.as_ref()))?.into_parts();
        let body = body.into_with_config().limit(MAX_ANSWER).read_to_vec()?;
        Ok(Response::from_parts(head, body.into()))
    }
}

impl<E> Counted<E> {
    /// Counts the spans that leave through an exporter.
    pub(super) fn new(exporter: E, exported: Counter) -> Counted<E> {
        Counted { exporter, exported, throttle: Throttle::default(), started: Instant::now() }
    }
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        let result = self.exporter.export(batch).await;
        match &result {
            Ok(()) => _ = self.exported.inc_by(u64::try_from(count).unwrap_or(u64::MAX)),
            Err(error) => {
                if let Some(held_back) = self.throttle.admit("export", self.started.elapsed()) {
                    warn!(%error, spans = count, held_back, "spans not exported");
                }
            }
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
