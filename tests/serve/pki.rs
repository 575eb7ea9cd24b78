//! Authorities, the certificates that they sign, and clients that trust them.

use std::{
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ALL_VERSIONS, ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};

use crate::client::Client;

/// A connection with TLS.
pub type Encrypted = Client<StreamOwned<ClientConnection, TcpStream>>;

/// Someone who signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub pem: String,
    der: CertificateDer<'static>,
}

/// A certificate and its key, both in PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
}

/// What a client is like.
pub struct Manner<'a> {
    pub versions: &'a [&'static SupportedProtocolVersion],
    pub protocols: &'a [&'a str],
    pub shows: Option<&'a Pair>,
}

impl Default for Manner<'_> {
    fn default() -> Self {
        Manner { versions: ALL_VERSIONS, protocols: &[], shows: None }
    }
}

impl Authority {
    pub fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let (pem, der) = (certificate.pem(), certificate.der().clone());
        Authority { issuer: Issuer::new(params, key), pem, der }
    }

    /// A certificate for `localhost` whose subject has a name.
    pub fn issue(&self, name: &str) -> Pair {
        self.issue_until(name, 2999)
    }

    /// The same, up to the first day of a year.
    pub fn issue_until(&self, name: &str, year: i32) -> Pair {
        self.issue_between(name, 2020, year)
    }

    /// The same, from the first day of a year.
    pub fn issue_between(&self, name: &str, from: i32, year: i32) -> Pair {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Pair { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    /// A connection by someone who trusts this authority.
    pub fn connect(&self, address: SocketAddr) -> Encrypted {
        self.connect_as(address, &Manner::default())
    }

    /// The same, in some manner. The handshake happens with the first byte that is sent.
    pub fn connect_as(&self, address: SocketAddr, manner: &Manner) -> Encrypted {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_protocol_versions(manner.versions).unwrap().with_root_certificates(roots);
        let mut config = match manner.shows {
            None => builder.with_no_client_auth(),
            Some(pair) => {
                let chain = vec![CertificateDer::from_pem_slice(pair.certificate.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        config.alpn_protocols = manner.protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let connection = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
        let Client(stream) = Client::connect(address);
        Client(StreamOwned::new(connection, stream))
    }
}

impl Encrypted {
    /// Whether the server showed a certificate.
    pub fn was_shown(&self, pair: &Pair) -> bool {
        let expected = CertificateDer::from_pem_slice(pair.certificate.as_bytes()).unwrap();
        self.0.conn.peer_certificates().is_some_and(|shown| shown.first() == Some(&expected))
    }
}
