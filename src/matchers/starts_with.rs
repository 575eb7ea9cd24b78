//! `starts_with`: the text begins with one of these.
//!
//! ```yaml
//! name: { starts_with: [official, 官方] }
//! ```

use std::sync::Arc;

use crate::{
    diagnostic::Sink,
    engine::{Matcher, Value},
    matchers::{Context, Kind, is_text, literals},
    text::set::TextSet,
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "starts_with",
    summary: "the text begins with one of these",
    argument: "texts or `{list: NAME}`",
    fits: is_text,
    build,
};

/// Looks one slice up for each length that a literal has.
#[derive(Debug)]
struct StartsWith {
    literals: Arc<TextSet>,
    lengths: Vec<usize>,
}

impl Matcher for StartsWith {
    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.find(text).is_some())
    }

    fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let starts = |length: &usize| text.get(..*length).is_some_and(|start| self.literals.contains(start));
        self.lengths.iter().copied().rev().find(starts).map(|length| 0..length)
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    literals::few_texts(context, argument, |literals| Some(StartsWith { lengths: lengths(&literals), literals }), sink)
}

/// The lengths in bytes that occur among some texts, in rising order.
pub(super) fn lengths(texts: &TextSet) -> Vec<usize> {
    let lengths: std::collections::BTreeSet<usize> = texts.iter().map(str::len).collect();
    lengths.into_iter().collect()
}
