//! Settings through their front door: what was written goes in, what the user sees comes out.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test may write files, and may fail")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use insta::assert_snapshot;
use tempfile::TempDir;
use topicgate::{
    diagnostic::render::{self, Style},
    settings::{
        Flags, OnError, Settings,
        keys::{Given, Keys},
    },
};

/// What a settings file is told; `tests/settings` has token files.
fn check(yaml: &str) -> String {
    load(yaml, Keys::default()).map_or_else(|report| report, |settings| format!("{settings:#?}"))
}

fn load(yaml: &str, flags: Keys) -> Result<Settings, String> {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("topicgate.yaml");
    fs::write(&path, yaml).unwrap();
    let loaded = Settings::load(Flags { config: Some(path), keys: flags });
    let report = render::text(&loaded.report, Style::Plain);
    let report = report.replace(&format!("{}/", directory.path().display()), "");
    if report.is_empty() { Ok(loaded.settings.unwrap()) } else { Err(report.trim_end().to_owned()) }
}

fn given(text: &str) -> Option<Given> {
    Some(text.parse().unwrap())
}

fn flags(keys: Keys) -> String {
    let loaded = Settings::load(Flags { config: None, keys });
    render::text(&loaded.report, Style::Plain).trim_end().to_owned()
}

#[test]
fn an_app_is_all_that_is_needed() {
    let settings = load("app: 1400000000\n", Keys::default()).unwrap();
    assert_eq!(settings.apps[0].id, 1_400_000_000);
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.admin.to_string(), "127.0.0.1:9090");
    assert_eq!(settings.rules, [Path::new("rules")]);
    assert_eq!(settings.paths, ["/"]);
}

#[test]
fn every_key_is_read() {
    assert_snapshot!(check(
        "rules: [a, b]\nlisten: 0.0.0.0:8443\nadmin: 127.0.0.1:9091\nadmin_token_file: tests/settings/admin-token\nmetrics_public: true\npaths: [/chat]\napps:\n  - id: 1\n    token_files: \
         [tests/settings/token]\n  - id: 2\n    token_files: [tests/settings/token]\nsignature_window: 2m\nallow_unsigned: true\nallow_from: \
         [203.0.113.0/24, 192.0.2.1]\ntrusted_proxies: ['2001:db8::/32']\non_error: { deny: { code: 10199, message: Later. } \
         }\nlog_refusals: all\nworkers: 3\ndrain: 1500ms\nwatch: poll\npoll: 1s\nlist_roots: [tests]\nmax_list_bytes: 2MiB\ndata: target\nquota: { max_keys: 7 }\nmax_connections: \
         50\nmax_connections_per_peer: 5\nkeep_alive: 2m\nhead_timeout: 1s\nbody_timeout: 1s\nmax_body_bytes: 32KiB\n"
    ));
}

#[test]
fn no_app_is_an_error_that_says_what_to_do() {
    assert_snapshot!(flags(Keys::default()));
}

#[test]
fn an_empty_file_names_no_app() {
    assert_snapshot!(check(""));
}

#[test]
fn an_unknown_key_is_shown_with_the_nearest() {
    assert_snapshot!(check("app: 1400000000\nlistne: 127.0.0.1:80\n"));
}

#[test]
fn an_unknown_key_of_an_app_is_shown() {
    assert_snapshot!(check("apps:\n  - id: 1400000000\n    name: mine\n"));
}

#[test]
fn a_token_in_the_settings_is_refused() {
    assert_snapshot!(check("app: 1400000000\ntoken: xxxxyyyy\n"));
}

#[test]
fn a_token_by_mistake_is_never_shown() {
    let token = "s3cr3t-令牌";
    for yaml in [
        "app: 1\ntoken: TOKEN\n",
        "{ app: 1, token: 'TOKEN' }\n",
        "apps:\n  - id: 1\n    tokens: [TOKEN]\n",
        "app: 1\ntoken_file: [TOKEN]\n",
        "app: 1\ntoken TOKEN\n",
        "app: 1\ntoken_file: TOKEN\n",
        "token_file: TOKEN\n",
        "app: 1\ntoken_env: TOKEN\n",
        "app: 1\nadmin_token: TOKEN\n",
        "app: 1\nsecret: TOKEN\n",
        "app: 1\nadmin_tokn_file: TOKEN\n",
        "{ app: 1, password: 'TOKEN' }\n",
        "apps:\n  - id: 1\n    chat_key: TOKEN\n",
        "app: 1\nadmin_token_file: TOKEN\nadmin_token_env: TOKEN\n",
        "apps:\n  - id: 1\n    token_files: [TOKEN, TOKEN]\n    token_envs:\n      - TOKEN\n      - TOKEN\n",
    ] {
        let said = check(&yaml.replace("TOKEN", token));
        assert!(said.contains("error[") && !said.contains("s3cr3t"), "{said}");
    }
    let keys = || Keys { app: given("1"), ..Keys::default() };
    let said = flags(Keys { token_env: given(token), ..keys() }) + &flags(Keys { token_file: given(token), ..keys() });
    assert!(!said.contains("s3cr3t"), "{said}");
}

#[test]
fn what_is_not_the_name_of_a_variable_is_refused() {
    assert_snapshot!(flags(Keys { app: given("1"), token_env: given("s3cr3t-token"), ..Keys::default() }));
}

#[test]
fn a_token_file_over_64_kib_is_refused() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("token");
    fs::write(&path, "token\n".repeat(11_000)).unwrap();
    let said = flags(Keys { app: given("1"), token_file: given(path.to_str().unwrap()), ..Keys::default() });
    assert!(said.contains("it is larger than 64 KiB"), "{said}");
}

#[test]
fn a_key_written_twice_is_an_error() {
    assert_snapshot!(check("app: 1400000000\napp: 1400000001\n"));
}

#[test]
fn a_text_that_is_not_yaml_is_an_error() {
    assert_snapshot!(check("rules: [rules\n"));
}

#[test]
fn a_quote_that_is_not_closed_is_shown_where_it_stands() {
    assert_snapshot!(check("app: 1400000000\nlisten: '127.0.0.1:80\nwatch: poll\n"));
}

#[test]
fn a_tab_as_indentation_is_shown_where_it_stands() {
    assert_snapshot!(check("apps:\n  - id: 1\n\ttoken_files: [a]\n"));
}

#[test]
fn one_value_stands_for_a_list_of_it() {
    let settings =
        load("app: 1400000000\nrules: mine\npaths: /chat\nallow_from: 192.0.2.1\n", Keys::default()).unwrap();
    assert_eq!(settings.rules, [Path::new("mine")]);
    assert_eq!(settings.paths, ["/chat", "/"]);
    assert_eq!(settings.allow_from.len(), 1);
}

#[test]
fn a_list_is_not_a_list_of_lists() {
    assert_snapshot!(check("app: 1400000000\nrules: { rules: [] }\nlisten: [127.0.0.1:80]\npaths: [[/chat]]\n"));
}

#[test]
fn what_yaml_can_do_besides_is_refused() {
    assert_snapshot!(check("app: &app 1\non_error: {}\n---\napp: 2\n"));
    assert_snapshot!(check("app: 1\non_error: {}\n"));
}

#[test]
fn an_empty_list_is_not_the_default() {
    assert_snapshot!(check("app: 1400000000\nrules: []\n"));
}

#[test]
fn every_unknown_key_is_shown_in_one_run() {
    assert_snapshot!(check(
        "lisen: 127.0.0.1:80\non_error: { deny: { cod: 1 }, refuse: {} }\nap: 1\napps:\n  - id: 1\n    tokn_files: [a]\n    \
         name: mine\n  - token_files: tests/settings/token\ndrain: 5\n"
    ));
}

#[test]
fn every_mistake_is_found_in_one_run() {
    assert_snapshot!(check(
        "app: 14oo\nlisten: localhost\nadmin: '9090'\npaths: [chat, '/a?b', /x, /x]\nsignature_window: 60\nallow_unsigned: \
         yes\nallow_from: [10.0.0.0/33]\non_error: { deny: { code: 200 } }\nlog_refusals: some\nworkers: 0\ndrain: 5 minutes\nwatch: \
         fast\nmax_list_bytes: 9TB\nmax_connections: -1\n"
    ));
}

#[test]
fn on_error_takes_two_words() {
    assert_snapshot!(check("app: 1400000000\non_error: refuse\n"));
}

#[test]
fn on_error_can_refuse_without_saying_more_and_stand_anywhere() {
    let refused = OnError::Deny { code: 1, message: String::new() };
    let yaml = "app: 1400000000\non_error: deny\nwatch: poll\n";
    assert_eq!(load(yaml, Keys::default()).unwrap().on_error, refused);
    let keys = Keys { app: given("1400000000"), on_error: Some("deny".parse().unwrap()), ..Keys::default() };
    assert_eq!(load("", keys).unwrap().on_error, refused);
}

#[test]
fn tokens_that_cannot_be_used_are_shown_where_they_are_named() {
    assert_snapshot!(check(
        "apps:\n  - id: 1\n    token_files: [tests/settings/token, tests/settings/blank]\n  - id: 2\n    token_files: [tests/settings/missing, tests/settings]\n    \
         token_envs: [TOPICGATE_TEST_NOT_SET]\n"
    ));
}

#[test]
fn apps_and_token_files_are_named_once() {
    assert_snapshot!(check(
        "apps:\n  - id: 1\n    token_files: [tests/settings/token, tests/settings/token]\n  - id: 1\n"
    ));
}

#[test]
fn one_app_and_several_do_not_mix() {
    assert_snapshot!(check("app: 1\napps:\n  - id: 2\n"));
}

#[test]
fn a_token_needs_an_app() {
    assert_snapshot!(check("token_file: tests/settings/token\n"));
}

#[test]
fn beyond_loopback_every_app_needs_a_token() {
    assert_snapshot!(check(
        "listen: 0.0.0.0:8080\napps:\n  - id: 1\n    token_files: [tests/settings/token]\n  - id: 2\n"
    ));
}

#[test]
fn another_mistake_does_not_hide_that_requests_would_not_be_signed() {
    let said = check("listen: 0.0.0.0:8080\napp: 1\nworkers: 0\n");
    assert!(said.contains("could come from anywhere"), "{said}");
}

#[test]
fn a_network_is_written_as_in_rules() {
    assert_snapshot!(check("app: 1\nallow_from: [10.1.2.3/8]\ntrusted_proxies: [localhost]\n"));
    let settings = load("app: 1\nallow_from: ['::ffff:10.0.0.0/104', 192.0.2.7]\n", Keys::default()).unwrap();
    let networks: Vec<_> = settings.allow_from.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.0.0.0/8", "192.0.2.7/32"]);
}

#[test]
fn a_list_root_that_is_no_directory_is_an_error() {
    assert_snapshot!(check("app: 1\nlist_roots: [tests, tests/settings/token, nowhere]\n"));
}

#[test]
fn two_listeners_cannot_share_a_port() {
    assert_snapshot!(check("app: 1\nlisten: 127.0.0.1:9090\n"));
}

#[test]
fn an_admin_side_that_tells_nobody_anything_is_a_note() {
    assert_snapshot!(check("app: 1\nadmin: 0.0.0.0:9090\n"));
    for told in ["admin_token_file: tests/settings/admin-token", "metrics_public: true"] {
        assert!(load(&format!("app: 1\nadmin: 0.0.0.0:9090\n{told}\n"), Keys::default()).is_ok(), "{told}");
    }
}

#[test]
fn a_token_of_the_admin_side_that_is_easy_to_guess_is_refused() {
    assert_snapshot!(check(
        "app: 1\nadmin_token_file: tests/settings/token\nadmin_token_env: TOPICGATE_TEST_NOT_SET\nmetrics_public: perhaps\n"
    ));
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let config = Some(PathBuf::from("/nonexistent/topicgate.yaml"));
    let loaded = Settings::load(Flags { config, keys: Keys::default() });
    assert_snapshot!(render::text(&loaded.report, Style::Plain).trim_end());
}

#[test]
fn a_mistake_in_a_flag_is_shown_in_the_flag() {
    let keys = Keys { app: given("1400000000"), listen: given("8080"), drain: given("5"), ..Keys::default() };
    assert_snapshot!(flags(keys));
}

#[test]
fn flags_win_over_the_file_key_by_key() {
    let keys = Keys { listen: given("127.0.0.1:1"), ..Keys::default() };
    let yaml = "app: 1400000000\nlisten: 127.0.0.1:2\nadmin: 127.0.0.1:3\n";
    let settings = load(yaml, keys).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:1");
    assert_eq!(settings.admin.to_string(), "127.0.0.1:3");
}

#[test]
fn the_keys_of_quotas_are_counted_in_a_mapping_of_their_own() {
    let mistakes = ["{ max_key: 5 }", "{ max_keys: 0 }", "5"];
    assert_snapshot!(mistakes.map(|quota| check(&format!("app: 1400000000\nquota: {quota}\n"))).join("\n\n"));
    let keys = Keys { quota_max_keys: given("7"), ..Keys::default() };
    assert_eq!(load("app: 1400000000\nquota: { max_keys: 9 }\n", keys).unwrap().max_quota_keys, 7);
}
