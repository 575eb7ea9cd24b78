//! The values of a request's fields, each prepared at most once and only if a rule asks for it.

use std::{borrow::Cow, cell::OnceCell, ops::Range};

use crate::{
    engine::Value,
    facts::{Facts, Field},
    text::{self, keyword},
};

/// One request, with its prepared views.
#[derive(Debug)]
pub struct Views<'a> {
    facts: &'a Facts<'a>,
    name: OnceCell<Cow<'a, str>>,
    group_type: OnceCell<Option<Cow<'a, str>>>,
    platform: OnceCell<Option<Cow<'a, str>>>,
}

impl<'a> Views<'a> {
    /// Nothing is prepared yet.
    pub fn of(facts: &'a Facts<'a>) -> Views<'a> {
        Views { facts, name: OnceCell::new(), group_type: OnceCell::new(), platform: OnceCell::new() }
    }

    /// The request itself.
    pub fn facts(&self) -> &'a Facts<'a> {
        self.facts
    }

    /// The value of a field; `None` where the request has none.
    pub fn value(&self, field: Field) -> Option<Value<'_>> {
        let facts = self.facts;
        let text = match field {
            Field::Operator => Some(facts.operator.as_ref()),
            Field::Owner => facts.owner.as_deref(),
            Field::NameRaw => Some(facts.name.as_ref()),
            Field::Name => Some(self.name.get_or_init(|| text::fold(&facts.name)).as_ref()),
            Field::Type => {
                self.group_type.get_or_init(|| facts.group_type.as_deref().map(keyword::group_type)).as_deref()
            }
            Field::Platform => {
                self.platform.get_or_init(|| facts.platform.as_deref().map(keyword::platform)).as_deref()
            }
            Field::ClientIp => return facts.client_ip.map(Value::Address),
            Field::App => return facts.app.map(Value::Number),
            // The parser refuses these until their views exist.
            Field::NameLookalike | Field::NameSqueezed => None,
        };
        text.map(Value::Text)
    }

    /// What the user typed for the bytes `range` of a view of the name.
    pub fn typed(&self, field: Field, range: Range<usize>) -> &'a str {
        let raw = self.facts.name.as_ref();
        let range = if field == Field::Name { text::Trace::of(raw).raw_range(range) } else { range };
        raw.get(range).unwrap_or(raw)
    }
}
