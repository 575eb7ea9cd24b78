//! The way of a connection: counted, its handshake, then HTTP/1 until it ends or is ended. Both listeners go it.
//!
//! actix-web's own server would call us only after the handshake, see `docs/decisions/0009-own-transport.md`.

#![expect(clippy::disallowed_methods, reason = "a slow head is told from a short visit by a clock")]

mod connections;
mod overdue;
mod stream;

use std::{
    io,
    net::{self, IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_http::{HttpService, KeepAlive, Request, error::DispatchError};
use actix_server::GracefulShutdownSignal;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_factory, fn_service, map_config,
};
use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    dev::{AppConfig, Payload, Server, ServerHandle, ServiceRequest, ServiceResponse},
    http::{ConnectionType, StatusCode},
    rt::{
        self,
        net::{TcpSocket, TcpStream},
        time::sleep,
    },
};
use futures_util::{
    FutureExt,
    future::{Abortable, Aborted},
};
use ipnet::IpNet;
use prometheus_client::metrics::gauge::Gauge;
use rustix::net::{Shutdown, shutdown};
use tokio::select;

use crate::{
    server::{
        answer,
        drain::LAST_ANSWERS,
        tls::Tls,
        transport::{
            connections::Connections,
            overdue::{Overdue, Pace},
            stream::{Bytes, Stream},
        },
    },
    settings::Limits,
};

pub(super) use connections::Crowded;
pub(super) use stream::ClientCertificate;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// How long the server may take to notice that it is to pause.
const PAUSE: Duration = Duration::from_millis(20);

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
    /// What encrypts it.
    pub(super) tls: Option<Arc<Tls>>,
    /// Is told of each head that HTTP turns away before anybody else sees it.
    pub(super) turned_away: TurnedAway,
    /// Is told of each connection that is one too many, and of its peer.
    pub(super) crowded_out: CrowdedOut,
}

/// Is told which limit it met. It runs on the thread that answers.
pub(super) type CrowdedOut = Arc<dyn Fn(Crowded, IpAddr) + Send + Sync>;

/// Is told which of [`UNREAD`] it was. It runs on the thread that answers.
pub(super) type TurnedAway = Arc<dyn Fn(&'static str) + Send + Sync>;

const MALFORMED_HEAD: &str = "malformed_head";
const SLOW_HEAD: &str = "slow_head";

/// Every cause of a head that HTTP turns away.
pub(super) const UNREAD: [&str; 2] = [MALFORMED_HEAD, SLOW_HEAD];

/// A listener that answers.
pub(super) struct Listener {
    /// It ends when this is stopped.
    pub(super) server: Server,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// Closes the port.
    pub(super) door: Door,
}

/// Where connections come in, and the server that takes them.
pub(super) struct Door {
    /// The server.
    pub(super) server: ServerHandle,
    socket: net::TcpListener,
}

/// A stream and its other end, as HTTP takes them over.
type Connection = (Stream, Option<SocketAddr>);

/// What every connection of a listener meets.
struct Way {
    limits: Limits,
    keep_alive: KeepAlive,
    connections: Arc<Connections>,
    overdue: Arc<Overdue>,
    tls: Option<Arc<Tls>>,
    turned_away: TurnedAway,
    crowded_out: CrowdedOut,
    ending: GracefulShutdownSignal,
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
    let (address, socket) = (listener.local_addr()?, listener.try_clone()?);
    let server = Server::build().workers(options.workers).max_concurrent_connections(usize::MAX);
    let server = server.shutdown_timeout(LAST_ANSWERS.as_secs()).disable_signals();
    let way = Arc::new(Way::new(options, server.graceful_shutdown_signal()));
    rt::spawn(Arc::clone(&way.overdue).look());
    let factory = move || {
        let (way, http) = (Arc::clone(&way), http(&way, answer.clone()));
        fn_factory(move || {
            let (way, http) = (Arc::clone(&way), http.new_service(()));
            async move {
                let http = Rc::new(http.await?);
                Ok::<_, ()>(fn_service(move |stream| go(Arc::clone(&way), Rc::clone(&http), stream)))
            }
        })
    };
    let server = server.listen("http", listener, factory)?.run();
    let door = Door { server: server.handle(), socket };
    Ok(Listener { server, address, door })
}

impl Door {
    /// Lets nobody in any more: who connects from now on is refused, and can go elsewhere.
    pub(super) async fn close(&self) {
        self.server.pause().await;
        // That was only asked for. Until it is done, whoever comes is let in, and a closed socket would be an error.
        sleep(PAUSE).await;
        // Where a system does not do it, the port closes with the server.
        _ = shutdown(&self.socket, Shutdown::Both);
    }
}

impl Way {
    fn new(options: Options, ending: GracefulShutdownSignal) -> Way {
        let Options { limits, keep_alive, unlimited, shown, tls, turned_away, crowded_out, .. } = options;
        let keep_alive = keep_alive.map_or(KeepAlive::Disabled, |idle| KeepAlive::Timeout(idle + CLOCK_STEP));
        let connections = Arc::new(Connections::new(limits, unlimited, shown));
        let overdue = Arc::new(Overdue::new(&limits));
        Way { limits, keep_alive, connections, overdue, tls, turned_away, crowded_out, ending }
    }

    /// The bytes of a connection, unless there is no agreement on how to encrypt them.
    async fn bytes(&self, stream: TcpStream, peer: SocketAddr) -> Option<Bytes> {
        let Some(tls) = &self.tls else { return Some(Bytes::Plain(stream)) };
        select! {
            encrypted = tls.accept(stream, peer, self.limits.head) => Some(Bytes::Encrypted(Box::new(encrypted?))),
            // Nobody has asked anything yet.
            () = self.ending.notified() => None,
        }
    }
}

/// One connection, from its first byte to its last.
async fn go<H>(way: Arc<Way>, http: Rc<H>, stream: TcpStream) -> Result<(), ()>
where
    H: Service<Connection, Error = DispatchError>,
{
    let Ok(peer) = stream.peer_addr() else { return Ok(()) };
    let _counted = match way.connections.enter(peer.ip()) {
        Ok(counted) => counted,
        Err(crowded) => {
            (way.crowded_out)(crowded, peer.ip());
            return Ok(());
        }
    };
    // It fails when the peer is gone.
    _ = stream.set_nodelay(true);
    let Some(bytes) = way.bytes(stream, peer).await else { return Ok(()) };
    let (pace, ending) = way.overdue.watch();
    let connection = (Stream { bytes, pace: Arc::clone(&pace) }, Some(peer));
    let begun = Instant::now();
    match Abortable::new(http.call(connection), ending).await {
        Ok(Err(DispatchError::Parse(_))) if pace.awaits_head() => (way.turned_away)(MALFORMED_HEAD),
        Err(Aborted) if pace.awaits_head() => (way.turned_away)(SLOW_HEAD),
        // HTTP has answered 408 and says nothing of it.
        Ok(_) if pace.awaits_first_head() && begun.elapsed() >= way.limits.head => (way.turned_away)(SLOW_HEAD),
        // How else a connection ends is its own affair.
        _ => {}
    }
    Ok(())
}

fn bind(address: SocketAddr) -> io::Result<net::TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// HTTP over a stream that was agreed on.
fn http<A>(
    way: &Way,
    answer: A,
) -> impl ServiceFactory<Connection, Config = (), Error = DispatchError, InitError = ()> + use<A>
where
    A: AsyncFn(&HttpRequest, Payload) -> HttpResponse + Clone + 'static,
{
    let ending = way.ending.clone();
    let ended = move || {
        let ending = ending.clone();
        async move { ending.notified().await }
    };
    let http = HttpService::build().keep_alive(way.keep_alive).client_request_timeout(way.limits.head + CLOCK_STEP);
    let http = http.client_disconnect_timeout(LAST_BYTES).graceful_shutdown_signal(ended);
    http.on_connect_ext(|stream: &Stream, data| stream.introduce(data)).h1(app(answer))
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
            let pace = request.conn_data::<Arc<Pace>>();
            pace.inspect(|pace| pace.asked());
            let response = guarded(answer(&request, payload)).await;
            // What follows an answer that ends the connection is no head.
            if let Some(pace) = pace.filter(|_| response.head().connection_type() != ConnectionType::Close) {
                pace.answered();
            }
            Ok::<_, Error>(ServiceResponse::new(request, response))
        }
    }));
    map_config(app.into_factory().map_err(|error: Error| error.error_response()), |()| AppConfig::default())
}

/// A defect ends its connection with an answer, and nobody else's.
///
/// No async function: one that awaits its argument has room for it twice, and every request moves all of that.
fn guarded(answer: impl Future<Output = HttpResponse>) -> impl Future<Output = HttpResponse> {
    AssertUnwindSafe(answer).catch_unwind().map(|response| {
        response.unwrap_or_else(|_| {
            let text = "the request met a defect of this service\n";
            let mut response = answer::sentence(StatusCode::INTERNAL_SERVER_ERROR, text);
            answer::close(&mut response);
            response
        })
    })
}
