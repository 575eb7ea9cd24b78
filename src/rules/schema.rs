//! The JSON Schema of rule files, made from the same lists as the parser: [`grammar`], the fields, the matchers.
//!
//! It knows structure: keys, types, words, which matcher fits which field. What a value means (an id that there is, a
//! pattern that can be read) is for `topicgate check`.

use serde_json::{Map, Value, json};

use crate::{
    facts::{Field, FieldType},
    matchers::{Argument, Kind, REGISTRY, scripts},
    rules::grammar::{self, CONDITION},
    yaml::{
        Extra,
        shape::{Entry, Least, Need, Shape, Takes},
    },
};

/// A whole number in quotes.
const DIGITS: &str = "^(0|[1-9][0-9]*)$";

/// The schema of a rule file, of the edition 2020-12.
pub fn schema() -> Value {
    let mut schema = shape(&grammar::FILE);
    let mut definitions = Map::new();
    definitions.insert(CONDITION.to_owned(), condition());
    definitions.insert("listed".to_owned(), listed());
    definitions.insert("script".to_owned(), json!({ "enum": scripts::codes() }));
    for field in Field::ALL {
        definitions.insert(field.name().to_owned(), test(field));
    }
    set(&mut schema, "$schema", json!("https://json-schema.org/draft/2020-12/schema"));
    set(&mut schema, "title", json!("Rules of topicgate"));
    set(&mut schema, "$defs", Value::Object(definitions));
    schema
}

fn shape(shape: &Shape) -> Value {
    let properties: Map<String, Value> =
        shape.keys.iter().map(|entry| (entry.name.to_owned(), entry_of(entry))).collect();
    let required: Vec<&str> =
        shape.keys.iter().filter(|entry| entry.need == Need::Required).map(|entry| entry.name).collect();
    let mut object = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        set(&mut object, "required", json!(required));
    }
    if shape.extra == Extra::Allowed {
        set(&mut object, "patternProperties", json!({ "^x-": true }));
    }
    if shape.least == Least::One {
        set(&mut object, "minProperties", json!(1));
    }
    if shape.what == grammar::RULE.what {
        set(&mut object, "if", has("action", &json!({ "const": "allow" })));
        set(&mut object, "then", without(&["code", "message", "quota"]));
    }
    if shape.what == grammar::GUARANTEE.what {
        promise(&mut object);
    }
    object
}

/// A guarantee has one of two words, and a code only beside `deny`.
fn promise(object: &mut Value) {
    let words = [grammar::NEVER, grammar::ALWAYS];
    let required = words.map(|word| has(word, &json!(true)));
    let allows = words.map(|word| has(word, &json!({ "const": "allow" })));
    set(object, "oneOf", json!(required));
    set(object, "if", json!({ "anyOf": allows }));
    set(object, "then", without(&["code"]));
}

/// A mapping with this key. Strict validators want to know each key that is required.
fn has(key: &str, value: &Value) -> Value {
    json!({ "type": "object", "properties": { key: value }, "required": [key] })
}

/// A mapping without these keys.
fn without(keys: &[&str]) -> Value {
    let keys: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), json!(false))).collect();
    json!({ "type": "object", "properties": keys })
}

/// Adds a keyword to a schema.
fn set(schema: &mut Value, keyword: &str, value: Value) {
    if let Value::Object(schema) = schema {
        schema.insert(keyword.to_owned(), value);
    }
}

fn entry_of(entry: &Entry) -> Value {
    let mut value = takes(&entry.takes);
    set(&mut value, "description", json!(entry.summary));
    value
}

fn takes(what: &Takes) -> Value {
    match what {
        Takes::Anything => json!({}),
        Takes::Text => json!({ "type": "string" }),
        Takes::Word("") => json!({ "type": "string" }),
        Takes::Word(pattern) => json!({ "type": "string", "pattern": pattern }),
        Takes::OneOf(words) => json!({ "enum": words() }),
        Takes::Number(least, most) => number(*least, *most),
        Takes::Flag => json!({ "enum": [true, false, "true", "false"] }),
        Takes::Items(items, least) => match least {
            Least::None => json!({ "type": "array", "items": takes(items) }),
            Least::One => json!({ "type": "array", "items": takes(items), "minItems": 1 }),
        },
        Takes::Mapping(inner) => shape(inner),
        Takes::Map(keys, values, least) => map(keys, values, *least),
        Takes::Either(each) => json!({ "anyOf": each.iter().map(takes).collect::<Vec<_>>() }),
        Takes::Named(name) => reference(name),
    }
}

fn number(least: u64, most: u64) -> Value {
    let mut number = json!({ "type": "integer", "minimum": least });
    if most < u64::MAX {
        set(&mut number, "maximum", json!(most));
    }
    json!({ "anyOf": [number, { "type": "string", "pattern": DIGITS }] })
}

fn map(keys: &str, values: &Takes, least: Least) -> Value {
    let mut object = json!({ "type": "object", "additionalProperties": takes(values) });
    if !keys.is_empty() {
        set(&mut object, "propertyNames", json!({ "pattern": keys }));
    }
    if least == Least::One {
        set(&mut object, "minProperties", json!(1));
    }
    object
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn condition() -> Value {
    let branches = |summary: &str| json!({ "type": "array", "items": reference(CONDITION), "minItems": 1, "description": summary });
    let mut properties: Map<String, Value> =
        Field::ALL.iter().map(|field| (field.name().to_owned(), reference(field.name()))).collect();
    properties.insert("all".to_owned(), branches("each of these holds"));
    properties.insert("any".to_owned(), branches("one of these holds"));
    properties.insert("not".to_owned(), reference(CONDITION));
    json!({
        "type": "object",
        "description": "every key of it must hold",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
    })
}

/// The tests of a field: what fits it, and what stands beside that.
fn test(field: Field) -> Value {
    let fitting = || REGISTRY.iter().filter(|kind| kind.is_for(field));
    let properties: Map<String, Value> = fitting().map(|kind| (kind.name.to_owned(), matcher(kind, field))).collect();
    let beside: Map<String, Value> = fitting()
        .filter(|kind| !kind.hosts().is_empty())
        .map(|kind| {
            let hosts = kind.hosts().iter().map(|host| has(host, &json!(true)));
            (kind.name.to_owned(), json!({ "oneOf": hosts.collect::<Vec<_>>() }))
        })
        .collect();
    let mut object = json!({
        "type": "object",
        "description": field.summary(),
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
    });
    if !beside.is_empty() {
        set(&mut object, "dependentSchemas", Value::Object(beside));
    }
    object
}

fn matcher(kind: &Kind, field: Field) -> Value {
    let value = match field.holds() {
        FieldType::Number => number(0, u64::MAX),
        _ => json!({ "type": "string" }),
    };
    let many = || json!({ "type": "array", "items": value, "minItems": 1 });
    let mut argument = match kind.takes {
        Argument::One => value,
        Argument::Some => json!({ "anyOf": [value, many()] }),
        Argument::SomeOrList => json!({ "anyOf": [value, many(), reference("listed")] }),
        Argument::Limits => limits(),
        Argument::Scripts => scripts_or_mixed(),
        Argument::Flag => takes(&Takes::Flag),
    };
    set(&mut argument, "description", json!(format!("{}; takes {}", kind.summary, kind.argument)));
    argument
}

fn limits() -> Value {
    let number = number(0, u64::MAX);
    json!({
        "type": "object",
        "properties": { "min": number, "max": number },
        "additionalProperties": false,
        "minProperties": 1,
    })
}

fn scripts_or_mixed() -> Value {
    let script = reference("script");
    let many = json!({ "type": "array", "items": script, "minItems": 1 });
    json!({ "anyOf": [{ "const": scripts::MIXED }, script, many] })
}

/// `{list: NAME}`.
fn listed() -> Value {
    json!({
        "type": "object",
        "description": "the entries of a list, here or in a file",
        "properties": { "list": { "type": "string" } },
        "required": ["list"],
        "additionalProperties": false,
    })
}
