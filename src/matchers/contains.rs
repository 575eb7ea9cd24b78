//! `contains`: one of these occurs in the text.
//!
//! ```yaml
//! name: { contains: [casino, 赌场] }
//! ```
//!
//! It finds `casino` in `mycasino1` too; for whole words use `contains_word`.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::{Matcher, Value},
    matchers::{Context, Kind, is_text, literals},
    text::set::TextSet,
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "contains",
    summary: "one of these occurs in the text",
    argument: "texts or `{list: NAME}`",
    fits: is_text,
    build,
};

#[derive(Debug)]
struct Contains(AhoCorasick);

impl Matcher for Contains {
    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.0.is_match(text))
    }

    fn find(&self, text: &str) -> Option<Range<usize>> {
        self.0.find(text).map(|found| found.range())
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    let texts = literals::few_texts(context, argument, sink)?;
    Some(Box::new(Contains(automaton(&texts, MatchKind::LeftmostLongest, argument.place, sink)?)))
}

/// One automaton over all literals.
pub(super) fn automaton(texts: &TextSet, kind: MatchKind, place: Place, sink: &mut Sink) -> Option<AhoCorasick> {
    let built = AhoCorasick::builder().match_kind(kind).build(texts.iter());
    built
        .map_err(|error| {
            let message = format!("the texts of this test are too many: {error}");
            sink.push(Diagnostic::new(Code::ListTooLong, place, message).help("split them over several rules"));
        })
        .ok()
}
