//! The service: bind, answer, drain.
//!
//! | listener | method | path | answered by |
//! | --- | --- | --- | --- |
//! | webhook | `POST` | `/` and every path of the settings | `gate` |
//! | admin | `GET` | `/healthz`, `/readyz`, `/metrics`, `/-/status` | `admin` |
//!
//! HTTP/1 only. Nothing that a request waits for can wait for a disk, a reload, or a lock that anything slow can hold.

mod admin;
mod answer;
mod apps;
mod body;
mod caller;
mod connections;
mod descriptors;
mod drain;
mod gate;
mod overdue;
mod service;
mod stop;
mod tally;

use std::{io, net::SocketAddr, sync::Arc};

use actix_web::{
    App, Error as Failure, HttpServer,
    dev::{Server, ServiceRequest, ServiceResponse, fn_service},
    http::KeepAlive,
    rt::{self, System, task::JoinHandle},
};
use futures_util::future::{pending, try_join_all};
use prometheus_client::metrics::gauge::Gauge;
use tokio::select;
use tracing::info;

use crate::{
    diagnostic::Report,
    server::{connections::Connections, service::Service},
    settings::Settings,
};

/// Why the service did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The first set of rules has errors.
    #[error("the rules cannot be loaded: {problem}")]
    Rules {
        /// In one sentence.
        problem: String,
        /// The findings.
        report: Report,
    },
    /// A token could be read when the settings were checked, and not any more.
    #[error("{0}")]
    Token(String),
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

/// A listener that answers.
struct Listener {
    server: Server,
    address: SocketAddr,
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
    let hangups = drain::hangups()?;
    let (service, rules) = Service::start(settings)?;
    let ends = drain::ends()?;
    let (webhook, admin) = (webhook(&service)?, admin(&service)?);
    service.apps.introduce();
    info!(webhook = %webhook.address, admin = %admin.address, "listening");
    let handles = [webhook.server.handle(), admin.server.handle()];
    let servers = [rt::spawn(webhook.server), rt::spawn(admin.server)];
    select! {
        error = failure(servers) => Err(error),
        () = drain::reload(&rules, hangups) => Ok(()),
        () = drain::end(&service, &handles, ends) => Ok(()),
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
    let (address, limits) = (service.settings.listen, descriptors::within(service.settings.limits));
    let proxies = service.settings.trusted_proxies.clone();
    let connections = Arc::new(Connections::new(limits, proxies, service.metrics.connections.clone()));
    let shared = Arc::clone(service);
    let server = HttpServer::new(move || {
        let service = Arc::clone(&shared);
        App::new().default_service(fn_service(move |request: ServiceRequest| {
            let service = Arc::clone(&service);
            async move {
                let (request, payload) = request.into_parts();
                let response = gate::answer(&service, &request, payload).await;
                Ok::<_, Failure>(ServiceResponse::new(request, response))
            }
        }))
    });
    rt::spawn(Arc::clone(&connections).look());
    let server = server.on_connect(move |stream, data| connections.enter(stream, data)).max_connections(usize::MAX);
    let server = server.workers(service.settings.workers).keep_alive(limits.keep_alive);
    let server = server.client_request_timeout(limits.head).shutdown_timeout(drain::LAST_ANSWERS.as_secs());
    let server = server.disable_signals().tcp_nodelay(true).bind(address);
    listener("--listen", address, server.map(|server| (server.addrs(), server.run())))
}

fn admin(service: &Arc<Service>) -> Result<Listener, Error> {
    let (address, limits) = (service.settings.admin, admin::limits(service.settings.limits));
    let connections = Arc::new(Connections::new(limits, Vec::new(), Gauge::default()));
    let shared = Arc::clone(service);
    let server = HttpServer::new(move || {
        let service = Arc::clone(&shared);
        App::new().default_service(fn_service(move |request: ServiceRequest| {
            let (request, _) = request.into_parts();
            let response = admin::answer(&service, address.ip(), &request);
            async { Ok::<_, Failure>(ServiceResponse::new(request, response)) }
        }))
    });
    let server = server.on_connect(move |stream, data| connections.enter(stream, data));
    // Only the first head of a connection is bounded in time.
    let server = server.workers(1).keep_alive(KeepAlive::Disabled).client_request_timeout(limits.head);
    let server = server.shutdown_timeout(drain::LAST_ANSWERS.as_secs()).disable_signals().bind(address);
    listener("--admin", address, server.map(|server| (server.addrs(), server.run())))
}

fn listener(
    flag: &'static str,
    address: SocketAddr,
    bound: io::Result<(Vec<SocketAddr>, Server)>,
) -> Result<Listener, Error> {
    let (addresses, server) = bound.map_err(|error| Error::Listen { flag, address, error })?;
    Ok(Listener { server, address: addresses.first().copied().unwrap_or(address) })
}
