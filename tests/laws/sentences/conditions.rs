//! Conditions and matchers.

use std::net::IpAddr;

use topicgate::facts::Facts;

use crate::sentences::{codes, deny, holds, holds_for, loaded, topic};

fn with<'a>(change: impl FnOnce(&mut Facts<'a>)) -> Facts<'a> {
    let mut facts = topic("casino");
    change(&mut facts);
    facts
}

#[test]
fn all_keys_of_a_mapping_must_hold_structure_included() {
    let when =
        "{name: {contains: a, ends_with: o}, any: [{name: {is: x}}, {name: {is: casino}}], not: {name: {is: b}}}";
    assert!(holds_for(when, "casino") && !holds_for(when, "a") && !holds_for(when, "ao"));
}

#[test]
fn empty_and_null_parts_are_errors() {
    for when in [
        "{}",
        "{all: []}",
        "{any: []}",
        "{not: {}}",
        "{name: {}}",
        "{name: }",
        "{all: [{}]}",
        "{any: [~]}",
        "{not: }",
        "{name: {in: []}}",
        "{name: {contains: []}}",
    ] {
        assert_eq!(codes(&deny(when)), ["empty-value"], "{when}");
    }
    for when in ["", "~", "[]", "{all: }", "{any: {}}", "{name: {in: }}", "{name: {is: ~}}", "{not: []}"] {
        let found = codes(&deny(when));
        assert!(matches!(found.as_slice(), ["wrong-type"] | ["quote-it"] | ["empty-value"]), "{when}: {found:?}");
    }
    assert_eq!(codes(&deny("{name: {is: ''}}")), ["empty-literal"]);
}

#[test]
fn the_word_always_may_be_quoted() {
    for when in ["always", "'always'", "\"always\""] {
        assert!(holds_for(when, "x"), "{when}");
    }
    assert_eq!(codes(&deny("allways")), ["wrong-type"]);
}

#[test]
fn a_test_of_an_absent_field_is_false_and_not_of_it_true() {
    for test in [
        "owner: {is: a}",
        "owner: {matches: '^.*$'}",
        "owner: {length: {min: 0}}",
        "type: {in: [public]}",
        "platform: {is: web}",
        "client_ip: {in_cidr: [0.0.0.0/0, '::/0']}",
        "app: {is: 1}",
        "owner: {present: true}",
    ] {
        assert!(!holds_for(&format!("{{{test}}}"), "x") && holds_for(&format!("{{not: {{{test}}}}}"), "x"), "{test}");
    }
    for field in ["owner", "type", "platform", "client_ip", "app"] {
        assert!(holds_for(&format!("{{{field}: {{present: false}}}}"), "x"), "{field}");
    }
    for field in ["operator", "name", "name_raw"] {
        assert_eq!(codes(&deny(&format!("{{{field}: {{present: true}}}}"))), ["matcher-not-for-field"], "{field}");
    }
}

#[test]
fn names_of_types_and_platforms_are_folded_and_have_aliases() {
    let typed = |typed: &'static str| with(move |facts| facts.group_type = Some(typed.into()));
    let on = |platform: &'static str| with(move |facts| facts.platform = Some(platform.into()));
    for (written, sent) in [("Private", "Work"), ("work", "PRIVATE"), ("ChatRoom", "Meeting"), ("meeting", "chatroom")]
    {
        assert!(holds(&format!("{{type: {{is: {written}}}}}"), &typed(sent)), "{written} {sent}");
    }
    for (written, sent) in [("macOS", "Mac"), ("mac", "macos"), ("Unknown", "Unkown"), ("ios", "iOS")] {
        assert!(holds(&format!("{{platform: {{in: [{written}]}}}}"), &on(sent)), "{written} {sent}");
    }
    assert_eq!(codes(&deny("{platform: {is: Symbian}}")), ["unknown-platform"]);
    assert_eq!(codes(&deny("{type: {in: [Public, Club]}}")), ["unknown-group-type"]);
}

#[test]
fn addresses_are_compared_as_ipv4_where_they_are_mapped() {
    let from = |address: &str| {
        let address: IpAddr = address.parse().unwrap();
        with(move |facts| facts.client_ip = Some(address.to_canonical()))
    };
    let when = "{client_ip: {in_cidr: ['::ffff:10.0.0.0/104', 192.0.2.7, '2001:db8::/32']}}";
    for (address, inside) in [
        ("10.1.2.3", true),
        ("::ffff:10.1.2.3", true),
        ("11.0.0.1", false),
        ("::ffff:192.0.2.7", true),
        ("192.0.2.8", false),
        ("2001:db8::1", true),
        ("2001:db9::1", false),
    ] {
        assert_eq!(holds(when, &from(address)), inside, "{address}");
    }
    assert_eq!(codes(&deny("{client_ip: {in_cidr: [10.0.0.1/8, 300.0.0.1, x, [a], 1.2.3.4/33]}}")).len(), 5);
    let list = "lists: {l: [10.0.0.1/8, x]}\n".to_owned() + &deny("{client_ip: {in_cidr: {list: l}}}");
    assert_eq!(codes(&list), ["invalid-address"; 2]);
}

#[test]
fn each_end_of_a_word_is_a_boundary_unless_it_is_written_without_spaces() {
    for (literal, name, found) in [
        ("bet", "bet now", true),
        ("bet", "alphabet", false),
        ("bet", "bets", false),
        ("bet", "bet365", true),
        ("bet", "my_bet_", true),
        ("bet", "我要bet", true),
        ("bet", "betбет", false),
        ("赌", "我爱赌博", true),
        ("bet", "BÉT", false),
        ("vx微", "avx微信", false),
        ("vx微", "vx微信", true),
        ("a b", "xa b", false),
        ("+bet", "x+bet", true),
        ("bet+", "bet+x", true),
        ("카지노", "카지노에", false),
        ("ไทย", "คนไทยดี", true),
    ] {
        assert_eq!(holds_for(&format!("{{name: {{contains_word: '{literal}'}}}}"), name), found, "{literal} in {name}");
    }
    assert!(
        holds_for("{name: {contains_word: [ab, abc]}}", "abc") && holds_for("{name: {contains_word: [abc, ab]}}", "ab")
    );
}

#[test]
fn lengths_are_characters_of_people_and_bytes_are_bytes() {
    assert!(
        holds_for("{name_raw: {length: {min: 2, max: 2}}}", "é👨‍👩‍👧") && holds_for("{name_raw: {length: {max: 0}}}", "")
    );
    assert!(
        holds_for("{name: {length: {max: 3}}}", " a  b ") && holds_for("{name_raw: {bytes: {min: 6, max: 6}}}", "微信")
    );
    for argument in ["{}", "{min: 3, max: 2}", "{min: -1}", "{max: 1.5}", "{max: x}", "3", "{least: 1}"] {
        assert_ne!(codes(&deny(&format!("{{name: {{length: {argument}}}}}"))), [""; 0], "{argument}");
    }
}

#[test]
fn literals_are_prepared_like_the_text_and_must_leave_something() {
    assert!(
        holds_for("{name: {is: ＣＡＳＩＮＯ}}", " casino\u{200b}")
            && holds_for("{name: {contains: Straße}}", "STRASSE")
    );
    assert!(!holds_for("{name_raw: {contains: CASINO}}", "casino"));
    assert_eq!(codes(&deny(r#"{name: {contains: "\u200b"}}"#)), ["empty-literal"]);
    for literal in [r#"" a""#, r#""a\u3000""#, r#""\u200b a""#, r#""a \ufeff""#] {
        assert_eq!(codes(&deny(&format!("{{name: {{contains: {literal}}}}}"))), ["outer-space"], "{literal}");
    }
    loaded(&deny(r#"{name_raw: {contains: [" a", "\u200b"]}, name: {contains: ["\u0301", "a b"]}}"#));
}

#[test]
fn apps_are_numbers() {
    let when = "{app: {in: [1400000000, 1400000001]}}";
    assert!(holds(when, &with(|facts| facts.app = Some(1_400_000_001))));
    assert!(!holds(when, &with(|facts| facts.app = Some(1))));
    for argument in ["x", "-1", "1.5", "0x10", "[]", "~"] {
        assert_ne!(codes(&deny(&format!("{{app: {{in: {argument}}}}}"))), [""; 0], "{argument}");
    }
}
