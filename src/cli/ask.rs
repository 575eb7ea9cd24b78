//! Asks the admin side of a service. Whatever answers may be something else, so nothing that it says is trusted: not its
//! size, not its time, and not that it does nothing to a terminal.

#![expect(clippy::disallowed_methods, reason = "the certificates of the command line are read here")]

use std::{fs, io, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, anyhow, bail};
use rustls::{CertificateError, crypto::aws_lc_rs::default_provider};
use ureq::{
    Agent, Error,
    http::Uri,
    tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem},
};

use crate::{
    diagnostic::render::{self, Style},
    settings::{Flags, Tls, keys::Keys, reach::Reach, value},
    text,
};

/// The most characters that are shown of a text of the other side.
const MOST_SHOWN: usize = 300;

/// Whom to ask.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// Where the admin side is, such as http://127.0.0.1:9090 [default: the address of the settings]
    #[arg(value_name = "URL")]
    url: Option<String>,

    /// The settings file of the service; variables (TOPICGATE_...) win over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// A PEM file with the authorities that sign its certificate [default: those of the system]
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,

    /// A PEM file with a certificate to show to it
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,

    /// A PEM file with the private key of that certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
}

/// Where to ask, and how.
pub(super) struct Way {
    /// Without a slash at its end.
    pub(super) url: String,
    /// What the settings say, where no URL does.
    pub(super) reach: Option<Reach>,
}

/// Whether the certificate of the other side must be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// It must be.
    Verified,
    /// It may be any: nothing that matters is sent.
    Any,
}

/// What was answered.
pub(super) struct Answer {
    /// The status code.
    pub(super) code: u16,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// A duration of the command line.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let within = Duration::from_millis(100)..=Duration::from_secs(3600);
    value::duration(within)(text)
        .map_err(|fault| [Some(fault.message), fault.help].map(Option::unwrap_or_default).join(": "))
}

/// What may be shown of a text of the other side: on one line, and not more than a little.
pub(super) fn shown(text: &str) -> String {
    let clean = text::clean(text);
    let mut shown: String = clean.chars().take(MOST_SHOWN).collect();
    if shown.len() < clean.len() {
        shown.push('…');
    }
    shown
}

impl Target {
    /// Where to ask.
    pub(super) fn way(&self) -> anyhow::Result<Way> {
        if let Some(url) = &self.url {
            return Ok(Way { url: base(url)?, reach: None });
        }
        let flags = Flags { config: self.config.clone(), keys: Keys::default() };
        let reach = Reach::load(flags.or_variables()).map_err(|report| {
            anyhow!("the settings cannot be used\n\n{}", render::text(&report, Style::Plain).trim_end())
        })?;
        let scheme = if reach.is_encrypted { "https" } else { "http" };
        Ok(Way { url: format!("{scheme}://{}", reach.address), reach: Some(reach) })
    }

    /// Asks once, and reads at most so many bytes.
    pub(super) fn get(&self, url: &str, ask: &Ask<'_>) -> anyhow::Result<Answer> {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None);
        let config =
            config.timeout_global(Some(ask.timeout)).user_agent(concat!("topicgate/", env!("CARGO_PKG_VERSION")));
        let is_encrypted = url.starts_with("https:");
        let config = if is_encrypted { config.tls_config(self.tls(ask.trust)?) } else { config };
        let mut request = config.build().new_agent().get(url);
        if let Some(token) = ask.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let told = |error| anyhow!("{url}: {}", told(&error, ask.timeout));
        let mut response = request.call().map_err(told)?;
        let body = response.body_mut().with_config().limit(ask.most_bytes).read_to_vec().map_err(told)?;
        Ok(Answer { code: response.status().as_u16(), body })
    }

    fn tls(&self, trust: Trust) -> anyhow::Result<TlsConfig> {
        let roots = match &self.ca {
            Some(path) => RootCerts::new_with_certs(&certificates(path)?),
            None => RootCerts::PlatformVerifier,
        };
        let client =
            self.cert.clone().zip(self.key.clone()).map(|(certificate, key)| client(certificate, key)).transpose()?;
        let config = TlsConfig::builder().unversioned_rustls_crypto_provider(Arc::new(default_provider()));
        let config = config.root_certs(roots).client_cert(client);
        Ok(config.disable_verification(trust == Trust::Any && self.ca.is_none()).build())
    }
}

/// How to ask.
pub(super) struct Ask<'a> {
    pub(super) token: Option<&'a str>,
    pub(super) timeout: Duration,
    pub(super) most_bytes: u64,
    pub(super) trust: Trust,
}

/// The URL that paths are added to.
fn base(url: &str) -> anyhow::Result<String> {
    if url.contains('@') {
        bail!("a URL with a name or a password is not taken: a token stands in a file of its own");
    }
    let whole = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let parsed: Option<Uri> = whole.parse().ok();
    let host = parsed.as_ref().filter(|uri| uri.scheme_str().is_some_and(|scheme| matches!(scheme, "http" | "https")));
    if host.and_then(Uri::authority).is_none() || parsed.is_some_and(|uri| uri.query().is_some()) {
        bail!("`{}` is not the URL of an admin side: write it like `http://127.0.0.1:9090`", shown(url));
    }
    Ok(whole.trim_end_matches('/').to_owned())
}

fn certificates(path: &PathBuf) -> anyhow::Result<Vec<Certificate<'static>>> {
    let text = fs::read(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let items: Result<Vec<_>, Error> = parse_pem(&text).collect();
    let items = items.map_err(|error| anyhow!("`{}` is not PEM: {error}", path.display()))?;
    let certificates: Vec<_> = items.into_iter().filter_map(certificate).collect();
    if certificates.is_empty() {
        bail!("`{}` has no certificate", path.display());
    }
    Ok(certificates)
}

fn certificate(item: PemItem<'static>) -> Option<Certificate<'static>> {
    if let PemItem::Certificate(certificate) = item { Some(certificate) } else { None }
}

/// The crate that asks would panic on a pair that does not fit.
fn client(certificate: PathBuf, key: PathBuf) -> anyhow::Result<ClientCert> {
    let pair = Tls { certificate, key, clients: None };
    pair.read().map_err(|fault| anyhow!(fault.message))?;
    let key = fs::read(&pair.key).with_context(|| format!("`{}` cannot be read", pair.key.display()))?;
    let key = PrivateKey::from_pem(&key).map_err(|error| anyhow!("`{}`: {error}", pair.key.display()))?;
    Ok(ClientCert::new_with_certs(&certificates(&pair.certificate)?, key))
}

/// What there was no agreement on, in words that say what to do.
fn tls_told(error: &io::Error) -> Option<&'static str> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(error) = error else {
        return match error {
            rustls::Error::InvalidMessage(_) => Some("what answers does not speak TLS: its URL begins with `http://`"),
            rustls::Error::AlertReceived(_) => {
                Some("it does not accept how it was asked: `--cert` shows it a certificate")
            }
            _ => None,
        };
    };
    match error {
        // An authority of the same name has another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            Some("its certificate is signed by an authority that is not known here: `--ca` names one")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Some("its certificate is for another name: ask under one of its names")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Some("its certificate has expired"),
        CertificateError::Other(_) => Some(
            "its certificate is none for a server: one that says `CA:TRUE` signs others and cannot stand for itself",
        ),
        _ => None,
    }
}

/// What went wrong, for people.
fn told(error: &Error, timeout: Duration) -> String {
    match error {
        Error::Io(error) => tls_told(error).map_or_else(|| shown(&error.to_string()), str::to_owned),
        Error::Timeout(_) => format!("no answer within {timeout:?}"),
        Error::Protocol(_) => "what answers does not speak HTTP; with TLS its URL begins with `https://`".to_owned(),
        Error::BodyExceedsLimit(limit) => format!("the answer is larger than {limit} bytes"),
        other => shown(&other.to_string()),
    }
}
