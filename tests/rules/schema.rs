//! `topicgate schema`: what `check` accepts is valid, and a fault of structure is one for both.

#![expect(clippy::disallowed_methods, reason = "it reads the rule files of this repository")]

use std::fs;

use jsonschema::Validator;
use serde_json::{Map, Number, Value as Json};
use topicgate::{
    diagnostic::{Code, Severity, Sink, Sources},
    rules,
    yaml::{self, Node, Value},
};

use crate::{
    format::{examples, files},
    load,
};

fn validator() -> Validator {
    jsonschema::draft202012::new(&rules::schema()).unwrap()
}

/// A rule file as a reader of YAML 1.2 hands it to a validator.
fn json(text: &str) -> Option<Json> {
    let mut sink = Sink::default();
    let tree = yaml::parse(Sources::default().add("rules.yaml", ""), text, &mut sink)?;
    (!sink.has_errors()).then(|| json_of(&tree))
}

fn json_of(node: &Node) -> Json {
    match &node.value {
        Value::Sequence(items) => items.iter().map(json_of).collect(),
        Value::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.text.clone(), json_of(value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
        Value::Scalar(scalar) if scalar.plain => match scalar.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Json::Null,
            "true" | "True" | "TRUE" => true.into(),
            "false" | "False" | "FALSE" => false.into(),
            word => number(word).map_or_else(|| word.into(), Json::Number),
        },
        Value::Scalar(scalar) => scalar.text.as_str().into(),
        Value::Reported => Json::Null,
    }
}

fn number(word: &str) -> Option<Number> {
    let is_number = word.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'));
    let whole = word.parse::<u64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(word.parse().ok()?)).filter(|_| is_number)
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::draft202012::meta::is_valid(&rules::schema()));
}

/// Where a schema requires a key that it does not have, which strict validators refuse.
fn required_and_not_there(schema: &Json, at: &str, found: &mut Vec<String>) {
    let required = schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let missing = required.filter(|key| schema.pointer(&format!("/properties/{key}")).is_none());
    found.extend(missing.map(|key| format!("{at}: {key}")));
    let object = schema.as_object().into_iter().flatten().map(|(key, inner)| (key.clone(), inner));
    let array = schema.as_array().into_iter().flatten().enumerate().map(|(index, inner)| (index.to_string(), inner));
    object.chain(array).for_each(|(key, inner)| required_and_not_there(inner, &format!("{at}/{key}"), found));
}

#[test]
fn every_key_that_is_required_is_described() {
    let mut found = Vec::new();
    required_and_not_there(&rules::schema(), "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_file_that_check_accepts_is_valid() {
    let validator = validator();
    let mut seen = 0;
    let texts =
        files().into_iter().filter_map(|path| Some((path.display().to_string(), fs::read_to_string(path).ok()?)));
    let pages = examples().into_iter().map(|(code, text)| (code.word().to_owned(), text));
    for (name, text) in texts.chain(pages) {
        let structure =
            [Code::UnknownKey, Code::WrongType, Code::MissingKey, Code::MatcherNotForField, Code::EmptyValue];
        let report = load(&[("rules.yaml", &text)]).report;
        let mut errors = report.findings.iter().filter(|finding| finding.code.severity() == Severity::Error);
        // A file of a set may name what another file declares.
        let only_elsewhere =
            [Code::UnknownList, Code::UnknownRule, Code::UnreadableList, Code::NoRules, Code::TestFailed];
        if let Some(json) = json(&text).filter(|_| errors.all(|finding| only_elsewhere.contains(&finding.code))) {
            let faults: Vec<String> = validator.iter_errors(&json).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{name}: {faults:#?}\n{text}");
            seen += 1;
        } else if let Some(json) = json(&text) {
            let is_structural = report.findings.iter().any(|finding| structure.contains(&finding.code));
            assert!(!is_structural || !validator.is_valid(&json), "{name} is valid by the schema:\n{text}");
        }
    }
    assert!(seen > 100, "{seen}");
}

/// What makes a rule wrong.
const FAULTS: &[&str] = &[
    "",
    "    wen: always\n",
    "    when: {}\n",
    "    when: never\n",
    "    when: []\n",
    "    when: { all: [] }\n",
    "    when: { name: casino }\n",
    "    when: { name: {} }\n",
    "    when: { nam: { is: a } }\n",
    "    when: { name: { iss: a } }\n",
    "    when: { name: { is: [a] } }\n",
    "    when: { name: { is: 12 } }\n",
    "    when: { name: { in: [] } }\n",
    "    when: { name: { in: { lists: a } } }\n",
    "    when: { name: { present: true } }\n",
    "    when: { name: { in_cidr: 10.0.0.0/8 } }\n",
    "    when: { name: { ignoring: a } }\n",
    "    when: { name: { starts_with: a, ignoring: a } }\n",
    "    when: { name: { contains: a, contains_word: a, ignoring: a } }\n",
    "    when: { name: { matches: { list: a } } }\n",
    "    when: { name: { length: 3 } }\n",
    "    when: { name: { length: {} } }\n",
    "    when: { name: { length: { min: a } } }\n",
    "    when: { name: { scripts: [Latin] } }\n",
    "    when: { name: { scripts: [mixed] } }\n",
    "    when: { name_lookalike: { matches: a } }\n",
    "    when: { name_squeezed: { scripts: mixed } }\n",
    "    when: { app: { contains: a } }\n",
    "    when: { app: { is: a } }\n",
    "    when: { client_ip: { is: a } }\n",
    "    when: { type: { present: maybe } }\n",
    "    when: always\n    code: 9\n",
    "    when: always\n    mode: enforced\n",
    "    when: always\n    commands: [create]\n",
    "    when: always\n    commands: create_topic\n",
    "    when: always\n    rollout: 25\n",
    "    when: always\n    quota: { limit: 0, per: app, within: 1h }\n",
    "    when: always\n    quota: { limit: 5, per: name, within: 1h }\n",
    "    when: always\n    quota: { limit: 5, per: app }\n",
    "    when: always\n    schedule: { start: 9:30, duration: 1h }\n",
    "    when: always\n    schedule: { days: [monday], start: 09:30, duration: 1h }\n",
    "    when: always\n    active: {}\n",
    "    when: always\n    review_by: soon\n",
    "    when: always\n    except: [{ id: b, reason: c, when: always }]\n",
    "    when: always\n    except: [{ id: b, reason: '  ', expires: never, when: always }]\n",
    "    when: always\n    accept: [{ code: loose-allow, reason: '' }]\n",
    "    when: always\n    accept: [{ code: unknown-key, reason: c }]\n",
    "    when: always\n    examples: { match: [] }\n",
    "    when: always\n    examples: { match: [{ name: a }] }\n",
    "    when: always\ntests: [{ name: b, request: { operator: c }, expect: {} }]\n",
    "    when: always\ntests: [{ name: b, request: { operator: c }, expect: { decision: no } }]\n",
    "    when: always\ntests: [{ name: b, request: { operator: c, given: {} }, expect: { code: 1 } }]\n",
    "    when: always\ncodes: { 9: a }\n",
    "    when: always\nlists: { a: b }\n",
    "    when: always\nlists: { a: { min: 1 } }\n",
    "    when: always\nversion: 2\n",
    "    when: always\nguarantees: []\n",
    "    when: always\nguarantees: [{ id: b, when: always }]\n",
    "    when: always\nguarantees: [{ id: b, never: deny }]\n",
    "    when: always\nguarantees: [{ never: allow, when: always }]\n",
    "    when: always\nguarantees: [{ id: b, never: allow, always: deny, when: always }]\n",
    "    when: always\nguarantees: [{ id: b, always: allow, code: 10101, when: always }]\n",
    "    when: always\nguarantees: [{ id: b, never: [allow], when: always }]\n",
    "    when: always\nguarantees: [{ id: b, always: deny, when: { name: {} } }]\n",
    "    when: always\nguarantees: [{ id: b, always: deny, code: 1, when: always }]\n",
    "    when: always\nguarantees: [{ id: b, always: deny, decision: deny, when: always }]\n",
];

const HEAD: &str = "rules:\n  - id: a\n    action: deny\n";

#[test]
fn a_fault_of_structure_is_one_for_both() {
    let validator = validator();
    for rest in FAULTS {
        let text = format!("{HEAD}{rest}");
        assert!(load(&[("rules.yaml", &text)]).snapshot.is_none(), "it loads:\n{text}");
        assert!(!validator.is_valid(&json(&text).unwrap()), "it is valid by the schema:\n{text}");
    }
}

#[test]
fn an_allow_rule_sends_nothing() {
    let allow = "rules: [{ id: a, action: allow, when: always, message: b }]\n";
    assert!(!validator().is_valid(&json(allow).unwrap()));
}
