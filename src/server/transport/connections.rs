//! How many connections are open, in all and from each address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ipnet::IpNet;
use prometheus_client::metrics::gauge::Gauge;

use crate::{server::caller::contains, settings::Limits};

/// Counts connections.
#[derive(Debug)]
pub(super) struct Connections {
    limits: Limits,
    unlimited: Vec<IpNet>,
    open: Mutex<Open>,
    shown: Gauge,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

/// Which limit a connection meets that is one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Crowded {
    /// That of all.
    All,
    /// That of its peer.
    Peer,
}

impl Crowded {
    /// Every cause.
    pub(in crate::server) const CAUSES: [&str; 2] = ["all", "peer"];

    /// The word for metrics and logs.
    pub(in crate::server) fn cause(self) -> &'static str {
        match self {
            Crowded::All => "all",
            Crowded::Peer => "peer",
        }
    }
}

/// One counted connection; it is open until this is dropped.
#[derive(Debug)]
pub(super) struct Counted {
    peer: IpAddr,
    among: Arc<Connections>,
}

impl Connections {
    /// None yet. The addresses in `unlimited` stand for many clients each.
    pub(super) fn new(limits: Limits, unlimited: Vec<IpNet>, shown: Gauge) -> Connections {
        Connections { limits, unlimited, open: Mutex::default(), shown }
    }

    /// Counts a new connection, unless it is one too many.
    pub(super) fn enter(self: &Arc<Connections>, peer: IpAddr) -> Result<Counted, Crowded> {
        let peer = peer.to_canonical();
        let mut open = self.open();
        let peer_may = contains(&self.unlimited, peer);
        let peer = holder(peer);
        let from_peer = open.by_peer.get(&peer).copied().unwrap_or_default();
        let peer_may = peer_may || from_peer < self.limits.connections_per_peer;
        if open.all >= self.limits.connections {
            return Err(Crowded::All);
        }
        if !peer_may {
            return Err(Crowded::Peer);
        }
        open.all += 1;
        open.by_peer.insert(peer, from_peer + 1);
        self.shown.inc();
        Ok(Counted { peer, among: Arc::clone(self) })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who holds an address: of IPv6 everybody has at least a network of 64 bits.
fn holder(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.among.open();
        open.all = open.all.saturating_sub(1);
        if let Some(count) = open.by_peer.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                open.by_peer.remove(&self.peer);
            }
        }
        self.among.shown.dec();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn connections() -> Arc<Connections> {
        let second = Duration::from_secs(1);
        let limits = Limits {
            connections: 4,
            connections_per_peer: 2,
            keep_alive: second,
            head: second,
            body: second,
            body_bytes: 1024,
        };
        Arc::new(Connections::new(limits, vec!["10.0.0.0/8".parse().unwrap()], Gauge::default()))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_its_limit_and_a_closed_connection_makes_room() {
        let connections = connections();
        let first = connections.enter(address("192.0.2.1"));
        let _second = connections.enter(address("192.0.2.1")).unwrap();
        assert_eq!(connections.enter(address("192.0.2.1")).unwrap_err(), Crowded::Peer);
        assert!(connections.enter(address("192.0.2.2")).is_ok());
        drop(first);
        assert!(connections.enter(address("192.0.2.1")).is_ok());
    }

    #[test]
    fn addresses_of_one_ipv6_network_share_a_limit() {
        let connections = connections();
        let _open = ["2001:db8::1", "2001:db8::2"].map(|peer| connections.enter(address(peer)).unwrap());
        assert!(connections.enter(address("2001:db8::3")).is_err());
        assert!(connections.enter(address("2001:db8:0:1::3")).is_ok());
    }

    #[test]
    fn a_trusted_proxy_is_bound_by_the_limit_of_all_only() {
        let connections = connections();
        let _open: Vec<_> = (0..4).map(|_| connections.enter(address("10.0.0.1")).unwrap()).collect();
        assert_eq!(connections.enter(address("10.0.0.1")).unwrap_err(), Crowded::All);
    }

    #[test]
    fn nothing_is_kept_about_an_address_without_connections() {
        let connections = connections();
        drop(connections.enter(address("192.0.2.1")));
        assert!(connections.open().by_peer.is_empty());
        assert_eq!(connections.shown.get(), 0);
    }
}
