//! `topicgate health` and `topicgate status`: asked of a real service, and of what only looks like one.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    process::Command,
    thread,
};

use serde_json::Value;

use crate::{
    gate::{Gate, RULES, Setup},
    pki::Authority,
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// What a command did: its exit code and everything it printed.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

fn topicgate(words: &[&str], variables: &[(&str, &str)]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.args(words).env("NO_COLOR", "1").env_remove("TOPICGATE_ADMIN").env("http_proxy", "http://192.0.2.1:1");
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Asks a service, by its address.
fn ask(gate: &Gate, command: &str, words: &[&str]) -> Said {
    let address = gate.admin.to_string();
    topicgate(&[&[command, address.as_str()], words].concat(), &[])
}

/// Something that answers every connection with the same bytes, again and again where that is wanted.
fn answering(head: &'static str, endless: Option<&'static str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map(Result::unwrap) {
            _ = stream.read(&mut [0; 1024]);
            _ = stream.write_all(head.as_bytes());
            while endless.is_some_and(|more| stream.write_all(more.as_bytes()).is_ok()) {}
        }
    });
    address
}

/// Something that takes connections and says nothing.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

#[test]
fn a_service_that_runs_is_healthy_and_ready() {
    let gate = Gate::start();
    let health = ask(&gate, "health", &[]);
    assert_eq!((health.code, health.out), (0, format!("http://{}/healthz: 200 ok\n", gate.admin)));
    assert_eq!(ask(&gate, "health", &["--ready"]).code, 0);
}

#[test]
fn a_service_that_ends_is_healthy_and_not_ready() {
    let gate = Setup::settings("app: 1\ndrain: 1h\n").start();
    gate.signal("TERM");
    gate.wait_for_log("draining");
    assert_eq!(ask(&gate, "health", &[]).code, 0);
    let ready = ask(&gate, "health", &["--ready"]);
    assert_eq!(ready.code, 1);
    assert!(ready.out.ends_with(": 503 draining\n"), "{ready:?}");
    let status = ask(&gate, "status", &[]);
    assert_eq!(status.code, 1);
    assert!(status.out.contains("is draining"), "{status:?}");
}

#[test]
fn without_a_url_the_settings_say_where() {
    let gate = Setup::new().admin("0.0.0.0:0").flags(&["--app", "1"]).start();
    let address = gate.admin.to_string();
    let health = topicgate(&["health"], &[("TOPICGATE_ADMIN", &address)]);
    let here = format!("http://127.0.0.1:{}/healthz: 200 ok\n", gate.admin.port());
    assert_eq!((health.code, health.out.as_str()), (0, here.as_str()));
    // What else is wrong with the settings must not make a running service unhealthy.
    gate.write("gate.yaml", &format!("admin: {address}\nlisten: nowhere\nunknown: true\n"));
    let file = gate.path("gate.yaml");
    assert_eq!(topicgate(&["health", "--config", file.to_str().unwrap()], &[]).out, here);
}

#[test]
fn what_cannot_be_asked_is_not_healthy() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (_listener, silent) = silent();
    let garbage = answering("\u{1b}]0;owned\u{7}garbage\r\n\r\n", None).to_string();
    let endless = answering("HTTP/1.1 200 OK\r\n\r\n", Some("0123456789abcdef")).to_string();
    let long_head = answering("HTTP/1.1 200 OK\r\n", Some("X-Long: 0123456789abcdef\r\n")).to_string();
    for (url, said) in [
        (free.as_str(), "refused"),
        (silent.as_str(), "no answer within 300ms"),
        (garbage.as_str(), "does not speak HTTP"),
        (endless.as_str(), "larger than 4096 bytes"),
        (long_head.as_str(), "HTTP"),
        ("ftp://127.0.0.1", "is not the URL of an admin side"),
        ("http://user:hunter2@127.0.0.1:1", "a URL with a name or a password is not taken"),
        ("http://", "is not the URL of an admin side"),
    ] {
        let health = topicgate(&["health", "--timeout", "300ms", url], &[]);
        assert_eq!((health.code, health.out.lines().count(), health.err.as_str()), (1, 1, ""), "{health:?}");
        assert!(health.out.to_lowercase().contains(&said.to_lowercase()), "{url}: {health:?}");
        assert!(!health.out.contains(['\u{1b}', '\u{7}']) && !health.out.contains("hunter2"), "{health:?}");
        let status = topicgate(&["status", "--timeout", "300ms", url], &[]);
        assert_eq!((status.code, status.out.as_str()), (2, ""), "{status:?}");
        assert!(!status.err.contains(['\u{1b}', '\u{7}']), "{status:?}");
    }
    assert_eq!(topicgate(&["health", "--config", "/nowhere.yaml"], &[]).code, 1);
    assert_eq!(topicgate(&["health"], &[("TOPICGATE_ADMIN", "nowhere")]).code, 1);
}

#[test]
fn the_status_is_one_screen_and_0_when_all_is_well() {
    let lists = "lists: { staff: [a, b] }\n";
    let gate = Setup::new().file("rules/rules.yaml", &format!("{lists}{RULES}")).flags(&["--app", "1400000000"]);
    let gate = gate.start();
    gate.ask("Official");
    gate.ask("Gardening");
    gate.post("/nowhere", b"");
    let status = ask(&gate, "status", &[]);
    assert_eq!((status.code, status.err.as_str()), (0, ""), "{status:?}");
    let revision = gate.status()["revision"].as_str().unwrap().to_owned();
    for part in [
        "is ready\n",
        &format!("revision       {revision}, content "),
        "live since     20",
        "reloads        generation 1, 1 attempt\n",
        "last attempt   succeeded 20",
        "rules          1 enforced, 0 shadow, 0 disabled, in 1 file\n",
        "most matches   reserved-names 1\n",
        "lists          staff 2\n",
        "apps           1400000000 unsigned\n",
        "open to this machine; webhook at 127.0.0.1:",
        "requests       1 allowed, 1 refused, 0 without rules, 0 verifications, 1 rejected, 0 undecided (those are let through)\n",
        "rejected       path 1\n",
        "99 % within ",
        " of 10000, 1 worker\n",
        "\nnothing needs attention\n",
    ] {
        assert!(status.out.contains(part), "{part}\nis not in\n{}", status.out);
    }
    assert!(status.out.lines().count() <= 24, "{}", status.out);
}

#[test]
fn the_status_shows_the_findings_of_a_failed_reload_and_what_needs_attention() {
    let gate = Setup::settings("app: 1\ntoken_file: token\npoll: 100ms\n").file("token", "one").start();
    gate.write("rules/rules.yaml", "rules:\n  - id: a\n    acton: deny\n    when: { name: { is: x } }\n");
    gate.wait_for_attempts(2);
    gate.write("token", "\n");
    gate.wait("the token to be unusable", |gate| gate.metric("topicgate_unusable_tokens").as_deref() == Some("1"));
    let status = ask(&gate, "status", &[]);
    assert_eq!(status.code, 1);
    for part in [
        "last attempt   failed 20",
        "error[unknown-key]: a rule has no key `acton`\n --> rules/rules.yaml:3:5\n  = help: did you mean `action`?\n",
        "needs attention:\n  - the last reload failed: ",
        "  - tokens of app 1: the token file `token` is blank\n",
    ] {
        assert!(status.out.contains(part), "{part}\nis not in\n{}", status.out);
    }
    gate.write("rules/rules.yaml", RULES);
    gate.write("token", "one");
    gate.wait("all to be well", |gate| ask(gate, "status", &[]).code == 0);
    let mended = ask(&gate, "status", &[]).out;
    assert!(mended.contains("the latest failure, 20") && !mended.contains("unknown-key"), "{mended}");
}

#[test]
fn the_status_as_json_is_what_the_service_says() {
    let gate = Gate::start();
    let status = ask(&gate, "status", &["--format", "json"]);
    let said: Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!(said["revision"], gate.status()["revision"]);
    assert_eq!(said["problems"], Value::from(Vec::<String>::new()));
}

#[test]
fn what_a_hostile_side_says_does_nothing_to_a_terminal() {
    let body = serde_json::to_string(&Gate::start().status()).unwrap();
    let hostile = "\\u001b[2J\\u009b31m\u{202e}\u{7f}";
    let body = body.replace("\"version\":\"", &format!("\"version\":\"{hostile}")).replace("reserved-names", hostile);
    let problem = format!("\r\"problems\":[\"{hostile}{}\"]", "x".repeat(5000));
    let body = body.replace("\"problems\":[]", &problem);
    let answer: &'static str = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).leak();
    let address = answering(answer, None).to_string();
    for words in [["--format", "text"], ["--format", "json"]] {
        let said = topicgate(&["status", &address, words[0], words[1]], &[]);
        assert_eq!(said.code, 1, "{said:?}");
        let harmful = |character: &char| (character.is_control() && *character != '\n') || *character == '\u{202e}';
        assert!(!said.out.chars().any(|character| harmful(&character)), "{said:?}");
        if words[1] == "json" {
            let json: Value = serde_json::from_str(&said.out).unwrap();
            assert!(json["version"].as_str().unwrap().starts_with("\u{1b}[2J"));
        } else {
            assert!(said.out.lines().all(|line| line.chars().count() < 700), "{said:?}");
        }
    }
    let refusing =
        answering("HTTP/1.1 500 No\r\nContent-Length: 13\r\n\r\n\u{1b}[2J\u{1b}]0;x\u{7}no\n", None).to_string();
    let said = topicgate(&["status", &refusing], &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("answered with 500") && !said.err.contains('\u{1b}'), "{said:?}");
    let other = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", None).to_string();
    assert!(topicgate(&["status", &other], &[]).err.contains("this is no status"));
}

#[test]
fn an_answer_without_an_end_is_given_up_at_a_limit_of_bytes() {
    let endless = answering("HTTP/1.1 200 OK\r\n\r\n", Some("0123456789abcdef0123456789abcdef\n")).to_string();
    let said = topicgate(&["status", "--timeout", "60s", &endless], &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("the answer is larger than 33554432 bytes"), "{said:?}");
}

#[test]
fn a_redirection_is_not_followed() {
    let gate = Gate::start();
    let elsewhere =
        format!("HTTP/1.1 302 Found\r\nLocation: http://{}/healthz\r\nContent-Length: 0\r\n\r\n", gate.admin);
    let address = answering(elsewhere.leak(), None).to_string();
    assert_eq!(topicgate(&["health", &address], &[]).code, 1);
}

#[test]
fn the_token_of_the_settings_or_of_the_command_line_is_sent() {
    let setup =
        Setup::settings("app: 1\nadmin_token_file: token\n").admin("0.0.0.0:0").file("wrong", &TOKEN.replace('0', "f"));
    let gate = setup.file("token", &format!("# now\n{TOKEN}\n")).start();
    let path = |name: &str| gate.path(name).to_str().unwrap().to_owned();
    let without = ask(&gate, "status", &[]);
    assert_eq!(without.code, 2);
    assert!(without.err.contains("answered with 401") && without.err.contains("--token-file"), "{without:?}");
    assert_eq!(ask(&gate, "status", &["--token-file", &path("wrong")]).code, 2);
    assert_eq!(ask(&gate, "status", &["--token-file", &path("token")]).code, 0);
    assert_eq!(ask(&gate, "status", &["--token-file", &path("nowhere")]).code, 2);
    let settings = [("TOPICGATE_ADMIN", gate.admin.to_string()), ("TOPICGATE_ADMIN_TOKEN_FILE", path("token"))];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(topicgate(&["status"], &settings).code, 0);
    let address = gate.admin.to_string();
    let variable = topicgate(&["status", &address, "--token-env", "GATE_TOKEN"], &[("GATE_TOKEN", TOKEN)]);
    assert_eq!(variable.code, 0, "{variable:?}");
}

#[test]
fn over_tls_the_certificate_must_be_right_and_one_of_ours_opens_the_door() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (server, mine) = (authority.issue("gate"), authority.issue("me"));
    let settings = "app: 1\nadmin_tls_cert: gate.pem\nadmin_tls_key: gate.key\nadmin_client_ca: ca.pem\n";
    let setup = Setup::settings(settings).admin("0.0.0.0:0").file("gate.pem", &server.certificate);
    let setup = setup.file("gate.key", &server.key).file("ca.pem", &authority.pem).file("other.pem", &other.pem);
    let setup = setup.file("me.pem", &mine.certificate).file("me.key", &mine.key).private("gate.key");
    let gate = setup.start();
    let path = |name: &str| gate.path(name).to_str().unwrap().to_owned();
    let url = format!("https://localhost:{}", gate.admin.port());
    let asked = |command: &str, words: &[&str]| topicgate(&[&[command, url.as_str()], words].concat(), &[]);
    let ours = path("ca.pem");
    assert_eq!(asked("health", &["--ca", &ours]).code, 0);
    let other = asked("health", &["--ca", &path("other.pem")]);
    assert_eq!(other.code, 1);
    assert!(other.out.contains("authority that is not known here"), "{other:?}");
    let by_address = topicgate(&["health", &url.replace("localhost", "127.0.0.2"), "--ca", &ours], &[]);
    assert!(by_address.out.contains("for another name"), "{by_address:?}");
    let plain = topicgate(&["health", &url.replace("https", "http")], &[]);
    assert!(plain.out.contains("begins with `https://`"), "{plain:?}");
    assert_eq!(asked("health", &[]).code, 1, "the system does not know this authority");
    assert_eq!(asked("status", &["--ca", &ours]).code, 2, "there is no token");
    let shown = ["--ca", &ours, "--cert", &path("me.pem"), "--key", &path("me.key")];
    let status = asked("status", &shown);
    assert_eq!(status.code, 0, "{status:?}");
    assert!(status.out.contains("certificates   admin until 2999-01-01"), "{status:?}");
    let mixed = ["--ca", &ours, "--cert", &path("me.pem"), "--key", &path("gate.key")];
    assert_eq!(asked("status", &mixed).code, 2);
    let settings = [("TOPICGATE_ADMIN", gate.admin.to_string()), ("TOPICGATE_ADMIN_TLS_CERT", path("gate.pem"))];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let here = topicgate(&["health"], &settings);
    assert_eq!(here.code, 0, "{here:?}");
    let unverified = topicgate(&["status"], &settings);
    assert_eq!(unverified.code, 2, "the certificate is not verified by anyone");
    assert!(unverified.err.contains("topicgate status https://NAME:PORT"), "{unverified:?}");
}
