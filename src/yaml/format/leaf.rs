//! Values that are copied: scalars, and collections in brackets or braces.

use crate::yaml::{
    Key, Node, Scalar, Value,
    format::{
        block::{Writer, below, indented, is_block, item_of, order},
        written::{Fault, Laid},
    },
    shape::Takes,
};

/// Columns between what a value is under and what it has on further lines.
const STEP: usize = 2;

/// What a value is put behind.
pub(super) struct Head<'h> {
    /// The key with its colon, or a dash.
    pub(super) text: &'h str,
    /// Where it stands.
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
    /// Its new indentation.
    pub(super) indent: usize,
}

/// What stands between a head and its value.
struct Before<'t> {
    /// Whether the value begins on a line below.
    is_line: bool,
    /// Comments that go above the head.
    above: Vec<String>,
    /// The comment behind the head, with the space before it.
    beside: &'t str,
    /// Comments on the lines below the head.
    below: Vec<String>,
}

impl<'t> Before<'t> {
    /// Comments between a dash and its value go above the dash; behind a key they stay.
    fn of(writer: &Writer<'t>, head: &Head<'_>, start: usize) -> Laid<Before<'t>> {
        let line_end = writer.line_end(head.end);
        if start < line_end {
            return Ok(Before { is_line: false, above: Vec::new(), beside: "", below: Vec::new() });
        }
        let beside = writer.comment_behind(head.end, line_end)?;
        let mut below = writer.comments(line_end, writer.line_start(start))?;
        below.retain(|line| !line.is_empty());
        if head.text != "-" {
            return Ok(Before { is_line: true, above: Vec::new(), beside, below });
        }
        let first = Some(beside.trim_start().to_owned()).filter(|comment| !comment.is_empty());
        Ok(Before { is_line: true, above: first.into_iter().chain(below).collect(), beside: "", below: Vec::new() })
    }

    /// The lines up to the first one of the value.
    fn lines(self, head: &Head<'_>, first: &str, stays_below: bool) -> Vec<String> {
        let space = " ".repeat(head.indent);
        let mut lines = indented(self.above, head.indent);
        if stays_below || !self.beside.is_empty() || !self.below.is_empty() {
            lines.push(format!("{space}{}{}", head.text, self.beside));
            lines.extend(indented(self.below, head.indent + STEP));
            lines.push(format!("{}{first}", " ".repeat(head.indent + STEP)));
        } else {
            lines.push(format!("{space}{} {first}", head.text));
        }
        lines
    }
}

/// A head and its value, with the comments up to `end`.
pub(super) fn lines(writer: &Writer<'_>, head: &Head<'_>, value: &Node, takes: Takes, end: usize) -> Laid<Vec<String>> {
    let (mut lines, stop) = if is_nothing(value) {
        (vec![format!("{}{}", " ".repeat(head.indent), head.text)], head.end)
    } else {
        copied(writer, head, value, takes)?
    };
    let line_end = writer.line_end(stop);
    let comment = writer.comment_behind(stop, line_end)?;
    if let Some(last) = lines.last_mut() {
        last.push_str(comment);
    }
    // Further right, a comment would be part of a text below a mark.
    let deeper = if is_marked(writer, value, writer.content(head.end)) { 0 } else { STEP };
    lines.extend(indented(writer.comments(line_end, end)?, head.indent + deeper));
    Ok(lines)
}

/// A head and its value, and where the value ends in the old text.
fn copied(writer: &Writer<'_>, head: &Head<'_>, value: &Node, takes: Takes) -> Laid<(Vec<String>, usize)> {
    let start = writer.content(head.end);
    let is_marked = is_marked(writer, value, start);
    if start != value.place.start as usize && !is_marked {
        return Err(Fault { at: start, what: "something stands before a value: write `key: value`" });
    }
    let raw = writer.slice(start, value.place.end as usize).trim_end();
    let before = Before::of(writer, head, start)?;
    let (first, rest) = raw.split_once('\n').map_or((raw, None), |(first, rest)| (first, Some(rest)));
    let flat = if rest.is_none() && !is_marked { flat(writer, value, takes) } else { None };
    let stays_below = before.is_line && rest.is_some() && !is_marked;
    let (old, new) = if stays_below {
        (leftmost(writer.column(start), rest.unwrap_or_default()), head.indent + STEP)
    } else {
        (writer.column(head.start), head.indent)
    };
    let mut lines = before.lines(head, flat.as_deref().unwrap_or(first), stays_below);
    let rest = rest.into_iter().flat_map(|rest| rest.split('\n'));
    lines.extend(rest.map(|line| shifted(line, old, new)));
    Ok((lines, start + raw.len()))
}

/// Whether a value is a text in the lines below a mark, which it begins with.
fn is_marked(writer: &Writer<'_>, value: &Node, start: usize) -> bool {
    value.scalar().is_some_and(|scalar| !scalar.plain) && writer.rest(start).starts_with(['|', '>'])
}

/// The indentation of the line that stands furthest left.
fn leftmost(first: usize, rest: &str) -> usize {
    let indents =
        rest.lines().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start_matches(' ').len());
    indents.fold(first, usize::min)
}

/// A line of a longer value, moved as its first line is.
fn shifted(line: &str, old: usize, new: usize) -> String {
    if line.is_empty() || new >= old {
        let more = if line.is_empty() { 0 } else { new.saturating_sub(old) };
        return format!("{}{line}", " ".repeat(more));
    }
    let spaces = line.len() - line.trim_start_matches(' ').len();
    line.get(spaces.min(old - new)..).unwrap_or_default().to_owned()
}

fn is_nothing(node: &Node) -> bool {
    node.scalar().is_some_and(|scalar| scalar.plain && scalar.text.is_empty())
}

/// A value on one line; nothing for what has to stay as it is.
fn flat(writer: &Writer<'_>, node: &Node, takes: Takes) -> Option<String> {
    let raw = writer.slice(node.place.start as usize, node.place.end as usize);
    match &node.value {
        Value::Scalar(scalar) => Some(quoted(scalar, raw)),
        Value::Sequence(items) if raw.starts_with('[') && !is_block(node) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| flat(writer, item, item_of(takes, item))).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Mapping(entries) if raw.starts_with('{') => {
            let each: Option<Vec<String>> =
                entries.iter().map(|(key, value)| pair(writer, key, value, takes)).collect();
            let mut each = each?;
            if let Takes::Mapping(shape) = takes {
                let mut ranked: Vec<_> =
                    order(entries.iter().map(|(key, _)| key), shape).into_iter().zip(each).collect();
                ranked.sort_by_key(|(rank, _)| *rank);
                each = ranked.into_iter().map(|(_, pair)| pair).collect();
            }
            Some(if each.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", each.join(", ")) })
        }
        _ => None,
    }
}

fn pair(writer: &Writer<'_>, key: &Key, value: &Node, takes: Takes) -> Option<String> {
    let name = writer.slice(key.place.start as usize, key.place.end as usize);
    if is_nothing(value) {
        return Some(format!("{name}:"));
    }
    Some(format!("{name}: {}", flat(writer, value, below(takes, &key.text, value))?))
}

/// A scalar in single quotes where it is quoted, in double quotes where it has an escape or an apostrophe.
fn quoted(scalar: &Scalar, raw: &str) -> String {
    let text = &scalar.text;
    let has = |mark: char| text.contains(mark);
    match raw.chars().next() {
        Some('"') if scalar.is_verbatim() && !has('\'') => format!("'{text}'"),
        Some('\'') if has('\'') && !has('"') && !has('\\') => format!("\"{text}\""),
        _ => raw.to_owned(),
    }
}
