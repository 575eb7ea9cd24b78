//! `present`: the request has the field, or has it not.
//!
//! ```yaml
//! client_ip: { present: false }
//! ```
//!
//! For the fields that a request may come without: `owner`, `type`, `platform`, `client_ip`, `app`. Every other test of
//! an absent field is false.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    engine::{Bounds, Language, Matcher, Value},
    matchers::{Argument, Context, Fit, Kind, Role},
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "present",
    summary: "the request has the field, or has it not",
    argument: "`true` or `false`",
    takes: Argument::Flag,
    fits: |field| Fit::of(field.is_optional()),
    role: Role::Test(build),
};

#[derive(Debug)]
enum Present {
    Wanted,
    Unwanted,
}

impl Matcher for Present {
    fn bounds(&self) -> Bounds<'_> {
        Bounds::exactly(if matches!(self, Present::Wanted) { Language::Every } else { Language::Nothing })
    }

    fn holds(&self, _: Value<'_>) -> bool {
        matches!(self, Present::Wanted)
    }

    fn holds_absent(&self) -> bool {
        matches!(self, Present::Unwanted)
    }
}

fn build(_: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    match argument.word("`present`", sink)? {
        "true" => Some(Box::new(Present::Wanted)),
        "false" => Some(Box::new(Present::Unwanted)),
        other => {
            let message = format!("`present` is `true` or `false`, not `{other}`");
            let help = match other.to_lowercase().as_str() {
                "yes" | "y" | "on" | "true" => "write `present: true`",
                "no" | "n" | "off" | "false" => "write `present: false`",
                _ => "write `present: true`, or `present: false` to ask whether the field is absent",
            };
            sink.push(Diagnostic::new(Code::InvalidValue, argument.place, message).help(help));
            None
        }
    }
}
