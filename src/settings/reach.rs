//! Where the admin side of a service with these settings is, and with which token it is asked: for whoever asks it. What
//! else is wrong with the settings does not matter here: a service that was started keeps running.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
};

use crate::{
    diagnostic::{Report, Sink, Sources},
    settings::{Flags, file, keys::Keys, read, tokens, validate},
};

/// How to reach the admin side from the same machine.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Where it listens; loopback where it listens everywhere.
    pub address: SocketAddr,
    /// Whether it listens with TLS.
    pub is_encrypted: bool,
    /// Where its tokens come from.
    pub tokens: Vec<tokens::admin::Source>,
}

impl Reach {
    /// Reads what the settings say of it.
    ///
    /// # Errors
    /// When the settings file cannot be read or is not YAML, or the address is not one.
    pub fn load(flags: Flags) -> Result<Reach, Report> {
        let (mut sources, mut sink, mut others) = (Sources::default(), Sink::default(), Sink::default());
        let file = flags.config.as_deref().and_then(|path| read(path, &mut sources, &mut sink));
        let below = match file {
            Some(file) => file::parse(file, sources.text(file), &mut others),
            None => Some(Keys::default()),
        };
        let reach = below.map(|below| {
            let keys = flags.keys.over(below);
            Reach {
                address: here(validate::admin_address(&keys, file, &mut sources, &mut sink)),
                is_encrypted: keys.admin_tls_cert.is_some(),
                tokens: sources_of(&keys),
            }
        });
        if let Some(file) = file {
            file::hide_secrets(file, &mut sources, &others);
        }
        match reach {
            Some(reach) if !sink.has_errors() => Ok(reach),
            Some(_) => Err(Report::new(&sources, sink)),
            None => Err(Report::new(&sources, others)),
        }
    }
}

/// An address that can be connected to.
fn here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn sources_of(keys: &Keys) -> Vec<tokens::admin::Source> {
    let file = keys.admin_token_file.iter().map(|given| tokens::Source::File(PathBuf::from(&given.text)));
    let variable = keys.admin_token_env.iter().map(|given| tokens::Source::Variable(given.text.clone()));
    file.chain(variable).map(tokens::admin::Source).collect()
}
