//! Certificates that change while the service runs.

use std::{
    fs,
    os::unix::fs::symlink,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    thread,
};

use crate::{
    gate::{ALLOWED, Gate, Setup},
    pki::{Authority, Manner, Pair},
    tls::{ask, webhook},
};

/// Puts a certificate in the place of another, by two renames.
fn replace(gate: &Gate, pair: &Pair) {
    for (name, text) in [("gate.pem", &pair.certificate), ("gate.key", &pair.key)] {
        gate.write("new", text);
        fs::rename(gate.path("new"), gate.path(name)).unwrap();
    }
    gate.signal("HUP");
}

fn shows(gate: &Gate, authority: &Authority, pair: &Pair) -> bool {
    let mut client = authority.connect(gate.webhook);
    assert_eq!(ask(&mut client), ALLOWED);
    client.was_shown(pair)
}

#[test]
fn a_rotation_fails_no_request_and_drops_no_connection() {
    let authority = Authority::new();
    let pairs = ["first", "second", "third"].map(|name| authority.issue(name));
    let gate = webhook(&pairs[0], "").start();
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut kept = authority.connect(gate.webhook);
                while !done.load(SeqCst) {
                    assert_eq!(ask(&mut kept), ALLOWED);
                    asked.fetch_add(1, SeqCst);
                }
                assert!(kept.was_shown(&pairs[0]));
            });
        }
        gate.wait("requests", |_| asked.load(SeqCst) > 100);
        for pair in &pairs[1..] {
            replace(&gate, pair);
            gate.wait("the new certificate", |gate| shows(gate, &authority, pair));
            let before = asked.load(SeqCst);
            gate.wait("requests on the old connections", |_| asked.load(SeqCst) > before + 100);
        }
        done.store(true, SeqCst);
    });
    let line = gate.wait_for_log("certificate changed");
    assert!(line.contains("CN=second") && line.contains(r#""names":"localhost""#), "{line}");
}

#[test]
fn a_bad_pair_keeps_the_old_one_and_shows() {
    let authority = Authority::new();
    let (old, new) = (authority.issue("old"), authority.issue("new"));
    let gate = webhook(&old, "").start();
    let unusable = r#"topicgate_unusable_certificates{listener="webhook"}"#;
    assert_eq!(gate.metric(unusable).unwrap(), "0");
    // Half of a new pair.
    gate.write("gate.pem", &new.certificate);
    gate.signal("HUP");
    let line = gate.wait_for_log("certificate kept");
    assert!(line.contains("the key file `gate.key` holds the key of another certificate"), "{line}");
    assert!(shows(&gate, &authority, &old));
    gate.wait("the metric", |gate| gate.metric(unusable).unwrap() == "1");
    let status = gate.status();
    let shown = &status["certificates"][0];
    assert_eq!((&shown["listener"], &shown["subject"]), (&"webhook".into(), &"CN=old".into()));
    assert_eq!((&shown["names"][0], &shown["not_after"]), (&"localhost".into(), &"2999-01-01T00:00:00Z".into()));
    assert!(shown["problem"].as_str().unwrap().contains("gate.key") && shown["days_left"].as_i64().unwrap() > 300_000);
    // Half of a file.
    gate.write("gate.key", new.key.split_at(new.key.len() / 2).0);
    gate.signal("HUP");
    gate.wait_for_log("holds no private key");
    assert!(shows(&gate, &authority, &old));
    // The other half.
    gate.write("gate.key", &new.key);
    gate.signal("HUP");
    gate.wait("the new certificate", |gate| shows(gate, &authority, &new));
    gate.wait("the metric", |gate| gate.metric(unusable).unwrap() == "0");
    assert!(gate.status()["certificates"][0]["problem"].is_null());
    assert_eq!(gate.log().matches("certificate kept").count(), 2);
    assert!(!gate.log().contains("PRIVATE"));
}

#[test]
fn a_directory_that_is_switched_is_one_change() {
    let authority = Authority::new();
    let (old, new) = (authority.issue("old"), authority.issue("new"));
    let settings = "app: 1400000000\ntls_cert: live/tls.crt\ntls_key: live/tls.key\npoll: 100ms\n";
    let setup = Setup::settings(settings).file("one/tls.crt", &old.certificate).file("one/tls.key", &old.key);
    let setup = setup.file("two/tls.crt", &new.certificate).file("two/tls.key", &new.key).link("one", "live");
    let gate = setup.start();
    assert!(shows(&gate, &authority, &old));
    symlink("two", gate.path("next")).unwrap();
    fs::rename(gate.path("next"), gate.path("live")).unwrap();
    gate.wait("the new certificate", |gate| shows(gate, &authority, &new));
    assert!(!gate.log().contains("certificate kept"));
}

#[test]
fn other_authorities_of_clients_count_from_then_on() {
    let (authority, first, second) = (Authority::new(), Authority::new(), Authority::new());
    let pair = authority.issue("gate");
    let settings = "app: 1400000000\nadmin_tls_cert: gate.pem\nadmin_tls_key: gate.key\nadmin_client_ca: ca.pem\n";
    let setup = Setup::settings(settings).file("gate.pem", &pair.certificate).file("gate.key", &pair.key);
    let gate = setup.file("ca.pem", &first.pem).start();
    let (one, two) = (first.issue("one"), second.issue("two"));
    let is_answered = |shown: &Pair| {
        let mut client = authority.connect_as(gate.admin, &Manner { shows: Some(shown), ..Manner::default() });
        client.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        !client.is_ended()
    };
    assert!(is_answered(&one) && !is_answered(&two));
    gate.write("ca.pem", &second.pem);
    gate.signal("HUP");
    gate.wait("the new authority", |_| is_answered(&two));
    assert!(!is_answered(&one));
}

#[test]
fn a_pair_that_is_not_valid_now_keeps_one_that_is() {
    let authority = Authority::new();
    let old = authority.issue("old");
    let gate = webhook(&old, "").start();
    let unusable = r#"topicgate_unusable_certificates{listener="webhook"}"#;
    for (pair, problem) in [
        (authority.issue_until("ended", 2021), "ended to be valid"),
        (authority.issue_between("early", 2998, 2999), "is not valid before"),
    ] {
        replace(&gate, &pair);
        let line = gate.wait_for_log(problem);
        assert!(line.contains("certificate kept"), "{line}");
        gate.wait("the metric", |gate| gate.metric(unusable).unwrap() == "1");
        assert!(gate.status()["certificates"][0]["problem"].as_str().unwrap().contains(problem));
        assert!(shows(&gate, &authority, &old));
    }
    let new = authority.issue("new");
    replace(&gate, &new);
    gate.wait("the new certificate", |gate| shows(gate, &authority, &new));
    gate.wait("the metric", |gate| gate.metric(unusable).unwrap() == "0");
}

#[test]
fn certificates_and_tokens_are_followed_however_rarely_rules_are_looked_for() {
    let authority = Authority::new();
    let (old, new) = (authority.issue("old"), authority.issue("new"));
    let setup = webhook(&old, "poll: 1h\nadmin_token_file: token\n").file("token", "0123456789abcdef");
    let gate = setup.start();
    gate.write("token", "short");
    gate.wait("the token file", |gate| gate.metric("topicgate_unusable_tokens").unwrap() == "1");
    gate.write("gate.pem", &new.certificate);
    gate.write("gate.key", &new.key);
    gate.wait("the new certificate", |gate| shows(gate, &authority, &new));
}
