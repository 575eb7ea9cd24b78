//! A literal, prepared exactly like the text that it is compared with, and what it must not be.

use std::borrow::Cow;

use icu_properties::{props::Script, script::ScriptWithExtensions};

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink},
    facts::{Field, FieldType},
    text::{self, keyword},
};

/// The longest text that is looked for, in bytes: the longest name that a request may have.
const MAX_LITERAL_BYTES: usize = 4096;

/// The fewest characters of a text on `name_squeezed`: shorter ones stand in every other name, by chance.
const MIN_SQUEEZED: usize = 3;

/// The same, where a character is a syllable or a word.
const MIN_SQUEEZED_DENSE: usize = 2;

const DENSE: [Script; 4] = [Script::Han, Script::Hiragana, Script::Katakana, Script::Hangul];

/// A literal as the field shows it; `None` where it could not mean what it says.
pub(super) fn prepare(field: Field, literal: &str, place: Place, sink: &mut Sink) -> Option<String> {
    if literal.len() > MAX_LITERAL_BYTES {
        let message = format!("a text of {} bytes is too long to be looked for", literal.len());
        let help = format!("write at most {MAX_LITERAL_BYTES} bytes: longer names are not decided");
        sink.push(Diagnostic::new(Code::TooLarge, place, message).help(help));
        return None;
    }
    let prepared = seen(field, literal);
    let refused = if prepared.is_empty() {
        Some(empty(field, place))
    } else if field.holds() == FieldType::Prepared && has_outer_space(literal) {
        Some(outer_space(field, place))
    } else {
        unlike(field, literal, &prepared, place)
    };
    match refused {
        Some(refused) => {
            sink.push(refused);
            None
        }
        None => Some(prepared.into_owned()),
    }
}

/// A text as the field shows it, whatever is left of it.
pub fn seen(field: Field, literal: &str) -> Cow<'_, str> {
    match field {
        Field::Name => text::fold(literal),
        Field::NameLookalike => text::lookalike(&text::fold(literal)).into_owned().into(),
        Field::NameSqueezed => text::squeezed(&text::lookalike(&text::fold(literal))).into_owned().into(),
        Field::Type => keyword::group_type(literal),
        Field::Platform => keyword::platform(literal),
        Field::Operator | Field::Owner | Field::NameRaw | Field::ClientIp | Field::App => literal.into(),
    }
}

fn empty(field: Field, place: Place) -> Diagnostic {
    let help = match field {
        Field::NameLookalike => {
            "invisible characters and marks on nothing are removed; use `name_raw` to look for them"
        }
        Field::NameSqueezed => "only letters and digits are left there; use `name` to look for signs and emoji",
        _ => "white space at the ends and invisible characters are removed; use `name_raw` to look for them",
    };
    let message = format!("nothing is left of this text on `{}`", field.name());
    Diagnostic::new(Code::EmptyLiteral, place, message).help(help)
}

fn outer_space(field: Field, place: Place) -> Diagnostic {
    let message = format!("white space at the ends of a text is removed on `{}`", field.name());
    let help = match field {
        Field::NameSqueezed => "remove it: all white space is; for whole words, use `contains_word` on another view",
        _ => "remove it; use `contains_word` for whole words, or `name_raw` to see the spaces",
    };
    Diagnostic::new(Code::OuterSpace, place, message).help(help)
}

/// What is wrong with a text on a view of what a name looks like.
fn unlike(field: Field, literal: &str, prepared: &str, place: Place) -> Option<Diagnostic> {
    if !matches!(field, Field::NameLookalike | Field::NameSqueezed) {
        return None;
    }
    let view = field.name();
    let looks_like_letters = literal.contains(char::is_numeric) || prepared.contains(char::is_alphabetic);
    if looks_like_letters && !text::fold(literal).contains(char::is_alphabetic) {
        let message =
            format!("digits and signs are letters on `{view}`: this text is `{}` there", text::visible(prepared));
        let help = "use `name` to look for digits and signs";
        return Some(Diagnostic::new(Code::DigitsAreLetters, place, message).help(help));
    }
    let count = prepared.chars().count();
    let least = if prepared.chars().all(is_dense) { MIN_SQUEEZED_DENSE } else { MIN_SQUEEZED };
    (field == Field::NameSqueezed && count < least).then(|| {
        let (written, left) = (text::visible(literal), text::visible(prepared));
        let is_there = if written == left { String::new() } else { format!("is `{left}` there, and ") };
        let message = format!("`{written}` {is_there}is too short for `{view}`, which has no ends of words");
        let help = format!("write text of which {least} letters are left, or use `contains_word` on `name_lookalike`");
        Diagnostic::new(Code::LiteralTooShort, place, message).help(help)
    })
}

fn is_dense(character: char) -> bool {
    ScriptWithExtensions::new().get_script_extensions_val(character).iter().any(|script| DENSE.contains(&script))
}

/// Whether there is white space at an end, invisible characters aside.
fn has_outer_space(literal: &str) -> bool {
    let is_seen =
        |character: &char| character.is_whitespace() || !text::fold(character.encode_utf8(&mut [0; 4])).is_empty();
    let ends = [literal.chars().find(is_seen), literal.chars().rev().find(is_seen)];
    ends.into_iter().flatten().any(char::is_whitespace)
}
