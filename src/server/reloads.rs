//! Reloads that are asked for, and how to wait for the end of one.

use std::{sync::Arc, time::Duration};

use actix_web::rt::time::timeout;
use tokio::sync::watch;

use crate::live::{Handle, Live, Status};

/// How long the end of a reload is waited for. Longer than rules can keep changing, and than the largest set takes.
pub(super) const MOST_WAITING: Duration = Duration::from_secs(30);

/// Asks for reloads, and hears of their ends.
#[derive(Debug)]
pub(super) struct Reloads {
    rules: Handle,
    /// [`Status::answered`] after the latest attempt.
    answered: watch::Receiver<u64>,
}

impl Reloads {
    /// `answered` is told of [`Status::answered`] after every attempt.
    pub(super) fn new(rules: Handle, answered: watch::Receiver<u64>) -> Reloads {
        Reloads { rules, answered }
    }

    /// Asks for a reload, and does not wait.
    pub(super) fn ask(&self) -> u64 {
        self.rules.reload()
    }

    /// Asks for a reload; the status after an attempt that began later than this, unless that takes too long.
    pub(super) async fn run(&self, live: &Live) -> Option<Arc<Status>> {
        let mut answered = self.answered.clone();
        let number = self.ask();
        let ended = timeout(MOST_WAITING, answered.wait_for(|answered| *answered >= number)).await;
        ended.is_ok_and(|told| told.is_ok()).then(|| live.status())
    }
}
