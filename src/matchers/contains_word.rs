//! `contains_word`: one of these occurs in the text as a word of its own.
//!
//! ```yaml
//! name: { contains_word: [bet, 赌] }
//! ```
//!
//! `bet` is found in `bet now`, `bet365` and `我要bet`, not in `alphabet`. A word is a run of letters and marks; digits,
//! `_` and a change to or from a script written without spaces (Han, Kana, Thai ...) end it. A literal's end in such a
//! script needs no boundary, because there is none to see.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::{
    diagnostic::Sink,
    engine::{Matcher, Value},
    matchers::{Context, Kind, contains::automaton, is_text, literals},
    text::word,
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "contains_word",
    summary: "one of these occurs in the text as a word of its own",
    argument: "texts or `{list: NAME}`",
    fits: is_text,
    build,
};

#[derive(Debug)]
struct ContainsWord(AhoCorasick);

impl ContainsWord {
    fn words<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        // Overlapping, because a longer literal may fail where a shorter one is a word.
        let found = self.0.find_overlapping_iter(text).map(|found| found.range());
        found.filter(|range| word::holds_word(text, range.clone()))
    }
}

impl Matcher for ContainsWord {
    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.words(text).next().is_some())
    }

    fn find(&self, text: &str) -> Option<Range<usize>> {
        self.words(text).min_by_key(|range| (range.start, text.len() - range.end))
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    literals::few_texts(context, argument, |texts| automaton(&texts, MatchKind::Standard).map(ContainsWord), sink)
}
