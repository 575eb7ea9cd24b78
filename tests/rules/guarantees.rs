//! Guarantees: what is proved, what is refuted and how it is told.

use topicgate::{
    analysis::Budget,
    diagnostic::{
        Severity,
        render::{self, Style},
    },
    rules::{self, Loaded},
};

use crate::{load, loaded, said};

const STAFF: &str = "lists: { staff: [ops_amy, ops_bo] }\n";

const ALLOW_STAFF: &str = "  - { id: staff, action: allow, when: { operator: { in: { list: staff } } } }\n";

const NEVER: &str =
    "guarantees:\n  - id: staff-are-never-refused\n    never: deny\n    when: { operator: { in: { list: staff } } }\n";

const CASINO: &str = "guarantees:
  - id: casinos-are-refused
    always: deny
    when: { name: { contains: 赌场 }, not: { operator: { in: { list: staff } } } }
";

/// A set with a list of staff.
fn set(rules: &[&str], guarantees: &str) -> String {
    format!("{STAFF}rules:\n{}{guarantees}", rules.concat())
}

fn checked(text: &str) -> Loaded {
    rules::check(crate::input(&[("rules.yaml", text)]), crate::now(), Budget::default())
}

/// How many were proved of a set that loads.
fn proved(text: &str) -> usize {
    let counts = loaded(text).counts;
    assert_eq!(checked(text).snapshot.map(|snapshot| snapshot.counts), Some(counts.clone()), "{text}");
    counts.proved
}

fn errors(text: &str) -> usize {
    load(&[("rules.yaml", text)]).report.count(Severity::Error)
}

const DENY: &str = "  - { id: no-casinos, action: deny, when: { name: { contains: [casino, 赌场] } } }\n";

#[test]
fn what_an_earlier_rule_allows_is_never_refused() {
    assert_eq!(proved(&set(&[ALLOW_STAFF, DENY], NEVER)), 1);
    assert_eq!(errors(&set(&[DENY, ALLOW_STAFF], NEVER)), 1);
}

#[test]
fn what_every_rule_excepts_is_never_refused() {
    let except = "except: [{ id: staff, reason: r, expires: never, when: { operator: { in: { list: staff } } } }]";
    let rule = |id: &str, except: &str| {
        format!("  - {{ id: {id}, action: deny, {except}, when: {{ name: {{ contains: {id} }} }} }}\n")
    };
    assert_eq!(proved(&set(&[&rule("one", except), &rule("two", except)], NEVER)), 1);
    let ends = except.replace("never", "2026-12-31");
    assert_eq!(errors(&set(&[&rule("one", except), &rule("two", &ends)], NEVER)), 1, "it ends");
}

#[test]
fn what_a_rule_takes_is_always_refused() {
    assert_eq!(proved(&set(&[ALLOW_STAFF, DENY], CASINO)), 1);
    assert_eq!(errors(&set(&[ALLOW_STAFF], CASINO)), 1);
    let allow = "  - { id: reviews, action: allow, when: { name: { starts_with: 测评 } } }\n";
    assert_eq!(errors(&set(&[ALLOW_STAFF, allow, DENY], CASINO)), 1);
    assert_eq!(proved(&set(&[ALLOW_STAFF, DENY, allow], CASINO)), 1);
}

#[test]
fn several_rules_together_refuse_everything() {
    let short = "  - { id: short, action: deny, when: { name: { bytes: { max: 8 } } } }\n";
    let long = "  - { id: long, action: deny, when: { name: { bytes: { min: 9 } } } }\n";
    let all = "guarantees: [{ id: closed, always: deny, when: always }]\n";
    assert_eq!(proved(&set(&[short, long], all)), 1);
    assert_eq!(errors(&set(&[short], all)), 1);
}

#[test]
fn a_code_is_part_of_the_promise() {
    let coded = |code: &str| DENY.replace("action: deny,", &format!("action: deny, {code}"));
    let promised = CASINO.replace("always: deny", "always: deny\n    code: 10123");
    assert_eq!(proved(&set(&[ALLOW_STAFF, &coded("code: 10123,")], &promised)), 1);
    assert_eq!(errors(&set(&[ALLOW_STAFF, &coded("code: 10124,")], &promised)), 1);
    let never = promised.replace("always: deny", "never: deny");
    assert_eq!(proved(&set(&[ALLOW_STAFF, DENY], &never)), 1);
    assert_eq!(errors(&set(&[ALLOW_STAFF, &coded("code: 10123,")], &never)), 1);
}

#[test]
fn a_rule_with_a_share_or_a_counter_may_decide_and_may_not() {
    for may in ["rollout: 100%,", "rollout: 1%,", "quota: { limit: 1000, per: operator, within: 1h },"] {
        let may = DENY.replace("when:", &format!("{may} when:"));
        assert_eq!(errors(&set(&[&may, ALLOW_STAFF], NEVER)), 1, "it may refuse them: {may}");
        assert_eq!(errors(&set(&[ALLOW_STAFF, &may], CASINO)), 1, "it may not refuse it: {may}");
        assert_eq!(proved(&set(&[ALLOW_STAFF, &may, DENY.replace("no-", "all-").as_str()], CASINO)), 1, "{may}");
    }
}

#[test]
fn shadow_and_disabled_rules_count_for_nothing() {
    for mode in ["shadow", "disabled"] {
        let rule = DENY.replace("action: deny,", &format!("action: deny, mode: {mode},"));
        assert_eq!(proved(&set(&[&rule, ALLOW_STAFF], NEVER)), 1);
        assert_eq!(errors(&set(&[ALLOW_STAFF, &rule], CASINO)), 1);
    }
}

#[test]
fn a_guarantee_is_for_its_commands() {
    let group = DENY.replace("action: deny,", "action: deny, commands: [create_group],");
    assert_eq!(proved(&set(&[&group, ALLOW_STAFF], NEVER)), 1);
    let both = NEVER.replace("never: deny", "commands: [create_topic, create_group]\n    never: deny");
    assert_eq!(errors(&set(&[&group, ALLOW_STAFF], &both)), 1);
}

/// Now is a Monday.
#[test]
fn a_guarantee_holds_from_now_on() {
    let at = |life: &str| DENY.replace("when:", &format!("{life}, when:"));
    for (life, refuses_later, refuses_always) in [
        ("active: { until: 2026-11-01 }", false, false),
        ("active: { from: 2026-11-01 }", true, true),
        ("active: { from: 2027-01-01 }", true, false),
        ("active: { until: 2027-01-01 }", true, false),
        ("schedule: { days: [sun], start: 01:00, duration: 1h }", true, false),
        ("schedule: { days: [mon], start: 09:00, duration: 23h }", true, false),
    ] {
        let rule = at(life);
        assert_eq!(errors(&set(&[&rule, ALLOW_STAFF], NEVER)), usize::from(refuses_later), "{life}");
        assert_eq!(errors(&set(&[ALLOW_STAFF, &rule], CASINO)), usize::from(!refuses_always), "{life}");
    }
}

#[test]
fn a_set_whose_guarantee_is_not_proved_loads_and_fails_the_check() {
    let rule = "  - { id: no-casinos, action: deny, when: { name_squeezed: { contains: 赌场 } } }\n";
    let text = set(&[ALLOW_STAFF, rule], CASINO);
    let counts = loaded(&text).counts;
    assert_eq!((counts.guarantees, counts.proved), (1, 0));
    let checked = checked(&text);
    assert!(checked.snapshot.is_some(), "the service would load it");
    insta::assert_snapshot!(render::text(&checked.report, Style::Plain));
}

#[test]
fn a_rule_on_another_view_is_not_in_the_way_of_a_proof() {
    let looks = "  - { id: looks, action: deny, when: { name_lookalike: { contains: [赌, vx] } } }\n";
    assert_eq!(proved(&set(&[ALLOW_STAFF, looks, DENY], CASINO)), 1);
    let allow = "  - { id: reviews, action: allow, when: { operator: { is: ops_amy }, name: { contains: 赌 } } }\n";
    assert_eq!(proved(&set(&[looks, allow, DENY, ALLOW_STAFF], CASINO)), 1);
}

#[test]
fn a_large_list_of_accounts_is_no_obstacle() {
    let banned: String = (0..300_000).map(|number| format!("u{number}\n")).collect();
    let text =
        set(&["  - { id: banned, action: deny, when: { operator: { in: { list: banned } } } }\n", ALLOW_STAFF], NEVER);
    let text = text.replace("lists: {", "lists: { banned: { file: banned.txt },");
    let with = |list: &str| load(&[("rules.yaml", &text), ("banned.txt", list)]);
    assert_eq!(with(&banned).snapshot.map(|snapshot| snapshot.counts.proved), Some(1));
    let one = render::text(&with(&format!("{banned}ops_bo\n")).report, Style::Plain);
    assert!(one.contains("`banned` refuses the topic `topic` by `ops_bo`"), "{one}");
}

#[test]
fn a_name_that_is_known_is_known_on_all_views() {
    let official = "guarantees: [{ id: support, never: deny, when: { name: { in: [客服, support] } } }]\n";
    let rule = |test: &str| format!("  - {{ id: some, action: deny, when: {{ {test} }} }}\n");
    for (test, holds) in [
        ("name_squeezed: { contains: [sup0rt, casino] }", false),
        ("name_squeezed: { contains: [客服务, casino] }", true),
        ("name_lookalike: { contains_word: upport }", true),
        ("name: { length: { max: 2 } }", false),
        ("name: { matches: '\\bsupport\\b' }", false),
        ("name: { contains: s, ignoring: support }", true),
    ] {
        let text = set(&[&rule(test)], official);
        if holds {
            assert_eq!(proved(&text), 1, "{test}");
        } else {
            assert_eq!(errors(&text), 1, "{test}");
        }
    }
}

#[test]
fn a_large_list_of_words_is_no_obstacle() {
    let words: String = (0..5000).map(|number| format!("word{number}\n")).collect();
    let rule = "  - { id: words, action: deny, when: { name: { contains: { list: words } } } }\n";
    let text = set(&[ALLOW_STAFF, rule], CASINO).replace("lists: {", "lists: { words: { file: words.txt },");
    let with = |list: &str| load(&[("rules.yaml", &text), ("words.txt", list)]);
    assert_eq!(with(&format!("{words}赌场\n")).snapshot.map(|snapshot| snapshot.counts.proved), Some(1));
    assert!(with(&words).snapshot.is_none());
}

#[test]
fn a_request_that_cannot_come_breaks_no_guarantee() {
    let rule = |test: &str| format!("  - {{ id: some, action: deny, when: {{ {test} }} }}\n");
    let closed = |test: &str| format!("guarantees: [{{ id: closed, always: deny, when: {test} }}]\n");
    assert_eq!(proved(&set(&[&rule("app: { present: true }")], &closed("always"))), 1);
    assert_eq!(errors(&set(&[&rule("app: { is: 1400000000 }")], &closed("always"))), 1);
    assert_eq!(
        proved(&set(&[&rule("app: { present: false }")], "guarantees: [{ id: open, never: deny, when: always }]\n")),
        1
    );
    for (hundreds, broken) in [(40, 1), (41, 0)] {
        let long = closed(&format!("{{ name: {{ matches: '^(?:a{{100}}){{{hundreds}}}$' }} }}"));
        assert_eq!(errors(&set(&[&rule("name: { is: casino }")], &long)), broken, "{hundreds}");
    }
}

#[test]
fn a_word_without_spaces_around_it_is_found_wherever_it_occurs() {
    let words = "  - { id: no-casinos, action: deny, when: { name: { contains_word: [casino, 赌场, 博vx彩] } } }\n";
    let about = |test: &str| CASINO.replace("contains: 赌场", test);
    for (test, holds) in [
        ("contains: 赌场", true),
        ("contains: [博vx彩, 大赌场]", true),
        ("is: casino", true),
        ("contains_word: 赌场", true),
        ("contains: casino", false),
        ("contains: [赌场, casinox]", false),
    ] {
        let text = set(&[ALLOW_STAFF, words], &about(test));
        assert_eq!(if holds { proved(&text) } else { errors(&text) }, 1, "{test}");
    }
    assert_eq!(proved(&set(&[ALLOW_STAFF, &words.replace("casino, ", "")], CASINO)), 1);
    let ignoring = words.replace("博vx彩]", "博vx彩], ignoring: 赌场管理");
    assert_eq!(loaded(&set(&[ALLOW_STAFF, &ignoring], CASINO)).counts.proved, 0);
}

#[test]
fn a_large_list_of_words_of_their_own_is_no_obstacle() {
    let words: String = (0..5000).map(|number| format!("word{number}\n")).collect();
    let rule = "  - { id: words, action: deny, when: { name: { contains_word: { list: words } } } }\n";
    let text = set(&[ALLOW_STAFF, rule], CASINO).replace("lists: {", "lists: { words: { file: words.txt },");
    let with = |text: &str| load(&[("rules.yaml", text), ("words.txt", &format!("{words}赌场\n"))]);
    let proved = |text: &str| with(text).snapshot.map(|snapshot| snapshot.counts.proved);
    assert_eq!(proved(&text), Some(1));
    assert_eq!(proved(&text.replace("contains: 赌场", "in: [word7, 赌场]")), Some(1));
}

mistakes! {
    staff_may_be_refused: set(&[DENY, ALLOW_STAFF], NEVER);
    a_name_that_no_rule_refuses: set(&[ALLOW_STAFF], CASINO);
    a_name_that_is_refused_by_chance: set(&[ALLOW_STAFF, &DENY.replace("when:", "rollout: 5%, when:")], CASINO);
    a_name_that_is_refused_with_another_code:
        set(&[ALLOW_STAFF, DENY], &CASINO.replace("always: deny", "always: deny\n    code: 10123"));
    a_rule_that_is_not_alive_yet: set(&[&DENY.replace("when:", "active: { from: 2027-01-01 }, when:"), ALLOW_STAFF], NEVER);
    a_rule_for_groups_of_one_app: format!(
        "{STAFF}rules:\n  - {{ id: no-groups, action: deny, commands: [create_group], when: {{ app: {{ is: 1400000000 }}, \
         owner: {{ present: true }}, client_ip: {{ in_cidr: 10.0.0.0/8 }} }} }}\n{}",
        NEVER.replace("never: deny", "commands: [create_group]\n    never: deny")
    );
    guarantees_that_are_not_right: set(&[DENY], "guarantees:
  - id: one
    never: deny
    always: allow
    when: always
  - id: one
    when: { operators: { is: a } }
  - id: Two
    never: refuse
    code: 9
    when: { name: { contains: [] } }
  - id: three
    always: allow
    code: 10101
    decision: deny
    when: { owner: { is: ops_amy } }
  - id: four
    never: deny
    commands: [create]
");
    a_request_without_an_address: set(
        &["  - { id: known, action: deny, when: { client_ip: { present: true } } }\n"],
        "guarantees: [{ id: closed, always: deny, when: always }]\n",
    );
    two_guarantees_with_one_id: set(&[ALLOW_STAFF], &format!("{NEVER}{}", NEVER.replace("guarantees:\n", "")));
    a_guarantee_with_a_code_of_no_register:
        format!("codes: {{ 10101: a }}\n{}", set(&[ALLOW_STAFF], &NEVER.replace("never: deny", "never: deny\n    code: 10102")));
}
