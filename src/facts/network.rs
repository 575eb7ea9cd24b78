//! Networks as people write them: the same in rules and settings.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

/// Why a text is not a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANetwork {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A network, or a single address. IPv4-mapped IPv6 is IPv4.
///
/// # Errors
/// When it is neither, or an address inside a network, of which either may be meant.
pub fn network(word: &str) -> Result<IpNet, NotANetwork> {
    let network = word.parse::<IpNet>().or_else(|_| word.parse::<IpAddr>().map(IpNet::from));
    let network = network.map_err(|_| NotANetwork {
        message: format!("`{word}` is neither an address nor a network"),
        help: "write it like 10.0.0.0/8, 192.0.2.7 or '2001:db8::/32'".to_owned(),
    })?;
    let whole = network.trunc();
    if whole != network {
        return Err(NotANetwork {
            message: format!("`{word}` is an address inside the network {whole}"),
            help: format!("write {whole} for the network, or {} for the one address", network.addr()),
        });
    }
    Ok(unmapped(network))
}

/// `::ffff:10.0.0.0/104` as `10.0.0.0/8`.
fn unmapped(network: IpNet) -> IpNet {
    const MAPPED_BITS: u8 = 96;
    let IpNet::V6(v6) = network else { return network };
    let v4 = Ipv6Addr::to_ipv4_mapped(&v6.addr()).zip(v6.prefix_len().checked_sub(MAPPED_BITS));
    v4.and_then(|(address, bits)| Ipv4Net::new(address, bits).ok()).map_or(network, IpNet::from)
}
