//! The way of a connection: counted, its handshake, then HTTP/1 until it ends or is ended. Both listeners go it.
//!
//! actix-web's own server would call us only after the handshake, see `docs/decisions/0010-own-transport.md`.

mod connections;
mod overdue;
mod stream;

use std::{
    io,
    net::{self, SocketAddr},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix_http::{HttpService, KeepAlive, Request};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_factory, fn_service, map_config,
};
use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    dev::{AppConfig, Payload, Server, ServiceRequest, ServiceResponse},
    http::ConnectionType,
    rt::{
        self,
        net::{TcpSocket, TcpStream},
    },
};
use futures_util::future::Abortable;
use ipnet::IpNet;
use prometheus_client::metrics::gauge::Gauge;

use crate::{
    server::{
        drain::LAST_ANSWERS,
        transport::{
            connections::Connections,
            overdue::{Overdue, Pace},
            stream::{Bytes, Stream},
        },
    },
    settings::Limits,
};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// How long the end of a connection may take: the rest of an answer, and of a body that nobody reads.
const LAST_BYTES: Duration = Duration::from_secs(1);

/// actix-http's clock goes in steps of this, and a time that begins between two of them would end too early.
const CLOCK_STEP: Duration = Duration::from_millis(500);

/// How a listener treats its connections.
pub(super) struct Options {
    /// What a client may take.
    pub(super) limits: Limits,
    /// How long a connection waits for another request; `None` where it carries only one.
    pub(super) keep_alive: Option<Duration>,
    /// The addresses that stand for many clients each.
    pub(super) unlimited: Vec<IpNet>,
    /// Shows how many connections are open.
    pub(super) shown: Gauge,
    /// Threads that answer.
    pub(super) workers: usize,
}

/// A listener that answers.
pub(super) struct Listener {
    /// It ends when this is stopped.
    pub(super) server: Server,
    /// Where it listens.
    pub(super) address: SocketAddr,
}

/// What every connection of a listener meets.
#[derive(Clone)]
struct Way {
    connections: Arc<Connections>,
    overdue: Arc<Overdue>,
}

/// Listens, and lets `answer` answer each request.
///
/// # Errors
/// When the address cannot be listened on.
pub(super) fn listen<A>(address: SocketAddr, options: Options, answer: A) -> io::Result<Listener>
where
    A: AsyncFn(&HttpRequest, Payload) -> HttpResponse + Clone + Send + 'static,
{
    let listener = bind(address)?;
    let address = listener.local_addr()?;
    let Options { limits, keep_alive, unlimited, shown, workers } = options;
    let connections = Arc::new(Connections::new(limits, unlimited, shown));
    let way = Way { connections, overdue: Arc::new(Overdue::new(&limits)) };
    rt::spawn(Arc::clone(&way.overdue).look());
    let server = Server::build();
    let ending = server.graceful_shutdown_signal();
    let factory = move || {
        let ending = ending.clone();
        let http = HttpService::build().client_request_timeout(limits.head + CLOCK_STEP);
        let http =
            http.keep_alive(keep_alive.map_or(KeepAlive::Disabled, |idle| KeepAlive::Timeout(idle + CLOCK_STEP)));
        let http = http.client_disconnect_timeout(LAST_BYTES).graceful_shutdown_signal(move || {
            let ending = ending.clone();
            async move { ending.notified().await }
        });
        let http = http.on_connect_ext(|stream: &Stream, data| stream.introduce(data)).h1(app(answer.clone()));
        let way = way.clone();
        fn_factory(move || {
            let (way, http) = (way.clone(), http.new_service(()));
            async move {
                let http = Rc::new(http.await?);
                Ok::<_, ()>(fn_service(move |stream| go(way.clone(), Rc::clone(&http), stream)))
            }
        })
    };
    let server = server.workers(workers).max_concurrent_connections(usize::MAX);
    let server = server.shutdown_timeout(LAST_ANSWERS.as_secs()).disable_signals();
    Ok(Listener { server: server.listen("http", listener, factory)?.run(), address })
}

fn bind(address: SocketAddr) -> io::Result<net::TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// Requests as HTTP hands them over.
fn app<A>(
    answer: A,
) -> impl ServiceFactory<Request, Config = (), Response = ServiceResponse, Error = HttpResponse, InitError = ()>
where
    A: AsyncFn(&HttpRequest, Payload) -> HttpResponse + Clone + 'static,
{
    let app = App::new().default_service(fn_service(move |request: ServiceRequest| {
        let answer = answer.clone();
        async move {
            let (request, payload) = request.into_parts();
            let response = paced(&request, answer(&request, payload)).await;
            Ok::<_, Error>(ServiceResponse::new(request, response))
        }
    }));
    map_config(app.into_factory().map_err(|error: Error| error.error_response()), |()| AppConfig::default())
}

async fn paced(request: &HttpRequest, answer: impl Future<Output = HttpResponse>) -> HttpResponse {
    let pace = request.conn_data::<Arc<Pace>>();
    pace.map(|pace| pace.asked());
    let response = answer.await;
    // What follows an answer that ends the connection is no head.
    if response.head().connection_type() != ConnectionType::Close {
        pace.map(|pace| pace.answered());
    }
    response
}

/// One connection, from its first byte to its last.
async fn go<H>(way: Way, http: Rc<H>, stream: TcpStream) -> Result<(), ()>
where
    H: Service<(Stream, Option<SocketAddr>)>,
{
    let Ok(peer) = stream.peer_addr() else { return Ok(()) };
    let Some(_counted) = way.connections.enter(peer.ip()) else { return Ok(()) };
    // It fails when the peer is gone.
    _ = stream.set_nodelay(true);
    let (pace, ending) = way.overdue.watch();
    let stream = Stream { bytes: Bytes::Plain(stream), pace };
    // How a connection ends is its own affair.
    _ = Abortable::new(http.call((stream, Some(peer))), ending).await;
    Ok(())
}
