//! Who calls: the peer of the connection, or whom a trusted proxy names.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

/// The caller of a request from `peer`, given its `X-Forwarded-For` headers in order; `None` where a trusted proxy names
/// nobody who can be understood.
///
/// Only what a trusted proxy wrote is believed: the right-most entry that is not a trusted proxy itself. Whatever stands
/// to the left of it may have been sent by anyone.
pub(super) fn caller<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    trusted: &[IpNet],
) -> Option<IpAddr> {
    let mut caller = peer.to_canonical();
    for entry in forwarded.rev().flat_map(|header| header.rsplit(',')) {
        if !contains(trusted, caller) {
            break;
        }
        caller = address(entry.trim())?;
    }
    Some(caller)
}

/// Whether one of the networks has an address.
pub(super) fn contains(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// An address, with or without a port.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
    let address = entry.parse().or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip())).ok()?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(peer: &str, forwarded: &[&str]) -> Option<String> {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        caller(peer.parse().unwrap(), forwarded.iter().copied(), &trusted).map(|address| address.to_string())
    }

    #[test]
    fn a_peer_that_is_not_trusted_is_the_caller_whatever_it_claims() {
        assert_eq!(called("198.51.100.7", &["203.0.113.9"]).unwrap(), "198.51.100.7");
    }

    #[test]
    fn a_trusted_proxy_names_the_caller() {
        assert_eq!(called("10.0.0.1", &["203.0.113.9"]).unwrap(), "203.0.113.9");
    }

    #[test]
    fn the_right_most_untrusted_entry_counts() {
        assert_eq!(called("10.0.0.1", &["192.0.2.1, 203.0.113.9, 10.0.0.2"]).unwrap(), "203.0.113.9");
    }

    #[test]
    fn several_headers_are_one_list() {
        assert_eq!(called("10.0.0.1", &["192.0.2.1", "203.0.113.9", "10.0.0.2"]).unwrap(), "203.0.113.9");
    }

    #[test]
    fn a_proxy_that_forwards_nothing_is_the_caller_itself() {
        assert_eq!(called("10.0.0.1", &[]).unwrap(), "10.0.0.1");
        assert_eq!(called("10.0.0.1", &["10.0.0.3"]).unwrap(), "10.0.0.3");
    }

    #[test]
    fn an_entry_that_is_not_an_address_names_nobody() {
        assert_eq!(called("10.0.0.1", &["203.0.113.9, unknown"]), None);
        assert_eq!(called("10.0.0.1", &["unknown, 203.0.113.9"]).unwrap(), "203.0.113.9");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        assert_eq!(called("10.0.0.1", &["203.0.113.9:4711"]).unwrap(), "203.0.113.9");
        assert_eq!(called("10.0.0.1", &["[2001:db9::1]:4711"]).unwrap(), "2001:db9::1");
        assert_eq!(called("::ffff:10.0.0.1", &["::ffff:203.0.113.9"]).unwrap(), "203.0.113.9");
    }
}
