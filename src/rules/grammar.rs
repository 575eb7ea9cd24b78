//! The keys of the rule language: what each mapping may hold, in canonical order, and what each key is for.
//!
//! The parser takes its keys from here, the formatter its order, `topicgate schema` everything.

use crate::{
    diagnostic::{Code, Severity},
    engine::quota::Per,
    facts::Command,
    rules::ast::{Claim, Mode},
    yaml::{
        Extra,
        shape::{Entry, Least, Shape, Takes},
    },
};

/// What conditions are called where one is wanted.
pub const CONDITION: &str = "condition";

/// The word for a rule that always applies.
pub const ALWAYS: &str = "always";

/// The key of a guarantee for what must not be.
pub const NEVER: &str = "never";

/// The days of a schedule.
pub(super) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const CODE: Takes = Takes::Number(10_100, 10_200);
const ID: &str = "^(?!none$)[a-z0-9][a-z0-9-]{0,63}$";
const DURATION: Takes = Takes::Word("^(0|[1-9][0-9]*)[smhd]$");
const DAY: Takes = Takes::Word("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
const TIME: Takes = Takes::Word("^[0-9]{4}-[0-9]{2}-[0-9]{2}.*:");
const MOMENT: Takes = Takes::Word("^[0-9]{4}-[0-9]{2}-[0-9]{2}($|.*:)");
const EXPIRY: Takes = Takes::Word("^(never$|[0-9]{4}-[0-9]{2}-[0-9]{2}($|.*:))");
const REASON: Takes = Takes::Word("\\S");
const ANY_KEY: &str = "";
const TEXTS: Takes = Takes::Items(&Takes::Text, Least::None);
const WHEN: Takes = Takes::Either(&[Takes::OneOf(|| vec![ALWAYS]), Takes::Named(CONDITION)]);
const ACTION: Takes = Takes::OneOf(|| vec!["deny", "allow"]);
const COMMAND: Takes = Takes::OneOf(|| Command::ALL.map(Command::name).to_vec());
const EXAMPLE: Takes = Takes::Items(&Takes::Either(&[Takes::Text, Takes::Mapping(&REQUEST)]), Least::One);

/// A rule file.
pub const FILE: Shape = Shape {
    what: "a rule file",
    extra: Extra::Allowed,
    least: Least::One,
    keys: &[
        Entry::optional("version", Takes::Number(1, 1), "the version of this format: 1"),
        Entry::optional(
            "time_zone",
            Takes::Word(ANY_KEY),
            "the zone of dates without a time; once in a set; default UTC",
        ),
        Entry::optional(
            "codes",
            Takes::Map("^10(1[0-9]{2}|200)$", &Takes::Text, Least::None),
            "the register of the app's own codes, 10100 to 10200, with their names",
        ),
        Entry::optional(
            "lists",
            Takes::Map(ANY_KEY, &Takes::Either(&[TEXTS, Takes::Mapping(&LIST_FILE)]), Least::None),
            "texts that several tests share, here or in a file beside this one",
        ),
        Entry::optional(
            "rules",
            Takes::Items(&Takes::Mapping(&RULE), Least::One),
            "the rules; the first enforced one that applies decides, and if none does, the request is allowed",
        ),
        Entry::optional(
            "guarantees",
            Takes::Items(&Takes::Mapping(&GUARANTEE), Least::One),
            "what must come of all requests of a kind; proved, or refuted by a request, whenever the set is loaded",
        ),
        Entry::optional(
            "tests",
            Takes::Items(&Takes::Mapping(&TEST), Least::One),
            "requests, and what must come of them",
        ),
    ],
};

/// A list whose entries are in a file.
pub const LIST_FILE: Shape = Shape {
    what: "a list in a file",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::required("file", Takes::Text, "the file, relative to this one, with one entry a line"),
        Entry::optional(
            "min",
            Takes::Number(0, u64::MAX),
            "the least number of entries; fewer are an error; default 1",
        ),
    ],
};

/// A rule.
pub const RULE: Shape = Shape {
    what: "a rule",
    extra: Extra::Allowed,
    least: Least::One,
    keys: &[
        Entry::required("id", Takes::Word(ID), "the name of the rule, unique in the set"),
        Entry::optional("description", Takes::Text, "what the rule is for; shown in logs and the console"),
        Entry::optional("owner", Takes::Text, "who looks after the rule"),
        Entry::optional("tags", TEXTS, "words to find rules by"),
        Entry::optional(
            "mode",
            Takes::OneOf(|| Mode::ALL.map(Mode::name).to_vec()),
            "`enforce` decides (default), `shadow` is only recorded, `disabled` is only checked",
        ),
        Entry::optional(
            "commands",
            Takes::Items(&COMMAND, Least::One),
            "what the rule is for; default `[create_topic]`",
        ),
        Entry::required(
            "action",
            ACTION,
            "`deny` refuses; `allow` lets the request through, and no later rule is asked",
        ),
        Entry::optional("code", CODE, "the app's own code of the refusal; without it the code is 1"),
        Entry::optional(
            "message",
            Takes::Text,
            "what the client is told; `{match}`, `{name}`, `{operator}`, `{rule}` and `{code}` stand for their values",
        ),
        Entry::optional("active", Takes::Mapping(&ACTIVE), "from when until when the rule applies"),
        Entry::optional("schedule", Takes::Mapping(&SCHEDULE), "on which days, and for how long"),
        Entry::optional(
            "rollout",
            Takes::Word("^[0-9]{1,3}(\\.[0-9]{1,2})?%$"),
            "the share of operators that the rule applies to, such as 25%",
        ),
        Entry::optional("review_by", DAY, "when somebody should look at the rule again"),
        Entry::required("when", WHEN, "the condition, or the word `always`"),
        Entry::optional(
            "except",
            Takes::Items(&Takes::Mapping(&EXCEPTION), Least::One),
            "what the rule does not apply to, each with a reason and an end",
        ),
        Entry::optional("quota", Takes::Mapping(&QUOTA), "how often something may happen before the rule applies"),
        Entry::optional(
            "examples",
            Takes::Mapping(&EXAMPLES),
            "names and requests that `when` must and must not match",
        ),
        Entry::optional(
            "accept",
            Takes::Items(&Takes::Mapping(&ACCEPT), Least::One),
            "findings of `check` that this rule accepts",
        ),
    ],
};

/// An exception of a rule.
pub const EXCEPTION: Shape = Shape {
    what: "an exception",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::required("id", Takes::Word(ID), "the name of the exception, unique in the rule"),
        Entry::required("reason", REASON, "why, for those who read the rule later"),
        Entry::required("expires", EXPIRY, "the last day, a time with its zone, or `never`"),
        Entry::required("when", WHEN, "the condition, or the word `always`"),
    ],
};

/// A finding that a rule accepts.
pub const ACCEPT: Shape = Shape {
    what: "an entry of `accept`",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::required("code", Takes::OneOf(acceptable), "the word in brackets behind `warning` or `note`"),
        Entry::required("reason", REASON, "why, for those who read the rule later"),
    ],
};

/// From when until when.
pub const ACTIVE: Shape = Shape {
    what: "`active`",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::optional("from", MOMENT, "the first day, or a time with its zone"),
        Entry::optional("until", MOMENT, "the last day, or the first time at which it no longer applies"),
    ],
};

/// Windows that come again.
pub const SCHEDULE: Shape = Shape {
    what: "`schedule`",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::optional(
            "days",
            Takes::Items(&Takes::OneOf(|| DAYS.to_vec()), Least::One),
            "the days on which the window starts; default each",
        ),
        Entry::required("start", Takes::Word("^([01][0-9]|2[0-3]):[0-5][0-9]$"), "when it starts, such as 22:30"),
        Entry::required("duration", DURATION, "how long it is, at most 24h; it may cross midnight"),
        Entry::optional("time_zone", Takes::Word(ANY_KEY), "the zone of `start`; default that of the set"),
    ],
};

/// How often.
pub const QUOTA: Shape = Shape {
    what: "`quota`",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::required("limit", Takes::Number(1, 1000), "how many requests are free"),
        Entry::required(
            "per",
            Takes::OneOf(|| Per::ALL.map(Per::name).to_vec()),
            "whose requests are counted together",
        ),
        Entry::required("within", DURATION, "in what time, such as 1h"),
    ],
};

/// The examples of a rule.
pub const EXAMPLES: Shape = Shape {
    what: "`examples`",
    extra: Extra::Refused,
    least: Least::None,
    keys: &[
        Entry::optional(Claim::Match.name(), EXAMPLE, "what `when` matches"),
        Entry::optional(Claim::NoMatch.name(), EXAMPLE, "what it does not match"),
        Entry::optional(Claim::KnownMiss.name(), EXAMPLE, "what it should match and does not yet"),
    ],
};

/// A guarantee.
pub const GUARANTEE: Shape = Shape {
    what: "a guarantee",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::required("id", Takes::Word(ID), "the name of the guarantee, unique among those of the set"),
        Entry::optional("description", Takes::Text, "what it is for"),
        Entry::optional(
            "commands",
            Takes::Items(&COMMAND, Least::One),
            "what the guarantee is for; default `[create_topic]`",
        ),
        Entry::optional(NEVER, ACTION, "what never comes of such a request; it has this or `always`"),
        Entry::optional(ALWAYS, ACTION, "what comes of every such request; it has this or `never`"),
        Entry::optional("code", CODE, "with `deny`: the code that is meant; without it any refusal is"),
        Entry::required("when", WHEN, "which requests it is about: a condition, or the word `always`"),
    ],
};

/// A test.
pub const TEST: Shape = Shape {
    what: "a test",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::required("name", Takes::Text, "what the test shows"),
        Entry::optional("at", TIME, "when the request comes, with its zone"),
        Entry::required("request", Takes::Mapping(&REQUEST), "the request; what is not given is absent"),
        Entry::optional("given", Takes::Mapping(&GIVEN), "what came before"),
        Entry::required("expect", Takes::Mapping(&EXPECT), "what must come of it"),
    ],
};

/// A request of a test or an example.
pub const REQUEST: Shape = Shape {
    what: "a request",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::optional("command", COMMAND, "what is created; default `create_topic`"),
        Entry::required("operator", Takes::Text, "`Operator_Account`: who creates"),
        Entry::optional("owner", Takes::Text, "`Owner_Account` of a group"),
        Entry::optional("type", Takes::Text, "the group type"),
        Entry::optional("name", Takes::Text, "the name as it was sent"),
        Entry::optional("platform", Takes::Text, "`OptPlatform`"),
        Entry::optional("client_ip", Takes::Word(ANY_KEY), "the user's address"),
        Entry::optional("app", Takes::Number(0, u64::MAX), "`SdkAppid`"),
    ],
};

/// What a test takes as given.
pub const GIVEN: Shape = Shape {
    what: "`given`",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::optional("rollout", Takes::OneOf(|| vec!["in", "out"]), "whether the operator is part of every share"),
        Entry::optional(
            "counts",
            Takes::Map(ANY_KEY, &Takes::Number(0, u64::MAX), Least::One),
            "how many requests of the same key came before, by rule",
        ),
    ],
};

/// What a test expects.
pub const EXPECT: Shape = Shape {
    what: "`expect`",
    extra: Extra::Refused,
    least: Least::One,
    keys: &[
        Entry::optional("decision", ACTION, "what is decided"),
        Entry::optional("rule", Takes::Text, "the rule that decides, or `none`"),
        Entry::optional("code", Takes::Number(0, u64::MAX), "the code of the reply"),
        Entry::optional("message", Takes::Text, "the text of the reply"),
        Entry::optional("shadow", TEXTS, "the shadow rules that are recorded: all of them, in order"),
        Entry::optional(
            "excepted_by",
            Takes::Items(&Takes::Word("/"), Least::None),
            "the exceptions that kept a rule from applying, as RULE/EXCEPTION",
        ),
    ],
};

/// The findings that can be accepted.
fn acceptable() -> Vec<&'static str> {
    Code::ALL.iter().filter(|code| can_be_accepted(**code)).map(|code| code.word()).collect()
}

/// What is never about a rule, but about the names of files, other parts of them, or the settings.
const ELSEWHERE: [Code; 8] = [
    Code::MixedPrefixes,
    Code::UnusedList,
    Code::UnusedCode,
    Code::GuaranteeAboutNothing,
    Code::UnknownVariable,
    Code::CertificateNotValid,
    Code::PublicKeyFile,
    Code::ClosedAdmin,
];

/// Whether a rule can accept a finding.
pub fn can_be_accepted(code: Code) -> bool {
    code.severity() != Severity::Error && code != Code::UnusedAccept && !ELSEWHERE.contains(&code)
}
