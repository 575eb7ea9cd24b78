//! What is known of every text in which an entry occurs, whatever stands around it.

use crate::{
    engine::{Condition, Language, Test, Value},
    matchers::scripts,
    rules::ast,
    text, yaml,
};

/// The value of a condition, all of whose tests are of one field, for each text that holds an entry; `None` where it depends
/// on the rest of the text.
pub(super) fn value(written: &ast::Condition<'_>, condition: &Condition, entry: &str) -> Option<bool> {
    match (written, condition) {
        (_, Condition::Always) => Some(true),
        (ast::Condition::All(written), Condition::All(parts)) => joined(written, parts, entry, false),
        (ast::Condition::Any(written, _), Condition::Any { branches, .. }) => joined(written, branches, entry, true),
        (ast::Condition::Not(written, _), Condition::Not { inner, .. }) => {
            value(written, inner, entry).map(|value| !value)
        }
        (ast::Condition::Test(written), Condition::Test(test)) => of_test(written, test, entry),
        _ => None,
    }
}

/// One part of the value `ends` decides.
fn joined(written: &[ast::Condition<'_>], parts: &[Condition], entry: &str, ends: bool) -> Option<bool> {
    let values: Vec<Option<bool>> =
        written.iter().zip(parts).map(|(written, part)| value(written, part, entry)).collect();
    let all = values.iter().all(|value| *value == Some(!ends));
    if values.contains(&Some(ends)) { Some(ends) } else { all.then_some(!ends) }
}

fn of_test(written: &ast::Test<'_>, test: &Test, entry: &str) -> Option<bool> {
    match written.matcher.value.name {
        "bytes" => beyond(written, entry.len()),
        "length" => beyond(written, least_characters(entry)),
        "scripts" if matches!(written.argument.value, yaml::Value::Sequence(_)) => {
            let is_foreign = |letter: char| {
                scripts::is_letter(letter) && !test.matcher.holds(Value::Text(letter.encode_utf8(&mut [0; 4])))
            };
            entry.chars().any(is_foreign).then_some(false)
        }
        _ => {
            let bounds = test.matcher.bounds();
            let is_part = matches!(bounds.over, Language::Parts(_)) && bounds.under.is_none();
            (is_part && test.matcher.holds(Value::Text(entry))).then_some(true)
        }
    }
}

/// What a test of limits says of everything that is as large as this, or larger.
fn beyond(test: &ast::Test<'_>, least: usize) -> Option<bool> {
    let yaml::Value::Mapping(limits) = &test.argument.value else { return None };
    let limit = |name: &str| {
        let written = limits.iter().find(|(key, _)| key.text == name).and_then(|(_, node)| node.scalar());
        written.map(|scalar| scalar.text.parse::<usize>())
    };
    match (limit("min"), limit("max")) {
        (_, Some(Ok(most))) if most < least => Some(false),
        (Some(Ok(min)), None) if min <= least => Some(true),
        _ => None,
    }
}

/// So many characters has every text that holds an entry, or more. What stands around may join with the ends, and with
/// flags, signs and the letters of some scripts also inside: only between two plain ones there is a boundary for sure.
fn least_characters(entry: &str) -> usize {
    let pairs = entry.chars().zip(entry.chars().skip(1));
    1 + pairs.filter(|(one, other)| text::stands_alone(*one) && text::stands_alone(*other)).count()
}
