//! The text that is laid out: its lines, and what stands between its values.

use crate::yaml::format::block::Writer;

/// What cannot be moved safely, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    /// What it is, and what to do about it.
    pub(super) what: &'static str,
}

pub(super) type Laid<T> = Result<T, Fault>;

impl<'t> Writer<'t> {
    /// The first byte from a place on that is neither white space nor part of a comment.
    pub(super) fn content(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            let rest = self.rest(at);
            at += rest.len() - rest.trim_start().len();
            if !self.rest(at).starts_with('#') {
                return at;
            }
            at = self.line_end(at);
        }
    }

    /// The line `...` that ends the document, behind a place; the end of the text where there is none.
    pub(super) fn end_marker(&self, from: usize) -> usize {
        let mut at = self.line_end(from);
        for line in self.rest(at).split_inclusive('\n') {
            if line.starts_with("...") {
                return at;
            }
            at += line.len();
        }
        self.text.len()
    }

    /// The end of the last comment between two lines that stands further right than `column`, which belongs to what is above.
    pub(super) fn split(&self, from: usize, to: usize, column: usize) -> usize {
        let mut split = from;
        let mut at = from;
        for line in self.slice(from, to).split_inclusive('\n') {
            at += line.len();
            let indent = line.len() - line.trim_start_matches(' ').len();
            if indent > column && line.trim_start().starts_with('#') {
                split = at;
            }
        }
        split
    }

    /// The comments and blank lines between two places, without their indentation; of blank lines one.
    pub(super) fn comments(&self, from: usize, to: usize) -> Laid<Vec<String>> {
        let content = self.content(from);
        if content < to {
            return Err(Fault { at: content, what: "this is neither a value nor a comment: remove it" });
        }
        let mut found: Vec<String> = Vec::new();
        for line in self.slice(from, to.max(from)).lines().map(str::trim_start) {
            if !line.is_empty() || found.last().is_none_or(|last| !last.is_empty()) {
                found.push(line.to_owned());
            }
        }
        Ok(found)
    }

    /// The comment on the rest of a line, with the space before it.
    pub(super) fn comment_behind(&self, from: usize, line_end: usize) -> Laid<&'t str> {
        let rest = self.slice(from, line_end).trim_end_matches('\n');
        match rest.trim_start() {
            "" => Ok(""),
            comment if comment.starts_with('#') && comment.len() < rest.len() => Ok(rest),
            _ => Err(Fault { at: from, what: "something other than a comment stands behind this: remove it" }),
        }
    }

    /// Where the content begins: behind a line `---`.
    pub(super) fn behind_marker(&self, content: usize) -> usize {
        let mut at = 0;
        let mut behind = 0;
        for line in self.slice(0, content).split_inclusive('\n') {
            at += line.len();
            if line.starts_with("---") {
                behind = at;
            }
        }
        behind
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub(super) fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |end| end + 1)
    }

    /// One past the line end behind a place.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.rest(at).find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    pub(super) fn column(&self, at: usize) -> usize {
        self.slice(self.line_start(at), at).chars().count()
    }
}
