//! `message`: a text with placeholders.

use crate::{
    diagnostic::{Code, Diagnostic, Sink, did_you_mean},
    engine::message::{MAX_MESSAGE_BYTES, Message, Part, Placeholder},
    rules::ast::Condition,
    yaml::{Node, Scalar, read::listed},
};

/// Splits a message at its placeholders; each must exist and be one that `when` can fill.
pub(super) fn compile(node: &Node, when: Option<&Condition<'_>>, sink: &mut Sink) -> Option<Message> {
    let text = &node.scalar()?.text;
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text.as_str();
    let mut whole = true;
    while let Some(brace) = rest.find('{') {
        let (before, from) = rest.split_at(brace);
        literal.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            literal.push('{');
            rest = after;
            continue;
        }
        let end = from.find('}').map_or(from.len(), |end| end + 1);
        let (written, after) = from.split_at(end);
        let start = text.len() - from.len();
        match placeholder(written, when) {
            Ok(placeholder) => {
                parts.push(Part::Text(std::mem::take(&mut literal)));
                parts.push(Part::Placeholder(placeholder));
            }
            Err(Wrong { message, help, meant }) => {
                let place = node.place_of(start..start + written.len());
                let meant = meant.filter(|_| node.scalar().is_some_and(Scalar::is_verbatim));
                sink.push(Diagnostic::new(Code::InvalidPlaceholder, place, message).help(help).fix_if(meant));
                whole = false;
            }
        }
        rest = after;
    }
    literal.push_str(rest);
    parts.push(Part::Text(literal));
    warn_if_cut(node, &parts, sink);
    whole.then_some(Message(parts))
}

fn warn_if_cut(node: &Node, parts: &[Part], sink: &mut Sink) {
    let fixed: usize = parts.iter().map(|part| if let Part::Text(text) = part { text.len() } else { 0 }).sum();
    if fixed > MAX_MESSAGE_BYTES {
        let message = format!("this message has {fixed} bytes, and is cut after {MAX_MESSAGE_BYTES}");
        let help = "make it shorter; a Chinese character takes three bytes";
        sink.push(Diagnostic::new(Code::MessageTooLong, node.place, message).help(help));
    }
}

/// Why a placeholder is none.
struct Wrong {
    message: String,
    help: String,
    /// What should stand there.
    meant: Option<String>,
}

impl Wrong {
    fn new(message: &str, help: &str) -> Wrong {
        Wrong { message: message.to_owned(), help: help.to_owned(), meant: None }
    }
}

fn placeholder(written: &str, when: Option<&Condition<'_>>) -> Result<Placeholder, Wrong> {
    let names = Placeholder::ALL.map(Placeholder::name);
    let Some(word) = written.strip_prefix('{').and_then(|word| word.strip_suffix('}')) else {
        return Err(Wrong::new("a `{` without its `}`", "write `{{` for a brace that is meant literally"));
    };
    let Some(placeholder) = Placeholder::ALL.into_iter().find(|placeholder| placeholder.name() == word) else {
        let meant = did_you_mean(word, names).map(|near| format!("{{{near}}}"));
        let help = meant.as_ref().map_or_else(
            || format!("a message can show {}; write `{{{{` for a brace", listed(&names)),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Wrong { message: format!("there is no placeholder `{{{word}}}`"), help, meant });
    };
    if placeholder == Placeholder::Match && when.is_some_and(|when| !tests_name(when)) {
        let message = "`{match}` has nothing to show: the rule tests no name";
        return Err(Wrong::new(message, "use `{name}`, or add a test of the name that is not under `not`"));
    }
    Ok(placeholder)
}

/// Whether a test of the name stands there, or may stand where nothing could be read.
fn tests_name(when: &Condition<'_>) -> bool {
    match when {
        Condition::Always | Condition::Not(..) => false,
        Condition::All(parts) | Condition::Any(parts, _) => parts.iter().any(tests_name),
        Condition::Test(test) => test.field.value.is_name(),
        Condition::Reported => true,
    }
}
