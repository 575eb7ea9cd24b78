//! Starting: what is wrong is said before anything listens, and what wins over what.

use std::net::TcpListener;

use insta::assert_snapshot;

use crate::gate::{Gate, RULES, Setup};

/// How it ended and what it said.
fn said(setup: Setup) -> String {
    let (code, said) = setup.run();
    format!("exit code {}\n\n{said}", code.unwrap())
}

/// The ids of the apps of a running service.
fn app(gate: &Gate) -> u64 {
    gate.status()["apps"][0]["id"].as_u64().unwrap()
}

#[test]
fn without_an_app_it_says_what_to_do() {
    assert_snapshot!(said(Setup::new()));
}

#[test]
fn mistakes_in_flags_and_file_are_all_shown() {
    let setup = Setup::settings("app: none\ndrain: 5\n").flags(&["--keep-alive", "long"]);
    assert_snapshot!(said(setup));
}

#[test]
fn an_unknown_key_is_shown_where_it_stands() {
    assert_snapshot!(said(Setup::settings("app: 1400000000\nlimits: {}\n")));
}

#[test]
fn a_variable_that_is_no_setting_is_shown() {
    let setup = Setup::new().variable("TOPICGATE_ALLOW_FRM", "203.0.113.0/24").variable("TOPICGATE_X", "");
    let setup =
        setup.variable("TOPICGATE_SERVICE_HOST", "10.0.0.1").variable("TOPICGATE_PORT_80_TCP", "tcp://10.0.0.1:80");
    assert_snapshot!(said(setup));
}

#[test]
fn a_mistake_in_a_variable_names_the_variable() {
    let setup = Setup::new().listen("foo").flags(&["--app", "1", "--on-error", "maybe"]);
    assert_snapshot!(said(setup));
}

#[test]
fn a_log_filter_that_cannot_be_read_is_a_warning() {
    let gate = Setup::new().flags(&["--app", "1"]).variable("RUST_LOG", "topicgate=loud").start();
    gate.wait_for_log("`RUST_LOG` cannot be read");
}

#[test]
fn a_blank_variable_is_not_set() {
    let names = ["CONFIG", "APP", "TOKEN_FILE", "ALLOW_UNSIGNED", "ON_ERROR", "RULES", "WATCH"];
    let setup = Setup::settings("app: 3\n");
    let setup = names.iter().fold(setup, |setup, name| setup.variable(&format!("TOPICGATE_{name}"), " "));
    assert_eq!(app(&setup.start()), 3);
}

#[test]
fn a_list_in_a_variable_has_commas() {
    let file = "rules:\n  - { id: more, action: deny, when: { name: { is: more } } }\n";
    let setup = Setup::settings("app: 3\n").file("more/more.yaml", file).variable("TOPICGATE_RULES", "rules,more");
    let gate = setup.variable("TOPICGATE_ALLOW_UNSIGNED", "1").start();
    assert_eq!(gate.status()["rules"].as_array().unwrap().len(), 2);
}

#[test]
fn a_wrong_flag_is_wrong_usage_and_a_wrong_file_is_a_problem() {
    let code = |setup: Setup| setup.run().0.unwrap();
    for flags in [["--watch", "foo"], ["--listen", "8080"], ["--drain", "5"]] {
        assert_eq!(code(Setup::settings("app: 1\n").flags(&flags)), 2, "{flags:?}");
    }
    assert_eq!(code(Setup::new().flags(&["--config", "nope.yaml"])), 2);
    assert_eq!(code(Setup::settings("app: 1\nwatch: foo\n")), 1);
    assert_eq!(code(Setup::settings("rules: rules\n")), 1);
}

#[test]
fn an_unusable_token_is_shown() {
    assert_snapshot!(said(Setup::settings("app: 1400000000\ntoken_file: token\n").file("token", "\n")));
}

#[test]
fn beyond_loopback_a_token_is_wanted() {
    let (code, said) = Setup::settings("app: 1400000000\n").listen("0.0.0.0:0").run();
    assert_eq!(code, Some(2));
    assert!(said.contains("--allow-unsigned"), "{said}");
}

#[test]
fn rules_with_errors_do_not_start() {
    let setup = Setup::settings("app: 1400000000\n").file("rules/rules.yaml", "rules:\n  - id: a\n    acton: deny\n");
    assert_snapshot!(said(setup));
}

#[test]
fn rules_that_break_a_guarantee_do_not_start() {
    let guarantee = "guarantees:\n  - { id: open, never: deny, when: { operator: { is: ops_amy } } }\n";
    assert_snapshot!(said(
        Setup::settings("app: 1400000000\n").file("rules/rules.yaml", &format!("{RULES}{guarantee}"))
    ));
}

#[test]
fn a_directory_without_rules_does_not_start() {
    let setup = Setup::settings("app: 1400000000\n").flags(&["--rules", "nowhere"]);
    assert_snapshot!(said(setup));
}

#[test]
fn an_address_in_use_does_not_start() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = Setup::settings("app: 1400000000\n").listen(&address).run();
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("cannot listen on {address}: ")), "{said}");
    assert!(said.contains("`--listen` takes another address"), "{said}");
}

#[test]
fn the_log_says_whose_signatures_are_checked() {
    let apps = "apps:\n  - id: 1\n    token_files: token\n  - id: 2\n";
    let gate = Setup::settings(apps).file("token", "# now\none\ntwo\n").start();
    assert!(gate.wait_for_log("app has tokens").contains(r#""app":1,"tokens":2"#));
    let line = gate.wait_for_log("app has no token: signatures are not checked");
    assert!(line.contains(r#""level":"WARN""#) && line.contains(r#""app":2"#), "{line}");
}

#[test]
fn a_flag_wins_over_the_variable_and_both_win_over_the_file() {
    let setup = || Setup::settings("app: 3\n");
    assert_eq!(app(&setup().start()), 3);
    assert_eq!(app(&setup().variable("TOPICGATE_APP", "2").start()), 2);
    assert_eq!(app(&setup().variable("TOPICGATE_APP", "2").flags(&["--app", "1"]).start()), 1);
}

#[test]
fn the_settings_file_can_come_from_a_variable() {
    let setup = Setup::new().file("elsewhere.yaml", "app: 7\n").variable("TOPICGATE_CONFIG", "elsewhere.yaml");
    assert_eq!(app(&setup.start()), 7);
}
