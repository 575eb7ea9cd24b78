//! Patterns: "A pattern is not rewritten ...", and patterns in allow rules.

use crate::{
    loading,
    sentences::{allow, codes, deny, holds_for},
};

/// The findings about a pattern on `name`, and the text that the first one marks.
fn told(pattern: &str) -> (Vec<&'static str>, String) {
    let loaded = loading::check(deny(&format!("{{name: {{matches: '{pattern}'}}}}")).as_bytes());
    let findings = &loaded.report.findings;
    let marked = findings.first().map(|finding| finding.place.excerpt[finding.place.marked.clone()].to_owned());
    (findings.iter().map(|finding| finding.code.word()).collect(), marked.unwrap_or_default())
}

#[track_caller]
fn fine(patterns: &[&str]) {
    for pattern in patterns {
        assert_eq!(told(pattern).0, [""; 0], "{pattern}");
    }
}

#[track_caller]
fn marked(code: &str, patterns: &[(&str, &str)]) {
    for (pattern, marked) in patterns {
        assert_eq!(told(pattern), (vec![code], (*marked).to_owned()), "{pattern}");
    }
}

#[test]
fn what_cannot_occur_is_an_error_at_the_character() {
    marked(
        "pattern-never-matches",
        &[
            ("vＸ", "vＸ"),
            ("[a-z]+Ａ+", "Ａ"),
            ("cafe\u{301}s?", "cafe\u{301}"),
            (r"e\x{301}", r"e\x{301}"),
            ("straße", "straße"),
            ("(a|ß)b", "ß"),
            ("[Ａ-Ｚ]+", "[Ａ-Ｚ]"),
            ("x[①②]", "[①②]"),
            (r"\x{FF21}", r"\x{FF21}"),
            ("ﬁ", "ﬁ"),
            ("İ", "İ"),
            (r"\t", r"\t"),
            (r"\x{200b}", r"\x{200b}"),
            ("ᄒ\u{1161}", "ᄒ\u{1161}"),
        ],
    );
}

#[test]
fn outer_and_double_spaces_cannot_occur() {
    marked(
        "pattern-never-matches",
        &[
            ("a  b", "a  b"),
            ("a {2}b", " {2}"),
            (r"\s{2,}", r"\s{2,}"),
            (r"\s\s+x", r"\s\s+"),
            (" [ ]", " [ ]"),
            ("^ a", " "),
            (r"^\s+a", r"\s+"),
            ("a $", " "),
        ],
    );
    assert_eq!(told(r"\A a|b\s\z").0, ["pattern-never-matches"; 2]);
    fine(&[r"a\s?\s?b", r"^\s*a\s*$", r"(^|\s)vx(\s|$)", " +a", r"[\s_-]{2,}", r"a\s\S", "[^ ]{3}", " ?a", r"[ \t]+"]);
}

#[test]
fn what_can_occur_when_case_does_not_count_is_fine() {
    fine(&[
        "[^Ａ]",
        "[A-Z]",
        "ABC",
        "K",
        "ſ",
        "[aＡ]",
        "ς",
        "Å",
        r"\x{41}",
        r"\u{2126}",
        "[[:alpha:]]",
        r"\p{L}",
        r"\p{Han}",
        "(?i)a",
        "(?i:B)",
        "é",
        "É",
        "微信",
        "ー",
        "カ",
        ".",
        r"\d{2,}",
        r"[^\s]",
        "a*?b",
        "[🎰🎲]",
        r"\p{Greek}",
        r"[a-z--[aＡ]]",
        "[a[Ａ]]",
        r"\bvx\b",
        r"\b微信",
    ]);
    assert!(holds_for("{name: {matches: 'K'}}", "kelvin") && holds_for("{name: {matches: 'ſ'}}", "S"));
    assert!(
        holds_for("{name: {matches: '^STRASSE$'}}", " Straße ") && holds_for("{name: {matches: 'É'}}", "CAFE\u{301}")
    );
}

#[test]
fn a_class_that_depends_on_case_is_an_error_that_names_the_raw_view() {
    marked(
        "pattern-needs-case",
        &[
            (r"\p{Lu}{3}", r"\p{Lu}"),
            (r"\P{Ll}", r"\P{Ll}"),
            ("[[:upper:]]", "[:upper:]"),
            ("[[:^lower:]]", "[:^lower:]"),
            (r"[\p{L}--\p{Lu}]", r"\p{Lu}"),
            (r"[^\p{Uppercase}x]", r"\p{Uppercase}"),
            (r"\p{gc=Titlecase_Letter}", r"\p{gc=Titlecase_Letter}"),
            (r"\p{IsLu}", r"\p{IsLu}"),
            (r"\p{CWU}", r"\p{CWU}"),
            ("(?-i)a", "(?-i)"),
            ("x(?s-i:a)", "(?s-i"),
        ],
    );
    let raw = |pattern: &str| codes(&deny(&format!("{{name_raw: {{matches: '{pattern}'}}}}")));
    for pattern in [r"\p{Lu}{3}", "(?-i)a", "[[:upper:]]", "ß", "ＶＸ", "  ", "^ "] {
        assert_eq!(raw(pattern), [""; 0], "{pattern}");
    }
}

#[test]
fn a_word_boundary_beside_latin_and_han_is_a_note() {
    for pattern in [r"\bvx\b|微信", r"微\bvx", r"[微a]\B", r"\p{Han}+\bvx", r"\b{start}vx微"] {
        assert_eq!(told(pattern).0, ["word-boundary-with-han"], "{pattern}");
    }
}

#[test]
fn the_caret_stands_inside_quotes_and_under_the_whole_where_there_are_escapes() {
    let marked = |when: &str| {
        let found = loading::check(deny(when).as_bytes()).report.findings;
        let place = &found[0].place;
        place.excerpt[place.marked.clone()].to_owned()
    };
    assert_eq!(marked("{name: {matches: \"ab(c\"}}"), "(");
    assert_eq!(marked("{name: {matches: 'ab(c'}}"), "(");
    assert_eq!(marked("\n      name:\n        matches: ab(c"), "(");
    assert_eq!(marked(r#"{name: {matches: "\\d(c"}}"#), r#""\\d(c""#);
    assert_eq!(marked("{name: {matches: 'it''s (c'}}"), "'it''s (c'");
    assert!(!marked("\n      name:\n        matches: |\n          ab(c\n").is_empty());
}

#[test]
fn an_empty_match_inside_a_character_hides_none() {
    assert!(holds_for(r"{name_raw: {matches: '(?-u:\B)|ſ'}}", "sſs"));
    assert!(!holds_for(r"{name_raw: {matches: '(?-u:\B)|ſ'}}", "sßs"));
}

#[test]
fn a_pattern_on_an_account_in_an_allow_rule_is_anchored_at_both_ends() {
    for pattern in
        ["admin", "^admin", "admin$", "^a|b$", "^a$|b", "(?m)^a$", "^a$|", "(^a$)?", r"\bops\b", "^a*", "(?m:^)a$"]
    {
        assert_eq!(
            codes(&allow(&format!("{{operator: {{matches: '{pattern}'}}}}"))),
            ["unanchored-allow"],
            "{pattern}"
        );
    }
    for pattern in ["^(a|b)$", "^a$|^b$", r"\Aa\z", "(?i)^ops_[a-z]+$", "(^a$)+", "^(?m:a)$"] {
        assert_eq!(codes(&allow(&format!("{{operator: {{matches: '{pattern}'}}}}"))), [""; 0], "{pattern}");
    }
    let owner = "rules: [{id: a, action: allow, commands: [create_group], when: {owner: {matches: a}}}]";
    assert_eq!(codes(owner), ["unanchored-allow"]);
    assert_eq!(codes(&allow("{operator: {is: a}, not: {operator: {matches: bot}}}")), [""; 0]);
    assert_eq!(codes(&allow("{not: {not: {operator: {matches: bot}}}}")), ["unanchored-allow"]);
    assert_eq!(codes(&deny("{not: {operator: {matches: bot}}}")), [""; 0]);
    for matcher in ["contains", "contains_word", "starts_with", "ends_with"] {
        assert_eq!(codes(&allow(&format!("{{operator: {{{matcher}: admin}}}}"))), ["loose-allow"], "{matcher}");
    }
}
