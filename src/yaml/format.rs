//! Lays a file out in the one canonical way: key order, quotes, indentation, blank lines. Comments stay with what they are
//! about.
//!
//! Values are copied as they were written, so that nothing can be lost; only quotes and the spaces of collections on one
//! line change. What came out is read again, and unless it means the same and has every comment, the file is left alone.

mod block;
mod leaf;
mod proof;

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
    /// A byte of it is something that cannot be moved safely, and what that is.
    Unsafe(usize, &'static str),
}

/// The canonical form of a text that holds such a mapping.
///
/// # Errors
///
/// When it cannot be read, or not be laid out without a risk to what it says.
pub fn format(text: &str, shape: &'static Shape) -> Result<String, Unformatted> {
    let text = plain_line_ends(text);
    let tree = read(&text)?;
    let formatted = laid_out(&text, &tree, shape)?;
    let again = read(&formatted).map_err(|_| Unformatted::Unsafe(0, proof::CHANGED))?;
    proof::means_the_same(&tree, &again)?;
    proof::has_the_comments(&text, &formatted)?;
    match laid_out(&formatted, &again, shape) {
        Ok(twice) if twice == formatted => Ok(formatted),
        _ => Err(Unformatted::Unsafe(0, proof::CHANGED)),
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
    Writer::new(text).file(tree, shape).map_err(|fault| Unformatted::Unsafe(fault.at, fault.what))
}
