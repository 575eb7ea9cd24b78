//! What encrypts the listeners: files that are there, hold what they should, and fit each other.

#![expect(clippy::disallowed_methods, reason = "a certificate is valid or not at a time")]

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{
    diagnostic::{Code, Diagnostic},
    settings::{
        Tls,
        certificates::{self, Certificate},
        keys::{Given, Keys},
        validate::Draft,
        value::Fault,
    },
};

/// A key and what it says.
type Setting<'a> = (&'static str, Option<&'a Given>);

/// What encrypts the webhook.
pub(super) fn webhook(draft: &mut Draft<'_>, keys: &Keys) -> Option<Tls> {
    tls(draft, ("tls_cert", keys.tls_cert.as_ref()), ("tls_key", keys.tls_key.as_ref()))
}

/// What encrypts the admin side.
pub(super) fn admin(draft: &mut Draft<'_>, keys: &Keys) -> Option<Tls> {
    let certificate = ("admin_tls_cert", keys.admin_tls_cert.as_ref());
    let tls = tls(draft, certificate, ("admin_tls_key", keys.admin_tls_key.as_ref()));
    let name = "admin_client_ca";
    let Some(given) = &keys.admin_client_ca else { return tls };
    if certificate.1.is_none() && keys.admin_tls_key.is_none() && draft.is_whole {
        return lonely(draft, name, given, "`admin_tls_cert` and `admin_tls_key`");
    }
    let clients = PathBuf::from(&given.text);
    usable(draft, name, given, certificates::authorities(&clients));
    Some(Tls { clients: Some(clients), ..tls? })
}

fn tls(draft: &mut Draft<'_>, certificate: Setting<'_>, key: Setting<'_>) -> Option<Tls> {
    match (certificate, key) {
        ((_, None), (_, None)) => None,
        ((name, Some(given)), (other, None)) | ((other, None), (name, Some(given))) if draft.is_whole => {
            lonely(draft, name, given, &format!("`{other}`"))
        }
        ((certificate_name, Some(certificate)), (key_name, Some(key))) => {
            both(draft, (certificate_name, certificate), (key_name, key))
        }
        _ => None,
    }
}

fn both(draft: &mut Draft<'_>, (name, given): (&str, &Given), (key_name, key_given): (&str, &Given)) -> Option<Tls> {
    let tls = Tls { certificate: PathBuf::from(&given.text), key: PathBuf::from(&key_given.text), clients: None };
    let chain = usable(draft, name, given, certificates::chain(&tls.certificate));
    let key = usable(draft, key_name, key_given, certificates::key(&tls.key));
    if let Some((_, certificate)) = &chain {
        valid_now(draft, name, given, (&tls.certificate, certificate));
    }
    if key.is_some() && certificates::is_public(&tls.key) {
        let place = draft.place(key_name, key_given);
        let problem = format!("everybody on this machine may read the private key `{}`", tls.key.display());
        draft
            .push(Diagnostic::new(Code::PublicKeyFile, place, problem).help("let only its owner read it: `chmod 600`"));
    }
    let (chain, _) = chain?;
    usable(draft, key_name, key_given, certificates::pair(chain, &tls.key, key?))?;
    Some(tls)
}

fn valid_now(draft: &mut Draft<'_>, name: &str, given: &Given, (path, certificate): (&Path, &Certificate)) {
    if let Some(doubt) = certificate.doubt(path, Timestamp::now()) {
        let place = draft.place(name, given);
        draft.push(Diagnostic::new(Code::CertificateNotValid, place, doubt).help("get another one; clients refuse it"));
    }
}

fn usable<T>(draft: &mut Draft<'_>, name: &str, given: &Given, read: Result<T, Fault>) -> Option<T> {
    read.map_err(|fault| draft.complain(Code::UnusableCertificate, name, given, fault)).ok()
}

/// Complains about a setting that means nothing without another.
fn lonely(draft: &mut Draft<'_>, name: &str, given: &Given, other: &str) -> Option<Tls> {
    let place = draft.place(name, given);
    let problem = format!("`{name}` is given without {other}");
    draft.push(Diagnostic::new(Code::InvalidSettings, place, problem).help(format!("give {other} too")));
    None
}
