//! The service: bind, answer, drain.
//!
//! | listener | method | path | answered by |
//! | --- | --- | --- | --- |
//! | webhook | `POST` | `/` and every path of the settings | [`gate`] |
//! | admin | `GET` | `/healthz`, `/readyz`, `/metrics`, `/-/status` | [`admin`] |
//!
//! HTTP/1 only. Nothing that a request waits for can wait for a disk, a reload, or a lock that anything slow can hold.

mod admin;
mod answer;
mod apps;
mod body;
mod caller;
mod connections;
mod drain;
mod gate;
mod service;
mod stop;
mod tally;

use std::{io, net::SocketAddr, sync::Arc};

use actix_web::{
    App, Error as Failure, HttpServer,
    dev::{Server, ServiceRequest, ServiceResponse, fn_service},
    rt::{self, System},
};
use tracing::info;

use crate::{
    diagnostic::Report,
    live::Handle,
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
    #[error("cannot listen on {address}: {error}")]
    Listen {
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
    let (service, rules) = Service::start(settings)?;
    System::new().block_on(serve(service, rules))
}

async fn serve(service: Arc<Service>, rules: Handle) -> Result<(), Error> {
    let (webhook, admin) = (webhook(&service)?, admin(&service)?);
    info!(webhook = %webhook.address, admin = %admin.address, "listening");
    let handles = [webhook.server.handle(), admin.server.handle()];
    rt::spawn(webhook.server);
    rt::spawn(admin.server);
    drain::until_ended(&service, &rules, &handles).await
}

fn webhook(service: &Arc<Service>) -> Result<Listener, Error> {
    let (address, limits) = (service.settings.listen, service.settings.limits);
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
    let server = server.on_connect(move |stream, data| connections.enter(stream, data));
    let server = server.workers(service.settings.workers).keep_alive(limits.keep_alive);
    let server = server.client_request_timeout(limits.head).shutdown_timeout(drain::LAST_ANSWERS.as_secs());
    let server = server.disable_signals().tcp_nodelay(true).bind(address);
    listener(address, server.map(|server| (server.addrs(), server.run())))
}

fn admin(service: &Arc<Service>) -> Result<Listener, Error> {
    let address = service.settings.admin;
    let shared = Arc::clone(service);
    let server = HttpServer::new(move || {
        let service = Arc::clone(&shared);
        App::new().default_service(fn_service(move |request: ServiceRequest| {
            let (request, _) = request.into_parts();
            let response = admin::answer(&service, address.ip(), &request);
            async { Ok::<_, Failure>(ServiceResponse::new(request, response)) }
        }))
    });
    let server = server.workers(1).shutdown_timeout(drain::LAST_ANSWERS.as_secs()).disable_signals().bind(address);
    listener(address, server.map(|server| (server.addrs(), server.run())))
}

fn listener(address: SocketAddr, bound: io::Result<(Vec<SocketAddr>, Server)>) -> Result<Listener, Error> {
    let (addresses, server) = bound.map_err(|error| Error::Listen { address, error })?;
    Ok(Listener { server, address: addresses.first().copied().unwrap_or(address) })
}
