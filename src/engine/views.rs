//! The values of a request's fields, each prepared at most once and only if a rule asks for it.

mod made;

use std::{borrow::Cow, cell::OnceCell, ops::Range};

use crate::{
    engine::Value,
    facts::{Facts, Field},
    text::{self, Trace, keyword},
};

use made::{Made, room};

/// One request, with its prepared views.
#[derive(Debug)]
pub struct Views<'a> {
    facts: &'a Facts<'a>,
    name: OnceCell<Option<Made>>,
    lookalike: OnceCell<Option<Made>>,
    squeezed: OnceCell<Option<Made>>,
    group_type: OnceCell<Option<Cow<'a, str>>>,
    platform: OnceCell<Option<Cow<'a, str>>>,
}

impl<'a> Views<'a> {
    /// Nothing is prepared yet.
    pub fn of(facts: &'a Facts<'a>) -> Views<'a> {
        Views {
            facts,
            name: OnceCell::new(),
            lookalike: OnceCell::new(),
            squeezed: OnceCell::new(),
            group_type: OnceCell::new(),
            platform: OnceCell::new(),
        }
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
            Field::Name => Some(self.name()),
            Field::NameLookalike => return Some(Value::Looks { text: self.lookalike(), name: self.name() }),
            Field::NameSqueezed => Some(self.squeezed()),
            Field::Type => {
                self.group_type.get_or_init(|| facts.group_type.as_deref().map(keyword::group_type)).as_deref()
            }
            Field::Platform => {
                self.platform.get_or_init(|| facts.platform.as_deref().map(keyword::platform)).as_deref()
            }
            Field::ClientIp => return facts.client_ip.map(Value::Address),
            Field::App => return facts.app.map(Value::Number),
        };
        text.map(Value::Text)
    }

    /// What the name looks like, and that squeezed; `None` for what no rule asked for yet.
    pub fn looks(&self) -> [Option<&str>; 2] {
        let lookalike = self.lookalike.get().map(|_| self.lookalike());
        [lookalike, self.squeezed.get().map(|_| self.squeezed())]
    }

    /// The bytes of the name as it was sent that the bytes `range` of a view of it come from.
    pub fn typed(&self, field: Field, range: Range<usize>) -> Range<usize> {
        let raw = self.facts.name.as_ref();
        match field {
            Field::Name => Trace::of(raw).raw_range(range),
            Field::NameLookalike => Trace::of(raw).lookalike().raw_range(range),
            Field::NameSqueezed => Trace::of(raw).lookalike().squeezed().raw_range(range),
            _ => range,
        }
    }

    fn name(&self) -> &str {
        let raw = self.facts.name.as_ref();
        self.name.get_or_init(|| Made::of(text::fold_into(raw, room))).as_deref().unwrap_or(raw)
    }

    fn lookalike(&self) -> &str {
        let name = self.name();
        self.lookalike.get_or_init(|| Made::of(text::lookalike_into(name, room))).as_deref().unwrap_or(name)
    }

    fn squeezed(&self) -> &str {
        let lookalike = self.lookalike();
        self.squeezed.get_or_init(|| Made::of(text::squeezed_into(lookalike, room))).as_deref().unwrap_or(lookalike)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    const VIEWS: [Field; 5] = [Field::Name, Field::NameLookalike, Field::NameSqueezed, Field::Type, Field::Platform];

    #[test]
    fn a_view_is_made_once() {
        let mut facts = Facts::topic("leckie", "  The АDM1N!", Timestamp::UNIX_EPOCH);
        (facts.group_type, facts.platform) = (Some("chatroom".into()), Some("macos".into()));
        let views = Views::of(&facts);
        for field in VIEWS {
            let text = || views.value(field).and_then(Value::text).unwrap();
            assert!(std::ptr::eq(text(), text()), "{}", field.name());
        }
    }

    #[test]
    fn a_view_is_made_only_if_it_is_asked_for() {
        let facts = Facts::topic("leckie", "The АDM1N!", Timestamp::UNIX_EPOCH);
        let made = |asked: &[Field]| {
            let views = Views::of(&facts);
            for field in asked {
                views.value(*field);
            }
            [views.name.get().is_some(), views.lookalike.get().is_some(), views.squeezed.get().is_some()]
        };
        assert_eq!(made(&[Field::Operator, Field::NameRaw, Field::Owner, Field::App]), [false; 3]);
        assert_eq!(made(&[Field::Name]), [true, false, false]);
        assert_eq!(made(&[Field::NameLookalike]), [true, true, false]);
        assert_eq!(made(&[Field::NameSqueezed]), [true; 3]);
    }
}
