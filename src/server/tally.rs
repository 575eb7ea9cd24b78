//! The counters that every request needs, looked up once.

use prometheus_client::metrics::counter::Counter;

use crate::{
    engine::Decision,
    facts::Command,
    server::{
        admin::REFUSED,
        stop::{REJECTED, UNDECIDED},
        transport::{Crowded, UNREAD},
    },
    telemetry::metrics::Metrics,
    webhook::request::{LABELS, Malformed},
};

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
    /// Requests with commands that have no rules, by the label of the command.
    pub(super) not_evaluated: By,
    pub(super) rejected_by: By,
    /// Undecided requests, by cause.
    pub(super) on_error: By,
    /// Requests to the admin side that were turned away, by cause.
    pub(super) admin_rejected: By,
    /// Connections to the webhook that were one too many, by the limit they met.
    pub(super) refused_connections: By,
}

/// A counter for each word of a closed set. All are made at the start: a request must not wait for a lock that whoever
/// reads the metrics holds, and an alarm must see the first failure, which it cannot where a counter begins with it.
#[derive(Debug)]
pub(super) struct By(Vec<(&'static str, Counter)>);

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
        Tally {
            topics: decided(Command::CreateTopic),
            groups: decided(Command::CreateGroup),
            verifications: metrics.requests("", "verification"),
            rejected: metrics.requests("", "rejected"),
            undecided: metrics.requests("", "undecided"),
            not_evaluated: By::each(LABELS, |label| metrics.requests(label, "not_evaluated")),
            rejected_by: By::each(REJECTED.into_iter().chain(UNREAD), |cause| metrics.rejected(cause)),
            on_error: By::each(UNDECIDED.into_iter().chain(Malformed::CAUSES), |cause| metrics.on_error(cause)),
            admin_rejected: By::each(REFUSED, |cause| metrics.admin_rejected(cause)),
            refused_connections: By::each(Crowded::CAUSES, |cause| metrics.refused_connections(cause)),
        }
    }

    /// How many requests were allowed and refused by rules.
    pub(super) fn decisions(&self) -> (u64, u64) {
        let both = [&self.topics, &self.groups];
        (both.map(|one| one.allowed.get()).iter().sum(), both.map(|one| one.refused.get()).iter().sum())
    }

    /// Counts a request that was turned away by its head.
    pub(super) fn reject(&self, cause: &str) {
        self.rejected.inc();
        self.rejected_by.add(cause);
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

impl By {
    /// The counters of these words.
    pub(super) fn each(words: impl IntoIterator<Item = &'static str>, counter: impl Fn(&'static str) -> Counter) -> By {
        By(words.into_iter().map(|word| (word, counter(word))).collect())
    }

    /// Every word with its count.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(word, counter)| (*word, counter.get()))
    }

    /// Counts one.
    pub(super) fn add(&self, word: &str) {
        if let Some((_, counter)) = self.0.iter().find(|(known, _)| *known == word) {
            counter.inc();
        }
    }
}
