//! What can stand where: the keys of the language by the keys above them, and a sentence about each.

use crate::{
    cli::lsp::spot::ITEM,
    facts::{Field, FieldType},
    matchers::Kind,
};

/// What can stand at a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// One of these keys.
    Keys(&'static [(&'static str, &'static str)]),
    /// A field, `all`, `any` or `not`; as the value of `when`, `always` too.
    Condition,
    /// A matcher of the field.
    Test(Field),
    /// What a matcher of the field looks for.
    Argument(Field, &'static Kind),
    /// One of these words.
    Words(&'static [&'static str]),
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

const TOP: &[(&str, &str)] = &[
    ("version", "The version of this format; 1 is the only one."),
    ("time_zone", "The zone of dates without a time, such as Asia/Shanghai; once in a set, UTC without it."),
    ("codes", "The register of the app's own codes, 10100 to 10200, each with a name."),
    ("lists", "Lists of texts, inline or in files of one entry a line."),
    ("rules", "The rules: top to bottom, the first enforced one that applies decides."),
    ("tests", "Requests, and what must come of them."),
];
const RULE: &[(&str, &str)] = &[
    ("id", "Names the rule: small letters, digits and `-`, unique in the set."),
    ("description", "For people; shown in logs and the console."),
    ("owner", "Who looks after the rule."),
    ("tags", "Words to find the rule by."),
    ("commands", "What it is for: `create_topic`, `create_group`; topics without it."),
    ("action", "`deny` refuses; `allow` lets the request pass and ends the evaluation."),
    ("code", "The code of a refusal, 10100 to 10200; the client shows the message with it."),
    ("message", "The text of a refusal; `{match}`, `{name}`, `{operator}`, `{rule}` and `{code}` are filled in."),
    ("when", "When the rule applies: a condition, or `always`."),
    ("except", "What the rule does not apply to, each with a reason and an end."),
    ("mode", "`enforce` decides, `shadow` is only recorded, `disabled` is only checked."),
    ("active", "The days or times from and until which the rule applies."),
    ("schedule", "The windows of the week in which the rule applies."),
    ("rollout", "The share of operators that the rule applies to, such as 25%."),
    ("quota", "The rule applies only from so many requests of the same key on."),
    ("review_by", "A date; `check` warns from 14 days before."),
    ("examples", "What `when` must match and must not; proved by every check and load."),
    ("accept", "Findings of `check` that this rule accepts."),
];
const EXCEPTION: &[(&str, &str)] = &[
    ("id", "Names the exception; tests call it RULE/EXCEPTION."),
    ("reason", "Why, for those who read the rule after you."),
    ("expires", "A date, a time with its zone, or `never`."),
    ("when", "What the rule does not apply to."),
];
const ACCEPT: &[(&str, &str)] = &[("code", "The code of the finding."), ("reason", "Why it is accepted.")];
const ACTIVE: &[(&str, &str)] =
    &[("from", "The first day or moment."), ("until", "The last day, or the moment after.")];
const SCHEDULE: &[(&str, &str)] = &[
    ("days", "The days on which a window begins; every day without it."),
    ("start", "When it begins: HH:MM."),
    ("duration", "How long it is, at most 24h."),
    ("time_zone", "The zone of `start`; that of the set without it."),
];
const QUOTA: &[(&str, &str)] = &[
    ("limit", "So many requests are fine; the rule applies from the next one on."),
    ("per", "What is counted together: `operator`, `client_ip` or `app`."),
    ("within", "The time in which they are counted, such as 1h."),
];
const EXAMPLES: &[(&str, &str)] = &[
    ("match", "`when` must hold for these."),
    ("no_match", "`when` must not hold for these."),
    ("known_miss", "`when` should hold for these and does not yet."),
];
const LIST: &[(&str, &str)] = &[
    ("file", "A file of one entry a line, relative to this one."),
    ("min", "The least number of entries; 1 without it."),
];
const TEST: &[(&str, &str)] = &[
    ("name", "What the test shows."),
    ("at", "The time of the request, with its zone."),
    ("request", "What is asked."),
    ("given", "What is taken as given: counts of quotas, the share of a rollout."),
    ("expect", "What must come of it."),
];
const REQUEST: &[(&str, &str)] = &[
    ("command", "`create_topic`, which is meant without it, or `create_group`."),
    ("operator", "Who asks."),
    ("owner", "The owner of the group."),
    ("name", "The name that is asked for."),
    ("type", "The type of the group."),
    ("platform", "The platform that the request comes from."),
    ("client_ip", "The address that the request comes from."),
    ("app", "The app, by its SdkAppid."),
];
const EXPECT: &[(&str, &str)] = &[
    ("decision", "`allow` or `deny`."),
    ("rule", "The rule that decides; `none` for no rule."),
    ("code", "The code of the answer."),
    ("message", "The text of the answer."),
    ("shadow", "Every shadow rule that would have decided, in order."),
    ("excepted_by", "The exceptions that held, as RULE/EXCEPTION."),
];
const GIVEN: &[(&str, &str)] = &[
    ("counts", "How many requests of the same key came before, by rule."),
    ("rollout", "`in` or `out`: whether the operator is part of every share."),
];
const REFERENCE: &[(&str, &str)] = &[("list", "The entries of a list.")];

/// What can stand below some keys; nothing that is known where the user writes texts of their own.
pub(super) fn at(path: &[&str]) -> Option<Place> {
    Some(match path {
        [] => Place::Keys(TOP),
        ["lists", _] => Place::Keys(LIST),
        ["rules", ITEM, rest @ ..] => return of_rule(rest),
        ["tests", ITEM, rest @ ..] => return of_test(rest),
        _ => return None,
    })
}

fn of_rule(path: &[&str]) -> Option<Place> {
    Some(match path {
        [] => Place::Keys(RULE),
        ["action"] => Place::Words(&["deny", "allow"]),
        ["mode"] => Place::Words(&["enforce", "shadow", "disabled"]),
        ["commands", ITEM] => Place::Words(&["create_topic", "create_group"]),
        ["code"] => Place::Code,
        ["active"] => Place::Keys(ACTIVE),
        ["schedule"] => Place::Keys(SCHEDULE),
        ["schedule", "days", ITEM] => Place::Words(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ["quota"] => Place::Keys(QUOTA),
        ["quota", "per"] => Place::Words(&["operator", "client_ip", "app"]),
        ["examples"] => Place::Keys(EXAMPLES),
        ["examples", _, ITEM] => Place::Keys(REQUEST),
        ["accept", ITEM] => Place::Keys(ACCEPT),
        ["accept", ITEM, "code"] => Place::Finding,
        ["except", ITEM] => Place::Keys(EXCEPTION),
        ["except", ITEM, "expires"] => Place::Words(&["never"]),
        ["when", rest @ ..] | ["except", ITEM, "when", rest @ ..] => return of_condition(rest),
        _ => return None,
    })
}

fn of_test(path: &[&str]) -> Option<Place> {
    Some(match path {
        [] => Place::Keys(TEST),
        ["request"] => Place::Keys(REQUEST),
        ["request", "command"] => Place::Words(&["create_topic", "create_group"]),
        ["given"] => Place::Keys(GIVEN),
        ["given", "rollout"] => Place::Words(&["in", "out"]),
        ["given", "counts"] | ["expect", "shadow", ITEM] => Place::RuleOnly,
        ["expect"] => Place::Keys(EXPECT),
        ["expect", "decision"] => Place::Words(&["allow", "deny"]),
        ["expect", "rule"] => Place::Rule,
        ["expect", "code"] => Place::Code,
        ["expect", "excepted_by", ITEM] => Place::Exception,
        _ => return None,
    })
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
        ["present"] => Some(Place::Words(&["true", "false"])),
        ["scripts"] => Some(Place::Words(&["mixed"])),
        [matcher] | [matcher, ITEM] => Some(Place::Argument(field, Kind::named(matcher)?)),
        [_, "list"] => Some(Place::List),
        _ => None,
    }
}

/// The keys of a reference to a list.
pub(super) const OF_REFERENCE: &[(&str, &str)] = REFERENCE;

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
