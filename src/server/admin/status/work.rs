//! What the status tells about requests since the start.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{server::service::Service, settings::Limits, telemetry};

/// Requests by how they ended.
#[derive(Serialize)]
pub(super) struct Requests {
    allowed: u64,
    refused: u64,
    not_evaluated: u64,
    verifications: u64,
    rejected: u64,
    undecided: u64,
}

/// Requests by why they were not decided or not let in; only what happened.
#[derive(Serialize)]
pub(super) struct Causes {
    rejected: BTreeMap<&'static str, u64>,
    undecided: BTreeMap<&'static str, u64>,
    admin_rejected: BTreeMap<&'static str, u64>,
}

/// How long answers took: half of them and 99 % of them at most this; `null` where that is not known.
#[derive(Serialize)]
pub(super) struct Durations {
    p50_seconds: Option<f64>,
    p99_seconds: Option<f64>,
}

/// What clients take, and may take.
#[derive(Serialize)]
pub(super) struct Connections {
    open: i64,
    most: usize,
    most_per_peer: usize,
    keep_alive_seconds: f64,
    head_seconds: f64,
    body_seconds: f64,
    body_bytes: usize,
    workers: usize,
    lost_log_lines: usize,
}

/// What the rules with a quota count, and may count.
#[derive(Serialize)]
pub(super) struct Quota {
    keys: i64,
    max_keys: usize,
}

pub(super) fn requests(service: &Service) -> Requests {
    let tally = &service.tally;
    let (allowed, refused) = tally.decisions();
    Requests {
        allowed,
        refused,
        not_evaluated: tally.not_evaluated.counts().map(|(_, count)| count).sum(),
        verifications: tally.verifications.get(),
        rejected: tally.rejected.get(),
        undecided: tally.undecided.get(),
    }
}

pub(super) fn causes(service: &Service) -> Causes {
    let tally = &service.tally;
    let [rejected, undecided, admin_rejected] = [&tally.rejected_by, &tally.on_error, &tally.admin_rejected]
        .map(|by| by.counts().filter(|(_, count)| *count > 0).collect());
    Causes { rejected, undecided, admin_rejected }
}

pub(super) fn durations(service: &Service) -> Durations {
    let [p50_seconds, p99_seconds] = [50, 99].map(|percent| service.metrics.latency.at_most(percent));
    Durations { p50_seconds, p99_seconds }
}

pub(super) fn connections(service: &Service) -> Connections {
    let Limits { connections, connections_per_peer, keep_alive, head, body, body_bytes } = service.settings.limits;
    Connections {
        open: service.metrics.connections.get(),
        most: connections,
        most_per_peer: connections_per_peer,
        keep_alive_seconds: keep_alive.as_secs_f64(),
        head_seconds: head.as_secs_f64(),
        body_seconds: body.as_secs_f64(),
        body_bytes,
        workers: service.settings.workers,
        lost_log_lines: telemetry::lost_lines(),
    }
}

pub(super) fn quota(service: &Service) -> Quota {
    Quota { keys: service.metrics.quotas.keys.get(), max_keys: service.settings.max_quota_keys }
}
