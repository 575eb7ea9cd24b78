//! The names that the files of a set declare: what is known of each, and where it stands.

use std::ops::Range;

use crate::{
    cli::lsp::{checking::Checked, keys::Place},
    diagnostic::counted,
    rules::{Named, Outline},
};

/// The names of a kind, each with the path of its file.
pub(super) fn all(checked: &Checked, of: fn(&Outline) -> &[Named]) -> impl Iterator<Item = (&str, &Named)> {
    checked.outlines.iter().flat_map(move |(path, outline)| of(outline).iter().map(move |named| (path.as_str(), named)))
}

pub(super) fn lists(outline: &Outline) -> &[Named] {
    &outline.lists
}

pub(super) fn codes(outline: &Outline) -> &[Named] {
    &outline.codes
}

pub(super) fn rules(outline: &Outline) -> &[Named] {
    &outline.rules
}

fn find<'c>(checked: &'c Checked, of: fn(&Outline) -> &[Named], name: &str) -> Option<(&'c str, &'c Named)> {
    all(checked, of).find(|(_, named)| named.name == name)
}

pub(super) fn list(checked: &Checked, name: &str) -> Option<String> {
    let (_, list) = find(checked, lists, name)?;
    let size = checked.sizes.get(name).map_or_else(|| "cannot be read".to_owned(), |size| entries(*size));
    let file = if list.detail.is_empty() { String::new() } else { format!(", in `{}`", list.detail) };
    Some(format!("list `{name}`: {size}{file}"))
}

fn entries(count: usize) -> String {
    if count == 1 { counted(count, "entry") } else { format!("{count} entries") }
}

pub(super) fn code(checked: &Checked, name: &str) -> Option<String> {
    let (_, code) = find(checked, codes, name)?;
    Some(format!("code `{name}`: {}", code.detail))
}

pub(super) fn rule(checked: &Checked, name: &str) -> Option<String> {
    let (_, rule) = find(checked, rules, name)?;
    Some(format!("rule `{name}`: {}", rule.detail))
}

pub(super) fn exception(checked: &Checked, name: &str) -> Option<String> {
    let (_, exception) = exception_of(checked, name)?;
    Some(format!("exception `{name}`: {}", exception.detail))
}

fn exception_of<'c>(checked: &'c Checked, name: &str) -> Option<(&'c str, &'c Named)> {
    let (rule, id) = name.split_once('/')?;
    let (path, rule) = find(checked, rules, rule)?;
    rule.below.iter().find(|exception| exception.name == id).map(|exception| (path, exception))
}

/// The file and the bytes where a name is declared.
pub(super) fn declared<'c>(checked: &'c Checked, place: &Place, name: &str) -> Option<(&'c str, Range<usize>)> {
    let found = match place {
        Place::List => find(checked, lists, name),
        Place::Code => find(checked, codes, name),
        Place::Rule | Place::RuleOnly => find(checked, rules, name),
        // The rule, where it has no such exception.
        Place::Exception => exception_of(checked, name)
            .or_else(|| find(checked, rules, name.split_once('/').map_or(name, |(rule, _)| rule))),
        _ => None,
    };
    found.map(|(path, named)| (path, named.at.clone()))
}
