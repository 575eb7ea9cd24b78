//! Networks that an address is looked for in: one trie for those of all rules.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use prefix_trie::PrefixMap;

use super::{gathered::Numbers, hits::Hits, owners::Owners};

/// The networks of one field.
#[derive(Debug, Default)]
pub(super) struct Networks {
    v4: PrefixMap<Ipv4Net, u32>,
    v6: PrefixMap<Ipv6Net, u32>,
    owners: Owners,
}

impl Networks {
    /// From networks and the numbers of the needs that they are.
    pub(super) fn of(networks: &[(IpNet, u32)]) -> Networks {
        let (networks, owners) = Numbers::of(networks.iter().copied()).in_order();
        let mut trie = Networks { owners, ..Networks::default() };
        for (network, number) in networks.into_iter().zip(0..) {
            match network {
                IpNet::V4(network) => drop(trie.v4.insert(network, number)),
                IpNet::V6(network) => drop(trie.v6.insert(network, number)),
            }
        }
        trie
    }

    pub(super) fn collect(&self, address: IpAddr, hits: &mut Hits) {
        let mut add = |number: &u32| hits.extend(self.owners.get(*number));
        match address {
            IpAddr::V4(address) => self.v4.cover_values(&Ipv4Net::from(address)).for_each(&mut add),
            IpAddr::V6(address) => self.v6.cover_values(&Ipv6Net::from(address)).for_each(&mut add),
        }
    }
}
