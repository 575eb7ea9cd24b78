//! What the status tells about the certificates of the listeners.

#![expect(clippy::disallowed_methods, reason = "a certificate ends at a time")]

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    server::{
        service::Service,
        tls::{SOON, Tls},
    },
    settings::certificates::Certificate,
};

#[derive(Serialize)]
pub(super) struct Shown {
    listener: &'static str,
    subject: String,
    names: Vec<String>,
    not_before: String,
    not_after: String,
    days_left: i64,
    /// Why the files cannot be used now; the certificate is the one from before then.
    problem: Option<String>,
    #[serde(skip)]
    doubt: Option<String>,
}

impl Shown {
    /// What somebody should look at: files that cannot be used, a time at which nobody accepts it, or an end that is near.
    pub(super) fn problem(&self) -> Option<String> {
        let Shown { listener, days_left, not_after, problem, doubt, .. } = self;
        let unusable = problem.as_ref().or(doubt.as_ref());
        let unusable = unusable.map(|problem| format!("certificate of {listener}: {problem}"));
        let ends = (*days_left < SOON).then(|| format!("certificate of {listener}: it ends at {not_after}"));
        unusable.or(ends)
    }
}

/// The certificate of each listener that has one.
pub(super) fn shown(service: &Service) -> Vec<Shown> {
    service.tls.iter().chain(&service.admin_tls).map(|tls| of(tls)).collect()
}

fn of(tls: &Tls) -> Shown {
    let (certificate, now) = (tls.certificate(), Timestamp::now());
    let (days_left, doubt) = (certificate.days_left(now), tls.doubt(now));
    let Certificate { subject, names, not_before, not_after } = certificate;
    let (not_before, not_after) = (not_before.to_string(), not_after.to_string());
    Shown { listener: tls.listener(), subject, names, not_before, not_after, days_left, problem: tls.problem(), doubt }
}
