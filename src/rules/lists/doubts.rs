//! What looks like a mistake in the entries of a list.

use std::collections::{HashMap, HashSet};

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink, Sources},
    matchers::lists::Entries,
    text::{
        self,
        set::{Line, TextSet},
    },
};

/// How many doubtful entries of one list are shown; the rest are counted.
const SHOWN: usize = 20;

/// Entries that differ only by case are looked for in lists up to this size.
const MAX_CASE_CHECKED: usize = 1_000_000;

/// Warns of what looks like a mistake, and returns the distinct entries.
pub(super) fn check(entries: &Entries<'_>, list: Place, sources: &Sources, sink: &mut Sink) -> TextSet {
    let mut doubts = Doubts { shown: 0, hidden: 0, has_capitals: false, sink };
    let set = match entries {
        Entries::File { file, count, .. } => TextSet::of_lines(&sources.shared_text(*file), *count, |line| {
            let place = || Place::new(*file, line.at..line.at + line.entry.len());
            doubts.look(line, place, |entry| doubt(entry).or_else(|| of_a_line(entry)));
        }),
        Entries::Inline(written) => {
            let mut set = TextSet::default();
            for (entry, place) in written {
                let line = Line { at: 0, entry, is_repeated: !set.insert(entry) };
                doubts.look(line, || *place, doubt);
            }
            set
        }
        Entries::Reported => TextSet::default(),
    };
    if doubts.has_capitals && set.len() <= MAX_CASE_CHECKED {
        differing_by_case(entries, &mut doubts);
    }
    let hidden = doubts.hidden;
    if hidden > 0 {
        let message = format!("{hidden} more entries of this list look like a mistake");
        sink.push(Diagnostic::new(Code::SuspiciousEntry, list, message).help("mend the ones that are shown first"));
    }
    set
}

/// A doubt about an entry: what it looks like, and what to do.
type Doubt = (&'static str, &'static str);

/// Whether an entry has nothing but what accounts are made of, so that there is no doubt about it.
fn is_plain(entry: &str) -> bool {
    // No early end: most entries are plain, and without it many bytes are looked at together.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b'_' | b'-' | b'.' | b'@' | b':');
    entry.bytes().fold(true, |all, byte| all & plain(byte))
}

fn has_capital(entry: &str) -> bool {
    if entry.is_ascii() {
        entry.bytes().fold(false, |any, byte| any | byte.is_ascii_uppercase())
    } else {
        entry.chars().any(char::is_uppercase)
    }
}

fn doubt(entry: &str) -> Option<Doubt> {
    if entry.contains(" # ") {
        Some(("may end in a comment", "a comment needs a line of its own; all of this line is the entry"))
    } else if entry.starts_with('#') {
        Some(("may be meant as a comment", "a comment begins with `# `; leave it if an account really begins with `#`"))
    } else if text::visible(entry) != entry {
        Some(("has an invisible character", "remove the character, unless it really belongs to the entry"))
    } else if entry.trim() != entry {
        Some(("has white space at an end", "remove it: an account has none"))
    } else {
        None
    }
}

/// Doubts about a line that was written as if the file were YAML, or a table.
fn of_a_line(line: &str) -> Option<Doubt> {
    const WHOLE: &str = "all of the line is the entry";
    let is_quoted = |quote| line.len() > 2 && line.starts_with(quote) && line.ends_with(quote);
    if line.starts_with("- ") {
        Some(("begins with a dash", "write the entry alone: a list file is no YAML"))
    } else if is_quoted('"') || is_quoted('\'') {
        Some(("has quotes around it", "write the entry without them: a list file needs no quotes"))
    } else if line.ends_with([',', ';']) && line.len() > 1 {
        Some(("ends in a separator", WHOLE))
    } else if joins_words(line) {
        Some(("may be several entries", "write one entry a line"))
    } else {
        None
    }
}

/// `alice,bob`, and neither `1,000` nor a comma in a phrase.
fn joins_words(line: &str) -> bool {
    let mut parts = line.split([',', ';']);
    let is_word = |part: &str| part.contains(char::is_alphabetic) && part.bytes().all(|byte| byte.is_ascii_graphic());
    line.contains([',', ';']) && parts.all(is_word)
}

/// Of two entries that differ only by case at least one has a capital, so only those are remembered.
fn differing_by_case(entries: &Entries<'_>, doubts: &mut Doubts<'_>) {
    let mut folded: HashMap<String, &str> = HashMap::new();
    let mut twins = Vec::new();
    for (entry, place) in entries.iter().filter(|(entry, _)| has_capital(entry)) {
        let first = *folded.entry(entry.to_lowercase()).or_insert(entry);
        if first != entry {
            twins.push((entry, first, place));
        }
    }
    if !folded.is_empty() {
        let small = entries.iter().filter(|(entry, _)| !has_capital(entry));
        twins.extend(small.filter_map(|(entry, place)| Some((entry, *folded.get(entry)?, place))));
    }
    let mut told = HashSet::new();
    for (entry, first, place) in twins.into_iter().filter(|(entry, ..)| told.insert(*entry)) {
        let message = format!("`{}` and `{}` differ only by case", text::visible(entry), text::visible(first));
        let help = "names are compared without case, so one is enough; accounts with it: keep both if both exist";
        doubts.push(Code::SuspiciousEntry, place, message, help);
    }
}

/// Shows the first doubts about a list and counts the rest.
struct Doubts<'a> {
    shown: usize,
    hidden: usize,
    /// Whether an entry has a capital.
    has_capitals: bool,
    sink: &'a mut Sink,
}

impl Doubts<'_> {
    /// Looks at one entry; `doubt` says what is odd about one that is not plain.
    fn look(&mut self, line: Line<'_>, place: impl Fn() -> Place, doubt: impl Fn(&str) -> Option<Doubt>) {
        let Line { entry, is_repeated, .. } = line;
        self.has_capitals = self.has_capitals || has_capital(entry);
        if is_repeated {
            let message = format!("`{}` is in the list twice", text::visible(entry));
            self.push(Code::DuplicateEntry, place(), message, "remove one");
        } else if !is_plain(entry)
            && let Some((what, help)) = doubt(entry)
        {
            let message = format!("`{}` {what}", text::visible(entry));
            self.push(Code::SuspiciousEntry, place(), message, help);
        }
    }

    fn push(&mut self, code: Code, place: Place, message: String, help: &str) {
        if self.shown < SHOWN {
            self.shown += 1;
            self.sink.push(Diagnostic::new(code, place, message).help(help));
        } else {
            self.hidden += 1;
        }
    }
}
