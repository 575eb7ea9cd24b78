//! Ends connections whose client takes too long.
//!
//! actix-http bounds the first head of a connection and the time between requests, but no head after the first, so half of
//! one would keep its connection. See `docs/decisions/0006-overdue-connections.md`.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use actix_web::rt::time::sleep;
use futures_util::future::{AbortHandle, AbortRegistration};

use crate::settings::Limits;

/// How often a head is looked at before it is overdue; more would only be more exact.
const LOOKS: u32 = 16;

/// Looks further apart than this, however short a head may take, cost nothing that matters with thousands of connections.
const SHORTEST_PERIOD: Duration = Duration::from_millis(20);

/// A connection that has ended is forgotten at the next look.
const LONGEST_PERIOD: Duration = Duration::from_secs(1);

/// Looks at every connection from time to time.
#[derive(Debug)]
pub(super) struct Overdue {
    period: Duration,
    /// How many looks a head may take.
    head: u64,
    /// How many looks anything may take.
    longest: u64,
    /// Counts the looks: a clock that costs a request nothing.
    now: AtomicU64,
    open: Mutex<Vec<Weak<Pace>>>,
}

/// What a connection waits for, and since when. It is looked at until this is dropped.
#[derive(Debug)]
pub(in crate::server) struct Pace {
    /// The number of a look, and behind it in the lowest bits what came then.
    state: AtomicU64,
    end: AbortHandle,
    among: Arc<Overdue>,
}

/// A request was asked; the gate looks at the time of its body.
const BUSY: u64 = 0;
/// Between requests.
const IDLE: u64 = 1;
/// A head after the first has begun.
const HEAD: u64 = 2;
/// Nothing was asked yet; actix-http looks at the time.
const FIRST: u64 = 3;

const BITS: u32 = 2;

impl Overdue {
    /// No connections yet. The longest that a good one goes without an answer is idle, then a slow head, then a slow body.
    pub(super) fn new(limits: &Limits) -> Overdue {
        let period = (limits.head / LOOKS).clamp(SHORTEST_PERIOD, LONGEST_PERIOD);
        // What begins between two looks is counted from the first of them.
        let looks = |time: Duration| {
            u64::try_from(time.as_nanos().div_ceil(period.as_nanos())).unwrap_or(u64::MAX).saturating_add(1)
        };
        let longest = looks(limits.keep_alive + limits.head + limits.body);
        Overdue { period, head: looks(limits.head), longest, now: AtomicU64::new(0), open: Mutex::default() }
    }

    /// Looks after a new connection, which is ended by way of the registration.
    pub(super) fn watch(self: &Arc<Overdue>) -> (Arc<Pace>, AbortRegistration) {
        let (end, ending) = AbortHandle::new_pair();
        let pace = Arc::new(Pace { state: AtomicU64::new(0), end, among: Arc::clone(self) });
        pace.is_now(FIRST);
        self.open().push(Arc::downgrade(&pace));
        (pace, ending)
    }

    /// Looks after all connections; never ends.
    pub(super) async fn look(self: Arc<Overdue>) {
        loop {
            sleep(self.period).await;
            let now = self.now.fetch_add(1, Relaxed).wrapping_add(1);
            self.open().retain(|pace| pace.upgrade().is_some_and(|pace| pace.is_in_time(now)));
        }
    }

    fn open(&self) -> MutexGuard<'_, Vec<Weak<Pace>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pace {
    /// Notes that bytes arrived: a head begins with the first ones after an answer.
    pub(super) fn heard(&self) {
        if self.state().1 == IDLE {
            self.is_now(HEAD);
        }
    }

    /// Notes that a head was complete.
    pub(super) fn asked(&self) {
        self.is_now(BUSY);
    }

    /// Notes that a request was answered, and that another may follow.
    pub(super) fn answered(&self) {
        self.is_now(IDLE);
    }

    /// Whether no request has been asked that is not answered: what goes wrong now goes wrong with a head.
    pub(super) fn awaits_head(&self) -> bool {
        self.state().1 != BUSY
    }

    /// Whether nothing was asked at all.
    pub(super) fn awaits_first_head(&self) -> bool {
        self.state().1 == FIRST
    }

    fn is_now(&self, phase: u64) {
        self.state.store(self.among.now.load(Relaxed) << BITS | phase, Relaxed);
    }

    fn state(&self) -> (u64, u64) {
        let state = self.state.load(Relaxed);
        (state >> BITS, state & ((1 << BITS) - 1))
    }

    /// Whether it may stay; it is ended otherwise.
    fn is_in_time(&self, now: u64) -> bool {
        let (since, phase) = self.state();
        let most = if phase == HEAD { self.among.head } else { self.among.longest };
        let is_in_time = now.saturating_sub(since) <= most;
        if !is_in_time {
            self.end.abort();
        }
        is_in_time
    }
}

#[cfg(test)]
mod tests {
    use actix_web::rt::{System, spawn};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Looks at connections whose heads may take so long.
    fn overdue(head: Duration) -> Arc<Overdue> {
        let (body, keep_alive) = (SECOND, 90 * SECOND);
        let limits = Limits { connections: 1, connections_per_peer: 1, keep_alive, head, body, body_bytes: 1 };
        Arc::new(Overdue::new(&limits))
    }

    /// Looks at a connection to which this has happened.
    fn looks(happened: &[fn(&Pace)]) -> (Arc<Overdue>, Arc<Pace>) {
        let overdue = overdue(SECOND);
        let (pace, _) = overdue.watch();
        happened.iter().for_each(|happen| happen(&pace));
        (overdue, pace)
    }

    #[test]
    fn a_head_after_an_answer_has_the_time_for_a_head() {
        let (overdue, pace) = looks(&[Pace::asked, Pace::answered, Pace::heard]);
        assert_eq!(overdue.head, 17);
        assert!(pace.is_in_time(17));
        assert!(!pace.is_in_time(18));
        assert!(pace.end.is_aborted());
    }

    #[test]
    fn connections_that_have_ended_are_forgotten_soon_however_long_a_head_may_take() {
        let overdue = overdue(3600 * SECOND);
        assert_eq!((overdue.period, overdue.head), (SECOND, 3601));
        System::new().block_on(async {
            let (kept, _ending) = overdue.watch();
            drop(overdue.watch());
            let looking = spawn(Arc::clone(&overdue).look());
            while overdue.open().len() > 1 {
                sleep(SHORTEST_PERIOD).await;
            }
            looking.abort();
            assert!(kept.awaits_first_head());
        });
    }

    #[test]
    fn what_arrives_before_the_first_answer_or_during_one_is_no_later_head() {
        let cases: [&[fn(&Pace)]; 3] = [&[Pace::heard], &[Pace::asked, Pace::heard], &[Pace::answered, Pace::asked]];
        for happened in cases {
            let (overdue, pace) = looks(happened);
            assert!(pace.is_in_time(overdue.longest));
            assert!(!pace.is_in_time(overdue.longest + 1));
        }
    }
}
