//! `ends_with`: the text ends with one of these.
//!
//! ```yaml
//! name: { ends_with: [.com, .cn] }
//! ```

use std::ops::Range;

use crate::{
    diagnostic::Sink,
    engine::{Bounds, Language, Matcher, Needs, Value},
    matchers::{Argument, Context, Kind, Role, affixes::Affixes, is_text, literals},
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "ends_with",
    summary: "the text ends with one of these",
    argument: "texts or `{list: NAME}`",
    takes: Argument::SomeOrList,
    fits: is_text,
    role: Role::Test(build),
};

#[derive(Debug)]
struct EndsWith(Affixes);

impl Matcher for EndsWith {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Ends(self.0.literals()))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        self.0.needs()
    }

    fn holds(&self, value: Value<'_>) -> bool {
        self.find(value).is_some()
    }

    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        let text = value.text()?;
        self.0.longest(text, |length| Some(text.len().checked_sub(length)?..text.len()))
    }
}

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    Some(Box::new(literals::few_texts(context, argument, |texts| Some(EndsWith(Affixes::of(texts))), sink)?))
}
