//! Completion, hover, definitions and symbols.

use serde_json::{Value, json};

use crate::client::{Client, name_of};

const FIRST: &str = "\
codes:
  10130: advert

lists:
  banned: [mallory, trudy]
  words: { file: words.txt }

rules:
  - id: no-adverts
    description: Adverts
    action: deny
    code: 10130
    when: { name_squeezed: { contains: { list: words } } }
    except:
      - id: royale
        reason: The film is fine.
        expires: never
        when: { name: { contains: Casino Royale } }
";

const WORDS: &str = "casino\n# a comment\nlottery\n";

/// A session in which `rules/first.yaml` is on disk, and the text is `rules/second.yaml`, without its `|`.
fn editing(text: &str) -> Client {
    let plain = text.replacen('|', "", 1);
    let files = [("rules/first.yaml", FIRST), ("rules/words.txt", WORDS), ("rules/second.yaml", plain.as_str())];
    let mut client = Client::start(&files);
    // A mistake of which something is told, so that it is known when the set was checked.
    client.open("rules/first.yaml", &FIRST.replacen("codes:", "code: 1\ncodes:", 1));
    client.open("rules/second.yaml", &plain);
    client.diagnostics("rules/first.yaml", Some(1));
    client
}

fn words(text: &str) -> Vec<String> {
    let answer = editing(text).ask_at("textDocument/completion", "rules/second.yaml", text);
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|item| item["textEdit"]["newText"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn keys_are_completed_by_their_place() {
    assert_eq!(words("|"), ["version: ", "time_zone: ", "codes: ", "lists: ", "rules: ", "guarantees: ", "tests: "]);
    assert!(words("rules:\n  - id: b\n    |").contains(&"when: ".to_owned()));
    assert_eq!(words("rules:\n  - id: b\n    action: |"), ["deny", "allow"]);
    assert_eq!(words("guarantees:\n  - never: |"), ["deny", "allow"]);
    assert_eq!(words("tests:\n  - given:\n      |"), ["rollout: ", "counts: "]);
}

#[test]
fn a_key_that_is_there_is_not_completed() {
    let rest = "action: deny\n    when: { name: { contains: b, |, is: c } }\n";
    let fitting = words(&format!("rules:\n  - id: b\n    {rest}"));
    assert!(fitting.contains(&"starts_with: ".to_owned()));
    assert!(!fitting.iter().any(|word| ["contains: ", "is: "].contains(&word.as_str())), "{fitting:?}");
    let keys = words("rules:\n  - id: b\n    |\n    action: deny\n  - id: c\n    when: always\n");
    assert!(keys.contains(&"when: ".to_owned()) && !keys.contains(&"action: ".to_owned()), "{keys:?}");
    assert!(words("rules:\n  - id: b\n    acti|on: deny\n").contains(&"action".to_owned()));
}

#[test]
fn nothing_is_completed_in_a_comment() {
    for text in ["# |", "rules:\n  - id: b\n    action: d # |", "rules: # a\n  # de|", "rules:\n  - when: { # n|"] {
        assert!(words(text).is_empty(), "{text}");
    }
    assert_eq!(words("rules:\n  - id: 'b # c'\n    action: |"), ["deny", "allow"]);
    assert_eq!(words("rules:\n  - id: b#c\n    action: |"), ["deny", "allow"]);
}

#[test]
fn a_matcher_is_completed_if_it_fits_the_field() {
    let fitting = words("rules:\n  - id: b\n    when: { client_ip: { |");
    assert_eq!(fitting, ["in_cidr: ", "present: "]);
    assert!(!words("rules:\n  - when:\n      name_squeezed:\n        |").contains(&"matches: ".to_owned()));
}

#[test]
fn names_of_other_files_are_completed() {
    assert_eq!(words("rules:\n  - when: { operator: { in: { list: |"), ["banned", "words"]);
    assert_eq!(words("rules:\n  - code: |"), ["10130"]);
    assert_eq!(words("guarantees:\n  - code: |"), ["10130"]);
    assert_eq!(words("guarantees:\n  - when: { operator: { in: { list: |"), ["banned", "words"]);
    assert_eq!(words("tests:\n  - expect: { rule: no|"), ["no-adverts", "none"]);
    assert_eq!(words("tests:\n  - expect: { excepted_by: [|"), ["no-adverts/royale"]);
    let accepted = words("rules:\n  - accept:\n      - code: |");
    assert!(accepted.contains(&"loose-allow".to_owned()));
    assert!(!accepted.iter().any(|word| ["unused-accept", "closed-admin"].contains(&word.as_str())), "{accepted:?}");
}

fn hover(text: &str) -> String {
    let answer = editing(text).ask_at("textDocument/hover", "rules/second.yaml", text);
    answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_a_word_does_is_shown() {
    let rule = |when: &str| format!("rules:\n  - id: b\n    action: deny\n    when: {when}\n");
    let contains = hover(&rule("{ name: { cont|ains: x } }"));
    assert!(contains.starts_with("`contains`: one of these occurs in the text."), "{contains}");
    assert!(hover(&rule("{ na|me_squeezed: { contains: xyz } }")).contains("repeats made single"));
    assert_eq!(
        hover(&rule("{ name_squeezed: { contains: '🎰 Ｃ-a-s-i-n-o|' } }")),
        "On `name_squeezed` this is `casino`."
    );
    assert_eq!(hover(&rule("{ name: { contains: { list: wor|ds } } }")), "list `words`: 2 entries, in `words.txt`");
    assert_eq!(hover(&rule("{ operator: { in: { list: ban|ned } } }")), "list `banned`: 2 entries");
    assert_eq!(hover(&rule("{ name: { contains: x } } # com|ment")), "");
    let declared = |text: &str| hover(&format!("{text}\nrules: []\n"));
    assert_eq!(declared("lists:\n  mi|ne: [a, b, c]"), "list `mine`: 3 entries");
    assert_eq!(declared("codes:\n  101|31: scam"), "code `10131`: scam");
    assert_eq!(hover("rules:\n  - id: b|c\n    action: deny\n    when: always\n"), "rule `bc`: deny");
    let never = hover("guarantees:\n  - id: b\n    ne|ver: deny\n    when: always\n");
    assert_eq!(never, "`never`: what never comes of such a request; it has this or `always`");
}

fn definition(text: &str) -> (String, Value) {
    let answer = editing(text).ask_at("textDocument/definition", "rules/second.yaml", text);
    if answer.is_null() {
        (String::new(), answer)
    } else {
        (name_of(&answer["uri"]).to_owned(), answer["range"]["start"].clone())
    }
}

#[test]
fn a_name_leads_to_where_it_is_declared() {
    let of = |text: &str| definition(text);
    let at = |line: u64, character: u64| ("first.yaml".to_owned(), json!({ "line": line, "character": character }));
    // One line more than above: there is a mistake in the first.
    assert_eq!(of("rules:\n  - when: { operator: { in: { list: ban|ned } } }\n"), at(5, 2));
    assert_eq!(of("rules:\n  - code: 101|30\n"), at(2, 2));
    assert_eq!(of("guarantees:\n  - code: 101|30\n"), at(2, 2));
    assert_eq!(of("guarantees:\n  - when: { operator: { in: { list: ban|ned } } }\n"), at(5, 2));
    assert_eq!(of("tests:\n  - expect: { rule: no-ad|verts }\n"), at(9, 8));
    assert_eq!(of("tests:\n  - expect: { excepted_by: [no-adverts/roy|ale] }\n"), at(15, 12));
    assert_eq!(of("tests:\n  - given: { counts: { no-adv|erts: 3 } }\n"), at(9, 8));
    assert_eq!(of("tests:\n  - name: no-adv|erts\n").0, "");
}

#[test]
fn the_symbols_of_a_file_are_its_declarations() {
    let mut client = editing(FIRST);
    let params = json!({ "textDocument": { "uri": client.uri("rules/second.yaml") } });
    let symbols = client.ask("textDocument/documentSymbol", params)["result"].clone();
    let names: Vec<&str> = symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["10130", "banned", "words", "no-adverts"]);
    assert_eq!(symbols[3]["children"][0]["name"], "royale");
    assert_eq!(symbols[3]["selectionRange"]["start"], json!({ "line": 8, "character": 8 }));
}

#[test]
fn a_guarantee_is_a_symbol() {
    let mut client = Client::start(&[("rules/a.yaml", FIRST)]);
    client.open("rules/a.yaml", "guarantees:\n  - { id: staff, description: d, never: deny, when: always }\n");
    let params = json!({ "textDocument": { "uri": client.uri("rules/a.yaml") } });
    let symbols = client.ask("textDocument/documentSymbol", params)["result"].clone();
    assert_eq!((&symbols[0]["name"], &symbols[0]["detail"]), (&json!("staff"), &json!("d")));
}

#[test]
fn every_prefix_of_a_file_can_be_edited() {
    let mut client = Client::start(&[("rules/a.yaml", FIRST)]);
    client.open("rules/a.yaml", FIRST);
    for (version, (end, _)) in FIRST.char_indices().step_by(7).enumerate() {
        let text = format!("{}|", &FIRST[..end]);
        client.change("rules/a.yaml", version as i64 + 2, &FIRST[..end]);
        for method in ["completion", "hover", "definition"] {
            client.ask_at(&format!("textDocument/{method}"), "rules/a.yaml", &text);
        }
    }
    assert!(client.ask("shutdown", Value::Null).get("result").is_some());
}

#[test]
fn a_file_is_laid_out_as_fmt_lays_it_out() {
    let mut client = editing("rules:\n- action: deny\n  id: \"赌\"   # why\n  when: {name: {contains: x}}\n");
    let params = json!({ "textDocument": { "uri": client.uri("rules/second.yaml") },
        "options": { "tabSize": 2, "insertSpaces": true } });
    let formatted = client.ask("textDocument/formatting", params.clone())["result"][0]["newText"].clone();
    assert_eq!(formatted, "rules:\n  - id: '赌'   # why\n    action: deny\n    when: { name: { contains: x } }\n");
    client.change("rules/second.yaml", 2, formatted.as_str().unwrap());
    assert_eq!(client.ask("textDocument/formatting", params.clone())["result"], json!([]));
    client.change("rules/second.yaml", 3, "rules: [");
    assert_eq!(client.ask("textDocument/formatting", params)["error"]["code"], -32803);
}
