//! `matches`: a regular expression is found in the text.
//!
//! ```yaml
//! name: { matches: '(vx|wechat|微信)[ :_-]*[a-z0-9_-]{5,20}' }
//! ```
//!
//! The argument is one pattern or a list of them. A pattern is not anchored: `^` and `$` are the ends of the text. It takes
//! time in proportion to the length of the text and to the number of the patterns, whatever the text is. On `name` it is matched case-insensitively against the prepared name, so what cannot
//! occur there (full-width letters, `ß`, two spaces) is an error that shows the spelling to use.

use crate::{
    diagnostic::{Code, Diagnostic, Place, Severity, Sink},
    engine::Matcher,
    facts::{Field, FieldType},
    matchers::{
        Argument, Context, Fit, Grants, Kind, Role, is_text,
        literals::items,
        pattern::{self, Pattern, Written},
        patterns::Patterns,
    },
    yaml::{self, Node},
};

pub(super) const KIND: Kind = Kind {
    name: "matches",
    summary: "a regular expression is found in the text",
    argument: "one pattern or a list of them",
    takes: Argument::Some,
    fits: |field| match field {
        Field::NameLookalike | Field::NameSqueezed => Fit::Not(LETTERS_ARE_REPLACED),
        _ => is_text(field),
    },
    role: Role::Test(build),
};

const LETTERS_ARE_REPLACED: &str =
    "a pattern would mean something else once letters are replaced: use `contains`, or `matches` on `name`";

/// The longest pattern, in bytes.
const MAX_PATTERN_BYTES: usize = 64 * 1024;

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    if let yaml::Value::Mapping(_) = argument.value {
        let message = "`matches` takes one pattern or a list of them, not a mapping";
        let help = "lists hold texts, not patterns: use `contains` for the texts of a list";
        sink.push(Diagnostic::new(Code::WrongType, argument.place, message).help(help));
        return None;
    }
    let items = items(argument, "the patterns of a test", sink)?;
    let patterns: Vec<Option<Pattern>> = items.iter().map(|item| one(context, item, sink)).collect();
    let patterns = Patterns::of(patterns.into_iter().collect::<Option<_>>()?);
    if patterns.is_none() {
        sink.push(too_large(argument.place, "there are too many texts in it"));
    }
    Some(Box::new(patterns?))
}

fn one(context: &mut Context<'_, '_>, node: &Node, sink: &mut Sink) -> Option<Pattern> {
    let text = node.text("a pattern", sink)?;
    if text.len() > MAX_PATTERN_BYTES {
        sink.push(too_large(node.place, &format!("it is {} bytes long", text.len())));
        return None;
    }
    let folded = matches!(context.field.holds(), FieldType::Prepared | FieldType::Keyword);
    let ast = pattern::parse(node, text, sink)?;
    let before = sink.count(Severity::Error);
    if folded {
        pattern::check_folded(context.field, &ast, node, sink);
    }
    let case = if folded { pattern::Case::Insensitive } else { pattern::Case::Sensitive };
    let hir = pattern::translate(&ast, case, node, text, sink)?;
    if context.grants == Grants::Yes
        && matches!(context.field, Field::Operator | Field::Owner)
        && !pattern::is_anchored(&hir)
    {
        let message = format!("this pattern on `{}` lets every account pass that contains it", context.field.name());
        let help = format!("anchor it at both ends: '^(?:{text})$'");
        sink.push(Diagnostic::new(Code::UnanchoredAllow, node.place, message).help(help));
    } else if pattern::is_everywhere(&hir) {
        sink.push(everywhere(context.field, node.place, text));
    }
    if sink.count(Severity::Error) > before || context.budget.is_used_up() {
        return None;
    }
    let written = Written { text, case };
    let made = Pattern::of(&written, &hir, context.budget).map_err(|reason| sink.push(too_large(node.place, &reason)));
    let made = made.ok()?;
    if made.texts.is_empty() {
        context.slow.push(node.place);
    }
    Some(made)
}

fn everywhere(field: Field, place: Place, text: &str) -> Diagnostic {
    let message = format!("this pattern matches the empty text, so it holds for every `{}`", field.name());
    let help = match text {
        "" | "^" | "$" | ".*" => "remove the test, or write `when: always`",
        _ => "all of it may be left out: remove an empty branch, as in `(a|)`, or write `+` for `*`",
    };
    Diagnostic::new(Code::EmptyLiteral, place, message).help(help)
}

fn too_large(place: Place, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::PatternTooLarge, place, format!("this pattern is too large: {reason}"))
        .help("put words into a list with `contains`, or make the counts in braces smaller")
}
