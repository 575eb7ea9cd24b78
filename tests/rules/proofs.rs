//! What `check` says of rules that do nothing, of entries that never match, and why.

use topicgate::{
    analysis::Budget,
    diagnostic::render::{self, Style},
    rules,
};

/// What a check says of one file.
fn checked(text: &str) -> String {
    checked_files(&[("rules.yaml", text)])
}

fn checked_files(files: &[(&str, &str)]) -> String {
    let loaded = rules::check(crate::input(files), crate::now(), Budget::default());
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

const NEARLY_EVERYTHING: &str = "{ any: [{ name: { scripts: [Latn, Hani, Jpan, Kore, Cyrl, Grek, Armn, Thai, Hebr, Arab, Deva] } }, \
     { name: { length: { max: 1 } } }] }";

checks! {
    tests_that_contradict_each_other_are_marked: rule(
        "{ name: { starts_with: bet, contains: now, bytes: { max: 9 } }, any: [{ platform: { is: web } }], \
         all: [{ operator: { in: [amy, bo] } }, { name: { ends_with: casino } }, { not: { name: { starts_with: [be, a] } } }] }",
        "",
    );
    lengths_that_contradict_are_marked: rule("{ name: { contains: casino, bytes: { max: 3 } }, operator: { is: amy } }", "");
    a_branch_that_leaves_nothing_is_marked: rule(
        "{ operator: { is: amy }, any: [{ operator: { is: bo } }, { operator: { in: [cy, di] } }] }",
        "",
    );
    a_pattern_that_can_match_nothing_is_told: rule("{ name: { matches: 'a$b' } }", "");
    branches_of_which_none_can_hold_are_told: rule("{ any: [{ name: { matches: 'a$b' } }, { name: { matches: 'b^a' } }] }", "");
    what_always_holds_under_not_is_told: rule("{ not: { any: [{ type: { present: true } }, { type: { present: false } }] } }", "");
    a_quota_without_a_key_is_told: rule(
        "{ client_ip: { present: false } }",
        "    quota: { limit: 3, per: client_ip, within: 1h }\n",
    );
    exceptions_that_take_everything_are_told: rule(
        "{ name: { contains: casino } }",
        "    except: [{ id: e, reason: r, expires: never, when: { name: { contains: sino } } }]\n",
    );
    times_that_leave_nothing_are_told: rule(
        "{ name: { contains: casino } }",
        "    active: { from: 2026-11-30, until: 2026-12-05 }\n    except: [{ id: e, reason: r, expires: 2026-12-30, when: always }]\n",
    );
    entries_too_long_for_what_is_asked_besides_are_told: format!(
        "lists:\n  w: [casino, bet, gambling, xx]\n{}",
        rule("{ name: { contains: { list: w }, bytes: { max: 3 } } }", ""),
    );
    entries_with_too_many_characters_are_told: rule(
        "{ name: { starts_with: [博彩, 加微信, vx], length: { max: 2 } } }",
        "",
    );
    entries_with_letters_of_another_script_are_told: rule(
        "{ name: { contains_word: [casino, 赌场, '365'], scripts: [Latn] } }",
        "",
    );
    entries_that_hold_what_is_ruled_out_are_told: rule(
        "{ name: { ends_with: [my casino, bet] }, not: { name: { contains: [casino, bonus] } } }",
        "",
    );
    an_overlap_of_requests_without_a_field_says_so: "rules:
  - { id: no-address, action: deny, when: { client_ip: { present: false }, name: { contains: casino } } }
  - { id: reviews, action: allow, when: { name: { starts_with: casino review } } }
";
    that_every_request_may_pass_is_said: rule(NEARLY_EVERYTHING, "");
}

#[test]
fn an_example_that_does_not_pass_settles_it() {
    assert_eq!(checked(&rule(NEARLY_EVERYTHING, "    examples: { no_match: ['123'] }\n")), "");
}

#[test]
fn a_list_that_may_be_empty_is_no_finding() {
    for when in [
        "{ operator: { in: { list: l } } }",
        "{ name: { contains: { list: l } }, platform: { is: web } }",
        "{ not: { client_ip: { in_cidr: { list: l } } } }",
        "{ any: [{ app: { in: { list: l } } }, { name: { contains_word: { list: l } } }] }",
    ] {
        let text = format!("lists: {{ l: {{ file: l.txt, min: 0 }} }}\n{}", rule(when, ""));
        assert_eq!(checked_files(&[("rules.yaml", &text), ("l.txt", "# none yet\n")]), "", "{when}");
    }
}

#[test]
fn overlaps_are_told_in_the_order_of_the_rules_and_counted_at_last() {
    let rule = |number: u32| {
        format!(
            "  - {{ id: r{number}, action: deny, code: {}, when: {{ name: {{ contains: w{number:02} }} }} }}\n",
            10_100 + number
        )
    };
    let rules: String = (1..25).map(rule).collect();
    let names: String = (1..25).map(|number| format!(", w{number:02}")).collect();
    let last = format!("  - {{ id: last, action: allow, when: {{ name: {{ in: [other{names}] }} }} }}\n");
    let said = checked(&format!("rules:\n{rules}{last}"));
    let said: Vec<&str> = said.lines().filter(|line| line.starts_with("note")).collect();
    insta::assert_snapshot!(said.join("\n"));
}
