//! `is`: the value is exactly this one.
//!
//! ```yaml
//! name: { is: general }
//! app: { is: 1400000000 }
//! ```
//!
//! The argument is one text, or one number for `app`. On a prepared field both sides are prepared, so `General` and
//! `ＧＥＮＥＲＡＬ` are the same name.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    engine::Matcher,
    facts::Field,
    matchers::{Argument, Context, Kind, Role, is_in},
    yaml::{Node, Value},
};

pub(super) const KIND: Kind = Kind {
    name: "is",
    summary: "the value is exactly this one",
    argument: "one text, or one number for `app`",
    takes: Argument::One,
    fits: is_in::is_text_or_number,
    role: Role::Test(build),
};

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    if !matches!(argument.value, Value::Scalar(_) | Value::Reported) {
        let message = "`is` takes one value";
        sink.push(
            Diagnostic::new(Code::WrongType, argument.place, message).help("use `in` for several values or a list"),
        );
        return None;
    }
    if context.field == Field::App {
        return is_in::number(argument, sink).map(|number| is_in::numbers([number]));
    }
    let texts = is_in::known_texts(context, argument, sink)?;
    Some(Box::new(is_in::TextIn(texts)))
}
