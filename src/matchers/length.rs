//! `length`: the text has so many characters.
//!
//! ```yaml
//! name: { length: { min: 2, max: 30 } }
//! ```
//!
//! Counts extended grapheme clusters, what people take for one character: `é` and `👨‍👩‍👧` on `name_raw` are one each. On `name`
//! the text is counted after preparing, without invisible characters.

use std::ops::RangeInclusive;

use crate::{
    diagnostic::Sink,
    engine::{Bounds, Language, Matcher, Value},
    matchers::{Argument, Context, Kind, Role, is_text, limits::limits},
    text,
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "length",
    summary: "the text has so many characters",
    argument: "`{min, max}`, both included, one may be left out",
    takes: Argument::Limits,
    fits: is_text,
    role: Role::Test(build),
};

#[derive(Debug)]
struct Length(RangeInclusive<usize>);

impl Matcher for Length {
    fn bounds(&self) -> Bounds<'_> {
        // A character is one code point or more.
        let (least, most) = (*self.0.start(), *self.0.end());
        let over = if least == 0 { Language::Every } else { Language::Characters(least..=usize::MAX) };
        let under = if least <= 1 { Language::Characters(least..=most) } else { Language::Nothing };
        if least <= 1 && most == usize::MAX { Bounds::exactly(over) } else { Bounds::between(under, over) }
    }

    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.0.contains(&text::graphemes(text)))
    }
}

fn build(_: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    Some(Box::new(Length(limits(argument, "`length`", sink)?)))
}
