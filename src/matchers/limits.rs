//! The `{min, max}` argument.

use std::ops::RangeInclusive;

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    yaml::{Extra, Fields, Node, read::whole_number},
};

/// Reads `{min, max}`, both included; one of the two may be left out.
pub(super) fn limits(argument: &Node, what: &str, sink: &mut Sink) -> Option<RangeInclusive<usize>> {
    if argument.scalar().is_some() && !argument.is_null() {
        let message = format!("{what} takes limits, not one number or text");
        let help = "write `{ min: 2, max: 30 }`; both are included, and one may be left out";
        sink.push(Diagnostic::new(Code::WrongType, argument.place, message).help(help));
        return None;
    }
    let fields = Fields::of(argument, what, &["min", "max"], Extra::Refused, sink)?;
    let (min, max) = (fields.get("min"), fields.get("max"));
    if min.is_none() && max.is_none() {
        let message = format!("{what} has neither `min` nor `max`");
        sink.push(
            Diagnostic::new(Code::EmptyValue, argument.place, message).help("write `{max: 30}`, `{min: 2}` or both"),
        );
        return None;
    }
    let low = min.map_or(Some(0), |node| number(node, sink));
    let high = max.map_or(Some(usize::MAX), |node| number(node, sink));
    let (low, high) = (low?, high?);
    if low > high {
        let message = format!("`min` {low} is more than `max` {high}, so nothing can pass");
        sink.push(Diagnostic::new(Code::InvalidValue, argument.place, message).help("swap the two"));
        return None;
    }
    Some(low..=high)
}

fn number(node: &Node, sink: &mut Sink) -> Option<usize> {
    let word = node.word("a limit", sink)?;
    let refuse = |help: Option<String>| {
        let found = Diagnostic::new(Code::InvalidValue, node.place, format!("`{word}` is not a plain whole number"));
        sink.push(found.help(help.unwrap_or_else(|| "write a count, such as 30".to_owned())));
    };
    whole_number(word).map_err(refuse).ok()
}
