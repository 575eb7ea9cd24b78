//! Builds the tree from the parser's events.

use std::collections::HashMap;

use granit_parser::{Event, ParserTrait, ScalarStyle, Span, StructureStyle, Tag};

use crate::{
    diagnostic::{Code, Diagnostic, FileId, Place, Sink},
    yaml::{Key, MAX_NODES, Node, Scalar, Value, syntax_error},
};

/// Collections that are still open, innermost last.
pub(super) struct Builder<'a> {
    file: FileId,
    text: &'a str,
    sink: &'a mut Sink,
    open: Vec<Open>,
    nodes: usize,
    documents: usize,
    root: Option<Node>,
}

enum Open {
    Sequence { place: Place, block: bool, items: Vec<Node> },
    Mapping { place: Place, block: bool, entries: Vec<(Key, Node)>, seen: HashMap<String, Place>, key: Pending },
}

/// What the next node of a mapping is.
enum Pending {
    /// A key.
    Key,
    /// The value of a key.
    Value(Key),
    /// The value of a key that was reported.
    Dropped,
}

/// What to do about a key that stands twice in a condition.
const TWICE_IN_CONDITION: &str = "keep one of the two; to ask two things of one field, use `all:`";

impl Open {
    /// Whether it is a mapping whose `when` is being read.
    fn is_under_when(&self) -> bool {
        matches!(self, Open::Mapping { key: Pending::Value(key), .. } if key.text == "when")
    }
}

/// Whether to go on with the next event.
type Step = Result<(), Diagnostic>;

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, text: &'a str, sink: &'a mut Sink) -> Builder<'a> {
        Builder { file, text, sink, open: Vec::new(), nodes: 0, documents: 0, root: None }
    }

    pub(super) fn run(mut self, mut parser: impl ParserTrait<'a>) -> Option<Node> {
        while let Some(event) = parser.next_event() {
            let step = match event {
                Ok((event, span)) => self.event(event, &span),
                Err(error) => Err(syntax_error(self.file, self.text, &error)),
            };
            if let Err(diagnostic) = step {
                self.sink.push(diagnostic);
                return None;
            }
        }
        match self.root {
            Some(root) if !root.is_null() => Some(root),
            _ => {
                let empty = Diagnostic::new(Code::EmptyFile, Place::whole(self.file), "the file has no content");
                self.sink.push(empty.help("remove the file, or give it `rules:`"));
                None
            }
        }
    }

    fn event(&mut self, event: Event<'_>, span: &Span) -> Step {
        let place = self.place(span);
        match event {
            Event::DocumentStart(..) => return self.document(place),
            Event::Anchor(..) => self.refuse_reference(place, "an anchor"),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse_reference(place, "an alias");
                return self.finish(Node { place, value: Value::Reported });
            }
            Event::Scalar(_, _, _, Some(tag)) => {
                self.refuse_tag(Some(&tag), span);
                return self.finish(Node { place, value: Value::Reported });
            }
            // The anchor was reported, and there is nothing else.
            Event::Scalar(_, _, 1.., None) if place.is_empty() => {
                return self.finish(Node { place, value: Value::Reported });
            }
            Event::Scalar(text, style, _, None) => return self.scalar(&text, style, place),
            Event::SequenceStart(style, _, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                self.open.push(Open::Sequence { place, block: style == StructureStyle::Block, items: Vec::new() });
            }
            Event::MappingStart(style, _, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                self.open.push(Open::Mapping {
                    place,
                    block: style == StructureStyle::Block,
                    entries: Vec::new(),
                    seen: HashMap::new(),
                    key: Pending::Key,
                });
            }
            Event::SequenceEnd | Event::MappingEnd => return self.close(place),
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, place: Place) -> Step {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Diagnostic::new(Code::SecondDocument, place, "a second document begins here")
            .help("put it into a file of its own; all files of the directory are one set"))
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, place: Place) -> Step {
        // The parser says `~` where nothing is written.
        let text = if place.is_empty() && style == ScalarStyle::Plain { "" } else { text };
        let quote = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let start = place.start as usize + quote;
        let written = self.text.get(start..start + text.len());
        let verbatim = (written == Some(text)).then(|| Place::new(self.file, start..start).start);
        let plain = style == ScalarStyle::Plain;
        self.finish(Node { place, value: Value::Scalar(Scalar { text: text.to_owned(), plain, verbatim }) })
    }

    fn close(&mut self, end: Place) -> Step {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (place, block, first, value) = match open {
            Open::Sequence { place, block, items } => {
                let first = items.first().map(|item| item.place);
                (place, block, first, Value::Sequence(items))
            }
            Open::Mapping { place, block, entries, .. } => {
                let first = entries.first().map(|(key, _)| key.place);
                (place, block, first, Value::Mapping(entries))
            }
        };
        let whole = Place { end: end.end.max(place.end), ..place };
        self.finish(Node { place: first.filter(|_| block).unwrap_or(whole), value })
    }

    /// Hands a finished node to the collection that it belongs to.
    fn finish(&mut self, node: Node) -> Step {
        let is_key = matches!(self.open.last(), Some(Open::Mapping { key: Pending::Key, .. }));
        self.nodes += usize::from(!is_key);
        if self.nodes > MAX_NODES {
            return Err(Diagnostic::new(
                Code::TooLarge,
                node.place,
                format!("the file has more than {MAX_NODES} values"),
            )
            .help("move long lists into list files: `name: {file: lists/name.txt}`"));
        }
        let in_condition = is_key && self.open.iter().any(Open::is_under_when);
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, seen, key, .. }) => match std::mem::replace(key, Pending::Key) {
                Pending::Key => {
                    let help = if in_condition { TWICE_IN_CONDITION } else { "keep one of the two" };
                    *key = as_key(node, seen, help, self.sink);
                }
                Pending::Value(written) => entries.push((written, node)),
                Pending::Dropped => {}
            },
        }
        Ok(())
    }

    fn refuse_reference(&mut self, place: Place, what: &str) {
        let message = format!("{what} is not part of the rule language");
        self.sink.push(Diagnostic::new(Code::AnchorOrAlias, place, message).help(
            "write the value where it is used; share texts through `lists:`; quote a text that begins with `&` or `*`",
        ));
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: &Span) {
        if tag.is_none() {
            return;
        }
        let place = self.place(&span.tag_span().unwrap_or(*span));
        self.sink.push(
            Diagnostic::new(Code::YamlTag, place, "a tag is not part of the rule language")
                .help("remove it; quote a text that begins with `!`"),
        );
    }

    fn place(&self, span: &Span) -> Place {
        let range = span.byte_range().unwrap_or_default();
        // Some spans reach over the white space behind them.
        let text = self.text.get(range.clone()).unwrap_or_default();
        Place::new(self.file, range.start..range.start + text.trim_end().len())
    }
}

fn as_key(node: Node, seen: &mut HashMap<String, Place>, twice: &str, sink: &mut Sink) -> Pending {
    let place = node.place;
    let Value::Scalar(scalar) = node.value else {
        if !matches!(node.value, Value::Reported) {
            let message = "a key must be one text, not a list or a mapping";
            sink.push(Diagnostic::new(Code::WrongType, place, message).help("quote a key that begins with `[` or `{`"));
        }
        return Pending::Dropped;
    };
    if scalar.plain && scalar.text == "<<" {
        let message = "a merge key is not part of the rule language";
        sink.push(Diagnostic::new(Code::AnchorOrAlias, place, message).help("write the keys where they are used"));
        return Pending::Dropped;
    }
    if scalar.plain && scalar.text.is_empty() {
        let message = "a key must be one text, not nothing";
        sink.push(Diagnostic::new(Code::WrongType, place, message).help("write a key before the colon"));
        return Pending::Dropped;
    }
    if let Some(first) = seen.get(&scalar.text) {
        let message = format!("the key `{}` stands here twice", scalar.text);
        sink.push(Diagnostic::new(Code::DuplicateKey, place, message).related(*first, "first here").help(twice));
        return Pending::Dropped;
    }
    seen.insert(scalar.text.clone(), place);
    Pending::Value(Key { place, text: scalar.text, plain: scalar.plain })
}
