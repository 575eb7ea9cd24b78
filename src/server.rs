//! The service: bind, answer, drain.
//!
//! | listener | method | path | answered by |
//! | --- | --- | --- | --- |
//! | webhook | `POST` | `/` and every path of the settings | `gate` |
//! | admin | `GET` | `/healthz`, `/readyz`, `/metrics`, `/-/status` | `admin` |
//! | admin | `POST` | `/-/reload` | `admin` |
//!
//! HTTP/1 only. Nothing that a request waits for can wait for a disk, a reload, or a lock that anything slow can hold.

mod admin;
mod answer;
mod apps;
mod body;
mod caller;
mod descriptors;
mod drain;
mod gate;
mod held;
mod lines;
mod names;
mod reloads;
mod service;
#[cfg(feature = "otel")]
mod span;
mod stop;
mod tally;
mod tls;
mod tokens;
mod transport;

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, thread, time::Duration};

use actix_web::{
    HttpRequest,
    dev::Payload,
    rt::{self, System, task::JoinHandle},
};
use futures_util::future::{pending, try_join_all};
use prometheus_client::metrics::gauge::Gauge;
use tokio::{select, sync::oneshot};
use tracing::info;

use crate::{
    live::NoRules,
    server::{
        drain::Ends,
        service::{Listening, Service},
        transport::{Listener, Options},
    },
    settings::Settings,
};

/// Why the service did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The first set of rules has errors, and none was kept.
    #[error("the rules cannot be loaded: {}", .0.files.problem)]
    Rules(NoRules),
    /// The last good rules cannot be kept where they are to be.
    #[error("cannot keep rules in `{}`: {error}; `--data` takes a directory that this process may write", .directory.display())]
    Data {
        /// Where.
        directory: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A token could be read when the settings were checked, and not any more.
    #[error("{0}")]
    Token(String),
    /// A certificate could be read when the settings were checked, and not any more.
    #[error("{0}")]
    Certificate(String),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {error}; `{flag}` takes another address")]
    Listen {
        /// What it was given with.
        flag: &'static str,
        /// The address.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The system refused something.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Loads the rules, listens, and answers until a signal ends it.
///
/// # Errors
/// When the first set of rules has errors, or an address cannot be listened on.
pub fn run(settings: Settings) -> Result<(), Error> {
    System::new().block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), Error> {
    // A hangup while the first rules load must not end the process.
    let (hangups, mut ends) = (drain::hangups()?, drain::ends()?);
    let Some(service) = start(settings, &mut ends).await? else { return Ok(()) };
    let (webhook, admin) = (webhook(&service)?, admin(&service)?);
    service.apps.introduce();
    admin::Access::of(&service.settings).introduce();
    service.tls.iter().chain(&service.admin_tls).for_each(|tls| tls.introduce());
    let listening = Listening { webhook: webhook.address, admin: admin.address };
    service.listening.get_or_init(|| listening);
    info!(webhook = %webhook.address, admin = %admin.address, "listening");
    let doors = [webhook.door, admin.door];
    let servers = [rt::spawn(webhook.server), rt::spawn(admin.server)];
    let ended = select! {
        error = failure(servers) => Err(error),
        () = drain::reload(&service.reloads, hangups) => Ok(Duration::ZERO),
        left = drain::end(&service, &doors, ends) => Ok(left),
    };
    #[cfg(feature = "otel")]
    service.traces.iter().for_each(|traces| traces.end(*ended.as_ref().unwrap_or(&Duration::ZERO)));
    ended.map(drop)
}

/// Loads on a thread of its own, so that a signal ends it. The first process of a container gets none that it does not catch.
async fn start(settings: Settings, ends: &mut Ends) -> Result<Option<Arc<Service>>, Error> {
    let (done, started) = oneshot::channel();
    thread::Builder::new().name("start".to_owned()).spawn(move || done.send(Service::start(settings)))?;
    select! {
        service = started => service.map_err(io::Error::other)?.map(Some),
        () = ends.next() => {
            info!("ended at once");
            Ok(None)
        }
    }
}

/// Why a server ended by itself; without it, the process would stay and answer nothing.
async fn failure(servers: [JoinHandle<io::Result<()>>; 2]) -> Error {
    let ends = servers.map(|server| async { server.await.map_err(io::Error::other)? });
    match try_join_all(ends).await {
        Err(error) => Error::System(error),
        // Somebody told them to end, and goes on from there.
        Ok(_) => pending().await,
    }
}

fn webhook(service: &Arc<Service>) -> Result<Listener, Error> {
    let settings = &service.settings;
    let [shared, counting, refusing] = [(); 3].map(|()| Arc::clone(service));
    let options = Options {
        limits: settings.limits,
        keep_alive: Some(settings.limits.keep_alive),
        unlimited: settings.trusted_proxies.clone(),
        shown: service.metrics.connections.clone(),
        workers: settings.workers,
        tls: service.tls.clone(),
        turned_away: Arc::new(move |cause| counting.tally.reject(cause)),
        crowded_out: Arc::new(move |crowded, peer| refusing.crowd_out(crowded, peer)),
    };
    let answer = async move |request: &HttpRequest, payload: Payload| gate::answer(&shared, request, payload).await;
    let address = settings.listen;
    transport::listen(address, options, answer).map_err(|error| Error::Listen { flag: "--listen", address, error })
}

fn admin(service: &Arc<Service>) -> Result<Listener, Error> {
    let options = Options {
        limits: admin::limits(service.settings.limits),
        keep_alive: None,
        unlimited: Vec::new(),
        shown: Gauge::default(),
        workers: 1,
        tls: service.admin_tls.clone(),
        turned_away: Arc::new(|_| {}),
        crowded_out: Arc::new(|_, _| {}),
    };
    let (address, shared) = (service.settings.admin, Arc::clone(service));
    let answer = async move |request: &HttpRequest, payload: Payload| admin::answer(&shared, request, payload).await;
    transport::listen(address, options, answer).map_err(|error| Error::Listen { flag: "--admin", address, error })
}
