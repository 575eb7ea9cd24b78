//! What is shown of the word under the pointer: what a key does, how a text is prepared, what a name stands for.

use crate::{
    cli::lsp::{
        checking::Checked,
        keys::{self, Place},
        names,
        spot::ITEM,
        tree::Word,
    },
    diagnostic::Code,
    facts::{Field, FieldType},
    matchers::Kind,
    text,
};

/// What there is to say of a word, as Markdown.
pub(super) fn of(word: &Word, checked: Option<&Checked>) -> Option<String> {
    let path: Vec<&str> = word.path.iter().map(String::as_str).collect();
    let place = keys::at(&path);
    let declared = checked.and_then(|checked| declaration(&path, word, checked));
    if declared.is_some() || word.is_key {
        return declared.or_else(|| key(&word.text, place, checked));
    }
    match place? {
        Place::List => names::list(checked?, &word.text),
        Place::Code => names::code(checked?, &word.text),
        Place::Rule | Place::RuleOnly => names::rule(checked?, &word.text),
        Place::Exception => names::exception(checked?, &word.text),
        Place::Finding => Code::named(&word.text).map(|code| code.explanation().to_owned()),
        Place::Argument(field, kind) if kind.name != "matches" => prepared(field, &word.text),
        _ => None,
    }
}

/// What is known of a name where it is declared.
fn declaration(path: &[&str], word: &Word, checked: &Checked) -> Option<String> {
    match (path, word.is_key) {
        (["lists"], true) => names::list(checked, &word.text),
        (["codes"], true) => names::code(checked, &word.text),
        (["rules", ITEM, "id"], false) => names::rule(checked, &word.text),
        _ => None,
    }
}

fn key(text: &str, place: Option<Place>, checked: Option<&Checked>) -> Option<String> {
    let told = |sentence: &str| Some(format!("`{text}`: {sentence}"));
    match place? {
        Place::Keys(known) => told(known.iter().find(|entry| entry.name == text)?.summary),
        Place::Condition => {
            let joined = keys::STRUCTURE.iter().find(|(name, _)| *name == text).map(|(_, sentence)| *sentence);
            told(joined.or_else(|| Field::named(text).map(keys::field))?)
        }
        Place::Test(_) => Kind::named(text).map(matcher),
        Place::Argument(..) => told(keys::OF_REFERENCE.iter().find(|(name, _)| *name == text)?.1),
        Place::RuleOnly => names::rule(checked?, text),
        _ => None,
    }
}

/// What a matcher asks and takes, from the registry.
pub(super) fn matcher(kind: &Kind) -> String {
    let hosts: Vec<String> = kind.hosts().iter().map(|host| format!("`{host}`")).collect();
    let beside = if hosts.is_empty() { String::new() } else { format!(" It stands beside {}.", hosts.join(" or ")) };
    let fields = Field::ALL.into_iter().filter(|field| kind.is_for(*field));
    let fields: Vec<String> = fields.map(|field| format!("`{}`", field.name())).collect();
    let (name, summary, argument, fields) = (kind.name, kind.summary, kind.argument, fields.join(", "));
    format!("`{name}`: {summary}.\n\nIt takes {argument}.{beside}\n\nFor {fields}.")
}

/// How a text reads on the view that it is looked for on.
fn prepared(field: Field, literal: &str) -> Option<String> {
    if !matches!(field.holds(), FieldType::Prepared | FieldType::Keyword) {
        return None;
    }
    let (seen, name) = (text::visible(&crate::matchers::prepared(field, literal)).replace('`', "'"), field.name());
    Some(match seen.is_empty() {
        true => format!("Nothing is left of this text on `{name}`."),
        false => format!("On `{name}` this is `{seen}`."),
    })
}
