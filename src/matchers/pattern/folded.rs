//! What a pattern on a folded field asks for that can never be there.

use regex_syntax::{
    ast::{
        Assertion, AssertionKind, Ast, ClassAsciiKind, ClassBracketed, ClassPerlKind, ClassSet, ClassSetItem,
        ClassUnicode, ClassUnicodeKind, Concat, Flag, Flags, FlagsItemKind, GroupKind, Repetition, RepetitionKind,
        RepetitionRange, Span,
    },
    hir::{ClassUnicode as Characters, ClassUnicodeRange},
};

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink},
    facts::Field,
    text,
    yaml::{Node, Scalar},
};

/// Once the classes of a pattern have more characters, the rest are taken to contain one that can occur.
const MAX_CHARACTERS_LOOKED_AT: usize = 2000;

/// The names of the classes that tell upper from lower case, in small letters only.
const CASED: [&str; 17] = [
    "lu",
    "ll",
    "lt",
    "lc",
    "upper",
    "lower",
    "uppercase",
    "lowercase",
    "cased",
    "uppercaseletter",
    "lowercaseletter",
    "titlecaseletter",
    "casedletter",
    "cwl",
    "cwu",
    "cwt",
    "cwcf",
];

/// Stands for what surrounds a run of literals: a character that composes with nothing.
const SURROUNDING: char = '\u{E000}';

/// Pushes a finding for each part of the pattern that cannot match, or that depends on case.
pub(in crate::matchers) fn check(field: Field, ast: &Ast, node: &Node, sink: &mut Sink) {
    let mut check = Check {
        field,
        node,
        sink,
        characters_left: MAX_CHARACTERS_LOOKED_AT,
        boundary: None,
        latin: false,
        han: false,
    };
    check.ast(ast);
    check.note_boundary();
}

struct Check<'a> {
    field: Field,
    node: &'a Node,
    sink: &'a mut Sink,
    characters_left: usize,
    boundary: Option<Span>,
    latin: bool,
    han: bool,
}

impl Check<'_> {
    fn ast(&mut self, ast: &Ast) {
        match ast {
            Ast::Flags(set) => self.flags(&set.flags, set.span),
            Ast::Literal(literal) => self.run(&[literal.c], literal.span, regex_syntax::escape),
            Ast::Assertion(assertion) => self.assertion(assertion),
            Ast::ClassUnicode(class) => self.unicode_class(class),
            Ast::ClassBracketed(class) => self.bracketed(class),
            Ast::Repetition(repetition) => self.repetition(repetition),
            Ast::Group(group) => {
                if let GroupKind::NonCapturing(flags) = &group.kind {
                    self.flags(flags, Span::new(group.span.start, flags.span.end));
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
        self.spaces(rest);
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
            self.run(&characters, Span::new(start.span.start, end.span.end), regex_syntax::escape);
            rest = rest.get(run.len()..).unwrap_or_default();
        }
    }

    /// There is white space neither at the ends of the text nor twice in a row.
    fn spaces(&mut self, parts: &[Ast]) {
        for pair in parts.windows(2) {
            match pair {
                [Ast::Assertion(assertion), space] if is_start(&assertion.kind) && is_space(space) => {
                    self.outer_space(*space.span());
                }
                [space, Ast::Assertion(assertion)] if is_end(&assertion.kind) && is_space(space) => {
                    self.outer_space(*space.span());
                }
                // Runs of literals are looked at as a whole.
                [Ast::Literal(_), Ast::Literal(_)] => {}
                [first, second] if is_space(first) && is_space(second) => {
                    self.double_space(Span::new(first.span().start, second.span().end));
                }
                _ => {}
            }
        }
    }

    fn outer_space(&mut self, span: Span) {
        let message = format!("`{}` has no white space at its ends", self.field.name());
        self.never(span, message, "remove the space; use `name_raw` to see it".to_owned());
    }

    fn double_space(&mut self, span: Span) {
        let message = format!("`{}` has never two spaces in a row", self.field.name());
        self.never(span, message, "white space is made one space; use `name_raw` to see all of it".to_owned());
    }

    fn repetition(&mut self, repetition: &Repetition) {
        if at_least(&repetition.op.kind) >= 2 && is_space(&repetition.ast) {
            self.double_space(repetition.span);
        } else if let Ast::Literal(literal) = &*repetition.ast {
            self.run(&[literal.c], literal.span, repeated);
        } else {
            self.ast(&repetition.ast);
        }
    }

    /// `spelt` writes a text as a pattern, for the place of the run.
    fn run(&mut self, run: &[char], span: Span, spelt: fn(&str) -> String) {
        run.iter().for_each(|letter| self.letter(*letter));
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
                format!("write `{}`, as the text reads after preparing", text::visible(&spelt(spelling)))
            };
            // A sign would mean something to the pattern or to YAML.
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == ' ' || !letter.is_ascii();
            let fits = self.node.scalar().is_some_and(Scalar::is_verbatim) && spelling.chars().all(is_plain);
            let fix = Some(spelt(spelling)).filter(|fix| fits && !spelling.is_empty() && !fix.contains(": "));
            let found = Diagnostic::new(Code::PatternNeverMatches, self.place(span), message).help(help);
            self.sink.push(found.fix_if(fix));
        }
    }

    fn bracketed(&mut self, class: &ClassBracketed) {
        self.class_set(&class.kind);
        let mut characters = Characters::empty();
        if class.negated || !only_characters(&class.kind, &mut characters) {
            return;
        }
        let size = characters.iter().map(ClassUnicodeRange::len).sum::<usize>();
        let Some(left) = self.characters_left.checked_sub(size) else { return };
        self.characters_left = left;
        let mut each = characters.iter().flat_map(|range| range.start()..=range.end());
        if each.all(|character| occurring(character).is_none()) {
            let message = format!("no character of this class occurs in `{}`", self.field.name());
            let help = "write the characters as they read after preparing: lower case, not full-width, composed";
            self.never(class.span, message, help.to_owned());
        }
    }

    fn class_set(&mut self, set: &ClassSet) {
        match set {
            ClassSet::Item(item) => self.class_item(item),
            ClassSet::BinaryOp(operation) => {
                self.class_set(&operation.lhs);
                self.class_set(&operation.rhs);
            }
        }
    }

    fn class_item(&mut self, item: &ClassSetItem) {
        match item {
            ClassSetItem::Literal(literal) => self.letter(literal.c),
            ClassSetItem::Range(range) => self.letter(range.start.c),
            ClassSetItem::Union(union) => union.items.iter().for_each(|item| self.class_item(item)),
            ClassSetItem::Ascii(class) if matches!(class.kind, ClassAsciiKind::Upper | ClassAsciiKind::Lower) => {
                self.needs_case(class.span);
            }
            ClassSetItem::Unicode(class) => self.unicode_class(class),
            ClassSetItem::Bracketed(class) => self.class_set(&class.kind),
            ClassSetItem::Ascii(_) | ClassSetItem::Perl(_) | ClassSetItem::Empty(_) => {}
        }
    }

    fn letter(&mut self, letter: char) {
        self.latin |= letter.is_ascii_alphabetic();
        self.han |= text::word::is_unspaced(letter);
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
        let plain = plain.strip_prefix("is").unwrap_or(&plain);
        self.han |= plain == "han";
        if CASED.contains(&plain) || plain.starts_with("changeswhen") {
            self.needs_case(class.span);
        }
    }

    fn flags(&mut self, flags: &Flags, span: Span) {
        let off = flags.items.iter().skip_while(|item| item.kind != FlagsItemKind::Negation);
        if off.clone().any(|item| item.kind == FlagsItemKind::Flag(Flag::CaseInsensitive)) {
            self.needs_case(span);
        }
    }

    fn assertion(&mut self, assertion: &Assertion) {
        if !is_start(&assertion.kind) && !is_end(&assertion.kind) {
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
        self.sink.push(Diagnostic::new(code, self.place(span), message).help(help));
    }

    fn place(&self, span: Span) -> Place {
        self.node.place_of(span.start.offset..span.end.offset)
    }
}

/// A text in a pattern before a repetition, which would else be about its last character.
fn repeated(text: &str) -> String {
    let escaped = regex_syntax::escape(text);
    if text.chars().nth(1).is_some() { format!("(?:{escaped})") } else { escaped }
}

fn is_start(kind: &AssertionKind) -> bool {
    matches!(kind, AssertionKind::StartLine | AssertionKind::StartText)
}

fn is_end(kind: &AssertionKind) -> bool {
    matches!(kind, AssertionKind::EndLine | AssertionKind::EndText)
}

/// Whether all that it matches is white space, and at least one.
fn is_space(ast: &Ast) -> bool {
    match ast {
        Ast::Literal(literal) => literal.c.is_whitespace(),
        Ast::ClassPerl(class) => class.kind == ClassPerlKind::Space && !class.negated,
        Ast::ClassBracketed(class) => {
            let mut characters = Characters::empty();
            let only = !class.negated && only_characters(&class.kind, &mut characters);
            only && characters.iter().all(|range| (range.start()..=range.end()).all(char::is_whitespace))
        }
        Ast::Repetition(repetition) => at_least(&repetition.op.kind) >= 1 && is_space(&repetition.ast),
        Ast::Group(group) => is_space(&group.ast),
        _ => false,
    }
}

fn at_least(kind: &RepetitionKind) -> u32 {
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => 0,
        RepetitionKind::OneOrMore => 1,
        RepetitionKind::Range(
            RepetitionRange::Exactly(least) | RepetitionRange::AtLeast(least) | RepetitionRange::Bounded(least, _),
        ) => *least,
    }
}

/// Collects the characters of a class; `false` if it has something else than characters and ranges.
fn only_characters(set: &ClassSet, characters: &mut Characters) -> bool {
    let ClassSet::Item(item) = set else { return false };
    let items = if let ClassSetItem::Union(union) = item { union.items.as_slice() } else { std::slice::from_ref(item) };
    items.iter().all(|item| {
        let range = match item {
            ClassSetItem::Literal(literal) => (literal.c, literal.c),
            ClassSetItem::Range(range) => (range.start.c, range.end.c),
            _ => return false,
        };
        characters.push(ClassUnicodeRange::new(range.0, range.1));
        true
    })
}

/// The character that occurs in folded text and that this one matches when case does not count.
fn occurring(character: char) -> Option<char> {
    if matches!(character, '!'..='@' | '['..='~') {
        return Some(character);
    }
    let mut class = Characters::new([ClassUnicodeRange::new(character, character)]);
    class.try_case_fold_simple().ok()?;
    let mut same = class.iter().flat_map(|range| range.start()..=range.end());
    same.find(|same| {
        let surrounded = format!("{SURROUNDING}{same}{SURROUNDING}");
        text::fold(&surrounded) == surrounded
    })
}
