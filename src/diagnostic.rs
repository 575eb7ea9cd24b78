//! What is wrong in a file that a person wrote, where, and what to do about it.
//!
//! Stages push a [`Diagnostic`] to a [`Sink`] and go on; [`Report`] turns what was collected into findings that no
//! longer need the sources, sorted by place. The formats are in the files below; nothing here prints.

pub mod code;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod render;
mod report;
pub mod sarif;
mod suggest;

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

pub use code::Code;
pub use report::{Finding, Label, Position, Report};
pub use suggest::did_you_mean;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The set does not load.
    Error,
    /// The set loads; `--deny-warnings` makes a check fail on it.
    Warning,
    /// Worth knowing; never fails anything.
    Note,
}

impl Severity {
    /// The word that users see.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A number of things, such as `1 error` or `2 errors`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// One file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes in a file; empty at 0 where the whole file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Place {
    /// The bytes `range` of `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Place {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Place { file, start: clamp(range.start), end: clamp(range.end) }
    }

    /// Whether another place lies in it.
    pub fn holds(self, other: Place) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Whether it has no bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Its bytes.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The file as a whole.
    pub fn whole(file: FileId) -> Place {
        Place { file, start: 0, end: 0 }
    }
}

/// The texts that places point into.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    path: String,
    /// Shared, because the text of a list file is what its entries are looked up in.
    text: Arc<String>,
    /// Where each line begins; found when a place is first asked for, because most list files never have one.
    lines: OnceLock<Vec<usize>>,
}

impl Sources {
    /// Adds a file under the name that users know it by.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.share(path, Arc::new(text.into()))
    }

    /// The same, with a text that somebody else may hold.
    pub fn share(&mut self, path: impl Into<String>, text: Arc<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source { path: path.into(), text, lines: OnceLock::new() });
        id
    }

    /// The name of a file.
    pub fn path(&self, file: FileId) -> &str {
        self.get(file).map_or("", |source| &source.path)
    }

    /// The text of a file.
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |source| &source.text)
    }

    /// The text of the file of a name; empty where there is none.
    pub fn text_of(&self, path: &str) -> &str {
        self.files.iter().find(|source| source.path == path).map_or("", |source| &source.text)
    }

    /// The same, to be held for longer.
    pub fn shared_text(&self, file: FileId) -> Arc<String> {
        self.get(file).map(|source| Arc::clone(&source.text)).unwrap_or_default()
    }

    /// Makes a place unreadable in everything that is shown of the text; every other place stays where it is.
    pub fn hide(&mut self, place: Place) {
        let Some(source) = self.files.get_mut(place.file.0 as usize) else { return };
        let range = place.start as usize..place.end as usize;
        let Some(text) = source.text.get(range.clone()) else { return };
        let hide = |character: char| match character {
            '\n' | '\r' => character.to_string(),
            _ => "*".repeat(character.len_utf8()),
        };
        let hidden: String = text.chars().map(hide).collect();
        Arc::make_mut(&mut source.text).replace_range(range, &hidden);
    }

    /// The line of a place, from 1.
    pub fn line(&self, place: Place) -> usize {
        self.line_at(place.file, place.start as usize).0
    }

    /// The line that holds a byte, from 1, and its bytes without the line end.
    fn line_at(&self, file: FileId, offset: usize) -> (usize, Range<usize>) {
        let Some(source) = self.get(file) else { return (1, 0..0) };
        let lines = source.lines.get_or_init(|| {
            let ends = source.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        });
        let line = lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| lines.get(line)).copied().unwrap_or_default();
        let end = lines.get(line).map_or(source.text.len(), |next| next - 1);
        let text = source.text.get(start..end).unwrap_or_default();
        (line, start..start + text.trim_end_matches('\r').len())
    }

    fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }
}

/// One finding: what, where, and what to do.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Names the kind of finding and fixes its severity.
    pub code: Code,
    /// What is wrong: lower case, no final period, user input in backticks.
    pub message: String,
    /// Where.
    pub place: Place,
    /// A few words under the caret.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Other places that belong to it, with a few words each.
    pub related: Vec<(Place, String)>,
    /// A change that mends it, for an editor to make.
    pub fix: Option<Box<Fix>>,
}

/// A change that mends a finding: a place, and what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub place: Place,
    /// The new text, with its quotes.
    pub text: String,
}

impl Diagnostic {
    /// A finding at a place.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic { code, message: message.into(), place, label: None, help: None, related: Vec::new(), fix: None }
    }

    /// Puts a few words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = Some(label.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Says what to do, if there is something to say.
    #[must_use]
    pub fn help_if(mut self, help: Option<String>) -> Diagnostic {
        self.help = help.or(self.help);
        self
    }

    /// Says which word was meant, and offers it in place of the one that stands there.
    #[must_use]
    pub fn meant(self, word: &str) -> Diagnostic {
        self.help(format!("did you mean `{word}`?")).fix(word)
    }

    /// The same, if a word is near enough; else what was said to do stays.
    #[must_use]
    pub fn meant_if(self, word: Option<&str>) -> Diagnostic {
        match word {
            Some(word) => self.meant(word),
            None => self,
        }
    }

    /// Offers a text to stand at the place.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Diagnostic {
        self.fix = Some(Box::new(Fix { place: self.place, text: text.into() }));
        self
    }

    /// The same, if there is one.
    #[must_use]
    pub fn fix_if(mut self, text: Option<impl Into<String>>) -> Diagnostic {
        let place = self.place;
        self.fix = text.map(|text| Box::new(Fix { place, text: text.into() })).or(self.fix);
        self
    }

    /// Points at another place as well.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Diagnostic {
        self.related.push((place, label.into()));
        self
    }
}

/// How many findings of one severity a sink keeps; the rest are counted.
pub const KEPT_PER_SEVERITY: usize = 1000;

/// Collects findings. Bounded: the worst file cannot make it grow without end.
#[derive(Debug, Default)]
pub struct Sink {
    kept: Vec<Diagnostic>,
    counts: [usize; 3],
    accepted: usize,
}

impl Sink {
    /// Records a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let Some(count) = self.counts.get_mut(diagnostic.code.severity() as usize) else { return };
        *count += 1;
        if *count <= KEPT_PER_SEVERITY {
            self.kept.push(diagnostic);
        }
    }

    /// Takes out the findings that somebody accepted, and counts them; an error never is.
    pub fn accept(&mut self, mut is_accepted: impl FnMut(&Diagnostic) -> bool) {
        let Sink { kept, counts, accepted } = self;
        kept.retain(|diagnostic| {
            let severity = diagnostic.code.severity();
            let is_accepted = severity != Severity::Error && is_accepted(diagnostic);
            if let Some(count) = counts.get_mut(severity as usize).filter(|_| is_accepted) {
                *count -= 1;
                *accepted += 1;
            }
            !is_accepted
        });
    }

    /// How many findings of a severity were pushed, kept or not.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.get(severity as usize).copied().unwrap_or_default()
    }

    /// Whether one more finding of a kind is only counted, so that its text is not worth any work.
    pub fn is_full(&self, code: Code) -> bool {
        self.count(code.severity()) >= KEPT_PER_SEVERITY
    }

    /// Whether anything pushed forbids the set to load.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// What was kept, in the order in which it was pushed.
    pub fn kept(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter()
    }

    /// The same, to keep.
    pub fn into_kept(self) -> Vec<Diagnostic> {
        self.kept
    }
}
