//! `starts_with`: the text begins with one of these.
//!
//! ```yaml
//! name: { starts_with: [official, 官方] }
//! ```

use std::ops::Range;

use crate::{
    diagnostic::Sink,
    engine::{Bounds, Language, Matcher, Needs, Value},
    matchers::{Argument, Context, Kind, Role, affixes::Affixes, is_text, literals},
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "starts_with",
    summary: "the text begins with one of these",
    argument: "texts or `{list: NAME}`",
    takes: Argument::SomeOrList,
    fits: is_text,
    role: Role::Test(build),
};

#[derive(Debug)]
struct StartsWith(Affixes);

impl Matcher for StartsWith {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Starts(self.0.literals()))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        self.0.needs()
    }

    fn holds(&self, value: Value<'_>) -> bool {
        self.find(value).is_some()
    }

    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        let text = value.text()?;
        self.0.longest(text, |length| Some(0..length))
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    Some(Box::new(literals::few_texts(context, argument, |texts| Some(StartsWith(Affixes::of(texts))), sink)?))
}
