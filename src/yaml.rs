//! The only YAML parser: a small tree in which every node knows its bytes.
//!
//! It accepts the part of YAML that reads the same for everybody: no anchors, aliases, merge keys or tags, one document,
//! text keys. Everything else is a finding. Reading values out of the tree is in [`read`].

mod build;
pub mod format;
mod literal;
pub mod read;
mod resolve;
pub mod shape;

use std::ops::Range;

use granit_parser::{ErrorKind, Parser, ScanError};

use crate::diagnostic::{Code, Diagnostic, FileId, Place, Sink};

pub use read::{Extra, Fields};

/// The deepest nesting of collections.
pub const MAX_DEPTH: usize = 64;

/// The most values in one file, keys not counted: about 150 MB of tree.
pub const MAX_NODES: usize = 1_000_000;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where to point when something is wrong with it: the first key of a block mapping, else all of it.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Value {
    /// A scalar, quoted or not.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, in written order, every key once.
    Mapping(Vec<(Key, Node)>),
    /// Something that was reported already; readers pass over it in silence.
    Reported,
}

/// A scalar.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The characters, after escapes.
    pub text: String,
    /// Whether it was written without quotes.
    pub plain: bool,
    /// The first byte of the characters in the file, where they stand there as they are.
    verbatim: Option<u32>,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// Where it stands.
    pub place: Place,
    /// Its characters.
    pub text: String,
    /// Whether it was written without quotes.
    pub plain: bool,
}

/// Parses the only document of a file; `None` after a finding that leaves no tree.
pub fn parse(file: FileId, text: &str, sink: &mut Sink) -> Option<Node> {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        disallow_directives: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    build::Builder::new(file, text, sink).run(Parser::new_from_str_with_options(text, options))
}

/// The finding for a text that is not YAML.
fn syntax_error(file: FileId, text: &str, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let tab = text.get(at..).and_then(|rest| rest.find('\t')).map(|tab| at + tab..at + tab + 1);
    let place = Place::new(file, tab.filter(|_| is_about_tab(error.kind())).unwrap_or_else(|| last_visible(text, at)));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            Diagnostic::new(Code::TooDeep, place, format!("collections are nested more than {MAX_DEPTH} deep"))
                .help("a condition that needs this much nesting is easier to read as several rules")
        }
        kind => Diagnostic::new(Code::InvalidYaml, place, format!("this is not YAML: {}", reason(error)))
            .help(nearby_colon(text, place).unwrap_or_else(|| mend_syntax(kind))),
    }
}

/// What is wrong, without the words of people who write parsers.
fn reason(error: &ScanError) -> String {
    let reason = match error.kind() {
        ErrorKind::ExpectedBlockSequenceEntry => {
            "this is neither a new item with `- ` nor indented like the keys above"
        }
        ErrorKind::ExpectedBlockMappingKey => "another key should stand here, such as `key: value`",
        ErrorKind::ExpectedFlowMappingSeparator => "a `,` or `}` is missing before this",
        ErrorKind::ExpectedFlowSequenceSeparator => "a `,` or `]` is missing before this",
        ErrorKind::ExpectedNodeContent => "a value is missing before this",
        ErrorKind::MappingValueNotAllowed => "a key and its colon cannot stand here",
        ErrorKind::UnknownQuotedScalarEscape => "there is no such escape in double quotes",
        _ => return error.info(),
    };
    reason.to_owned()
}

/// A full-width colon on the line of a mistake, or on the one before it.
fn nearby_colon(text: &str, place: Place) -> Option<&'static str> {
    let start = text.get(..place.start as usize).unwrap_or_default();
    let rest = text.get(start.len()..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let lines = start.rsplitn(3, '\n').take(2);
    [rest].into_iter().chain(lines).find_map(read::full_width_colon)
}

/// What to do about the mistakes that hands make most often.
fn mend_syntax(kind: &ErrorKind) -> &'static str {
    match kind {
        kind if is_about_tab(kind) => "indent with spaces, not tabs",
        ErrorKind::UnknownQuotedScalarEscape => "use single quotes: in double quotes a backslash begins an escape",
        ErrorKind::MappingValueNotAllowed => {
            "quote a text that has a colon and a space in it; otherwise look at the indentation"
        }
        ErrorKind::SimpleKeyExpected => "write a key with a colon and a space behind it: `key: value`",
        _ => "look at the indentation, quotes and brackets on this line and the one before it",
    }
}

fn is_about_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabInPlainScalar
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabNotAllowed
    )
}

/// The character at `at`, or the last one before it that can be seen.
fn last_visible(text: &str, at: usize) -> Range<usize> {
    let at = text.floor_char_boundary(at);
    let next = text.get(at..).and_then(|rest| rest.chars().next());
    if let Some(next) = next.filter(|next| !next.is_whitespace()) {
        return at..at + next.len_utf8();
    }
    let before = text.get(..at).unwrap_or_default().trim_end();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    before.len() - last..before.len()
}

impl Scalar {
    /// Whether its characters stand in the file as they are, without escapes.
    pub fn is_verbatim(&self) -> bool {
        self.verbatim.is_some()
    }
}

impl Node {
    /// The file that it stands in.
    pub fn file(&self) -> FileId {
        self.place.file
    }

    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        if let Value::Scalar(scalar) = &self.value { Some(scalar) } else { None }
    }

    /// The place of the bytes `range` of a scalar's text, or of all of it where it was written with escapes.
    pub fn place_of(&self, range: Range<usize>) -> Place {
        let Some(start) = self.scalar().and_then(|scalar| scalar.verbatim) else { return self.place };
        Place::new(self.place.file, start as usize + range.start..start as usize + range.end)
    }

    /// The value of a key, if it is a mapping that has it.
    pub fn child(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.text == key).map(|(_, value)| value)
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(Key, Node)] {
        if let Value::Mapping(entries) = &self.value { entries } else { &[] }
    }

    /// The items of a sequence; none of anything else.
    pub fn items(&self) -> &[Node] {
        if let Value::Sequence(items) = &self.value { items } else { &[] }
    }

    /// Whether there is nothing: no characters and no quotes, or a word for null.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.plain && resolve::is_null(&scalar.text))
    }
}
