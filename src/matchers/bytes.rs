//! `bytes`: the text has so many bytes of UTF-8.
//!
//! ```yaml
//! name_raw: { bytes: { max: 150 } }
//! ```
//!
//! A Han character is 3 bytes, most emoji are 4 or more.

use std::ops::RangeInclusive;

use crate::{
    diagnostic::Sink,
    engine::{Bounds, Language, Matcher, Value},
    matchers::{Argument, Context, Kind, Role, is_text, limits::limits},
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "bytes",
    summary: "the text has so many bytes of UTF-8",
    argument: "`{min, max}`, both included, one may be left out",
    takes: Argument::Limits,
    fits: is_text,
    role: Role::Test(build),
};

#[derive(Debug)]
struct Bytes(RangeInclusive<usize>);

impl Matcher for Bytes {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(Language::Bytes(self.0.clone()))
    }

    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.0.contains(&text.len()))
    }
}

fn build(_: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    Some(Box::new(Bytes(limits(argument, "`bytes`", sink)?)))
}
