//! One regular expression: what can be said of it before it is used, and how it is looked for.

mod budget;
mod empty;
mod engine;
mod folded;
mod literals;
mod narrow;

use std::ops::Range;

use regex_automata::util::look::{LookMatcher, LookSet};
use regex_syntax::{
    ast::{self, Ast},
    hir::{Hir, Look, translate::TranslatorBuilder},
};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    engine::Expression,
    yaml::Node,
};

pub use budget::Budget;
pub(super) use empty::is_everywhere;
pub(super) use folded::check as check_folded;
pub use narrow::narrow;

use engine::{Engine, Runs};
use literals::{Whole, required, whole};

/// The deepest nesting of groups: the passes over a pattern are recursive.
const MAX_NESTING: u32 = 100;

/// Whether letters match in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Sensitive,
    Insensitive,
}

/// Reads the syntax, with a finding at the character.
pub(super) fn parse(node: &Node, text: &str, sink: &mut Sink) -> Option<Ast> {
    let parsed = ast::parse::ParserBuilder::new().nest_limit(MAX_NESTING).build().parse(text);
    parsed
        .map_err(|error| {
            let place = node.place_of(error.span().start.offset..error.span().end.offset);
            let wildcard = matches!(error.kind(), ast::ErrorKind::RepetitionMissing).then(|| wildcard(text)).flatten();
            sink.push(invalid(place, &error.kind().to_string()).help_if(wildcard));
        })
        .ok()
}

/// What to write for `*casino*`, which means something in the names of files and nothing in a pattern.
fn wildcard(text: &str) -> Option<String> {
    let word = text.trim_matches('*');
    let plain = text.starts_with('*') && !word.is_empty() && !word.contains(regex_syntax::is_meta_character);
    plain.then(|| format!("for this text anywhere, write `contains: {word}`"))
}

/// Gives the syntax its meaning.
pub(super) fn translate(ast: &Ast, case: Case, node: &Node, text: &str, sink: &mut Sink) -> Option<Hir> {
    let mut translator = TranslatorBuilder::new().case_insensitive(case == Case::Insensitive).utf8(true).build();
    let translated = translator.translate(text, ast);
    translated
        .map_err(|error| {
            let place = node.place_of(error.span().start.offset..error.span().end.offset);
            sink.push(invalid(place, &error.kind().to_string()));
        })
        .ok()
}

fn invalid(place: crate::diagnostic::Place, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidPattern, place, format!("this pattern cannot be read: {reason}")).help(
        "put a backslash before a character that is meant literally; look-around and back-references do not exist here",
    )
}

/// Whether a match is always the whole text.
pub(super) fn is_anchored(hir: &Hir) -> bool {
    let properties = hir.properties();
    properties.look_set_prefix().contains(Look::Start) && properties.look_set_suffix().contains(Look::End)
}

/// A pattern may become so many times as many bytes of texts; with more, an engine takes less memory.
const MAX_GROWTH: usize = 4;

/// So many bytes of texts take as much memory as a state.
const BYTES_OF_STATE: usize = 4;

/// What somebody wrote.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    pub(super) text: &'a str,
    pub(super) case: Case,
}

/// A pattern that can be looked for.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Texts of which one occurs in whatever it matches; none where it has to be run on every text.
    pub(super) texts: Vec<Box<str>>,
    /// The most bytes that it matches; none where there is no limit.
    pub(super) longest: Option<usize>,
    /// What was written, for proofs.
    written: Box<str>,
    case: Case,
    means: Means,
}

#[derive(Debug)]
enum Means {
    /// The texts and nothing else, in order of preference.
    Whole {
        before: LookSet,
        after: LookSet,
    },
    Engine(Engine),
    /// The same, for a pattern that is run on every text.
    Always(Engine, Box<Hir>),
}

/// What follows from a text of a pattern that occurs somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// The pattern is found.
    Found,
    /// Nothing.
    Nothing,
    /// The pattern may be found, and has to be run.
    Maybe,
}

impl Pattern {
    /// A pattern of what was written and read; an error says what is too large.
    pub(super) fn of(written: &Written<'_>, hir: &Hir, budget: &mut Budget) -> Result<Pattern, String> {
        let longest = hir.properties().maximum_len();
        let narrowed = if written.case == Case::Insensitive { narrow(hir) } else { hir.clone() };
        if let Some(Whole { texts, before, after }) = whole(&narrowed, MAX_GROWTH * written.text.len()) {
            budget.states(texts.iter().map(|text| text.len()).sum::<usize>() / BYTES_OF_STATE)?;
            return Ok(Pattern {
                texts,
                longest,
                written: written.text.into(),
                case: written.case,
                means: Means::Whole { before, after },
            });
        }
        let texts = required(&narrowed);
        let means = if texts.is_empty() {
            Means::Always(Engine::of(written, &narrowed, Runs::Always, budget)?, Box::new(narrowed))
        } else {
            Means::Engine(Engine::of(written, &narrowed, Runs::Confirming, budget)?)
        };
        Ok(Pattern { texts, longest, written: written.text.into(), case: written.case, means })
    }

    /// What was written.
    pub(super) fn expression(&self) -> Expression<'_> {
        Expression { text: &self.written, is_folded: self.case == Case::Insensitive }
    }

    /// The pattern itself, if a table can say which texts it is found in. A table stops at the first end of a match; that of
    /// an empty one may lie inside a character, where nothing is found, and hide one that is.
    pub(super) fn for_table(&self) -> Option<&Hir> {
        let Means::Always(_, hir) = &self.means else { return None };
        hir.properties().minimum_len().is_some_and(|least| least > 0).then_some(hir)
    }

    /// What follows from one of its texts at a place.
    pub(super) fn follows(&self, text: &str, place: Range<usize>) -> Follows {
        match &self.means {
            Means::Engine(_) | Means::Always(..) => Follows::Maybe,
            Means::Whole { before, after } if holds(*before, text, place.start) && holds(*after, text, place.end) => {
                Follows::Found
            }
            Means::Whole { .. } => Follows::Nothing,
        }
    }

    /// Where a match lies that has one of its texts at a place.
    pub(super) fn window(&self, text: &str, place: Range<usize>) -> Range<usize> {
        let Some(longest) = self.longest.filter(|_| self.is_run_in_windows()) else { return 0..text.len() };
        let (start, end) = (place.end.saturating_sub(longest), place.start.saturating_add(longest));
        start..end.min(text.len())
    }

    /// Whether running it on a part of a text takes less than on all of it.
    fn is_run_in_windows(&self) -> bool {
        matches!(self.means, Means::Engine(Engine::Small(_)))
    }

    /// Whether it is found in these bytes of a text. What stands around them is seen, and no part of a match.
    pub(super) fn is_match(&self, text: &str, within: Range<usize>) -> bool {
        match &self.means {
            Means::Engine(engine) | Means::Always(engine, _) => engine.is_match(text, within),
            Means::Whole { .. } => self.find(text).is_some(),
        }
    }

    /// The leftmost bytes that it is found in.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        match &self.means {
            Means::Engine(engine) | Means::Always(engine, _) => engine.find(text),
            Means::Whole { .. } => {
                let first = self.texts.iter().filter_map(|whole| self.first(text, whole));
                // Of those that begin at the same place it gives the first, which is the one that is preferred.
                first.min_by_key(|place| place.start)
            }
        }
    }

    /// Where a text of it is found first.
    fn first(&self, text: &str, whole: &str) -> Option<Range<usize>> {
        let mut from = 0;
        loop {
            let start = from + text.get(from..)?.find(whole)?;
            let place = start..start + whole.len();
            if self.follows(text, place.clone()) == Follows::Found {
                return Some(place);
            }
            from = text.ceil_char_boundary(start + 1);
        }
    }
}

fn holds(looks: LookSet, text: &str, at: usize) -> bool {
    looks.is_empty() || LookMatcher::new().matches_set(looks, text.as_bytes(), at)
}
