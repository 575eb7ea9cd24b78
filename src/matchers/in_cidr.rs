//! `in_cidr`: the address is in one of these networks.
//!
//! ```yaml
//! client_ip: { in_cidr: [10.0.0.0/8, 192.0.2.7, "2001:db8::/32"] }
//! client_ip: { in_cidr: { list: office-networks } }
//! ```
//!
//! The argument is networks, single addresses, or a list of them. IPv4-mapped IPv6 addresses count as IPv4 on both sides.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use prefix_trie::PrefixSet;

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::{Bounds, Language, Matcher, Needs, Value},
    facts::{self, FieldType},
    matchers::{
        Argument, Context, Fit, Kind, Role,
        lists::MAX_OTHER_ENTRIES,
        literals::{items, list_name},
    },
    yaml::{self, Node},
};

pub(super) const KIND: Kind = Kind {
    name: "in_cidr",
    summary: "the address is in one of these networks",
    argument: "networks, addresses, or `{list: NAME}`",
    takes: Argument::SomeOrList,
    fits: |field| Fit::of(field.holds() == FieldType::Address),
    role: Role::Test(build),
};

/// So many networks that lie in others are told.
const SHOWN: usize = 20;

#[derive(Debug, Default)]
struct Networks {
    all: Vec<IpNet>,
    v4: PrefixSet<Ipv4Net>,
    v6: PrefixSet<Ipv6Net>,
}

impl Matcher for Networks {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Networks(&self.all))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        Some(vec![Needs::Networks(&self.all)])
    }

    fn holds(&self, value: Value<'_>) -> bool {
        match value {
            Value::Address(IpAddr::V4(address)) => self.v4.get_lpm(&Ipv4Net::from(address)).is_some(),
            Value::Address(IpAddr::V6(address)) => self.v6.get_lpm(&Ipv6Net::from(address)).is_some(),
            Value::Text(_) | Value::Looks { .. } | Value::Number(_) => false,
        }
    }
}

impl Networks {
    /// The largest network that another one lies in.
    fn around(&self, network: &IpNet) -> Option<IpNet> {
        let largest = match network {
            IpNet::V4(network) => self.v4.get_spm(network).map(IpNet::V4),
            IpNet::V6(network) => self.v6.get_spm(network).map(IpNet::V6),
        };
        largest.filter(|largest| largest != network)
    }

    fn insert(&mut self, network: IpNet) {
        self.all.push(network);
        match network {
            IpNet::V4(network) => drop(self.v4.insert(network)),
            IpNet::V6(network) => drop(self.v6.insert(network)),
        }
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    if let yaml::Value::Mapping(_) = argument.value {
        let (name, place) = list_name(context, argument, sink)?;
        let list = context.lists.declared.get(&name)?;
        if list.entries.len() > MAX_OTHER_ENTRIES {
            let message = format!(
                "the list `{name}` has {} entries; `in_cidr` takes at most {MAX_OTHER_ENTRIES}",
                list.entries.len()
            );
            sink.push(Diagnostic::new(Code::ListTooLong, place, message).help("join neighbouring networks"));
            return None;
        }
        let made = context.lists.made(&name, context.field, |list| networks(list.entries.iter(), sink));
        return Some(Box::new(made?));
    }
    let items = items(argument, "the networks of a test", sink)?;
    let words: Vec<_> = items.iter().filter_map(|item| Some((item.word("a network", sink)?, item.place))).collect();
    let whole = words.len() == items.len();
    let networks = networks(words, sink)?;
    whole.then(|| Box::new(networks) as Box<dyn Matcher>)
}

/// All of some networks; `None` after a finding for each that is wrong.
fn networks<'n>(words: impl IntoIterator<Item = (&'n str, Place)>, sink: &mut Sink) -> Option<Networks> {
    let read = words.into_iter().map(|(word, place)| Some((network(word, place, sink)?, place)));
    let read: Vec<Option<(IpNet, Place)>> = read.collect();
    let read: Vec<(IpNet, Place)> = read.into_iter().collect::<Option<_>>()?;
    let mut networks = Networks::default();
    read.iter().for_each(|(network, _)| networks.insert(*network));
    let covered = read.iter().filter_map(|(network, place)| Some((network, place, networks.around(network)?)));
    for (network, place, around) in covered.take(SHOWN) {
        let message = format!("`{network}` lies in `{around}`, which is here too");
        sink.push(Diagnostic::new(Code::DuplicateEntry, *place, message).help("remove it, or the larger one"));
    }
    Some(networks)
}

fn network(word: &str, place: Place, sink: &mut Sink) -> Option<IpNet> {
    let network = facts::network(word);
    network
        .map_err(|fault| sink.push(Diagnostic::new(Code::InvalidAddress, place, fault.message).help(fault.help)))
        .ok()
}
