//! Ends connections that go too long without an answer.
//!
//! actix-web bounds the first head of a connection and the time between requests, but no head after the first, so half of
//! one would keep its connection for ever. See `docs/decisions/0006-overdue-connections.md`.

use std::{
    io,
    net::Shutdown,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use actix_web::rt::{net::TcpStream, time::sleep};
use socket2::{SockRef, Socket};

use crate::settings::Limits;

/// How often a connection is looked at before it is overdue; more would only be more exact.
const LOOKS: u32 = 16;

/// Looks at every connection from time to time.
#[derive(Debug)]
pub(super) struct Overdue {
    period: Duration,
    /// Counts the looks: a clock that costs a request nothing.
    now: AtomicU32,
    open: Mutex<Vec<Weak<Watched>>>,
}

/// A connection that is looked at until this is dropped.
#[derive(Debug)]
pub(super) struct Watched {
    socket: Socket,
    answered: AtomicU32,
    among: Arc<Overdue>,
}

impl Overdue {
    /// No connections yet. The longest that a good one goes without an answer is idle, then a slow head, then a slow body.
    pub(super) fn new(limits: &Limits) -> Overdue {
        let longest = limits.keep_alive + limits.head + limits.body;
        Overdue { period: longest / LOOKS, now: AtomicU32::new(0), open: Mutex::default() }
    }

    /// Looks after a new connection, by a handle of its own to the socket.
    pub(super) fn watch(self: &Arc<Overdue>, stream: &TcpStream) -> io::Result<Arc<Watched>> {
        let socket = SockRef::from(stream).try_clone()?;
        let answered = AtomicU32::new(self.now.load(Relaxed));
        let watched = Arc::new(Watched { socket, answered, among: Arc::clone(self) });
        self.open().push(Arc::downgrade(&watched));
        Ok(watched)
    }

    /// Looks after all connections; never ends.
    pub(super) async fn look(self: Arc<Overdue>) {
        loop {
            sleep(self.period).await;
            let now = self.now.fetch_add(1, Relaxed).wrapping_add(1);
            self.open().retain(|watched| watched.upgrade().is_some_and(|watched| watched.is_in_time(now)));
        }
    }

    fn open(&self) -> MutexGuard<'_, Vec<Weak<Watched>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    /// Notes that a request was answered.
    pub(super) fn answered(&self) {
        self.answered.store(self.among.now.load(Relaxed), Relaxed);
    }

    /// Whether it may stay; it is ended otherwise.
    fn is_in_time(&self, now: u32) -> bool {
        let is_in_time = now.wrapping_sub(self.answered.load(Relaxed)) <= LOOKS;
        if !is_in_time {
            // It fails when the peer was faster.
            _ = self.socket.shutdown(Shutdown::Both);
        }
        is_in_time
    }
}
