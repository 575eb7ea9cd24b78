//! TLS of both listeners: who is answered, and who is not.

use std::io::Read;

use insta::assert_snapshot;
use rustls::{
    NamedGroup,
    version::{TLS12, TLS13},
};

use crate::{
    client::{Answer, Client},
    gate::{ALLOWED, Gate, Setup, TOPIC, topic},
    pki::{Authority, Encrypted, Manner, Pair},
};

/// A service whose webhook has a certificate.
pub fn webhook(pair: &Pair, settings: &str) -> Setup {
    let settings = format!("app: 1400000000\ntls_cert: gate.pem\ntls_key: gate.key\n{settings}");
    Setup::settings(&settings).file("gate.pem", &pair.certificate).file("gate.key", &pair.key)
}

/// A service whose admin side has a certificate, and knows clients by an authority.
fn admin(pair: &Pair, clients: &Authority) -> Gate {
    let settings = "app: 1400000000\nadmin_tls_cert: gate.pem\nadmin_tls_key: gate.key\nadmin_client_ca: ca.pem\n";
    let setup = Setup::settings(settings).file("gate.pem", &pair.certificate).file("gate.key", &pair.key);
    setup.file("ca.pem", &clients.pem).start()
}

pub fn ask(client: &mut Encrypted) -> String {
    client.post(TOPIC, &topic("x"));
    client.answer().body
}

fn health(client: &mut Encrypted) -> Answer {
    client.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.answer()
}

fn failures(gate: &Gate, cause: &str) -> String {
    gate.metric(&format!(r#"topicgate_tls_handshake_failures_total{{listener="webhook",cause="{cause}"}}"#)).unwrap()
}

/// How a start ended and what it said.
fn said(setup: Setup) -> String {
    let (code, said) = setup.run();
    format!("exit code {}\n\n{said}", code.unwrap())
}

#[test]
fn tls_1_2_and_1_3_are_spoken() {
    let authority = Authority::new();
    let gate = webhook(&authority.issue("gate"), "").start();
    for version in [&TLS12, &TLS13] {
        let manner = Manner { versions: &[version], protocols: &["h2", "http/1.1"], ..Manner::default() };
        let mut client = authority.connect_as(gate.webhook, &manner);
        assert_eq!([ask(&mut client), ask(&mut client)], [ALLOWED, ALLOWED]);
        assert_eq!(client.0.conn.protocol_version(), Some(version.version));
        assert_eq!(client.0.conn.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let expected = if version == &TLS12 { NamedGroup::X25519 } else { NamedGroup::X25519MLKEM768 };
        assert_eq!(client.0.conn.negotiated_key_exchange_group().unwrap().name(), expected);
    }
}

#[test]
fn tls_1_1_is_refused() {
    let gate = webhook(&Authority::new().issue("gate"), "").start();
    let mut client = gate.client();
    let random = [7; 32];
    // A hello of version 1.1 with one cipher suite and a signature scheme.
    let (suite, schemes) = ([0, 0, 2, 0xc0, 0x09, 1, 0], [0, 8, 0, 13, 0, 4, 0, 2, 4, 3]);
    let hello = [&[3, 2], random.as_slice(), &suite, &schemes].concat();
    let length = u8::try_from(hello.len()).unwrap();
    client.send(&[&[22, 3, 1, 0, length + 4, 1, 0, 0, length], hello.as_slice()].concat());
    let (alert, fatal, protocol_version) = (21, 2, 70);
    let said = client.rest();
    assert_eq!((said[0], &said[5..]), (alert, [fatal, protocol_version].as_slice()));
    gate.wait("the count", |gate| failures(gate, "incompatible") == "1");
}

#[test]
fn a_client_that_speaks_http_2_only_is_refused() {
    let authority = Authority::new();
    let gate = webhook(&authority.issue("gate"), "").start();
    let manner = Manner { protocols: &["h2"], ..Manner::default() };
    let mut client = authority.connect_as(gate.webhook, &manner);
    client.post(TOPIC, &topic("x"));
    assert!(client.is_ended());
    gate.wait("the count", |gate| failures(gate, "incompatible") == "1");
}

#[test]
fn plain_http_to_a_port_with_tls_is_ended_and_counted() {
    let authority = Authority::new();
    let gate = webhook(&authority.issue("gate"), "").start();
    let mut client = gate.client();
    client.post(TOPIC, &topic("x"));
    gate.wait("the count", |gate| failures(gate, "not_tls") == "1");
    let alert = 21;
    assert_eq!(client.rest()[0], alert);
    let line = gate.wait_for_log("handshake failed");
    assert!(line.contains(r#""cause":"not_tls""#) && line.contains(r#""listener":"webhook""#), "{line}");
    assert_eq!(ask(&mut authority.connect(gate.webhook)), ALLOWED);
}

#[test]
fn a_client_that_does_not_trust_the_certificate_is_counted() {
    let gate = webhook(&Authority::new().issue("gate"), "").start();
    let mut client = Authority::new().connect(gate.webhook);
    client.post(TOPIC, &topic("x"));
    gate.wait("the count", |gate| failures(gate, "refused") == "1");
}

#[test]
fn a_handshake_that_does_not_end_holds_a_place_and_is_given_up() {
    let authority = Authority::new();
    let gate = webhook(&authority.issue("gate"), "head_timeout: 1s\nmax_connections_per_peer: 2\n").start();
    let mut slow = gate.client();
    slow.send(&[22, 3, 1]);
    gate.wait("its place", |gate| gate.metric("topicgate_connections").unwrap() == "1");
    let mut other = authority.connect(gate.webhook);
    assert_eq!(ask(&mut other), ALLOWED);
    let mut third = authority.connect(gate.webhook);
    third.send(b"x");
    assert!(third.is_ended());
    assert!(slow.is_ended());
    gate.wait("the count", |gate| failures(gate, "slow") == "1");
    gate.wait("its place to be free", |gate| gate.metric("topicgate_connections").unwrap() == "1");
    assert_eq!(ask(&mut other), ALLOWED);
}

#[test]
fn a_later_head_that_does_not_end_is_given_up_with_tls_too() {
    let authority = Authority::new();
    let gate = webhook(&authority.issue("gate"), "head_timeout: 200ms\nkeep_alive: 1h\n").start();
    let mut client = authority.connect(gate.webhook);
    assert_eq!(ask(&mut client), ALLOWED);
    client.send(b"POST / HTTP/1.1\r\nHost: gate\r\n");
    assert!(client.is_ended());
}

#[test]
fn a_handshake_does_not_hold_up_the_end() {
    let mut gate = webhook(&Authority::new().issue("gate"), "head_timeout: 1h\ndrain: 0s\n").start();
    let mut slow = gate.client();
    slow.send(&[22, 3, 1]);
    gate.wait("its place", |gate| gate.metric("topicgate_connections").unwrap() == "1");
    gate.signal("TERM");
    assert_eq!(gate.ended().code(), Some(0));
}

#[test]
fn the_admin_side_answers_a_client_with_a_certificate_and_one_without() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let (pair, shown) = (authority.issue("gate"), clients.issue("operator"));
    let gate = admin(&pair, &clients);
    for versions in [&[&TLS12], &[&TLS13]] {
        for shows in [None, Some(&shown)] {
            let manner = Manner { versions, shows, ..Manner::default() };
            let mut client = authority.connect_as(gate.admin, &manner);
            assert_eq!(health(&mut client).status, 200);
        }
    }
}

#[test]
fn the_end_of_a_connection_is_announced() {
    let authority = Authority::new();
    let gate = admin(&authority.issue("gate"), &Authority::new());
    let mut client = authority.connect(gate.admin);
    client.send(b"GET /-/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(client.answer().closes());
    // Without the announcement this is an error: somebody on the way could have cut it off.
    assert_eq!(client.0.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_client_certificate_of_another_authority_is_refused() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let gate = admin(&authority.issue("gate"), &clients);
    let foreign = Authority::new().issue("operator");
    for versions in [&[&TLS12], &[&TLS13]] {
        let manner = Manner { versions, shows: Some(&foreign), ..Manner::default() };
        let mut client = authority.connect_as(gate.admin, &manner);
        client.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert!(client.is_ended());
    }
    let line = gate.wait_for_log("handshake failed");
    assert!(line.contains(r#""cause":"client_certificate""#) && line.contains(r#""listener":"admin""#), "{line}");
}

#[test]
fn an_expired_client_certificate_is_refused() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let gate = admin(&authority.issue("gate"), &clients);
    let expired = clients.issue_until("operator", 2021);
    let mut client = authority.connect_as(gate.admin, &Manner { shows: Some(&expired), ..Manner::default() });
    client.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(client.is_ended());
}

#[test]
fn a_key_of_another_certificate_does_not_start() {
    let authority = Authority::new();
    let (one, other) = (authority.issue("one"), authority.issue("other"));
    assert_snapshot!(said(webhook(&Pair { certificate: one.certificate, key: other.key }, "").private("gate.key")));
}

#[test]
fn files_that_cannot_be_used_are_all_shown() {
    let settings = "app: 1400000000\ntls_cert: gate.pem\ntls_key: gate.key\nadmin_tls_cert: nowhere.pem\n\
                    admin_tls_key: locked.key\nadmin_client_ca: gate.key\n";
    let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGHAgEA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let setup = Setup::settings(settings).file("gate.pem", "no PEM").file("gate.key", "no PEM either");
    assert_snapshot!(said(setup.file("locked.key", locked).private("gate.key").private("locked.key")));
}

#[test]
fn a_private_key_among_the_settings_is_never_shown() {
    let key = "-----BEGIN PRIVATE KEY-----\n    c2VjcmV0\n    -----END PRIVATE KEY-----";
    let setting = format!("app: 1400000000\ntls_cert: gate.pem\ntls_key: |\n    {key}\n");
    for settings in [setting.clone(), format!("{setting}drain: 5\n"), format!("{setting}nonsense\n"), setting + "]"] {
        let said = said(Setup::settings(&settings));
        assert!(said.contains("error[") && !said.contains("c2VjcmV0"), "{said}");
    }
    let flag = format!("--tls-key={key}");
    let said = said(Setup::new().flags(&["--app", "1", "--tls-cert", "gate.pem", &flag]));
    assert!(said.contains("the private key itself") && !said.contains("c2VjcmV0"), "{said}");
}

#[test]
fn a_setting_of_tls_that_needs_another_says_which() {
    assert_snapshot!(said(Setup::settings(
        "app: 1400000000\ntls_cert: gate.pem\nadmin_tls_key: gate.key\nadmin_client_ca: ca.pem\n"
    )));
    assert_snapshot!(said(Setup::new().flags(&["--app", "1400000000", "--admin-client-ca", "ca.pem"])));
}

#[test]
fn a_key_that_everybody_may_read_and_an_expired_certificate_are_warnings() {
    let gate = webhook(&Authority::new().issue_until("gate", 2021), "").start();
    gate.wait_for_log("warning[public-key-file]");
    gate.wait_for_log("warning[certificate-not-valid]");
    let days = gate.metric(r#"topicgate_certificate_days_left{listener="webhook"}"#).unwrap();
    assert!(days.parse::<i64>().unwrap() < -2000, "{days}");
    gate.wait_for_log("certificate is not valid now");
}

#[test]
fn a_certificate_that_nobody_accepts_yet_needs_attention() {
    let gate = webhook(&Authority::new().issue_between("gate", 2998, 2999), "").start();
    assert_eq!(gate.metric(r#"topicgate_unusable_certificates{listener="webhook"}"#).unwrap(), "1");
    assert!(gate.status()["problems"][0].as_str().unwrap().contains("is not valid before 2998-01-01"));
}

#[test]
fn without_tls_there_is_no_word_of_certificates() {
    let gate = Gate::start();
    assert_eq!(gate.status()["certificates"].as_array().unwrap().len(), 0);
    assert!(!gate.get("/metrics").body.contains("certificate"));
    let mut client = Client::connect(gate.webhook);
    client.send(&[22, 3, 1, 0, 5, 1, 0, 0, 1, 0]);
    assert_eq!(client.answer().status, 400);
}
