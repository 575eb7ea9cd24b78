//! `ends_with`: the text ends with one of these.
//!
//! ```yaml
//! name: { ends_with: [.com, .cn] }
//! ```

use std::{ops::Range, sync::Arc};

use crate::{
    diagnostic::Sink,
    engine::{Matcher, Value},
    matchers::{Context, Kind, is_text, literals, starts_with::lengths},
    text::set::TextSet,
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "ends_with",
    summary: "the text ends with one of these",
    argument: "texts or `{list: NAME}`",
    fits: is_text,
    build,
};

/// Looks one slice up for each length that a literal has.
#[derive(Debug)]
struct EndsWith {
    literals: Arc<TextSet>,
    lengths: Vec<usize>,
}

impl Matcher for EndsWith {
    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.find(text).is_some())
    }

    fn find(&self, text: &str) -> Option<Range<usize>> {
        let mut starts = self.lengths.iter().rev().filter_map(|length| text.len().checked_sub(*length));
        let ends = |start: &usize| text.get(*start..).is_some_and(|end| self.literals.contains(end));
        starts.find(ends).map(|start| start..text.len())
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    literals::few_texts(context, argument, |literals| Some(EndsWith { lengths: lengths(&literals), literals }), sink)
}
