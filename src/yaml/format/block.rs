//! Collections with an entry a line: their order, their indentation, and the comments between the entries.

use crate::yaml::{
    Key, Node, Value,
    format::leaf::{self, Head},
    shape::{Shape, Takes},
};

/// The spaces of one level.
const STEP: usize = 2;

/// A comment for an editor, which stays on the first line.
const FOR_EDITORS: &str = "# yaml-language-server:";

/// What cannot be moved safely, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

pub(super) type Laid<T> = Result<T, Fault>;

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

/// Where a collection goes: its indentation, where the comments before it begin, where those behind it end.
#[derive(Clone, Copy)]
struct Room {
    indent: usize,
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
            return Err(Fault { at: 0, what: "the file is no mapping" });
        };
        if !is_block(root) {
            return Err(Fault { at: root.place.start as usize, what: "the whole file is one mapping in braces" });
        }
        let from = self.behind_marker(root.place.start as usize);
        let room = Room { indent: 0, from, end: self.text.len() };
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
        Ok(lines.join("\n") + "\n")
    }

    /// The entries of a collection as they are written, and the comments behind them at its indentation.
    fn parts(&self, node: &Node, takes: Takes, room: Room) -> Laid<(Vec<Part>, Vec<String>)> {
        let spans = self.spans(node)?;
        let column = spans.first().map_or(0, |span| self.column(span.start));
        let mut parts = Vec::with_capacity(spans.len());
        let mut from = room.from;
        for (index, span) in spans.iter().enumerate() {
            let next = spans.get(index + 1).map_or(room.end, |next| self.line_start(next.start));
            let end = self.split(self.line_end(span.end), next, column);
            let leading = self.comments(from, self.line_start(span.start))?;
            let lines = self.part(node, index, takes, Room { indent: room.indent, from: span.start, end })?;
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
            return Err(Fault { at: after, what: "something stands between a key and its colon" });
        }
        if !is_block(value) {
            let head = Head { text: head, start: room.from, end: colon, indent: room.indent };
            return leaf::lines(self, &head, value, takes, room.end);
        }
        let line_end = self.line_end(colon);
        let comment = self.comment_behind(colon, line_end)?;
        let nested = Room { indent: room.indent + STEP, from: line_end, end: room.end };
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
        let first = self.spans(item)?.first().map_or(after, |span| span.start);
        let mut from = self.line_start(first);
        if self.slice(after, first).contains('\n') {
            from = self.line_end(after);
            if !self.comment_behind(after, from)?.is_empty() {
                return Err(Fault { at: after, what: "a comment stands behind a lone dash" });
            }
        }
        let nested = Room { indent: room.indent + STEP, from, end: room.end };
        let mut lines = self.block(item, takes, nested)?;
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

    fn spans(&self, node: &Node) -> Laid<Vec<Span>> {
        match &node.value {
            Value::Mapping(entries) => entries.iter().map(|(key, value)| self.span_of_entry(key, value)).collect(),
            Value::Sequence(items) => items.iter().map(|item| self.span_of_item(item)).collect(),
            Value::Scalar(_) | Value::Reported => Ok(Vec::new()),
        }
    }

    fn span_of_entry(&self, key: &Key, value: &Node) -> Laid<Span> {
        let start = key.place.start as usize;
        let before = self.slice(self.line_start(start), start).trim_start_matches([' ', '-']);
        if !before.is_empty() {
            return Err(Fault { at: start, what: "something stands before a key" });
        }
        Ok(Span { start, end: end_of(value).max(key.place.end as usize) })
    }

    /// An item begins with its dash.
    fn span_of_item(&self, item: &Node) -> Laid<Span> {
        let inner = if is_block(item) { self.spans(item)?.first().map(|span| span.start) } else { None };
        let content = inner.unwrap_or(item.place.start as usize);
        let mut before = self.slice(0, content);
        // Comments may stand between a dash and what it belongs to.
        while let Some((rest, line)) = before.rsplit_once('\n') {
            let line = line.trim_start();
            if !line.is_empty() && !line.starts_with('#') {
                break;
            }
            before = rest;
        }
        match before.rfind('-').filter(|at| self.slice(*at + 1, before.len()).trim().is_empty()) {
            Some(start) => Ok(Span { start, end: end_of(item).max(start + 1) }),
            None => Err(Fault { at: content, what: "there is no dash before an item" }),
        }
    }

    /// The end of the last comment between two lines that stands further right than `column`, which belongs to what is above.
    fn split(&self, from: usize, to: usize, column: usize) -> usize {
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
        let mut found: Vec<String> = Vec::new();
        for line in self.slice(from, to.max(from)).lines() {
            let line = line.trim_start();
            if !line.is_empty() && !line.starts_with('#') {
                return Err(Fault { at: from, what: "something other than a comment stands between two values" });
            }
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
            _ => Err(Fault { at: from, what: "something other than a comment stands behind a value" }),
        }
    }

    /// Where the content begins: behind a line `---`.
    fn behind_marker(&self, content: usize) -> usize {
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

    fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    fn line_start(&self, at: usize) -> usize {
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

/// Whether a value has its entries on lines of their own.
pub(super) fn is_block(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(entries) => entries.first().is_some_and(|(key, _)| key.place.start == node.place.start),
        Value::Sequence(items) => items.first().is_some_and(|item| item.place == node.place),
        Value::Scalar(_) | Value::Reported => false,
    }
}

/// One past the last byte of a value; nothing where nothing is written.
fn end_of(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(scalar) if scalar.plain && scalar.text.is_empty() => 0,
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

fn indented(lines: Vec<String>, indent: usize) -> Vec<String> {
    let space = " ".repeat(indent);
    lines.into_iter().map(|line| if line.is_empty() { line } else { format!("{space}{line}") }).collect()
}
