//! The life of the service after it listens: signals, and an end that loses no request.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use actix_web::{
    dev::ServerHandle,
    rt::{
        signal::unix::{Signal, SignalKind, signal},
        time::sleep,
    },
};
use futures_util::future::join_all;
use tokio::select;
use tracing::info;

use crate::{
    live::Handle,
    server::{Error, service::Service},
};

/// How long requests that were begun may take after the listeners were closed.
pub(super) const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Reloads the rules when it is told to, until a signal ends the service.
pub(super) async fn until_ended(service: &Service, rules: &Handle, handles: &[ServerHandle]) -> Result<(), Error> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut ends = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    loop {
        select! {
            _ = hangup.recv() => rules.reload(),
            () = any(&mut ends) => break,
        }
    }
    drain(service, handles, &mut ends).await;
    Ok(())
}

/// Goes on answering for a while, so that whoever balances the load can notice; a second signal ends it at once.
async fn drain(service: &Service, handles: &[ServerHandle], ends: &mut [Signal; 2]) {
    info!(seconds = service.settings.drain.as_secs_f64(), "draining");
    service.draining.store(true, Relaxed);
    let orderly = async {
        sleep(service.settings.drain).await;
        join_all(handles.iter().map(|handle| handle.stop(true))).await;
    };
    select! {
        () = orderly => info!("ended"),
        () = any(ends) => {
            info!("ended at once");
            join_all(handles.iter().map(|handle| handle.stop(false))).await;
        }
    }
}

async fn any(signals: &mut [Signal; 2]) {
    let [terminate, interrupt] = signals;
    select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
