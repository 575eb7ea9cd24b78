//! The counters that every request needs, looked up once.

use prometheus_client::metrics::counter::Counter;

use crate::{engine::Decision, facts::Command, server::stop::CAUSES, telemetry::metrics::Metrics};

/// Counters of requests.
#[derive(Debug)]
pub(super) struct Tally {
    topics: Decided,
    groups: Decided,
    /// Verification requests of the console.
    pub(super) verifications: Counter,
    /// Requests that were turned away by their head.
    pub(super) rejected: Counter,
    /// Requests that could not be decided.
    pub(super) undecided: Counter,
}

#[derive(Debug)]
struct Decided {
    allowed: Counter,
    refused: Counter,
}

impl Tally {
    /// The counters of a service.
    pub(super) fn of(metrics: &Metrics) -> Tally {
        let decided = |command: Command| Decided {
            allowed: metrics.requests(command.name(), "allow"),
            refused: metrics.requests(command.name(), "deny"),
        };
        for cause in CAUSES {
            metrics.authentication_failures(cause);
        }
        Tally {
            topics: decided(Command::CreateTopic),
            groups: decided(Command::CreateGroup),
            verifications: metrics.requests("", "verification"),
            rejected: metrics.requests("", "rejected"),
            undecided: metrics.requests("", "undecided"),
        }
    }

    /// The counter of a decision.
    pub(super) fn decided(&self, command: Command, decision: &Decision) -> &Counter {
        let decided = match command {
            Command::CreateTopic => &self.topics,
            Command::CreateGroup => &self.groups,
        };
        match decision {
            Decision::Allow => &decided.allowed,
            Decision::Deny { .. } => &decided.refused,
        }
    }
}
