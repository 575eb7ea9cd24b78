//! `contains`: one of these occurs in the text.
//!
//! ```yaml
//! name: { contains: [casino, 赌场] }
//! ```
//!
//! It finds `casino` in `mycasino1` too; for whole words use `contains_word`, for words that are fine use
//! `ignoring` beside it.

use std::{ops::Range, sync::Arc};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::{
    diagnostic::Sink,
    engine::{Bounds, Language, Matcher, Needs, Value},
    matchers::{Argument, Context, Kind, Role, ignoring, is_text, literals, search::Unit},
    text::set::TextSet,
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "contains",
    summary: "one of these occurs in the text",
    argument: "texts or `{list: NAME}`",
    takes: Argument::SomeOrList,
    fits: is_text,
    role: Role::Test(build),
};

#[derive(Debug)]
struct Contains {
    texts: Arc<TextSet>,
    automaton: AhoCorasick,
}

impl Matcher for Contains {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Parts(&self.texts))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        Some(vec![Needs::Parts(self.texts.iter().collect())])
    }

    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.automaton.is_match(text))
    }

    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        let text = value.text()?;
        self.automaton.find(text).map(|found| found.range())
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    if context.ignoring.is_some() {
        return Some(Box::new(ignoring::search(context, argument, Unit::Anywhere, sink)?));
    }
    Some(Box::new(literals::few_texts(context, argument, contains, sink)?))
}

/// Literals of fewer bytes may become a transition table, which is fast and takes up to a kilobyte a byte.
const MAX_TABLE_BYTES: usize = 4096;

/// One automaton over all literals; `None` if they are too many.
fn contains(texts: Arc<TextSet>) -> Option<Contains> {
    let small = texts.iter().map(str::len).sum::<usize>() <= MAX_TABLE_BYTES;
    let kind = if small { None } else { Some(AhoCorasickKind::ContiguousNFA) };
    let automaton =
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(kind).build(texts.iter()).ok()?;
    Some(Contains { texts, automaton })
}
