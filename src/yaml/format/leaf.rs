//! Values that are copied: scalars, and collections in brackets or braces.

use crate::yaml::{
    Key, Node, Scalar, Value,
    format::block::{Fault, Laid, Writer, below, is_block, item_of, order},
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

/// A head and its value, with the comments up to `end`.
pub(super) fn lines(writer: &Writer<'_>, head: &Head<'_>, value: &Node, takes: Takes, end: usize) -> Laid<Vec<String>> {
    let space = " ".repeat(head.indent);
    if is_nothing(value) {
        let line_end = writer.line_end(head.end);
        let comment = writer.comment_behind(head.end, line_end)?;
        let mut lines = vec![format!("{space}{}{comment}", head.text)];
        lines.extend(tail(writer, line_end, end, head.indent)?);
        return Ok(lines);
    }
    let (mut start, stop) = (value.place.start as usize, value.place.end as usize);
    let mut between = writer.slice(head.end, start);
    // The place of a text with its lines below begins behind its mark.
    if let Some(mark) = between.find(|character: char| !character.is_whitespace()).filter(|_| value.scalar().is_some())
        && writer.slice(head.end + mark, start).starts_with(['|', '>'])
    {
        start = head.end + mark;
        between = writer.slice(head.end, start);
    }
    let raw = writer.slice(start, stop);
    if !between.trim().is_empty() {
        return Err(Fault { at: head.end, what: "a comment or a mark stands before a value" });
    }
    let line_end = writer.line_end(stop);
    let comment = writer.comment_behind(stop, line_end)?;
    let mut lines = if !raw.contains('\n') {
        let flat = flat(writer, value, takes).unwrap_or_else(|| raw.to_owned());
        vec![format!("{space}{} {flat}{comment}", head.text)]
    } else {
        let next_line = between.contains('\n');
        let (old, new) = if next_line {
            (writer.column(start), head.indent + STEP)
        } else {
            (writer.column(head.start), head.indent)
        };
        let mut raw = raw.split('\n');
        let first = raw.next().unwrap_or_default();
        let first = if next_line {
            format!("{space}{}\n{}{first}", head.text, " ".repeat(new))
        } else {
            format!("{space}{} {first}", head.text)
        };
        let rest: Vec<String> = raw.map(|line| shifted(line, old, new)).collect();
        let mut lines: Vec<String> = first.split('\n').map(str::to_owned).chain(rest).collect();
        if let Some(last) = lines.last_mut() {
            last.push_str(comment);
        }
        lines
    };
    lines.extend(tail(writer, line_end, end, head.indent)?);
    Ok(lines)
}

/// The comments below a value that stand further right than it.
fn tail(writer: &Writer<'_>, from: usize, end: usize, indent: usize) -> Laid<Vec<String>> {
    let space = " ".repeat(indent + STEP);
    let comments = writer.comments(from, end)?;
    Ok(comments.into_iter().map(|line| if line.is_empty() { line } else { format!("{space}{line}") }).collect())
}

/// A line of a longer value, moved as its first line is.
fn shifted(line: &str, old: usize, new: usize) -> String {
    if line.is_empty() || new >= old {
        let more = if line.is_empty() { 0 } else { new - old.min(new) };
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
