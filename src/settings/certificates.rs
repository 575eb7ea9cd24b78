//! Certificates and their keys: PEM files, read and checked. No message and no log ever shows a key.

#![expect(clippy::disallowed_methods, reason = "who may read a key file is asked here")]

use std::{
    fs,
    net::IpAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use rustls::{
    RootCertStore,
    crypto::aws_lc_rs::sign::any_supported_type,
    pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
    sign::{CertifiedKey, SigningKey},
};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

use crate::settings::{small_file::file_text, value::Fault};

/// The largest file, in bytes: the authorities of a whole system have a quarter of it.
const MAX_BYTES: u64 = 1024 * 1024;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

const KEY_FILE: &str = "key file";

const UNCLEAR: &str = "cannot be understood";

/// The files that encrypt a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate of the listener, followed by those that lead to its authority.
    pub certificate: PathBuf,
    /// The private key of the certificate.
    pub key: PathBuf,
    /// The authorities that sign the certificates of clients; none are asked for without it.
    pub clients: Option<PathBuf>,
}

/// What the files hold.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Shown to clients.
    pub certified: Arc<CertifiedKey>,
    /// What the certificate says.
    pub certificate: Certificate,
    /// Who signs the certificates of clients.
    pub clients: Option<Arc<RootCertStore>>,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it was made for, such as `CN=gate.example.com`; often empty.
    pub subject: String,
    /// The names and addresses that it is valid for.
    pub names: Vec<String>,
    /// When it begins to be valid.
    pub not_before: Timestamp,
    /// When it ends to be valid.
    pub not_after: Timestamp,
}

/// Certificates, the first of them that of the listener, and what that one says.
pub(super) type Chain = (Vec<CertificateDer<'static>>, Certificate);

impl Tls {
    /// What the files hold now, if they fit each other.
    ///
    /// # Errors
    /// When one cannot be read or is not what it should be, or the key is not that of the certificate.
    pub fn read(&self) -> Result<Identity, Fault> {
        let (chain, certificate) = chain(&self.certificate)?;
        let certified = pair(chain, &self.key, key(&self.key)?)?;
        let clients = self.clients.as_deref().map(authorities).transpose()?;
        Ok(Identity { certified: Arc::new(certified), certificate, clients: clients.map(Arc::new) })
    }
}

impl PartialEq for Identity {
    /// A certificate names its key, so equal ones have equal keys.
    fn eq(&self, other: &Identity) -> bool {
        let roots = |identity: &Identity| identity.clients.as_ref().map(|clients| clients.roots.clone());
        self.certified.cert == other.certified.cert && roots(self) == roots(other)
    }
}

impl Certificate {
    /// What is wrong with it at a time, given the name of its file.
    pub fn doubt(&self, path: &Path, now: Timestamp) -> Option<String> {
        let path = path.display();
        match self {
            Certificate { not_after, .. } if *not_after < now => {
                Some(format!("the certificate `{path}` ended to be valid at {not_after}"))
            }
            Certificate { not_before, .. } if *not_before > now => {
                Some(format!("the certificate `{path}` is not valid before {not_before}"))
            }
            _ => None,
        }
    }

    /// How many whole days it is valid from a time on; negative when it has ended.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.not_after.duration_since(now).as_secs().div_euclid(SECONDS_A_DAY)
    }

    fn of(der: &[u8]) -> Option<Certificate> {
        let (_, parsed) = X509Certificate::from_der(der).ok()?;
        let time = |time: i64| Timestamp::from_second(time).ok();
        let validity = parsed.validity();
        let alternatives = parsed.subject_alternative_name().ok()?;
        let names = alternatives.iter().flat_map(|names| &names.value.general_names).filter_map(name);
        Some(Certificate {
            subject: parsed.subject().to_string(),
            names: names.collect(),
            not_before: time(validity.not_before.timestamp())?,
            not_after: time(validity.not_after.timestamp())?,
        })
    }
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let four = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            four.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

/// The certificates of a listener.
pub(super) fn chain(path: &Path) -> Result<Chain, Fault> {
    let what = "certificate file";
    let chain = certificates(what, path)?;
    let first = chain.first().and_then(|first| Certificate::of(first));
    let first = first.ok_or_else(|| fault(what, path, UNCLEAR, "it is an X.509 certificate in PEM"))?;
    Ok((chain, first))
}

/// The private key of a listener.
pub(super) fn key(path: &Path) -> Result<Arc<dyn SigningKey>, Fault> {
    let help = "it is PEM with a line `-----BEGIN PRIVATE KEY-----`, without a password";
    if is_key_itself(&path.to_string_lossy()) {
        let message = "the private key itself stands where the name of its file belongs".to_owned();
        return Err(Fault { message, help: Some("put it into a file that only its owner may read".to_owned()) });
    }
    let text = read(KEY_FILE, path)?;
    let key = match PrivateKeyDer::from_pem_slice(text.as_bytes()) {
        Err(pem::Error::NoItemsFound) if text.contains("ENCRYPTED PRIVATE KEY") => {
            Err(fault(KEY_FILE, path, "holds a key with a password", help))
        }
        // The error could show what it found.
        Err(_) => Err(fault(KEY_FILE, path, "holds no private key", help)),
        Ok(key) => Ok(key),
    }?;
    let kinds = "it is ECDSA with P-256, P-384 or P-521, Ed25519, or RSA with at least 2048 bits";
    any_supported_type(&key).map_err(|_| fault(KEY_FILE, path, "holds a key that cannot be used", kinds))
}

/// The two together, if the key is that of the first certificate.
pub(super) fn pair(
    chain: Vec<CertificateDer<'static>>,
    path: &Path,
    key: Arc<dyn SigningKey>,
) -> Result<CertifiedKey, Fault> {
    let certified = CertifiedKey::new(chain, key);
    let help = "the certificate file begins with the certificate that was made for this key";
    certified.keys_match().map_err(|_| fault(KEY_FILE, path, "holds the key of another certificate", help))?;
    Ok(certified)
}

/// The authorities that sign the certificates of clients.
pub(super) fn authorities(path: &Path) -> Result<RootCertStore, Fault> {
    let what = "authority file";
    let mut store = RootCertStore::empty();
    for certificate in certificates(what, path)? {
        let added = store.add(certificate);
        added.map_err(|_| fault(what, path, UNCLEAR, "it is X.509 certificates in PEM"))?;
    }
    Ok(store)
}

/// Whether somebody wrote the key where its file is to be named.
pub(super) fn is_key_itself(name: &str) -> bool {
    name.contains("PRIVATE KEY")
}

/// Whether others than the owner and the group may read a key; one that cannot be asked is reported elsewhere.
pub(super) fn is_public(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

fn certificates(what: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let help = "it is PEM with a line `-----BEGIN CERTIFICATE-----`";
    let text = read(what, path)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let all = all.map_err(|_| fault(what, path, "is broken", help))?;
    if all.is_empty() { Err(fault(what, path, "holds no certificate", help)) } else { Ok(all) }
}

fn read(what: &str, path: &Path) -> Result<String, Fault> {
    let unreadable = |error| fault(what, path, &format!("cannot be read: {error}"), "it must be there, as PEM");
    file_text(path, MAX_BYTES).map_err(unreadable)
}

fn fault(what: &str, path: &Path, problem: &str, help: &str) -> Fault {
    Fault { message: format!("the {what} `{}` {problem}", path.display()), help: Some(help.to_owned()) }
}
