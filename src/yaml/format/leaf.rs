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
    let (mut lines, stop) = if is_nothing(value) {
        (vec![format!("{}{}", " ".repeat(head.indent), head.text)], head.end)
    } else {
        (copied(writer, head, value, takes)?, value.place.end as usize)
    };
    let line_end = writer.line_end(stop);
    let comment = writer.comment_behind(stop, line_end)?;
    if let Some(last) = lines.last_mut() {
        last.push_str(comment);
    }
    let space = " ".repeat(head.indent + STEP);
    let tail = writer.comments(line_end, end)?.into_iter();
    lines.extend(tail.map(|line| if line.is_empty() { line } else { format!("{space}{line}") }));
    Ok(lines)
}

fn copied(writer: &Writer<'_>, head: &Head<'_>, value: &Node, takes: Takes) -> Laid<Vec<String>> {
    let start = start_of(writer, head, value);
    let between = writer.slice(head.end, start);
    if !between.trim().is_empty() {
        return Err(Fault { at: head.end, what: "a comment or a mark stands before a value" });
    }
    let space = " ".repeat(head.indent);
    let raw = writer.slice(start, value.place.end as usize);
    let Some((first, rest)) = raw.split_once('\n') else {
        let flat = flat(writer, value, takes).unwrap_or_else(|| raw.to_owned());
        return Ok(vec![format!("{space}{} {flat}", head.text)]);
    };
    let moved = |old: usize, new: usize| rest.split('\n').map(move |line| shifted(line, old, new));
    if between.contains('\n') {
        let new = head.indent + STEP;
        let begin = [format!("{space}{}", head.text), format!("{}{first}", " ".repeat(new))];
        return Ok(begin.into_iter().chain(moved(writer.column(start), new)).collect());
    }
    let begin = format!("{space}{} {first}", head.text);
    Ok([begin].into_iter().chain(moved(writer.column(head.start), head.indent)).collect())
}

/// Where a value begins: that of a text with its lines below, with the mark before them.
fn start_of(writer: &Writer<'_>, head: &Head<'_>, value: &Node) -> usize {
    let start = value.place.start as usize;
    let between = writer.slice(head.end, start);
    let mark = between.len() - between.trim_start().len();
    let is_marked = value.scalar().is_some() && between.trim_start().starts_with(['|', '>']);
    if is_marked { head.end + mark } else { start }
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
