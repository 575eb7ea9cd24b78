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

/// Longer runs take large tables to follow.
const LONGEST_RUN: usize = 64;

#[derive(Debug)]
struct Length(RangeInclusive<usize>);

impl Matcher for Length {
    fn bounds(&self) -> Bounds<'_> {
        // A character is one code point or more, and what `Runs` is about never joins with its like.
        let (least, most) = (*self.0.start(), *self.0.end());
        if most == 0 {
            return Bounds::exactly(Language::Characters(0..=0));
        }
        let over = match (least, most) {
            (_, most) if most <= LONGEST_RUN => Language::Runs(most),
            (0, _) => Language::Every,
            _ => Language::Characters(least..=usize::MAX),
        };
        let under = if least <= 1 { Language::Characters(least..=most) } else { Language::Nothing };
        if least <= 1 && most == usize::MAX { Bounds::exactly(over) } else { Bounds::between(under, over) }
    }

    fn length(&self) -> Option<RangeInclusive<usize>> {
        Some(self.0.clone())
    }

    fn holds(&self, value: Value<'_>) -> bool {
        value.text().is_some_and(|text| self.0.contains(&text::graphemes(text)))
    }
}

fn build(_: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    Some(Box::new(Length(limits(argument, "`length`", sink)?)))
}
