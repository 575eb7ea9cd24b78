//! Rules on what a name looks like: what they find, what `{match}` shows of it, and the texts that they do not take.

use jiff::Timestamp;
use topicgate::{
    engine::{self, Decision, Views},
    facts::Facts,
    text::clean,
};

use crate::{decide, loaded, said};

fn rule(when: &str) -> String {
    format!(
        "lists: {{ words: [admin, 'Vіsa'] }}\nrules:\n  - id: it\n    action: deny\n    code: 10120\n    message: '{{match}}'\n    when: {when}\n"
    )
}

/// What `{match}` shows of a name; `None` where the rule does not apply.
#[track_caller]
fn found(when: &str, name: &str) -> Option<String> {
    match decide(&loaded(&rule(when)), "leckie", name).1 {
        Decision::Deny { message, .. } => Some(message),
        Decision::Allow => None,
    }
}

#[track_caller]
fn check(when: &str, name: &str, typed: &str) {
    assert_eq!(found(when, name).as_deref(), Some(typed), "{when} on {name}");
}

#[test]
fn a_literal_looks_like_the_name() {
    let names = ["аdmіn", "ａｄｍｉｎ", "adm1n", "ADMlN", "ádmin", "a͏dmin", "🅰dmin", "𝖆𝖉𝖒𝖎𝖓", "Admin"];
    for name in names {
        for literal in names {
            check(&format!("{{ name_lookalike: {{ is: '{literal}' }} }}"), name, &clean(name));
            check(&format!("{{ name_squeezed: {{ is: '{literal}' }} }}"), name, &clean(name));
        }
    }
    check("{ name_lookalike: { is: paypal } }", "paypaI", "paypaI");
    for name in ["a.d.m.i.n", "aadmmiinn"] {
        assert_eq!(found("{ name_lookalike: { is: admin } }", name), None);
        check("{ name_squeezed: { is: admin } }", name, name);
    }
}

#[test]
fn a_match_is_what_the_user_typed() {
    check("{ name_lookalike: { contains: casino } }", "mу С4S1N0\u{301}!", "С4S1N0\u{301}");
    check("{ name_squeezed: { contains: casino } }", "🎰 c.a.s.i.n.o.o 🎰", "c.a.s.i.n.o.o");
    check("{ name_squeezed: { contains: 赌场 } }", "进 賭*赌/场 吧", "賭*赌/场");
    check("{ name_lookalike: { contains_word: bet }, name_squeezed: { contains: now } }", "8et n.o.w", "8et");
}

#[test]
fn a_digit_or_sign_ends_a_word_and_is_a_letter_of_one() {
    let admin = "{ name_lookalike: { contains_word: admin } }";
    for (name, typed) in [
        ("Admin1", "Admin"),
        ("admin!!!", "admin"),
        ("365аdmіn", "аdmіn"),
        ("my 4DM1N", "4DM1N"),
        ("the🅰dmin", "🅰dmin"),
        ("á1admın$", "admın"),
    ] {
        check(admin, name, typed);
    }
    for name in ["administrator", "adm1nistrator", "badmin", "4dmlnistration", "adm1"] {
        assert_eq!(found(admin, name), None, "{name}");
    }
    check("{ name_lookalike: { contains_word: vx9 } }", "my vx9abc", "vx9");
    // Where the digit is read as a letter it still stands beside the others as a digit.
    check("{ name_lookalike: { contains_word: ass } }", "gl4ss", "4ss");
    assert_eq!(found("{ name_lookalike: { contains_word: ass, ignoring: glass } }", "gl4ss"), None);
}

#[test]
fn what_is_ignored_has_the_same_words() {
    let bet = "{ name_lookalike: { contains_word: bet, ignoring: [bet365, 'bet!'] } }";
    assert!(!said(&rule(bet)).contains("ignoring-without-effect"), "{}", said(&rule(bet)));
    for (name, typed) in [("bet365", None), ("8еt365", None), ("bet!", None), ("bet7", Some("bet"))] {
        assert_eq!(found(bet, name).as_deref(), typed, "{name}");
    }
    let bets = said(&rule("{ name_lookalike: { contains_word: bet, ignoring: bets } }"));
    assert!(bets.contains("ignoring-without-effect"), "{bets}");
}

#[test]
fn a_view_that_no_rule_asks_for_is_not_made() {
    let two = "  - { id: last, action: deny, when: { name_squeezed: { is: admin } } }\n";
    for (when, name, seen) in [
        ("{ name: { is: admin } }", "adm1n", [Some("admin"), Some("admin")]),
        ("{ name: { is: adm1n } }", "adm1n", [None, None]),
        ("{ name_lookalike: { is: admin } }", "adm1n", [Some("admin"), None]),
    ] {
        let snapshot = loaded(&(rule(when) + two));
        let facts = Facts::topic("leckie", name, Timestamp::UNIX_EPOCH);
        let views = Views::of(&facts);
        engine::evaluate(&snapshot, &views);
        assert_eq!(views.looks(), seen, "{when}");
    }
}

#[test]
fn a_list_is_prepared_for_each_field() {
    check("{ name_squeezed: { contains: { list: words } } }", "my V.I.S.A", "V.I.S.A");
    check("{ name_lookalike: { contains: { list: words } } }", "my VlSA", "VlSA");
    assert_eq!(found("{ name: { contains: { list: words } } }", "visa"), None);
}

#[test]
fn numbers_and_signs_are_refused() {
    for field in ["name_lookalike", "name_squeezed"] {
        for literal in ["888", "8-8 8", "１２３", "$100", "!!!", "$", "|_|"] {
            let said = said(&rule(&format!("{{ {field}: {{ contains: '{literal}' }} }}")));
            assert!(said.contains("error[digits-are-letters]"), "{said}");
        }
        check(&format!("{{ {field}: {{ contains: bet365 }} }}"), "my bеt365", "bеt365");
    }
}

#[test]
fn a_squeezed_text_has_three_letters_or_two_dense_ones() {
    for literal in ["ab", "a.b", "aabb", "赌", "ab赌", "ก", "вет"] {
        let text = rule(&format!("{{ name_squeezed: {{ contains: '{literal}' }} }}"));
        let short = said(&text).contains("error[literal-too-short]");
        assert_eq!(short, !["ab赌", "вет"].contains(&literal), "{literal}");
    }
    for literal in ["赌场", "カジ", "ﾊﾞｰ", "카지"] {
        loaded(&rule(&format!("{{ name_squeezed: {{ contains: '{literal}' }} }}")));
    }
}

#[test]
fn what_vanishes_is_refused() {
    for (literal, code) in [("🎰", "empty-literal"), ("...", "empty-literal"), (" casino", "outer-space")] {
        let said = said(&rule(&format!("{{ name_squeezed: {{ contains: '{literal}' }} }}")));
        assert!(said.contains(&format!("error[{code}]")), "{said}");
    }
    assert!(said(&rule("{ name_lookalike: { contains: \"\\u0301\" } }")).contains("error[empty-literal]"));
    loaded(&rule("{ name_lookalike: { contains: 🎰 } }"));
}
