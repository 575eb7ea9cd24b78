//! Lays a file out in the one canonical way: key order, quotes, indentation, blank lines. Comments stay with what they are
//! about.
//!
//! Values are copied as they were written, so that nothing can be lost; only quotes and the spaces of collections on one
//! line change. What came out is read again, and unless it means the same and has every comment, the file is left alone.

mod block;
mod leaf;
mod proof;
mod written;

use crate::{
    diagnostic::{Diagnostic, Sink, Sources},
    yaml::{self, Node, shape::Shape},
};

use block::Writer;

/// Why a text was left as it is.
#[derive(Debug)]
pub enum Unformatted {
    /// It cannot be read. The places are in a file of its own, without a byte order mark and with plain line ends.
    Faulty(Vec<Diagnostic>),
    /// Something cannot be moved safely: its first byte, if that is known, and what it is and what to do about it.
    Unsafe(Option<usize>, &'static str),
}

impl Unformatted {
    /// The line of a text, from 1, at which it cannot be moved safely, if that is known.
    pub fn line(&self, text: &str) -> Option<usize> {
        let Unformatted::Unsafe(Some(at), _) = self else { return None };
        Some(plain_line_ends(text).get(..*at)?.matches('\n').count() + 1)
    }
}

/// The canonical form of a text that holds such a mapping. Line ends stay what they are if they are all of one kind.
///
/// # Errors
///
/// When it cannot be read, or not be laid out without a risk to what it says.
pub fn format(text: &str, shape: &'static Shape) -> Result<String, Unformatted> {
    let ends = text.matches('\n').count();
    let is_windows = ends > 0 && text.matches("\r\n").count() == ends;
    let formatted = canonical(&plain_line_ends(text), shape)?;
    Ok(if is_windows { formatted.replace('\n', "\r\n") } else { formatted })
}

fn canonical(text: &str, shape: &'static Shape) -> Result<String, Unformatted> {
    let tree = read(text)?;
    let formatted = laid_out(text, &tree, shape)?;
    let again = read(&formatted).map_err(|_| Unformatted::Unsafe(None, proof::CHANGED))?;
    proof::means_the_same(&tree, &again)?;
    proof::has_the_comments(text, &formatted)?;
    match laid_out(&formatted, &again, shape) {
        Ok(twice) if twice == formatted => Ok(formatted),
        _ => Err(Unformatted::Unsafe(None, proof::CHANGED)),
    }
}

/// Without a byte order mark, and with one kind of line end.
pub fn plain_line_ends(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

fn read(text: &str) -> Result<Node, Unformatted> {
    let mut sink = Sink::default();
    let tree = yaml::parse(Sources::default().add("", ""), text, &mut sink);
    tree.filter(|_| !sink.has_errors()).ok_or_else(|| Unformatted::Faulty(sink.into_kept()))
}

fn laid_out(text: &str, tree: &Node, shape: &'static Shape) -> Result<String, Unformatted> {
    Writer::new(text).file(tree, shape).map_err(|fault| Unformatted::Unsafe(Some(fault.at), fault.what))
}
