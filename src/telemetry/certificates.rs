//! Metrics of certificates and handshakes. They are shown only for listeners with TLS.

use jiff::Timestamp;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Listener {
    listener: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Failed {
    listener: &'static str,
    cause: &'static str,
}

/// What is shown of certificates.
#[derive(Debug)]
pub struct Certificates {
    expiry: Family<Listener, Gauge>,
    days_left: Family<Listener, Gauge>,
    unusable: Family<Listener, Gauge>,
    failures: Family<Failed, Counter>,
}

/// A certificate as it is now.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// When it ends to be valid.
    pub not_after: Timestamp,
    /// How many whole days that is from now; negative afterwards.
    pub days_left: i64,
    /// Whether its files hold something else that cannot be used.
    pub is_unusable: bool,
}

impl Certificates {
    pub(super) fn register(registry: &mut Registry) -> Certificates {
        let (expiry, days_left, unusable) = (Family::default(), Family::default(), Family::default());
        registry.register("certificate_expiry_timestamp_seconds", "When a certificate ends", Family::clone(&expiry));
        registry.register("certificate_days_left", "Days until a certificate ends", Family::clone(&days_left));
        let help = "1 while the files of a certificate cannot be used, or it is not valid";
        registry.register("unusable_certificates", help, Family::clone(&unusable));
        let failures = Family::default();
        registry.register("tls_handshake_failures", "Connections without a handshake", Family::clone(&failures));
        Certificates { expiry, days_left, unusable, failures }
    }

    /// Shows the certificate of a listener.
    pub fn show(&self, listener: &'static str, state: State) {
        let of = Listener { listener };
        self.expiry.get_or_create_owned(&of).set(state.not_after.as_second());
        self.days_left.get_or_create_owned(&of).set(state.days_left);
        self.unusable.get_or_create_owned(&of).set(i64::from(state.is_unusable));
    }

    /// The counter of handshakes of a listener that failed for a cause.
    pub fn failures(&self, listener: &'static str, cause: &'static str) -> Counter {
        self.failures.get_or_create_owned(&Failed { listener, cause })
    }
}
