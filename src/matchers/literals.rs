//! The `texts` argument: one text, several, or a list; prepared like the field that they are compared with.

mod prepare;

use std::{any::Any, sync::Arc};

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink, did_you_mean},
    facts::{Field, FieldType},
    matchers::{
        Context, Grants,
        lists::{Completeness, Entries, List, MAX_EXACT_ENTRIES, MAX_OTHER_ENTRIES},
    },
    text::{self, set::TextSet},
    yaml::{Extra, Fields, Node, Value},
};

use prepare::prepare;
pub use prepare::seen as prepared;

/// The most bytes of all texts of a test that are looked for together; an automaton takes many times as much.
const MAX_TEXT_BYTES: usize = 4 << 20;

/// The prepared texts of an argument, each once; never none.
pub(super) fn texts(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Arc<TextSet>> {
    match &argument.value {
        Value::Mapping(_) => {
            let (name, place) = list_name(context, argument, sink)?;
            let limit = match context.field.holds() {
                FieldType::Exact => MAX_EXACT_ENTRIES,
                _ => MAX_OTHER_ENTRIES,
            };
            listed(context, &name, place, limit, sink)
        }
        _ => {
            if matches!(context.field, Field::Operator | Field::Owner) {
                warn_of_odd_accounts(argument, sink);
            }
            written(context.field, argument, sink).map(Arc::new)
        }
    }
}

/// What `make` makes of an argument of not too many texts; of a list only once, however many tests use it.
pub(super) fn few_texts<M: Any + Send + Sync>(
    context: &mut Context<'_, '_>,
    argument: &Node,
    make: fn(Arc<TextSet>) -> Option<M>,
    sink: &mut Sink,
) -> Option<Arc<M>> {
    let Value::Mapping(_) = &argument.value else {
        let texts = Arc::new(written(context.field, argument, sink)?);
        return fitting(texts, argument.place, make, sink).map(Arc::new);
    };
    let (name, place) = list_name(context, argument, sink)?;
    let texts = listed(context, &name, place, MAX_OTHER_ENTRIES, sink)?;
    context.lists.made(&name, context.field, |_| fitting(texts, place, make, sink))
}

fn fitting<M>(texts: Arc<TextSet>, place: Place, make: fn(Arc<TextSet>) -> Option<M>, sink: &mut Sink) -> Option<M> {
    let bytes: usize = texts.iter().map(str::len).sum();
    let made = if bytes <= MAX_TEXT_BYTES { make(texts) } else { None };
    if made.is_none() {
        let message = format!("the texts of this test have {bytes} bytes, at most {MAX_TEXT_BYTES} are allowed");
        sink.push(Diagnostic::new(Code::ListTooLong, place, message).help("remove the longest, or split the list"));
    }
    made
}

/// The list of `{list: NAME}`.
pub(super) fn list_name(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<(String, Place)> {
    let fields = Fields::of(argument, "a reference to a list", &["list"], Extra::Refused, sink)?;
    let node = fields.require("list", sink)?;
    let name = node.text("the name of a list", sink)?;
    if context.lists.declared.contains_key(name) {
        context.lists.used.insert(name.to_owned());
        return Some((name.to_owned(), node.place));
    }
    if context.lists.completeness == Completeness::Whole {
        let declared = context.lists.declared.keys().map(String::as_str);
        let near = if sink.is_full(Code::UnknownList) { None } else { did_you_mean(name, declared) };
        sink.push(
            Diagnostic::new(Code::UnknownList, node.place, format!("no file declares a list `{name}`"))
                .help(format!("declare it under `lists:`, such as `{name}: [...]`"))
                .meant_if(near),
        );
    }
    None
}

/// The items of an argument that is one scalar or a sequence of them.
pub(super) fn items<'n>(argument: &'n Node, what: &str, sink: &mut Sink) -> Option<&'n [Node]> {
    match &argument.value {
        Value::Scalar(_) => Some(std::slice::from_ref(argument)),
        Value::Sequence(items) if items.is_empty() => {
            let message = format!("{what} must not be empty");
            sink.push(
                Diagnostic::new(Code::EmptyValue, argument.place, message).help("remove the test, or say what it asks"),
            );
            None
        }
        _ => argument.sequence(what, sink),
    }
}

/// Warns of a test of an account, in an allow rule or an exception, that more accounts pass than it names.
pub(super) fn warn_if_loose(context: &Context<'_, '_>, matcher: &str, place: Place, sink: &mut Sink) {
    if context.grants == Grants::Yes && matches!(context.field, Field::Operator | Field::Owner) {
        let field = context.field.name();
        sink.push(
            Diagnostic::new(Code::LooseAllow, place, format!("`{field} {matcher}` lets every similar account pass"))
                .help("anybody may register an account that passes; name the accounts with `in`"),
        );
    }
}

fn written(field: Field, argument: &Node, sink: &mut Sink) -> Option<TextSet> {
    let items = items(argument, "the texts of a test", sink)?;
    if items.len() > MAX_OTHER_ENTRIES {
        let message = format!("this test has {} texts, at most {MAX_OTHER_ENTRIES} may be written here", items.len());
        let help = "move them into a list file: `lists: { words: { file: lists/words.txt } }`";
        sink.push(Diagnostic::new(Code::ListTooLong, argument.place, message).help(help));
        return None;
    }
    let prepared: Vec<Option<String>> = items
        .iter()
        .map(|item| item.literal("what a test looks for", sink).and_then(|text| prepare(field, text, item.place, sink)))
        .collect();
    prepared.into_iter().collect::<Option<Vec<String>>>().map(|texts| texts.iter().map(String::as_str).collect())
}

/// Warns of what people paste into the name of an account; with an escape it is meant.
fn warn_of_odd_accounts(argument: &Node, sink: &mut Sink) {
    let items = if let Value::Sequence(items) = &argument.value { items } else { std::slice::from_ref(argument) };
    for (item, scalar) in items.iter().filter_map(|item| Some((item, item.scalar()?))) {
        let text = &scalar.text;
        let what = if text.trim() != text { "white space at an end" } else { "an invisible character" };
        if !scalar.is_verbatim() || text::visible(text.trim()) == *text {
            continue;
        }
        let message = format!("the account `{}` has {what}", text::visible(text));
        let found = Diagnostic::new(Code::SuspiciousEntry, item.place, message);
        sink.push(found.help("remove it: accounts are compared character by character"));
    }
}

fn listed(
    context: &mut Context<'_, '_>,
    name: &str,
    place: Place,
    limit: usize,
    sink: &mut Sink,
) -> Option<Arc<TextSet>> {
    let field = context.field;
    let list = context.lists.declared.get(name)?;
    if matches!(list.entries, Entries::Reported) {
        return None;
    }
    let entries = list.entries.len();
    if entries > limit {
        sink.push(
            Diagnostic::new(
                Code::ListTooLong,
                place,
                format!("the list `{name}` has {entries} entries; this test takes at most {limit}"),
            )
            .help("only `in` on `operator`, `owner` or `name_raw` takes more; split the list or make it shorter"),
        );
        return None;
    }
    if field.holds() == FieldType::Exact {
        return context.lists.exact(name);
    }
    context.lists.made(name, field, |list| prepare_list(field, list, sink))
}

fn prepare_list(field: Field, list: &List<'_>, sink: &mut Sink) -> Option<TextSet> {
    let mut set = TextSet::default();
    let mut whole = true;
    for (entry, place) in list.entries.iter() {
        match prepare(field, entry, place, sink) {
            Some(text) => drop(set.insert(&text)),
            None => whole = false,
        }
    }
    whole.then_some(set)
}
