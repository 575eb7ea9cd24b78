//! What a rule file declares and where, whatever else is wrong with it: for editors.

use std::ops::Range;

use crate::{
    diagnostic::{Sink, Sources},
    yaml::{self, Key, Node, Value},
};

/// The things of a file that have names, in written order.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The codes; the detail is the name.
    pub codes: Vec<Named>,
    /// The lists.
    pub lists: Vec<Named>,
    /// The rules, each with its exceptions.
    pub rules: Vec<Named>,
    /// The guarantees.
    pub guarantees: Vec<Named>,
    /// The tests.
    pub tests: Vec<Named>,
}

/// Something with a name. Ranges are bytes of the file.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// A few words about it.
    pub detail: String,
    /// Where the name stands.
    pub at: Range<usize>,
    /// All of it.
    pub extent: Range<usize>,
    /// What it has that has names.
    pub below: Vec<Named>,
    /// The entries of a list.
    pub entries: Option<Entries>,
}

/// Where the entries of a list are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entries {
    /// So many in the rule file.
    Inline(usize),
    /// In a file of this name.
    File(String),
}

/// Reads what a text declares; nothing of one that is no YAML.
pub fn outline(text: &str) -> Option<Outline> {
    let file = Sources::default().add("", "");
    let tree = yaml::parse(file, text, &mut Sink::default())?;
    let items = |key: &str, as_what: fn(&Node) -> Option<Named>| -> Vec<Named> {
        tree.child(key).map(Node::items).unwrap_or_default().iter().filter_map(as_what).collect()
    };
    let entries = |key: &str, as_what: fn(&Key, &Node) -> Named| -> Vec<Named> {
        let entries = tree.child(key).map(Node::entries).unwrap_or_default();
        entries.iter().map(|(key, value)| as_what(key, value)).collect()
    };
    Some(Outline {
        codes: entries("codes", code),
        lists: entries("lists", list),
        rules: items("rules", rule),
        guarantees: items("guarantees", guarantee),
        tests: items("tests", test),
    })
}

fn code(key: &Key, value: &Node) -> Named {
    entry(key, value, word(Some(value)).to_owned())
}

fn list(key: &Key, value: &Node) -> Named {
    let entries = match &value.value {
        Value::Sequence(items) => Some(Entries::Inline(items.len())),
        _ => value.child("file").and_then(Node::scalar).map(|file| Entries::File(file.text.clone())),
    };
    Named { entries, ..entry(key, value, word(value.child("file")).to_owned()) }
}

fn rule(node: &Node) -> Option<Named> {
    let exceptions = node.child("except").map(Node::items).unwrap_or_default();
    let exceptions = exceptions.iter().filter_map(|node| item(node, "id", word(node.child("reason")).to_owned()));
    let detail = [node.child("action"), node.child("description")].map(word).join(" ");
    Some(Named { below: exceptions.collect(), ..item(node, "id", detail.trim().to_owned())? })
}

fn guarantee(node: &Node) -> Option<Named> {
    item(node, "id", word(node.child("description")).to_owned())
}

fn test(node: &Node) -> Option<Named> {
    item(node, "name", String::new())
}

fn word(node: Option<&Node>) -> &str {
    node.and_then(Node::scalar).map_or("", |scalar| &scalar.text)
}

fn item(node: &Node, key: &str, detail: String) -> Option<Named> {
    let name = node.child(key)?;
    let (at, extent) = (name.place.range(), node.extent().range());
    Some(Named { name: name.scalar()?.text.clone(), detail, at, extent, below: Vec::new(), entries: None })
}

fn entry(key: &Key, value: &Node, detail: String) -> Named {
    let at = key.place.range();
    let extent = at.start..value.extent().range().end.max(at.end);
    Named { name: key.text.clone(), detail, at, extent, below: Vec::new(), entries: None }
}
