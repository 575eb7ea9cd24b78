//! `lists`: entries in the rule file, or the name of a file with them.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    rules::{
        ast::{List, ListEntries, RuleSet, Written},
        grammar,
    },
    yaml::{Key, Node, Value, read::whole_number},
};

pub(super) fn parse<'t>(index: usize, node: &'t Node, set: &mut RuleSet<'t>, sink: &mut Sink) {
    for (key, value) in node.mapping("`lists`", sink).unwrap_or_default() {
        set.lists.extend(list(index, key, value, sink));
    }
}

fn list<'t>(index: usize, key: &'t Key, node: &'t Node, sink: &mut Sink) -> Option<List<'t>> {
    let name = key.own_text(sink);
    let (min, entries) = match &node.value {
        Value::Mapping(_) => in_file(index, node, sink),
        _ => (1, inline(&key.text, node, sink)),
    };
    Some(List { name: Written { value: name?, place: key.place }, min, entries })
}

fn inline<'t>(name: &str, node: &'t Node, sink: &mut Sink) -> ListEntries<'t> {
    let Some(items) = node.sequence(&format!("the value of `{name}`"), sink) else { return ListEntries::Reported };
    let mut whole = true;
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        match item.literal("an entry of a list", sink).filter(|text| not_empty(text, item, sink)) {
            Some(text) => entries.push((text, item.place)),
            None => whole = false,
        }
    }
    if whole { ListEntries::Inline(entries) } else { ListEntries::Reported }
}

fn not_empty(text: &str, item: &Node, sink: &mut Sink) -> bool {
    if text.trim().is_empty() {
        sink.push(Diagnostic::new(Code::EmptyLiteral, item.place, "an entry of a list is empty").help("remove it"));
    }
    !text.trim().is_empty()
}

fn in_file<'t>(index: usize, node: &'t Node, sink: &mut Sink) -> (usize, ListEntries<'t>) {
    let Some(fields) = grammar::LIST_FILE.fields(node, sink) else {
        return (1, ListEntries::Reported);
    };
    let min = fields.get("min").and_then(|node| least(node, sink)).unwrap_or(1);
    let file = fields.require("file", sink);
    let name = file.and_then(|file| Some(Written { value: file.text("`file`", sink)?, place: file.place }));
    (min, name.map_or(ListEntries::Reported, |name| ListEntries::File(index, name)))
}

fn least(node: &Node, sink: &mut Sink) -> Option<usize> {
    let word = node.word("`min`", sink)?;
    let refuse = |help: Option<String>| {
        let found = Diagnostic::new(Code::InvalidValue, node.place, format!("`min` cannot be `{word}`"));
        sink.push(found.help(help.unwrap_or_else(|| "write the least number of entries, such as 1".to_owned())));
    };
    whole_number(word).map_err(refuse).ok()
}

/// The files that the lists of a rule file are in, as written; what is wrong is reported by [`parse`].
pub(in crate::rules) fn files_named(root: &Node) -> Vec<String> {
    let lists = named(root, "lists").flat_map(entries);
    let files = lists.flat_map(|(_, list)| named(list, "file"));
    files.filter_map(|file| file.scalar().map(|scalar| scalar.text.clone())).collect()
}

fn entries(node: &Node) -> &[(Key, Node)] {
    if let Value::Mapping(entries) = &node.value { entries } else { &[] }
}

fn named<'t>(node: &'t Node, key: &'static str) -> impl Iterator<Item = &'t Node> {
    entries(node).iter().filter(move |(name, _)| name.text == key).map(|(_, value)| value)
}
