//! Findings that stand alone: sorted by place, with line, column and the lines they point into.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, FileId, Place, Severity, Sink, Sources};

/// What was found in a set of files, sorted by place.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings that were kept.
    pub findings: Vec<Finding>,
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
}

impl Report {
    /// Resolves what a sink collected against the texts that it points into.
    pub fn new(sources: &Sources, sink: Sink) -> Report {
        let counts = sink.counts;
        let mut kept = sink.into_kept();
        kept.sort_by(|a, b| (a.place, a.code, &a.message).cmp(&(b.place, b.code, &b.message)));
        let mut lines = Lines::default();
        let findings = kept.into_iter().map(|diagnostic| resolve(sources, &mut lines, diagnostic)).collect();
        Report { findings, counts }
    }

    /// How many findings of a severity there are, kept or not.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.get(severity as usize).copied().unwrap_or_default()
    }

    /// Whether the set cannot load.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

/// How much of a long line is shown on each side of what is marked, in bytes.
const SHOWN_AROUND: usize = 120;

/// Where lines begin, remembered from one place to the next: places come sorted, and a list file has millions of lines.
#[derive(Default)]
struct Lines {
    file: Option<FileId>,
    line: usize,
    start: usize,
}

impl Lines {
    /// The line that holds `offset`, from 1, and its first byte.
    fn locate(&mut self, file: FileId, text: &str, offset: usize) -> (usize, usize) {
        if self.file != Some(file) || offset < self.start {
            *self = Lines { file: Some(file), line: 1, start: 0 };
        }
        let passed = text.as_bytes().get(self.start..offset).unwrap_or_default();
        if let Some(last) = passed.iter().rposition(|byte| *byte == b'\n') {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.start += last + 1;
        }
        (self.line, self.start)
    }
}

fn resolve(sources: &Sources, lines: &mut Lines, diagnostic: Diagnostic) -> Finding {
    let place = label(sources, lines, diagnostic.place, diagnostic.label.unwrap_or_default());
    let related = diagnostic.related.into_iter();
    let related = related.map(|(place, text)| label(sources, &mut Lines::default(), place, text)).collect();
    Finding { code: diagnostic.code, message: diagnostic.message, place, help: diagnostic.help, related }
}

fn label(sources: &Sources, lines: &mut Lines, place: Place, text: String) -> Label {
    let source = sources.text(place.file);
    let start = source.floor_char_boundary((place.start as usize).min(source.len()));
    let end = source.ceil_char_boundary((place.end as usize).clamp(start, source.len()));
    let (line, line_start) = lines.locate(place.file, source, start);
    let rest = source.get(line_start..).unwrap_or_default();
    let line_end = line_start + rest.find('\n').unwrap_or(rest.len());
    let shown_end = end.min(line_end).max(start);
    let from = source.ceil_char_boundary(line_start.max(start.saturating_sub(SHOWN_AROUND)));
    let to = source.floor_char_boundary(line_end.min(start.saturating_add(SHOWN_AROUND)).max(start));
    Label {
        path: sources.path(place.file).to_owned(),
        start: Position { line, column: 1 + characters(source, line_start..start) },
        end: position_after(source, line, line_start, end),
        excerpt: source.get(from..to).unwrap_or_default().trim_end_matches('\r').to_owned(),
        marked: start - from..shown_end.min(to).max(start) - from,
        text,
    }
}

fn position_after(source: &str, line: usize, line_start: usize, end: usize) -> Position {
    let inside = source.get(line_start..end).unwrap_or_default();
    let last_start = inside.rfind('\n').map_or(line_start, |newline| line_start + newline + 1);
    let line = line + inside.bytes().filter(|byte| *byte == b'\n').count();
    Position { line, column: 1 + characters(source, last_start..end) }
}

fn characters(source: &str, range: Range<usize>) -> usize {
    source.get(range).unwrap_or_default().chars().count()
}
