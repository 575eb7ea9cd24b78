//! `ignoring`, `scripts`, and which matcher fits which view.

use topicgate::{
    engine::{Condition, Views, message},
    facts::Field,
    matchers::Kind,
};

use crate::sentences::{allow, codes, deny, holds_for, loaded, topic};

const ROYALE: &str = "{name: {contains: casino, ignoring: [casino royale]}}";

/// What `{match}` is for a name.
fn matched(when: &str, name: &str) -> String {
    message::matched(&loaded(&deny(when)).rules[0], &Views::of(&topic(name))).to_owned()
}

#[test]
fn occurrences_inside_an_ignored_text_do_not_count() {
    for (name, found) in [
        ("Casino", true),
        ("casino royale", false),
        ("my CASINO ＲＯＹＡＬＥ fan club", false),
        ("casino royale casino", true),
        ("casino casino royale", true),
        ("casinocasino royale", true),
        ("casino royal", true),
        ("royale", false),
    ] {
        assert_eq!(holds_for(ROYALE, name), found, "{name}");
    }
}

#[test]
fn ignoring_stands_beside_contains_word_too() {
    let when = "{name: {contains_word: [bet, 赌], ignoring: [bet on it, 赌气]}}";
    for (name, found) in [
        ("bet on it", false),
        ("bet on", true),
        ("alphabet", false),
        ("alphabet bet on it", false),
        ("bet on it, bet", true),
        ("别赌气", false),
        ("赌气不如赌博", true),
    ] {
        assert_eq!(holds_for(when, name), found, "{name}");
    }
}

#[test]
fn ignored_texts_are_texts_like_any_others() {
    let list = "lists: {films: [casino royale]}\n".to_owned();
    let when = "{name: {contains: casino, ignoring: {list: films}}}";
    assert_eq!(codes(&(list + &deny(when))), [""; 0]);
    for (argument, code) in [
        ("{list: film}", "unknown-list"),
        ("[]", "empty-value"),
        ("[yes]", "quote-it"),
        ("\" casino\"", "outer-space"),
        (r#""\u200b""#, "empty-literal"),
        ("{lists: films}", "unknown-key"),
    ] {
        assert!(
            codes(&deny(&format!("{{name: {{contains: casino, ignoring: {argument}}}}}"))).contains(&code),
            "{code}"
        );
    }
}

#[test]
fn ignoring_alone_or_beside_two_is_an_error() {
    for test in [
        "ignoring: casino royale",
        "is: casino, ignoring: casino royale",
        "starts_with: casino, ignoring: casino royale",
        "contains: casino, contains_word: royale, ignoring: casino royale",
    ] {
        assert_eq!(codes(&deny(&format!("{{name: {{{test}}}}}"))), ["unknown-key"], "{test}");
    }
    assert_eq!(codes(&deny("{name: {contians: casino, ignoring: casino royale}}")), ["unknown-key"]);
    assert_eq!(codes(&deny("{ignoring: a}")), ["unknown-key"]);
    assert_eq!(codes(&deny("{app: {is: 1, ignoring: a}}")), ["matcher-not-for-field"]);
    assert_eq!(codes(&deny("{name: {contains: a, ignoring: ab, length: {max: 3}}}")), [""; 0]);
}

#[test]
fn an_ignored_text_that_ignores_nothing_or_everything_is_a_warning() {
    for ignored in ["royale", "casin", "casino", "CASINO", "[casino royale, roulette]"] {
        let when = format!("{{name: {{contains: [casino, bet], ignoring: {ignored}}}}}");
        assert_eq!(codes(&deny(&when)), ["ignoring-without-effect"], "{ignored}");
    }
    let inside_a_word = "{name: {contains_word: bet, ignoring: alphabet}}";
    assert_eq!(codes(&deny(inside_a_word)), ["ignoring-without-effect"]);
    let list = "lists: {films: [roulette]}\n".to_owned();
    assert_eq!(codes(&(list + &deny("{name: {contains: casino, ignoring: {list: films}}}"))), [""; 0]);
}

#[test]
fn an_ignored_text_does_not_make_an_allow_rule_strict() {
    assert_eq!(codes(&allow("{operator: {contains: ops, ignoring: drops}}")), ["loose-allow"]);
}

#[test]
fn what_is_found_is_the_leftmost_that_counts() {
    assert_eq!(matched(ROYALE, "casino royale, Ｃasino"), "Ｃasino");
    assert_eq!(matched("{name: {contains: [b, bcd, bc], ignoring: [ab, abc]}}", "abcd bcde"), "bcd");
}

#[test]
fn the_argument_of_ignoring_is_part_of_the_meaning() {
    let revision = |when: &str| loaded(&deny(when)).revision.clone();
    let without = revision("{name: {contains: casino}}");
    assert_ne!(revision(ROYALE), without);
    assert_ne!(revision(ROYALE), revision("{name: {contains: casino, ignoring: [casino de paris]}}"));
    assert_eq!(revision(ROYALE), revision("{name: {ignoring: 'casino royale', contains: [casino]}}"));
    let list = |film: &str| format!("lists: {{films: [{film}]}}\n");
    let listed = |film: &str| {
        loaded(&(list(film) + &deny("{name: {contains: casino, ignoring: {list: films}}}"))).revision.clone()
    };
    assert_ne!(listed("casino royale"), listed("casino de paris"));
}

#[test]
fn a_test_is_told_with_what_it_ignores() {
    let sentence = |when: &str| match loaded(&deny(when)).rules.remove(0).when {
        Condition::Test(test) => test.sentence,
        other => panic!("{other:?}"),
    };
    assert_eq!(sentence(ROYALE), r#"name contains casino ignoring ["casino royale"]"#);
    assert_eq!(sentence("{name: {contains: casino}}"), "name contains casino");
}

#[test]
fn at_least_one_letter_and_every_letter_of_these_scripts() {
    for (scripts, name, holds) in [
        ("[Latn, Hani]", "加微信 vx 123!", true),
        ("[Latn, Hani]", "привет", false),
        ("[Latn, Hani]", "加微信 ｖｘ", true),
        ("[Latn, Hani]", "123 🎉", false),
        ("[Latn, Hani]", "", false),
        ("Latn", "Cafe\u{301}", true),
        ("Latn", "рaypal", false),
        ("Jpan", "スーパーで買い物", true),
        ("[Kana]", "スーパー", true),
        ("[Hira, Hani]", "らーめん屋", true),
        ("Kore", "韓國어", true),
        ("[Hang]", "韓國어", false),
        ("[Arab]", "مرحبا", true),
    ] {
        assert_eq!(holds_for(&format!("{{name: {{scripts: {scripts}}}}}"), name), holds, "{scripts} {name}");
    }
    assert!(holds_for("{name: {scripts: Latn}}", "𝒂dmin") && !holds_for("{name_raw: {scripts: Latn}}", "𝒂dmin"));
    assert_eq!(matched("{name: {scripts: Latn}}", "any 1"), "any 1");
}

#[test]
fn mixed_is_one_word_of_two_alphabets_and_han_kana_and_hangul_never_count() {
    let mixed = |name: &str| holds_for("{name: {scripts: mixed}}", name);
    for name in ["раypal", "αdmin", "Ꭰdmin", "adմin", "x раypal", "去раypal", "аdm\u{301}in", "ѕｅx"] {
        assert!(mixed(name), "{name}");
    }
    for name in
        ["paypal привет", "a1б", "卡拉OK", "Tシャツ", "ハロー", "카지노bet", "admin", "привет", "a_б", "1 🎉", ""]
    {
        assert!(!mixed(name), "{name}");
    }
    assert_eq!(matched("{name: {scripts: mixed}}", "go to раypal now"), "раypal");
}

#[test]
fn scripts_are_codes_or_the_word_mixed() {
    for argument in [
        "Latin",
        "latn",
        "Han",
        "Hans",
        "[Latn, mixed]",
        "[mixed]",
        "Zyyy",
        "[1]",
        "Xxxx",
        "{list: l}",
        "[]",
        "~",
        "[[Latn]]",
    ] {
        assert_ne!(codes(&deny(&format!("{{name: {{scripts: {argument}}}}}"))), [""; 0], "{argument}");
    }
    assert_eq!(codes(&deny("{client_ip: {scripts: Latn}}")), ["matcher-not-for-field"]);
}

#[test]
fn the_views_of_lookalikes_take_what_makes_sense_there() {
    for (field, refused) in [
        (Field::NameLookalike, &["matches", "scripts"][..]),
        (Field::NameSqueezed, &["matches", "scripts", "contains_word"][..]),
    ] {
        for name in [
            "is",
            "in",
            "starts_with",
            "ends_with",
            "contains",
            "contains_word",
            "ignoring",
            "matches",
            "length",
            "bytes",
            "scripts",
        ] {
            let fits = Kind::named(name).unwrap().is_for(field);
            assert_eq!(fits, !refused.contains(&name), "{name} {}", field.name());
        }
    }
}
