//! Findings that stand alone: sorted by place, with line, column and the lines they point into.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, FileId, Fix, Place, Severity, Sink, Sources};

/// What was found in a set of files, sorted by place.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings that were kept.
    pub findings: Vec<Finding>,
    /// How many findings were accepted where they stand; they are not among the others.
    pub accepted: usize,
    counts: [usize; 3],
}

/// A place that people can go to. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A marked range of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The path of the file.
    pub path: String,
    /// Where the range begins.
    pub start: Position,
    /// Where it ends; the column is one past the last character.
    pub end: Position,
    /// The line of the file that the range begins in, cut around it where it is long.
    pub excerpt: String,
    /// The marked bytes of the excerpt.
    pub marked: Range<usize>,
    /// A few words; empty where there is nothing to say.
    pub text: String,
    /// The place itself, for somebody who has the sources.
    pub place: Place,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Names the kind of finding.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub place: Label,
    /// What to do.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Label>,
    /// A change that mends it.
    pub fix: Option<Box<Fix>>,
}

impl Report {
    /// Resolves what a sink collected against the texts that it points into.
    pub fn new(sources: &Sources, sink: Sink) -> Report {
        let (counts, accepted) = (sink.counts, sink.accepted);
        let mut kept = sink.into_kept();
        // Stable: of what is said of one place, whoever found it knows the order.
        kept.sort_by_key(|diagnostic| (diagnostic.place, diagnostic.code));
        let mut resolver = Resolver { sources, places: Default::default(), related: Default::default() };
        let findings = kept.into_iter().map(|diagnostic| resolver.finding(diagnostic)).collect();
        Report { findings, accepted, counts }
    }

    /// How many findings of a severity there are, kept or not.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.get(severity as usize).copied().unwrap_or_default()
    }

    /// How many findings of a severity were counted and not kept.
    pub fn hidden(&self, severity: Severity) -> usize {
        let kept = self.findings.iter().filter(|finding| finding.code.severity() == severity).count();
        self.count(severity).saturating_sub(kept)
    }

    /// Whether the set cannot load.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

/// How much of a long line is shown on each side of what is marked, in bytes.
const SHOWN_AROUND: usize = 120;

/// The longest message, in characters: what is beyond is a text of the user's.
const MAX_TOLD: usize = 1000;

/// How much is shown of the end of a longer one, which says what is wrong.
const TOLD_OF_END: usize = 200;

/// A message that stays on its line, does nothing to a terminal and can be read to its end.
fn told(message: &str) -> String {
    let length = message.chars().count();
    let hidden = MAX_TOLD - TOLD_OF_END..length.saturating_sub(TOLD_OF_END);
    let mut told = String::with_capacity(message.len().min(MAX_TOLD));
    for (at, character) in message.chars().enumerate() {
        if length > MAX_TOLD && hidden.contains(&at) {
            if at == hidden.start {
                told.push('…');
            }
        } else if character.is_control() || is_bidi(character) {
            told.extend(character.escape_unicode());
        } else {
            told.push(character);
        }
    }
    told
}

/// Whether a character changes the direction of what stands around it.
fn is_bidi(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Gives places their lines and columns.
struct Resolver<'s> {
    sources: &'s Sources,
    places: Cursors,
    related: Cursors,
}

/// Where the last label began and ended.
#[derive(Default)]
struct Cursors {
    start: Cursor,
    end: Cursor,
}

/// A place whose column is known: the next one is counted from there, because a line may have millions of characters.
#[derive(Default)]
struct Cursor {
    file: Option<FileId>,
    line: usize,
    offset: usize,
    column: usize,
}

impl Resolver<'_> {
    fn finding(&mut self, diagnostic: Diagnostic) -> Finding {
        let Resolver { sources, places, related } = self;
        let place = places.label(sources, diagnostic.place, diagnostic.label.unwrap_or_default());
        let others = diagnostic.related.into_iter();
        let related = others.map(|(place, text)| related.label(sources, place, text)).collect();
        let (message, help) = (told(&diagnostic.message), diagnostic.help.as_deref().map(told));
        Finding { code: diagnostic.code, message, place, help, related, fix: diagnostic.fix }
    }
}

impl Cursors {
    fn label(&mut self, sources: &Sources, place: Place, text: String) -> Label {
        let source = sources.text(place.file);
        let start = source.floor_char_boundary((place.start as usize).min(source.len()));
        let end = source.ceil_char_boundary((place.end as usize).clamp(start, source.len()));
        let line = sources.line_at(place.file, start).1;
        let from = source.ceil_char_boundary(line.start.max(start.saturating_sub(SHOWN_AROUND)));
        let to = source.floor_char_boundary(line.end.min(start.saturating_add(SHOWN_AROUND))).max(from);
        Label {
            path: sources.path(place.file).to_owned(),
            start: self.start.go(sources, place.file, start),
            end: self.end.go(sources, place.file, end),
            excerpt: source.get(from..to).unwrap_or_default().to_owned(),
            marked: start.min(to) - from..end.min(to) - from,
            text,
            place,
        }
    }
}

impl Cursor {
    fn go(&mut self, sources: &Sources, file: FileId, offset: usize) -> Position {
        let (line, bytes) = sources.line_at(file, offset);
        if (self.file, self.line) != (Some(file), line) {
            *self = Cursor { file: Some(file), line, offset: bytes.start, column: 1 };
        }
        let characters = |range: Range<usize>| sources.text(file).get(range).unwrap_or_default().chars().count();
        self.column = if self.offset <= offset {
            self.column + characters(self.offset..offset)
        } else {
            self.column - characters(offset..self.offset)
        };
        self.offset = offset;
        Position { line, column: self.column }
    }
}
