//! Why a handshake failed, in few words that a metric can have as labels.

use std::io;

use rustls::Error;

use crate::server::names::shown;

/// Why there is no encrypted connection.
pub(super) struct Failure {
    /// The word for metrics and logs.
    pub(super) cause: &'static str,
    /// What the library says; the client may have a part in it, so it is cleaned and cut.
    pub(super) error: Option<String>,
}

impl Failure {
    /// Every cause.
    pub(super) const CAUSES: [&'static str; 7] =
        ["slow", "ended", "not_tls", "incompatible", "refused", "client_certificate", "other"];

    /// It took too long.
    pub(super) fn slow() -> Failure {
        Failure { cause: "slow", error: None }
    }

    /// What an error means.
    pub(super) fn of(error: &io::Error) -> Failure {
        let cause = match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            None => "ended",
            Some(Error::InvalidMessage(_)) => "not_tls",
            Some(Error::PeerIncompatible(_) | Error::NoApplicationProtocol) => "incompatible",
            Some(Error::AlertReceived(_)) => "refused",
            Some(Error::InvalidCertificate(_) | Error::NoCertificatesPresented) => "client_certificate",
            Some(_) => "other",
        };
        Failure { cause, error: Some(shown(&error.to_string())) }
    }
}
