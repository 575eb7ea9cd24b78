//! What `check` says of rules that do nothing, of entries that never match, and why.

use topicgate::{
    analysis::Budget,
    diagnostic::render::{self, Style},
    rules,
};

/// What a check says of one file.
fn checked(text: &str) -> String {
    let loaded = rules::check(crate::input(&[("rules.yaml", text)]), crate::now(), Budget::default());
    render::text(&loaded.report, Style::Plain)
}

/// A rule with a condition, and what belongs to the rule or follows it.
fn rule(when: &str, rest: &str) -> String {
    format!("rules:\n  - id: r\n    action: deny\n    when: {when}\n{rest}")
}

/// Tests that show what a check says of a text.
macro_rules! checks {
    ($($name:ident: $text:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(checked(&$text));
        })*
    };
}

const NEARLY_EVERYTHING: &str = "{ any: [{ name: { scripts: [Latn] } }, { name: { length: { max: 1 } } }] }";

checks! {
    that_every_request_may_pass_is_said: rule(NEARLY_EVERYTHING, "");
}

#[test]
fn an_example_that_does_not_pass_settles_it() {
    assert_eq!(checked(&rule(NEARLY_EVERYTHING, "    examples: { no_match: ['123'] }\n")), "");
}
