//! Findings while a file is edited: the words and places of `check`, and the changes that mend them.

use std::{fs, process::Command};

use serde_json::{Value, json};

use crate::client::Client;

const GOOD: &str = "rules:\n  - id: a\n    action: deny\n    when: { name: { contains: 赌场 } }\n";

#[test]
fn a_finding_says_what_check_says() {
    let text = "rules:\n  - id: a\n    action: deny\n    when: { name: { contians: '🎰赌场' } }\n";
    let mut client = Client::start(&[("rules/a.yaml", text)]);
    client.open("rules/a.yaml", text);
    let found = client.diagnostics("rules/a.yaml", Some(1));
    let check = Command::new(env!("CARGO_BIN_EXE_topicgate"))
        .args(["check", "--format", "json"])
        .arg(client.path("rules"))
        .output()
        .unwrap();
    let check: Value = serde_json::from_slice(&check.stdout).unwrap();
    let said = &check["rules"]["findings"][0];
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["code"], said["code"]);
    let whole = format!("{}\nhelp: {}", said["message"].as_str().unwrap(), said["help"].as_str().unwrap());
    assert_eq!(found[0]["message"], whole);
    assert_eq!(found[0]["source"], "topicgate");
    assert_eq!(found[0]["severity"], 1);
}

#[test]
fn the_text_of_the_editor_is_checked_and_not_the_file() {
    let mut client = Client::start(&[("rules/a.yaml", GOOD)]);
    client.open("rules/a.yaml", GOOD);
    client.change("rules/a.yaml", 2, "rules: [");
    assert_eq!(client.diagnostics("rules/a.yaml", Some(2))[0]["code"], "invalid-yaml");
    client.change("rules/a.yaml", 3, GOOD);
    assert_eq!(client.diagnostics("rules/a.yaml", None), json!([]));
}

#[test]
fn a_place_counts_utf16_units() {
    let text = "rules:\r\n  - { id: a, description: '🎰赌', action: deny, when: { nam: { is: x } } }\r\n";
    let mut client = Client::start(&[("rules/a.yaml", text)]);
    client.open("rules/a.yaml", text);
    let found = client.diagnostics("rules/a.yaml", Some(1));
    let line = text.lines().nth(1).unwrap();
    let start = line.split("nam:").next().unwrap().encode_utf16().count();
    let range = json!({ "start": { "line": 1, "character": start }, "end": { "line": 1, "character": start + 3 } });
    assert_eq!(found[0]["range"], range);
}

#[test]
fn a_finding_leads_to_the_other_places() {
    let second = "rules:\n  - id: a\n    action: deny\n    when: always\n";
    let mut client = Client::start(&[("rules/a.yaml", GOOD), ("rules/b.yaml", second)]);
    client.open("rules/a.yaml", GOOD);
    let found = client.diagnostics("rules/b.yaml", None);
    assert_eq!(found[0]["code"], "duplicate-rule-id");
    assert_eq!(found[0]["relatedInformation"][0]["location"]["uri"], client.uri("rules/a.yaml"));
}

#[test]
fn a_file_that_is_closed_is_forgotten() {
    let mut client = Client::start(&[("rules/a.yaml", "rules: 1\n")]);
    client.open("rules/a.yaml", "rules: 1\n");
    assert_eq!(client.diagnostics("rules/a.yaml", Some(1))[0]["code"], "wrong-type");
    client.say("textDocument/didClose", json!({ "textDocument": { "uri": client.uri("rules/a.yaml") } }));
    assert_eq!(client.diagnostics("rules/a.yaml", None), json!([]));
}

#[test]
fn what_is_no_rule_file_is_left_alone() {
    let compose = "services:\n    a: {image: b}\n";
    for name in ["compose.yaml", "rules/.ci/compose.yaml", "rules/words.txt"] {
        let mut client = Client::start(&[(name, compose), ("rules/a.yaml", "rules: 1\n")]);
        client.open(name, compose);
        client.open("rules/a.yaml", "rules: 1\n");
        client.diagnostics("rules/a.yaml", Some(1));
        let document = json!({ "uri": client.uri(name) });
        let place = json!({ "line": 0, "character": 1 });
        let params = json!({ "textDocument": document, "position": place, "range": { "start": place, "end": place },
            "context": { "diagnostics": [], "triggerKind": 1 }, "options": { "tabSize": 2, "insertSpaces": true } });
        for method in ["documentSymbol", "hover", "completion", "definition", "formatting", "codeAction"] {
            let answer = client.ask(&format!("textDocument/{method}"), params.clone());
            assert_eq!(answer.get("result"), Some(&Value::Null), "{name}: {method}: {answer}");
        }
    }
}

#[test]
fn rules_of_another_language_are_no_rule_set() {
    let role = "kind: Role\nrules:\n- apiGroups: ['']\n  verbs: [get]\n";
    let files = [("deploy/role.yaml", role), ("deploy/other.yaml", "a: 1\n"), ("own/a.yaml", GOOD)];
    let mut client = Client::start(&files);
    client.open("deploy/role.yaml", role);
    client.open("own/a.yaml", &format!("x: 1\n{GOOD}"));
    assert_eq!(client.diagnostics("own/a.yaml", Some(1))[0]["code"], "unknown-key");
    client.change("deploy/role.yaml", 2, &format!("{role}- action: deny\n"));
    assert_eq!(client.diagnostics("deploy/other.yaml", None)[0]["code"], "unknown-key");
    assert!(client.told_of("deploy/role.yaml").iter().all(|version| *version == Some(2)));
}

#[test]
fn a_rule_set_may_lie_elsewhere() {
    let mut client =
        Client::of(&[("policies/a.yaml", "lists: {}\n"), ("policies/deep/b.yaml", "x: 1\n")], &["--rules", "policies"]);
    client.ask("initialize", json!({ "capabilities": {} }));
    client.open("policies/deep/b.yaml", "x: 1\n");
    assert_eq!(client.diagnostics("policies/deep/b.yaml", Some(1))[0]["code"], "unknown-key");
}

/// The text after the first quick fix at the place of a finding.
fn mended(text: &str) -> String {
    let mut client = Client::start(&[("rules/a.yaml", text)]);
    client.open("rules/a.yaml", text);
    let found = client.diagnostics("rules/a.yaml", Some(1));
    let params = json!({ "textDocument": { "uri": client.uri("rules/a.yaml") },
        "range": found[0]["range"], "context": { "diagnostics": [found[0]] } });
    let actions = client.ask("textDocument/codeAction", params);
    let action = &actions["result"][0];
    assert_eq!(action["kind"], "quickfix");
    let edit = &action["edit"]["changes"][client.uri("rules/a.yaml")][0];
    let at = |position: &Value| {
        let line = position["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let units: Vec<u16> =
            text[start..].encode_utf16().take(position["character"].as_u64().unwrap() as usize).collect();
        start + String::from_utf16(&units).unwrap().len()
    };
    let range = at(&edit["range"]["start"])..at(&edit["range"]["end"]);
    let mut mended = text.to_owned();
    mended.replace_range(range, edit["newText"].as_str().unwrap());
    fs::write(client.path("rules/a.yaml"), &mended).unwrap();
    mended
}

#[test]
fn a_quick_fix_mends_what_was_found() {
    for (written, wanted) in [
        ("{ name: { contians: x } }", "{ name: { contains: x } }"),
        ("{ nmae: { contains: x } }", "{ name: { contains: x } }"),
        ("{ operator: { in: [00123] } }", "{ operator: { in: ['00123'] } }"),
        ("{ name: { matches: '🎰 ＶＸ[0-9]' } }", "{ name: { matches: '🎰 vx[0-9]' } }"),
        ("{ name: { matches: straß?e } }", "{ name: { matches: stra(?:ss)?e } }"),
        ("{ name: { matches: 'Ａ+' } }", "{ name: { matches: 'a+' } }"),
        ("{ name: { contains: [赌场，博彩] } }", "{ name: { contains: ['赌场，博彩'] } }"),
        ("{ platform: { is: Andriod } }", "{ platform: { is: Android } }"),
        ("{ name: { scripts: [Latin] } }", "{ name: { scripts: [Latn] } }"),
    ] {
        let rule = |when: &str| format!("rules:\n  - id: a\n    action: deny\n    when: {when}\n");
        assert_eq!(mended(&rule(written)), rule(wanted), "{written}");
    }
}

#[test]
fn a_list_that_somebody_else_changes_is_read_again() {
    let text = "lists: { a: { file: a.txt } }\nrules:\n  - id: a\n    action: deny\n    when: { operator: { in: { list: a } } }\n";
    let mut client = Client::of(&[("rules/a.yaml", text), ("rules/a.txt", "")], &[]);
    let folder = client.uri("");
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    client.ask("initialize", json!({ "capabilities": watching, "rootUri": folder }));
    client.say("initialized", json!({}));
    let asked = client.next();
    assert_eq!(asked["method"], "client/registerCapability");
    client.send_message(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": null }));
    client.open("rules/a.yaml", text);
    assert_eq!(client.diagnostics("rules/a.txt", None)[0]["code"], "list-too-short");
    fs::write(client.path("rules/a.txt"), "mallory\n").unwrap();
    client.say(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": client.uri("rules/a.txt"), "type": 2 }] }),
    );
    assert_eq!(client.diagnostics("rules/a.txt", None), json!([]));
}
