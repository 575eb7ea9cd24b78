//! Who may ask the admin side what.

use std::{fs, io::Read, net::Shutdown};

use crate::{
    client::{Answer, Client},
    gate::{Gate, Setup},
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const NEXT: &str = "fedcba9876543210fedcba9876543210";

/// Everything that can be read.
const PATHS: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/-/status"];

/// Listens beyond loopback; the test still comes from loopback, as a proxy beside it would.
fn beyond(settings: &str) -> Setup {
    Setup::settings(&format!("app: 1400000000\n{settings}")).file("token", TOKEN).admin("0.0.0.0:0")
}

fn with(gate: &Gate, path: &str, authorization: &str) -> Answer {
    gate.get_with(path, &format!("Host: gate.internal\r\nAuthorization: {authorization}"))
}

fn anonymous(gate: &Gate) -> [u16; 4] {
    PATHS.map(|path| gate.get(path).status)
}

fn rejected(gate: &Gate, cause: &str) -> String {
    let metrics = with(gate, "/metrics", &format!("Bearer {TOKEN}")).body;
    let name = format!(r#"topicgate_admin_rejected_total{{cause="{cause}"}} "#);
    metrics.lines().find_map(|line| line.strip_prefix(&name).map(str::to_owned)).unwrap()
}

#[test]
fn beyond_loopback_a_token_is_asked_for_but_for_health_and_readiness() {
    let gate = beyond("admin_token_file: token\n").start();
    assert_eq!(anonymous(&gate), [200, 200, 401, 401]);
    assert_eq!(PATHS.map(|path| with(&gate, path, &format!("Bearer {TOKEN}")).status), [200; 4]);
    gate.wait_for_log(r#""message":"admin side asks for a token or a certificate""#);
}

#[test]
fn metrics_can_be_public() {
    let gate = beyond("admin_token_file: token\nmetrics_public: true\n").start();
    assert_eq!(anonymous(&gate), [200, 200, 200, 401]);
}

#[test]
fn beyond_loopback_without_a_token_there_is_health_and_nothing_else() {
    let gate = beyond("").start();
    assert_eq!(anonymous(&gate), [200, 200, 401, 401]);
    assert_eq!(with(&gate, "/-/status", &format!("Bearer {TOKEN}")).status, 401);
    assert!(gate.get("/metrics").body.contains("`admin_token_file`"));
    gate.wait_for_log(r#""message":"admin side has no token: beyond loopback it is closed""#);
    let gate = beyond("metrics_public: true\n").start();
    assert_eq!(anonymous(&gate), [200, 200, 200, 401]);
}

#[test]
fn on_loopback_no_token_is_asked_for_even_where_there_is_one() {
    let gate = Setup::settings("app: 1400000000\nadmin_token_file: token\n").file("token", TOKEN).start();
    assert_eq!(anonymous(&gate), [200; 4]);
    assert_eq!(with(&gate, "/-/status", &format!("Bearer {TOKEN}")).status, 403);
}

#[test]
fn a_reload_wants_a_token_as_well() {
    let gate = beyond("admin_token_file: token\n").start();
    let post = |headers: &str| {
        let mut client = Client::connect(gate.admin);
        client.send(format!("POST /-/reload HTTP/1.1\r\nHost: gate\r\n{headers}\r\n").as_bytes());
        client.answer().status
    };
    assert_eq!(post(""), 401);
    assert_eq!(post(&format!("Authorization: Bearer {TOKEN}\r\n")), 200);
    assert_eq!(post(&format!("Authorization: Bearer {TOKEN}\r\nOrigin: https://evil.example\r\n")), 403);
    assert_eq!(rejected(&gate, "origin"), "1");
}

#[test]
fn a_refusal_is_read_by_whoever_sends_a_body_first() {
    let gate = beyond("admin_token_file: token\n").start();
    for (path, status) in [("/-/reload", 401), ("/healthz", 405)] {
        for length in ["Content-Length: 60000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nea60\r\n"] {
            let mut client = Client::connect(gate.admin);
            client.send(format!("POST {path} HTTP/1.1\r\nHost: gate\r\n{length}").as_bytes());
            client.send(&[b'x'; 30_000]);
            // It is answered before the rest is sent.
            assert_eq!(client.0.peek(&mut [0]).unwrap(), 1);
            client.send(&[b'x'; 30_000]);
            assert_eq!(client.answer().status, status);
            client.0.shutdown(Shutdown::Write).unwrap();
            assert_eq!(client.0.read(&mut [0]).unwrap(), 0, "{path} {length}");
        }
    }
}

#[test]
fn a_refusal_says_what_to_send_is_counted_by_cause_and_shows_no_token() {
    let gate = beyond("admin_token_file: token\n").start();
    let missing = gate.get("/-/status");
    assert_eq!(missing.header("www-authenticate"), Some("bearer"));
    assert!(missing.body.contains("Authorization: Bearer TOKEN"));
    let wrong = [
        format!("Bearer {NEXT}"),
        format!("Bearer {}", TOKEN.replace('0', "")),
        format!("Bearer {TOKEN}0"),
        format!("Bearer {}", TOKEN.to_uppercase()),
        "Bearer ".to_owned() + &"x".repeat(4000),
    ];
    for wrong in &wrong {
        let answer = with(&gate, "/-/status", wrong);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("bearer")), "{wrong}");
    }
    for missing in ["Bearer", "Basic dG9waWM6Z2F0ZQ==", TOKEN, "\u{4ee4}\u{724c}"] {
        assert_eq!(with(&gate, "/-/status", missing).status, 401, "{missing}");
    }
    assert_eq!(rejected(&gate, "token_missing"), "5");
    assert_eq!(rejected(&gate, "token_wrong"), "5");
    gate.wait_for_log(r#""cause":"token_missing","peer":"127.0.0.1","path":"/-/status","held_back":0"#);
    gate.wait_for_log(r#""cause":"token_wrong""#);
    assert_eq!(gate.log().matches("admin request rejected").count(), 2);
    assert!(!gate.log().contains(NEXT));
}

#[test]
fn the_word_bearer_is_written_as_one_likes() {
    let gate = beyond("admin_token_file: token\n").start();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(with(&gate, "/-/status", &format!("{scheme} {TOKEN}")).status, 200);
    }
}

#[test]
fn a_token_is_rotated_while_it_runs() {
    let gate = beyond("admin_token_file: token\n").flags(&["--poll", "100ms"]).start();
    let status = |token: &str| with(&gate, "/-/status", &format!("Bearer {token}")).status;
    assert_eq!((status(TOKEN), status(NEXT)), (200, 401));
    gate.write("token", &format!("# until Friday\n{TOKEN}\n{NEXT}\n"));
    gate.wait("both tokens", |_| status(NEXT) == 200);
    assert_eq!(status(TOKEN), 200);
    gate.write("token", NEXT);
    gate.wait("the old token to go", |_| status(TOKEN) == 401);
    assert_eq!(status(NEXT), 200);
    gate.wait_for_log(r#""message":"tokens changed","listener":"admin""#);
}

#[test]
fn a_bad_token_file_keeps_the_tokens_and_shows() {
    let gate = beyond("admin_token_file: token\n").flags(&["--poll", "100ms"]).start();
    let ask = |path: &str| with(&gate, path, &format!("Bearer {TOKEN}"));
    let unusable = |count: &str| ask("/metrics").body.contains(&format!("\ntopicgate_unusable_tokens {count}\n"));
    assert!(unusable("0"));
    gate.write("token", "short");
    gate.wait("the problem in the metrics", |_| unusable("1"));
    assert!(ask("/-/status").body.contains("a token has fewer than 16 characters"));
    gate.wait_for_log("tokens kept, because they cannot be read again");
    fs::remove_file(gate.path("token")).unwrap();
    gate.wait("the other problem in the status", |_| ask("/-/status").body.contains("No such file"));
    gate.write("token", TOKEN);
    gate.wait("the end of the problem", |_| unusable("0"));
    assert!(!gate.log().contains("short\""));
}

#[test]
fn a_token_can_come_from_a_variable() {
    let gate = beyond("admin_token_env: ADMIN_TOKEN\n").variable("ADMIN_TOKEN", TOKEN).start();
    assert_eq!(with(&gate, "/-/status", &format!("Bearer {TOKEN}")).status, 200);
}

#[test]
fn a_token_that_is_easy_to_guess_does_not_start() {
    let (code, said) = beyond("admin_token_file: short\n").file("short", "hunter2").run();
    assert_eq!(code, Some(1));
    assert!(said.contains("openssl rand -hex 32") && !said.contains("hunter2"), "{said}");
}
