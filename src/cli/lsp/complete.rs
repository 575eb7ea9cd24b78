//! What can be written where the cursor stands.

use gen_lsp_types as lsp;

use crate::{
    cli::lsp::{
        checking::Checked,
        hover,
        keys::{self, Place},
        names, position,
        spot::Spot,
        tree,
    },
    diagnostic::Code,
    facts::Field,
    matchers::REGISTRY,
    rules::{Named, Outline, grammar},
};

/// The most items of one answer; a client asks again once more is typed.
const MOST: usize = 500;

/// One thing that can be written.
struct Choice {
    word: String,
    about: String,
    kind: lsp::CompletionItemKind,
    is_key: bool,
}

/// The choices at a byte of a text.
pub(super) fn at(text: &str, offset: usize, checked: Option<&Checked>) -> lsp::CompletionList {
    let spot = Spot::at(text, offset);
    if spot.in_comment {
        return lsp::CompletionList::default();
    }
    let path: Vec<&str> = spot.path.iter().map(String::as_str).collect();
    let mut choices = keys::at(&path).map(|place| choices(place, path.last(), checked)).unwrap_or_default();
    if choices.iter().any(|choice| choice.is_key) {
        let beside = tree::keys_beside(text, spot.word.clone());
        choices.retain(|choice| !choice.is_key || !beside.contains(&choice.word));
    }
    let is_incomplete = choices.len() > MOST;
    if is_incomplete {
        let typed = text.get(spot.word.clone()).unwrap_or_default();
        choices.retain(|choice| choice.word.starts_with(typed));
        choices.truncate(MOST);
    }
    let range = position::Lines::of(text).span(&spot.word);
    let has_colon = text.get(spot.word.end..).is_some_and(|rest| rest.trim_start_matches(['\'', '"']).starts_with(':'));
    let items = choices.into_iter().map(|choice| {
        let colon = if choice.is_key && !has_colon && !spot.quoted { ": " } else { "" };
        let edit = lsp::TextEdit { range, new_text: format!("{}{colon}", choice.word) };
        lsp::CompletionItem {
            label: choice.word,
            kind: Some(choice.kind),
            documentation: Some(lsp::Documentation::MarkupContent(lsp::MarkupContent {
                kind: lsp::MarkupKind::Markdown,
                value: choice.about,
            })),
            text_edit: Some(lsp::CompletionItemTextEdit::TextEdit(edit)),
            ..lsp::CompletionItem::default()
        }
    });
    lsp::CompletionList { is_incomplete, items: items.collect(), ..lsp::CompletionList::default() }
}

fn choices(place: Place, last: Option<&&str>, checked: Option<&Checked>) -> Vec<Choice> {
    match place {
        Place::Keys(known) => known.iter().map(|entry| key(entry.name, entry.summary)).collect(),
        Place::Condition => condition(last),
        Place::Test(field) => {
            let fitting = REGISTRY.iter().filter(|kind| kind.is_for(field));
            fitting.map(|kind| key(kind.name, hover::matcher(kind))).collect()
        }
        Place::Argument(field, _) => {
            let reference = keys::OF_REFERENCE.iter().map(|(name, about)| key(name, *about));
            let words = keys::documented(field).iter().map(|name| word(name, ""));
            reference.filter(|_| last.is_some_and(|last| *last != "-")).chain(words).collect()
        }
        Place::Words(words) => words.into_iter().map(|name| word(name, "")).collect(),
        Place::List => of_set(checked, names::lists),
        Place::Code => of_set(checked, names::codes),
        Place::Rule => of_set(checked, names::rules).into_iter().chain([word("none", "No rule decides.")]).collect(),
        Place::RuleOnly => of_set(checked, names::rules),
        Place::Exception => exceptions(checked),
        Place::Finding => {
            let accepted = Code::ALL.iter().filter(|code| grammar::can_be_accepted(**code));
            accepted.map(|code| word(code.word(), code.summary())).collect()
        }
    }
}

fn condition(last: Option<&&str>) -> Vec<Choice> {
    let always = (last == Some(&"when")).then(|| word("always", "The rule applies to every request."));
    let fields = Field::ALL.into_iter().map(|field| key(field.name(), keys::field(field)));
    let structure = keys::STRUCTURE.iter().map(|(name, about)| key(name, *about));
    fields.chain(structure).chain(always).collect()
}

fn key(name: &str, about: impl Into<String>) -> Choice {
    Choice { word: name.to_owned(), about: about.into(), kind: lsp::CompletionItemKind::Property, is_key: true }
}

fn word(name: &str, about: &str) -> Choice {
    Choice { word: name.to_owned(), about: about.to_owned(), kind: lsp::CompletionItemKind::Value, is_key: false }
}

fn of_set(checked: Option<&Checked>, of: fn(&Outline) -> &[Named]) -> Vec<Choice> {
    let named = checked.into_iter().flat_map(|checked| names::all(checked, of));
    named.map(|(_, named)| word(&named.name, &named.detail)).collect()
}

fn exceptions(checked: Option<&Checked>) -> Vec<Choice> {
    let rules = checked.into_iter().flat_map(|checked| names::all(checked, names::rules));
    let each = rules.flat_map(|(_, rule)| rule.below.iter().map(move |exception| (rule, exception)));
    each.map(|(rule, exception)| word(&format!("{}/{}", rule.name, exception.name), &exception.detail)).collect()
}
