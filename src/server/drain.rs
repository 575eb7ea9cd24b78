//! The life of the service after it listens: signals, and an end that loses no request.

#![expect(clippy::disallowed_methods, reason = "the end has a time")]

use std::{
    io,
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};

use actix_web::rt::{
    signal::unix::{Signal, SignalKind, signal},
    time::sleep,
};
use futures_util::future::join_all;
use tokio::select;
use tracing::info;

use crate::server::{reloads::Reloads, service::Service, transport::Door};

/// How long whoever was let in last has for its request.
const LAST_REQUESTS: Duration = Duration::from_millis(250);

/// How long requests that were begun may take after that. The process ends within two seconds of the drain.
pub(super) const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// The signals that end the service.
pub(super) struct Ends([Signal; 2]);

/// Listens for the signal to reload. Signals that would end a process although they mean nothing here do nothing from now
/// on: somebody may take this for a program that opens its log again on SIGUSR1.
pub(super) fn hangups() -> io::Result<Signal> {
    for kind in [SignalKind::user_defined1(), SignalKind::user_defined2(), SignalKind::alarm()] {
        drop(signal(kind)?);
    }
    signal(SignalKind::hangup())
}

/// Listens for the signals to end.
pub(super) fn ends() -> io::Result<Ends> {
    Ok(Ends([signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?]))
}

/// Reloads the rules whenever it is told to.
pub(super) async fn reload(reloads: &Reloads, mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        reloads.ask();
    }
}

/// Waits for a signal, then goes on answering for a while, so that whoever balances the load can notice. A second signal
/// ends it at once. What comes after it may take what is returned, the time that the last answers did not need.
pub(super) async fn end(service: &Service, doors: &[Door], mut ends: Ends) -> Duration {
    ends.next().await;
    service.draining.store(true, Relaxed);
    service.metrics.draining.set(1);
    info!(seconds = service.settings.drain.as_secs_f64(), "draining");
    let orderly = async {
        sleep(service.settings.drain).await;
        // Whoever was let in gets its answer before idle connections are closed.
        join_all(doors.iter().map(Door::close)).await;
        sleep(LAST_REQUESTS).await;
        let begun = Instant::now();
        join_all(doors.iter().map(|door| door.server.stop(true))).await;
        LAST_ANSWERS.saturating_sub(begun.elapsed())
    };
    select! {
        left = orderly => {
            info!("ended");
            left
        }
        () = ends.next() => {
            info!("ended at once");
            join_all(doors.iter().map(|door| door.server.stop(false))).await;
            Duration::ZERO
        }
    }
}

impl Ends {
    /// Waits for one.
    pub(super) async fn next(&mut self) {
        let Ends([terminate, interrupt]) = self;
        select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}
