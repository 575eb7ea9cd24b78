//! What can stand where, by the keys above it: from the grammar of the rule language and the registry of matchers.

use crate::{
    cli::lsp::spot::ITEM,
    facts::{Field, FieldType},
    matchers::Kind,
    rules::grammar,
    yaml::shape::{Entry, Takes},
};

/// What can stand at a place.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// One of these keys.
    Keys(&'static [Entry]),
    /// A field, `all`, `any` or `not`; as the value of `when`, `always` too.
    Condition,
    /// A matcher of the field.
    Test(Field),
    /// What a matcher of the field looks for.
    Argument(Field, &'static Kind),
    /// One of these words.
    Words(Vec<&'static str>),
    /// The name of a list.
    List,
    /// A code of the register.
    Code,
    /// The id of a rule, or `none`.
    Rule,
    /// The id of a rule, as a key or in a list.
    RuleOnly,
    /// A rule and one of its exceptions.
    Exception,
    /// The code of a finding that can be accepted.
    Finding,
}

/// What can stand below some keys; nothing that is known where the user writes texts of their own.
pub(super) fn at(path: &[&str]) -> Option<Place> {
    Some(match path {
        ["rules" | "guarantees", ITEM, "code"] | ["tests", ITEM, "expect", "code"] => Place::Code,
        ["rules", ITEM, "accept", ITEM, "code"] => Place::Finding,
        ["tests", ITEM, "expect", "rule"] => Place::Rule,
        ["tests", ITEM, "given", "counts"] | ["tests", ITEM, "expect", "shadow", ITEM] => Place::RuleOnly,
        ["tests", ITEM, "expect", "excepted_by", ITEM] => Place::Exception,
        _ => return below(Takes::Mapping(&grammar::FILE), path),
    })
}

/// What can stand below some keys of such a value.
fn below(takes: Takes, path: &[&str]) -> Option<Place> {
    match (takes, path) {
        (Takes::Named(grammar::CONDITION), _) => of_condition(path),
        // What has keys stands last.
        (Takes::Either(all), _) => all.iter().rev().find_map(|takes| below(*takes, path)),
        (Takes::Mapping(shape), []) => Some(Place::Keys(shape.keys)),
        (Takes::Mapping(shape), [key, rest @ ..]) => below(shape.entry(key)?.takes, rest),
        (Takes::Map(_, inner, _), [_, rest @ ..]) | (Takes::Items(inner, _), [ITEM, rest @ ..]) => below(*inner, rest),
        (Takes::OneOf(words), []) => Some(Place::Words(words())),
        (Takes::Flag, []) => Some(Place::Words(vec!["true", "false"])),
        _ => None,
    }
}

fn of_condition(path: &[&str]) -> Option<Place> {
    match path {
        [] => Some(Place::Condition),
        ["all" | "any", ITEM, rest @ ..] | ["not", rest @ ..] => of_condition(rest),
        [field, rest @ ..] => of_field(Field::named(field)?, rest),
    }
}

fn of_field(field: Field, path: &[&str]) -> Option<Place> {
    match path {
        [] => Some(Place::Test(field)),
        ["present"] => Some(Place::Words(vec!["true", "false"])),
        ["scripts"] => Some(Place::Words(vec!["mixed"])),
        [matcher] | [matcher, ITEM] => Some(Place::Argument(field, Kind::named(matcher)?)),
        [_, "list"] => Some(Place::List),
        _ => None,
    }
}

/// The keys of a reference to a list.
pub(super) const OF_REFERENCE: &[(&str, &str)] = &[("list", "The entries of a list.")];

/// The words that join conditions.
pub(super) const STRUCTURE: [(&str, &str); 3] = [
    ("all", "Every condition of a list must hold."),
    ("any", "One condition of a list must hold."),
    ("not", "The condition must not hold."),
];

/// What a field is.
pub(super) fn field(field: Field) -> &'static str {
    match field {
        Field::Operator => "Who asks: `Operator_Account`, exact and case-sensitive.",
        Field::Owner => "The owner of a group: `Owner_Account`, exact and case-sensitive.",
        Field::Name => "The name as a person reads it: without invisible characters, lower case, spaces made one.",
        Field::NameRaw => "The name as it was sent.",
        Field::NameLookalike => {
            "The name by its looks: letters of other alphabets, digits and signs that look alike are one."
        }
        Field::NameSqueezed => "The name by its looks, without anything but letters and digits, repeats made single.",
        Field::Type => "The type of a group, folded; `Private` is `Work`, `ChatRoom` is `Meeting`.",
        Field::Platform => "The platform that the request comes from, folded.",
        Field::ClientIp => "The address that the request comes from.",
        Field::App => "The app, by its SdkAppid.",
    }
}

/// The words that a keyword field documents.
pub(super) fn documented(field: Field) -> &'static [&'static str] {
    match (field.holds(), field) {
        (FieldType::Keyword, Field::Platform) => &crate::text::keyword::PLATFORMS,
        (FieldType::Keyword, Field::Type) => &crate::text::keyword::GROUP_TYPES,
        _ => &[],
    }
}
