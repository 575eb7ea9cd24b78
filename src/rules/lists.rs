//! The lists of a set: where their entries come from, and what looks like a mistake in them.

use std::collections::{BTreeMap, HashMap};

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
    text::{self, set::TextSet},
};

/// The list files that were read, or why they were not.
pub(super) type Files = BTreeMap<(usize, String), Result<FileId, ListFault>>;

/// How many doubtful entries of one list are shown; the rest are counted.
const SHOWN: usize = 20;

/// Entries that differ only by case are looked for in lists up to this size.
const MAX_CASE_CHECKED: usize = 1_000_000;

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
        let set = check_entries(&entries, list.name.place, sink);
        lists.declare(name, List { place: list.name.place, entries }, set);
    }
    lists
}

fn entries<'s>(list: &ast::List<'s>, files: &Files, sources: &'s Sources, sink: &mut Sink) -> Entries<'s> {
    match &list.entries {
        ListEntries::Inline(entries) => Entries::Inline(entries.clone()),
        ListEntries::Reported => Entries::Reported,
        ListEntries::File(index, written) => match files.get(&(*index, written.value.to_owned())) {
            Some(Ok(file)) => {
                Entries::File { file: *file, text: sources.text(*file), spans: spans(sources.text(*file)) }
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

/// First byte and length of each line that is an entry.
fn spans(text: &str) -> Vec<(u32, u32)> {
    let mut start = 0;
    let lines = text.split('\n').map(|line| {
        let at = start;
        start += line.len() + 1;
        (at, line)
    });
    let entries = lines.filter_map(|(at, line)| {
        let entry = line.trim();
        let comment = entry == "#" || entry.starts_with("# ");
        let at = at + (line.len() - line.trim_start().len());
        (!entry.is_empty() && !comment).then(|| Some((u32::try_from(at).ok()?, u32::try_from(entry.len()).ok()?)))?
    });
    entries.collect()
}

fn check_length(list: &ast::List<'_>, entries: &Entries<'_>, sink: &mut Sink) {
    let (found, min, name) = (entries.len(), list.min, list.name.value);
    if matches!(entries, Entries::Reported) {
        return;
    }
    if found < min {
        let message = format!("the list `{name}` has {found} entries, but must have at least {min}");
        let help = "a list that was cut short would let everybody pass; fill it, or lower `min`";
        sink.push(Diagnostic::new(Code::ListTooShort, list.name.place, message).help(help));
    }
    if found > MAX_EXACT_ENTRIES {
        let message = format!("the list `{name}` has {found} entries, at most {MAX_EXACT_ENTRIES} are allowed");
        sink.push(Diagnostic::new(Code::ListTooLong, list.name.place, message).help("split it over several lists"));
    }
}

/// Warns of what looks like a mistake, and returns the distinct entries.
fn check_entries(entries: &Entries<'_>, list: Place, sink: &mut Sink) -> TextSet {
    let mut set = TextSet::default();
    let mut doubts = Doubts { shown: 0, hidden: 0, sink };
    for (entry, place) in entries.iter() {
        if !set.insert(entry) {
            doubts.push(
                Code::DuplicateEntry,
                place,
                format!("`{}` is in the list twice", text::visible(entry)),
                "remove one",
            );
        } else if entry.contains(" # ") {
            let help = "a comment needs a line of its own; all of this line is the entry";
            doubts.push(Code::SuspiciousEntry, place, format!("`{}` may end in a comment", text::visible(entry)), help);
        } else if entry.starts_with('#') {
            let help = "a comment begins with `# `; leave it if an account really begins with `#`";
            doubts.push(
                Code::SuspiciousEntry,
                place,
                format!("`{}` may be meant as a comment", text::visible(entry)),
                help,
            );
        } else if text::visible(entry) != entry {
            let help = "remove the character, unless it really belongs to the entry";
            doubts.push(
                Code::SuspiciousEntry,
                place,
                format!("`{}` has an invisible character", text::visible(entry)),
                help,
            );
        }
    }
    if set.len() <= MAX_CASE_CHECKED {
        differing_by_case(entries, &mut doubts);
    }
    let hidden = doubts.hidden;
    if hidden > 0 {
        let message = format!("{hidden} more entries of this list look like a mistake");
        sink.push(Diagnostic::new(Code::SuspiciousEntry, list, message).help("mend the ones that are shown first"));
    }
    set
}

/// Of two entries that differ only by case at least one has a capital, so only those are remembered.
fn differing_by_case(entries: &Entries<'_>, doubts: &mut Doubts<'_>) {
    let capital = |entry: &str| entry.chars().any(char::is_uppercase);
    let mut folded: HashMap<String, &str> = HashMap::new();
    let mut twins = Vec::new();
    for (entry, place) in entries.iter().filter(|(entry, _)| capital(entry)) {
        let first = *folded.entry(entry.to_lowercase()).or_insert(entry);
        if first != entry {
            twins.push((entry, first, place));
        }
    }
    if !folded.is_empty() {
        let small = entries.iter().filter(|(entry, _)| !capital(entry));
        twins.extend(small.filter_map(|(entry, place)| Some((entry, *folded.get(entry)?, place))));
    }
    for (entry, first, place) in twins {
        let message = format!("`{}` and `{}` differ only by case", text::visible(entry), text::visible(first));
        let help = "accounts are compared with their case; keep both only if both exist";
        doubts.push(Code::SuspiciousEntry, place, message, help);
    }
}

/// Shows the first doubts about a list and counts the rest.
struct Doubts<'a> {
    shown: usize,
    hidden: usize,
    sink: &'a mut Sink,
}

impl Doubts<'_> {
    fn push(&mut self, code: Code, place: Place, message: String, help: &str) {
        if self.shown < SHOWN {
            self.shown += 1;
            self.sink.push(Diagnostic::new(code, place, message).help(help));
        } else {
            self.hidden += 1;
        }
    }
}
