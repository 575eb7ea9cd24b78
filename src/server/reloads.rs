//! Reloads that are asked for, and how to wait for the end of one.

use std::{sync::Arc, time::Duration};

use actix_web::rt::time::timeout;
use tokio::sync::watch;

use crate::live::{Handle, Status};

/// How long the end of a reload is waited for. Longer than rules can keep changing, and than the largest set takes.
pub(super) const MOST_WAITING: Duration = Duration::from_secs(30);

/// Asks for reloads, and hears of their ends.
#[derive(Debug)]
pub(super) struct Reloads {
    rules: Handle,
    /// The status after the latest attempt.
    ended: watch::Receiver<Option<Arc<Status>>>,
}

impl Reloads {
    /// `ended` is given the status after every attempt.
    pub(super) fn new(rules: Handle, ended: watch::Receiver<Option<Arc<Status>>>) -> Reloads {
        Reloads { rules, ended }
    }

    /// Asks for a reload, and does not wait.
    pub(super) fn ask(&self) -> u64 {
        self.rules.reload()
    }

    /// Asks for a reload; the status after an attempt that began later than this, unless that takes too long.
    pub(super) async fn run(&self) -> Option<Arc<Status>> {
        let mut ended = self.ended.clone();
        let number = self.ask();
        let answers = |status: &Option<Arc<Status>>| status.as_ref().is_some_and(|status| status.answered >= number);
        timeout(MOST_WAITING, ended.wait_for(answers)).await.ok()?.ok()?.clone()
    }
}
