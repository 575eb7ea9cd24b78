//! Collections with an entry a line: their order, their indentation, and the comments between the entries.

use crate::yaml::{
    Key, Node, Value,
    format::{
        leaf::{self, Head},
        written::{Fault, Laid},
    },
    shape::{Shape, Takes},
};

/// The spaces of one level.
const STEP: usize = 2;

/// A comment for an editor, which stays on the first line.
const FOR_EDITORS: &str = "# yaml-language-server:";

/// Lays out the parts of one text.
pub(super) struct Writer<'t> {
    pub(super) text: &'t str,
}

/// An entry of a collection with the comments before it.
struct Part {
    leading: Vec<String>,
    lines: Vec<String>,
}

/// Where an entry of a collection stands.
#[derive(Clone, Copy)]
struct Span {
    /// The first byte of its dash or its key.
    start: usize,
    /// One past the last byte of its value.
    end: usize,
}

/// Where a collection goes: its indentation, what it stands behind, where the comments before it begin, where those behind
/// it end.
#[derive(Clone, Copy)]
struct Room {
    indent: usize,
    behind: usize,
    from: usize,
    end: usize,
}

impl<'t> Writer<'t> {
    pub(super) fn new(text: &'t str) -> Writer<'t> {
        Writer { text }
    }

    /// A whole file.
    pub(super) fn file(&self, root: &Node, shape: &'static Shape) -> Laid<String> {
        let Value::Mapping(entries) = &root.value else {
            return Err(Fault { at: root.place.start as usize, what: "the file has no keys such as `rules:`" });
        };
        if !is_block(root) {
            let what = "the file is one mapping in braces: write each of its keys on a line, without braces";
            return Err(Fault { at: root.place.start as usize, what });
        }
        let from = self.behind_marker(root.place.start as usize);
        let end = self.end_marker(end_of(root));
        let room = Room { indent: 0, behind: from, from, end };
        let (mut parts, footer) = self.parts(root, Takes::Mapping(shape), room)?;
        let header = parts.first_mut().map(|first| split_header(&mut first.leading)).unwrap_or_default();
        let order = order(entries.iter().map(|(key, _)| key), shape);
        if !order.is_sorted() {
            parts.iter_mut().for_each(open_line);
        }
        let mut lines: Vec<String> = self.text.get(..from).unwrap_or_default().lines().map(str::to_owned).collect();
        let is_moved = !order.is_sorted() && header.last().is_some_and(|last| !last.is_empty());
        lines.extend(header);
        lines.extend(is_moved.then(String::new));
        lines.extend(joined(sorted(parts, &order)));
        lines.extend(footer);
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.extend(self.slice(end, self.text.len()).lines().map(|line| line.trim_end().to_owned()));
        Ok(lines.join("\n") + "\n")
    }

    /// The entries of a collection as they are written, and the comments behind them at its indentation.
    fn parts(&self, node: &Node, takes: Takes, room: Room) -> Laid<(Vec<Part>, Vec<String>)> {
        let spans = self.spans(node, room.behind)?;
        let column = spans.first().map_or(0, |span| self.column(span.start));
        let mut parts = Vec::with_capacity(spans.len());
        let mut from = room.from;
        for (index, span) in spans.iter().enumerate() {
            let next = spans.get(index + 1).map_or(room.end, |next| self.line_start(next.start));
            let end = self.split(self.line_end(span.end), next, column);
            let leading = self.comments(from, self.line_start(span.start))?;
            let lines = self.part(node, index, takes, Room { from: span.start, end, ..room })?;
            parts.push(Part { leading: indented(leading, room.indent), lines });
            from = end;
        }
        if let Some(first) = parts.first_mut().filter(|_| room.from > 0) {
            let blanks = first.leading.iter().take_while(|line| line.is_empty()).count();
            first.leading.drain(..blanks);
        }
        let footer = if from < room.end { indented(self.comments(from, room.end)?, room.indent) } else { Vec::new() };
        Ok((parts, footer))
    }

    /// One entry: the key or the dash, and the value.
    fn part(&self, node: &Node, index: usize, takes: Takes, room: Room) -> Laid<Vec<String>> {
        match &node.value {
            Value::Mapping(entries) => {
                let Some((key, value)) = entries.get(index) else { return Ok(Vec::new()) };
                let head = self.slice(key.place.start as usize, key.place.end as usize).to_owned();
                self.entry(&format!("{head}:"), key.place.end as usize, value, below(takes, &key.text, value), room)
            }
            Value::Sequence(items) => {
                let Some(item) = items.get(index) else { return Ok(Vec::new()) };
                self.item(item, item_of(takes, item), room)
            }
            Value::Scalar(_) | Value::Reported => Ok(Vec::new()),
        }
    }

    /// A key and its value. `after` is where the key ends.
    fn entry(&self, head: &str, after: usize, value: &Node, takes: Takes, room: Room) -> Laid<Vec<String>> {
        let colon = self.rest(after).find(':').map_or(after, |at| after + at + 1);
        if !self.slice(after, colon).trim_end_matches(':').trim().is_empty() {
            let what = "something stands between a key and its colon: write `key: value`";
            return Err(Fault { at: after, what });
        }
        if !is_block(value) {
            let head = Head { text: head, start: room.from, end: colon, indent: room.indent };
            return leaf::lines(self, &head, value, takes, room.end);
        }
        let line_end = self.line_end(colon);
        let comment = self.comment_behind(colon, line_end)?;
        let nested = Room { indent: room.indent + STEP, behind: colon, from: line_end, end: room.end };
        let mut lines = vec![format!("{}{head}{comment}", " ".repeat(room.indent))];
        lines.extend(self.block(value, takes, nested)?);
        Ok(lines)
    }

    /// A dash and its value.
    fn item(&self, item: &Node, takes: Takes, room: Room) -> Laid<Vec<String>> {
        let after = room.from + 1;
        if !is_block(item) {
            let head = Head { text: "-", start: room.from, end: after, indent: room.indent };
            return leaf::lines(self, &head, item, takes, room.end);
        }
        let (line_end, first) = (self.line_end(after), self.content(after));
        let is_below = line_end <= first;
        let comment = if is_below { self.comment_behind(after, line_end)?.trim_start() } else { "" };
        let from = if is_below { line_end } else { self.line_start(first) };
        let nested = Room { indent: room.indent + STEP, behind: after, from, end: room.end };
        let mut lines: Vec<String> =
            Some(comment.to_owned()).filter(|comment| !comment.is_empty()).into_iter().collect();
        lines.extend(self.block(item, takes, nested)?);
        let dash = format!("{}- ", " ".repeat(room.indent));
        for line in &mut lines {
            let content = line.trim_start_matches(' ').to_owned();
            if content.starts_with('#') {
                *line = format!("{}{content}", " ".repeat(room.indent));
            } else if !content.is_empty() {
                *line = format!("{dash}{content}");
                break;
            }
        }
        Ok(lines)
    }

    /// A collection in canonical order.
    fn block(&self, node: &Node, takes: Takes, room: Room) -> Laid<Vec<String>> {
        let (parts, footer) = self.parts(node, takes, room)?;
        let order = match (&node.value, takes) {
            (Value::Mapping(entries), Takes::Mapping(shape)) => order(entries.iter().map(|(key, _)| key), shape),
            _ => vec![0; parts.len()],
        };
        let mut lines = joined(sorted(parts, &order));
        lines.extend(footer);
        Ok(lines)
    }

    fn spans(&self, node: &Node, behind: usize) -> Laid<Vec<Span>> {
        match &node.value {
            Value::Mapping(entries) => entries.iter().map(|(key, value)| self.span_of_entry(key, value)).collect(),
            Value::Sequence(items) => self.spans_of_items(items, behind),
            Value::Scalar(_) | Value::Reported => Ok(Vec::new()),
        }
    }

    fn span_of_entry(&self, key: &Key, value: &Node) -> Laid<Span> {
        let start = key.place.start as usize;
        let before = self.slice(self.line_start(start), start).trim_start_matches([' ', '-']);
        if !before.is_empty() {
            return Err(Fault { at: start, what: "something stands before a key: write `key: value`, without `? `" });
        }
        Ok(Span { start, end: end_of(value).max(key.place.end as usize) })
    }

    /// An item begins with its dash, on a line below the item before.
    fn spans_of_items(&self, items: &[Node], behind: usize) -> Laid<Vec<Span>> {
        let mut at = behind;
        let mut spans = Vec::with_capacity(items.len());
        for item in items {
            let start = self.content(at);
            if !self.slice(start, self.text.len()).starts_with('-') {
                return Err(Fault { at: start, what: "something stands before the dash of an item: remove it" });
            }
            let end = end_of(item).max(start + 1);
            spans.push(Span { start, end });
            at = self.line_end(end);
        }
        Ok(spans)
    }
}

/// Whether a value has its entries on lines of their own.
pub(super) fn is_block(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(entries) => entries.first().is_some_and(|(key, _)| key.place.start == node.place.start),
        Value::Sequence(items) => items.first().is_some_and(|item| item.place == node.place),
        Value::Scalar(_) | Value::Reported => false,
    }
}

/// One past the last byte of a value; nothing where there is none below its key or dash.
fn end_of(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(_) if node.place.is_empty() => 0,
        Value::Mapping(entries) if is_block(node) => {
            entries.iter().map(|(key, value)| end_of(value).max(key.place.end as usize)).max().unwrap_or_default()
        }
        Value::Sequence(items) if is_block(node) => items.iter().map(end_of).max().unwrap_or_default(),
        _ => node.place.end as usize,
    }
}

/// What stands under a key.
pub(super) fn below(takes: Takes, key: &str, value: &Node) -> Takes {
    let takes = match takes {
        Takes::Mapping(shape) => shape.entry(key).map_or(Takes::Anything, |entry| entry.takes),
        Takes::Map(_, inner, _) => *inner,
        _ => Takes::Anything,
    };
    fitting(takes, value)
}

/// What an item is.
pub(super) fn item_of(takes: Takes, item: &Node) -> Takes {
    if let Takes::Items(inner, _) = takes { fitting(*inner, item) } else { Takes::Anything }
}

/// Of several readings, the one that a value can have.
fn fitting(takes: Takes, value: &Node) -> Takes {
    let Takes::Either(each) = takes else { return takes };
    let fits = |takes: &&Takes| match value.value {
        Value::Mapping(_) => matches!(takes, Takes::Mapping(_) | Takes::Map(..)),
        Value::Sequence(_) => matches!(takes, Takes::Items(..)),
        Value::Scalar(_) | Value::Reported => false,
    };
    each.iter().find(fits).copied().unwrap_or(Takes::Anything)
}

/// The rank of each key: that of the shape, with the user's own keys last.
pub(super) fn order<'k>(keys: impl Iterator<Item = &'k Key>, shape: &Shape) -> Vec<usize> {
    let rank = |key: &Key| shape.keys.iter().position(|entry| entry.name == key.text).unwrap_or(usize::MAX);
    keys.map(rank).collect()
}

fn sorted(parts: Vec<Part>, order: &[usize]) -> Vec<Part> {
    let mut ranked: Vec<(usize, Part)> = order.iter().copied().zip(parts).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, part)| part).collect()
}

/// The lines of all parts, without a blank one at the top.
fn joined(parts: Vec<Part>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        lines.extend(part.leading);
        lines.extend(part.lines);
    }
    let blanks = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blanks);
    lines
}

/// Puts a blank line before a section that may move.
fn open_line(part: &mut Part) {
    if part.leading.first().is_none_or(|first| !first.is_empty()) {
        part.leading.insert(0, String::new());
    }
}

/// The comments at the top that are about the whole file.
fn split_header(leading: &mut Vec<String>) -> Vec<String> {
    let blank = leading.iter().rposition(String::is_empty).map(|at| at + 1);
    let for_editors = leading.iter().take_while(|line| line.starts_with(FOR_EDITORS)).count();
    let rest = leading.split_off(blank.unwrap_or(for_editors).min(leading.len()));
    std::mem::replace(leading, rest).into_iter().skip_while(String::is_empty).collect()
}

pub(super) fn indented(lines: Vec<String>, indent: usize) -> Vec<String> {
    let space = " ".repeat(indent);
    lines.into_iter().map(|line| if line.is_empty() { line } else { format!("{space}{line}") }).collect()
}
