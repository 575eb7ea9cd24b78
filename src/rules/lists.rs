//! The lists of a set: where their entries come from, and whether there are enough of them.

mod doubts;

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Code, Diagnostic, FileId, Place, Sink, Sources},
    matchers::{
        List, Lists,
        lists::{Entries, MAX_EXACT_ENTRIES},
    },
    rules::{
        ast::{self, ListEntries, RuleSet},
        input::ListFault,
    },
    text::lines,
};

/// The list files that were read, or why they were not; nothing for one whose content was reported.
pub(super) type Files = BTreeMap<(usize, String), Result<Option<FileId>, ListFault>>;

/// Resolves every declared list.
pub(super) fn resolve<'s>(set: &RuleSet<'s>, files: &Files, sources: &'s Sources, sink: &mut Sink) -> Lists<'s> {
    let mut lists = Lists::new(set.completeness);
    for list in &set.lists {
        let name = list.name.value;
        if let Some(first) = lists.declared.get(name) {
            let message = format!("the list `{name}` is declared twice in the set");
            sink.push(
                Diagnostic::new(Code::DeclaredTwice, list.name.place, message)
                    .related(first.place, "first here")
                    .help("give one of them another name, or join the two"),
            );
            continue;
        }
        let entries = entries(list, files, sources, sink);
        check_length(list, &entries, sink);
        let entries = bounded(list, entries, sink);
        let set = doubts::check(&entries, list.name.place, sources, sink);
        lists.declare(name, List { place: list.name.place, entries }, set);
    }
    lists
}

fn entries<'s>(list: &ast::List<'s>, files: &Files, sources: &'s Sources, sink: &mut Sink) -> Entries<'s> {
    match &list.entries {
        ListEntries::Inline(entries) => Entries::Inline(entries.clone()),
        ListEntries::Reported => Entries::Reported,
        ListEntries::File(index, written) => match files.get(&(*index, written.value.to_owned())) {
            Some(Ok(None)) => Entries::Reported,
            Some(Ok(Some(file))) => {
                let text = sources.text(*file);
                Entries::File { file: *file, text, count: lines::entries(text).count() }
            }
            Some(Err(fault)) => {
                let found = Diagnostic::new(Code::UnreadableList, written.place, fault.message.clone());
                sink.push(found.help_if(fault.help.clone()));
                Entries::Reported
            }
            None => {
                let message = format!("the list file `{}` was not read", written.value);
                sink.push(Diagnostic::new(Code::UnreadableList, written.place, message));
                Entries::Reported
            }
        },
    }
}

fn check_length(list: &ast::List<'_>, entries: &Entries<'_>, sink: &mut Sink) {
    let (found, min) = (entries.len(), list.min);
    if matches!(entries, Entries::Reported) {
        return;
    }
    if found < min {
        sink.push(too_short(list, entries));
    }
}

/// A list that is too long is not looked into: a set of it would take memory without limit.
fn bounded<'s>(list: &ast::List<'_>, entries: Entries<'s>, sink: &mut Sink) -> Entries<'s> {
    let (found, name) = (entries.len(), list.name.value);
    if found <= MAX_EXACT_ENTRIES {
        return entries;
    }
    let message = format!("the list `{name}` has {found} entries, at most {MAX_EXACT_ENTRIES} are allowed");
    sink.push(Diagnostic::new(Code::ListTooLong, list.name.place, message).help("split it over several lists"));
    Entries::Reported
}

fn too_short(list: &ast::List<'_>, entries: &Entries<'_>) -> Diagnostic {
    let (found, min, name) = (entries.len(), list.min, list.name.value);
    let count = match found {
        0 => "no entry".to_owned(),
        1 => "1 entry".to_owned(),
        _ => format!("{found} entries"),
    };
    match (entries, &list.entries) {
        (Entries::File { file, .. }, ListEntries::File(_, written)) => {
            let message = format!("the list file `{}` has {count}, and `{name}` needs at least {min}", written.value);
            let lower = if min > 1 { ", or lower `min`" } else { "" };
            Diagnostic::new(Code::ListTooShort, Place::whole(*file), message)
                .related(list.name.place, "declared here")
                .help(format!("a list that was cut short would let everybody pass; fill it{lower}"))
        }
        _ => Diagnostic::new(Code::ListTooShort, list.name.place, format!("the list `{name}` has {count}"))
            .help("put something into it, or remove the list and the tests that use it"),
    }
}
