//! What a pattern on a folded field asks for that can never be there.

use regex_syntax::{
    ast::{
        Assertion, AssertionKind, Ast, ClassAsciiKind, ClassBracketed, ClassSet, ClassSetItem, ClassUnicode,
        ClassUnicodeKind, Concat, Flag, Flags, FlagsItemKind, GroupKind, Span,
    },
    hir::{ClassUnicode as Characters, ClassUnicodeRange},
};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    facts::Field,
    text,
    yaml::Node,
};

/// Classes with more characters are taken to contain one that can occur.
const MAX_CLASS_LOOKED_AT: usize = 10_000;

/// Stands for what surrounds a run of literals: a character that composes with nothing.
const SURROUNDING: char = '\u{E000}';

/// Pushes a finding for each part of the pattern that cannot match, or that depends on case.
pub(in crate::matchers) fn check(field: Field, ast: &Ast, node: &Node, sink: &mut Sink) {
    let mut check = Check { field, node, sink, boundary: None, latin: false, han: false };
    check.ast(ast);
    check.note_boundary();
}

struct Check<'a> {
    field: Field,
    node: &'a Node,
    sink: &'a mut Sink,
    boundary: Option<Span>,
    latin: bool,
    han: bool,
}

impl Check<'_> {
    fn ast(&mut self, ast: &Ast) {
        match ast {
            Ast::Flags(set) => self.flags(&set.flags, set.span),
            Ast::Literal(literal) => self.run(&[literal.c], literal.span),
            Ast::Assertion(assertion) => self.assertion(assertion),
            Ast::ClassUnicode(class) => self.unicode_class(class),
            Ast::ClassBracketed(class) => self.bracketed(class),
            Ast::Repetition(repetition) => self.ast(&repetition.ast),
            Ast::Group(group) => {
                if let GroupKind::NonCapturing(flags) = &group.kind {
                    self.flags(flags, group.span);
                }
                self.ast(&group.ast);
            }
            Ast::Alternation(alternation) => alternation.asts.iter().for_each(|branch| self.ast(branch)),
            Ast::Concat(concat) => self.concat(concat),
            Ast::Empty(_) | Ast::Dot(_) | Ast::ClassPerl(_) => {}
        }
    }

    /// Literals that stand side by side are read as one text, so that decomposed letters and two spaces show.
    fn concat(&mut self, concat: &Concat) {
        let mut rest = concat.asts.as_slice();
        self.outer_spaces(rest);
        while let Some((first, others)) = rest.split_first() {
            let run: Vec<_> = rest
                .iter()
                .map_while(|ast| if let Ast::Literal(literal) = ast { Some(literal) } else { None })
                .collect();
            let Some((start, end)) = run.first().zip(run.last()) else {
                self.ast(first);
                rest = others;
                continue;
            };
            let characters: Vec<char> = run.iter().map(|literal| literal.c).collect();
            self.run(&characters, Span::new(start.span.start, end.span.end));
            rest = rest.get(run.len()..).unwrap_or_default();
        }
    }

    fn outer_spaces(&mut self, parts: &[Ast]) {
        for pair in parts.windows(2) {
            let outer = match pair {
                [Ast::Assertion(assertion), Ast::Literal(space)] if is_start(&assertion.kind) => space,
                [Ast::Literal(space), Ast::Assertion(assertion)] if is_end(&assertion.kind) => space,
                _ => continue,
            };
            if outer.c.is_whitespace() {
                let message = format!("`{}` has no white space at its ends", self.field.name());
                self.never(outer.span, message, "remove the space; use `name_raw` to see it".to_owned());
            }
        }
    }

    fn run(&mut self, run: &[char], span: Span) {
        self.latin |= run.iter().any(char::is_ascii_alphabetic);
        self.han |= run.iter().any(|letter| text::word::is_unspaced(*letter));
        let wanted: String = run.iter().map(|letter| occurring(*letter).unwrap_or(*letter)).collect();
        let surrounded = format!("{SURROUNDING}{wanted}{SURROUNDING}");
        let folded = text::fold(&surrounded);
        if folded != surrounded {
            let written: String = run.iter().collect();
            let spelling = folded.trim_matches(SURROUNDING);
            let message = format!("`{}` never occurs in `{}`", text::visible(&written), self.field.name());
            let help = if spelling.is_empty() {
                "these characters are removed before the match; use `name_raw` to look for them".to_owned()
            } else {
                format!("write `{}`, as the text reads after preparing", text::visible(spelling))
            };
            self.never(span, message, help);
        }
    }

    fn bracketed(&mut self, class: &ClassBracketed) {
        let mut characters = Some(Characters::empty());
        match &class.kind {
            ClassSet::Item(item) => self.item(item, &mut characters),
            ClassSet::BinaryOp(_) => characters = None,
        }
        let Some(characters) = characters.filter(|_| !class.negated) else { return };
        let mut looked_at =
            characters.iter().flat_map(|range| range.start()..=range.end()).take(MAX_CLASS_LOOKED_AT + 1);
        let size = characters.iter().map(ClassUnicodeRange::len).sum::<usize>();
        if size <= MAX_CLASS_LOOKED_AT && looked_at.all(|character| occurring(character).is_none()) {
            let message = format!("no character of this class occurs in `{}`", self.field.name());
            let help = "write the characters as they read after preparing: lower case, not full-width, composed";
            self.never(class.span, message, help.to_owned());
        }
    }

    /// Collects the characters of a class; `None` once it has something else than characters and ranges.
    fn item(&mut self, item: &ClassSetItem, characters: &mut Option<Characters>) {
        let mut add = |start: char, end: char| {
            self.latin |= start.is_ascii_alphabetic();
            self.han |= text::word::is_unspaced(start);
            if let Some(characters) = characters {
                characters.push(ClassUnicodeRange::new(start, end));
            }
        };
        match item {
            ClassSetItem::Literal(literal) => add(literal.c, literal.c),
            ClassSetItem::Range(range) => add(range.start.c, range.end.c),
            ClassSetItem::Union(union) => union.items.iter().for_each(|item| self.item(item, characters)),
            ClassSetItem::Ascii(class) => {
                *characters = None;
                if matches!(class.kind, ClassAsciiKind::Upper | ClassAsciiKind::Lower) {
                    self.needs_case(class.span);
                }
            }
            ClassSetItem::Unicode(class) => {
                *characters = None;
                self.unicode_class(class);
            }
            ClassSetItem::Bracketed(class) => {
                *characters = None;
                self.bracketed(class);
            }
            ClassSetItem::Perl(_) => *characters = None,
            ClassSetItem::Empty(_) => {}
        }
    }

    fn unicode_class(&mut self, class: &ClassUnicode) {
        let letter;
        let name = match &class.kind {
            ClassUnicodeKind::OneLetter(one) => {
                letter = one.to_string();
                &letter
            }
            ClassUnicodeKind::Named(name) => name,
            ClassUnicodeKind::NamedValue { value, .. } => value,
        };
        let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        let cased = ["lu", "ll", "lt", "lc", "upper", "lower", "uppercase", "lowercase", "cased"];
        let cased_letters = ["uppercaseletter", "lowercaseletter", "titlecaseletter", "casedletter", "casedletters"];
        self.han |= plain == "han";
        if cased.contains(&plain.as_str())
            || cased_letters.contains(&plain.as_str())
            || plain.starts_with("changeswhen")
        {
            self.needs_case(class.span);
        }
    }

    fn flags(&mut self, flags: &Flags, span: Span) {
        let off = flags.items.iter().skip_while(|item| item.kind != FlagsItemKind::Negation);
        if off.clone().any(|item| item.kind == FlagsItemKind::Flag(Flag::CaseInsensitive)) {
            self.needs_case(Span::new(span.start, flags.span.end.max(span.start)));
        }
    }

    fn assertion(&mut self, assertion: &Assertion) {
        if matches!(assertion.kind, AssertionKind::WordBoundary | AssertionKind::NotWordBoundary) {
            self.boundary.get_or_insert(assertion.span);
        }
    }

    fn note_boundary(&mut self) {
        let Some(span) = self.boundary.filter(|_| self.latin && self.han) else { return };
        let message = "`\\b` is no boundary between Latin and Han: both are letters to it";
        self.push(Code::WordBoundaryWithHan, span, message.to_owned(), "use `contains_word` for the words".to_owned());
    }

    fn needs_case(&mut self, span: Span) {
        let message = format!("`{}` is folded, so there is no upper or lower case to tell apart", self.field.name());
        self.push(Code::PatternNeedsCase, span, message, "use `name_raw`, which keeps the case".to_owned());
    }

    fn never(&mut self, span: Span, message: String, help: String) {
        self.push(Code::PatternNeverMatches, span, message, help);
    }

    fn push(&mut self, code: Code, span: Span, message: String, help: String) {
        let place = self.node.place_of(span.start.offset..span.end.offset);
        self.sink.push(Diagnostic::new(code, place, message).help(help));
    }
}

fn is_start(kind: &AssertionKind) -> bool {
    matches!(kind, AssertionKind::StartLine | AssertionKind::StartText)
}

fn is_end(kind: &AssertionKind) -> bool {
    matches!(kind, AssertionKind::EndLine | AssertionKind::EndText)
}

/// The character that occurs in folded text and that this one matches when case does not count.
fn occurring(character: char) -> Option<char> {
    let mut class = Characters::new([ClassUnicodeRange::new(character, character)]);
    class.try_case_fold_simple().ok()?;
    let mut same = class.iter().flat_map(|range| range.start()..=range.end());
    same.find(|same| {
        let surrounded = format!("{SURROUNDING}{same}{SURROUNDING}");
        text::fold(&surrounded) == surrounded
    })
}
