//! What the documentation tells people to do, done: the commands of the README, and the settings of the operations page.

use std::{fs, path::Path};

use crate::{
    gate::{Gate, Setup},
    pki::Authority,
    tls::webhook,
};

/// The fenced blocks of a page: their language and text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let fences = text.split("\n```").collect::<Vec<_>>();
    let blocks = fences.chunks_exact(2).map(|pair| pair[1].split_once('\n').unwrap());
    blocks.map(|(language, body)| (language.to_owned(), body.to_owned())).collect()
}

/// The rest of the only block that begins with a command.
fn command(blocks: &[(String, String)], begins: &str) -> String {
    let mut found = blocks.iter().filter_map(|(_, body)| body.strip_prefix(begins));
    let rest = found.next().expect(begins).trim().to_owned();
    assert_eq!(found.next(), None, "two blocks begin with {begins}");
    rest
}

/// Runs `curl 'URL' -d 'BODY'` against the running service.
fn curl(gate: &Gate, words: &str) -> String {
    let (url, body) = words.trim_matches('\'').split_once("' -d '").unwrap();
    let target = url.strip_prefix("http://127.0.0.1:8080").expect("the README names the default address");
    gate.post(target, body.as_bytes()).body
}

#[test]
fn the_readme_does_what_it_says() {
    let blocks = blocks("README.md");
    let replies: Vec<&str> =
        blocks.iter().filter(|(language, _)| language == "json").map(|(_, body)| body.as_str()).collect();
    let [allowed, refused] = replies.as_slice() else { return assert_eq!(replies.len(), 2) };
    let flags = command(&blocks, "cargo run --release -- serve ");
    let request = command(&blocks, "curl ");
    let edit = command(&blocks, "echo ");

    let flags: Vec<&str> = flags.split(' ').collect();
    let gate = Setup::new().shipped_rules().flags(&flags).start();
    assert_eq!(curl(&gate, &request), *allowed);
    let (name, list) = edit.split_once(" >> ").unwrap();
    let before = fs::read_to_string(gate.path(list)).unwrap();
    gate.write(list, &format!("{before}{name}\n"));
    gate.wait_for_attempts(2);
    assert_eq!(curl(&gate, &request), *refused);
}

#[test]
fn the_readme_names_the_command_that_runs_the_tests() {
    assert_eq!(command(&blocks("README.md"), "cargo test"), "");
}

#[test]
fn the_settings_of_the_operations_page_are_right() {
    let blocks = blocks("docs/operations.md");
    let (_, settings) = blocks.iter().find(|(language, _)| language == "yaml").unwrap();
    let setup = Setup::settings(settings).file("chat-token", "one\ntwo\n").variable("OTHER_APP_TOKEN", "three");
    let status = setup.start().status();
    let tokens: Vec<_> = status["apps"].as_array().unwrap().iter().map(|app| app["tokens"].as_u64()).collect();
    assert_eq!(tokens, [Some(2), Some(1)]);
}

#[test]
fn every_metric_is_on_the_operations_page() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md")).unwrap();
    let metrics = webhook(&Authority::new().issue("gate"), "").start().get("/metrics").body;
    let types = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let types: Vec<_> = types.collect();
    assert!(types.len() >= 14, "{metrics}");
    for (name, _) in types {
        let explained = ["`", "{"].iter().any(|end| page.contains(&format!("`{name}{end}")));
        assert!(explained, "docs/operations.md does not explain {name}");
    }
}
