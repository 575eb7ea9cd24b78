//! The set, its lists, rules, placeholders and tests.

use topicgate::{
    engine::Decision,
    rules::{self, Input},
};

use crate::{
    loading,
    sentences::{allow, codes, deny, loaded, topic},
};

fn with_list(list: &str) -> Vec<String> {
    let set = format!(
        "lists: {{l: {{file: l.txt}}}}\n{}\u{1e}{}\u{1e}{list}",
        deny("{operator: {in: {list: l}}}"),
        "rules: [{id: z, action: allow, when: always}]"
    );
    loading::check(set.as_bytes()).report.findings.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn no_files_and_no_rules_are_errors() {
    assert!(rules::load(Input::default(), jiff::Timestamp::UNIX_EPOCH).report.has_errors());
    assert_eq!(codes("version: 1\n"), ["no-rules"]);
    assert_eq!(codes("rules: []\n"), ["empty-value"]);
    assert_eq!(codes("rules:\n"), ["wrong-type"]);
}

#[test]
fn keys_of_the_users_own_stand_at_the_top_and_in_rules_only() {
    let rule = |rule: &str| format!("rules: [{{id: a, action: deny, when: always{rule}}}]\n");
    assert_eq!(codes(&("x-team: {a: [1, yes]}\n".to_owned() + &rule(", x-ticket: 1, x-: ~"))), [""; 0]);
    for text in [
        deny("{name: {is: a}, x-a: 1}"),
        deny("{name: {is: a, x-a: 1}}"),
        deny("{name: {length: {max: 1, x-a: 1}}}"),
        rule(", examples: {x-a: [a]}"),
        format!("lists: {{l: {{file: l.txt, x-a: 1}}}}\n{}", rule(""))
            + "\u{1e}rules: [{id: z, action: allow, when: always}]\u{1e}a",
        rule("") + "tests: [{name: a, x-a: 1, request: {operator: a}, expect: {rule: a}}]\n",
        rule("") + "tests: [{name: a, request: {operator: a, x-a: 1}, expect: {rule: a}}]\n",
        rule("") + "tests: [{name: a, request: {operator: a}, expect: {rule: a, x-a: 1}}]\n",
    ] {
        assert_eq!(codes(&text), ["unknown-key"], "{text}");
    }
}

#[test]
fn what_yaml_reads_as_something_else_is_quoted_where_a_text_is_wanted() {
    for odd in
        ["00123", "yes", "null", "1e3", "0x1F", "1_000", "12:30:45", "2026-11-23", "~", ".inf", "No", "on", "1.5"]
    {
        let list = format!("lists: {{l: [{odd}]}}\n{}", allow("always"));
        let key = format!("lists: {{{odd}: [a]}}\n{}", allow("always"));
        let message = format!("rules: [{{id: a, action: deny, code: 10100, when: always, message: {odd}}}]");
        let example = format!("rules: [{{id: a, action: deny, when: always, examples: {{match: [{odd}]}}}}]");
        let test =
            format!("{}tests: [{{name: t, request: {{operator: {odd}}}, expect: {{rule: a}}}}]", allow("always"));
        for text in [list, key, message, example, test, deny(&format!("{{name: {{contains: {odd}}}}}"))] {
            assert_eq!(codes(&text), ["quote-it"], "{text}");
            let quoted = text
                .replace(&format!("[{odd}]"), &format!("['{odd}']"))
                .replace(&format!(": {odd}"), &format!(": '{odd}'"));
            let quoted = quoted.replace(&format!("{{{odd}:"), &format!("{{'{odd}':"));
            assert_eq!(codes(&quoted), [""; 0], "{quoted}");
        }
    }
}

#[test]
fn keywords_are_read_from_their_characters() {
    let text = "version: '1'\ntime_zone: \"Asia/Shanghai\"\nrules: [{id: a, action: \"deny\", mode: 'enforce', code: '10110', when: {app: {present: 'false'}}}]\n";
    assert_eq!(codes(text), [""; 0]);
    for code in ["010110", "+10110", "1_0110", "10110.0", "0x277E", "10099", "10201", "yes"] {
        assert_eq!(
            codes(&format!("rules: [{{id: a, action: deny, code: {code}, when: always}}]")),
            ["invalid-value"],
            "{code}"
        );
    }
}

#[test]
fn an_id_has_small_letters_digits_and_hyphens() {
    let rule = |id: &str| format!("rules: [{{id: {id}, action: allow, when: always}}]");
    for id in ["a", "9-lives", "a-", &"a".repeat(64)] {
        assert_eq!(codes(&rule(id)), [""; 0], "{id}");
    }
    for id in ["A", "-a", "none", "a_b", "é", "a b", &"a".repeat(65)] {
        assert_eq!(codes(&rule(id)), ["invalid-value"], "{id}");
    }
}

#[test]
fn lines_of_a_list_file_are_entries_comments_or_doubts() {
    assert_eq!(
        with_list("\u{feff}# staff\r\n#\r\n\r\n  mallory \t\r\n@TLS#NOT_FOUND\nops@a.com\n   # indented"),
        [""; 0]
    );
    assert_eq!(with_list("eve # spammer\n").len(), 1);
    assert_eq!(with_list("#eve\n").len(), 1);
    assert_eq!(with_list("e\u{200b}ve\n").len(), 1);
    assert_eq!(with_list("Eve\neve\n").len(), 1);
    assert_eq!(with_list("eve\neve\n").len(), 1);
    assert_eq!(with_list("# only a comment\n"), ["the list file `l.txt` has no entry, and `l` needs at least 1"]);
    let twenty = with_list(&"#eve\n".repeat(50));
    assert_eq!(twenty.len(), 21);
    assert!(twenty.iter().any(|message| message.starts_with("30 more")), "{twenty:?}");
}

#[test]
fn a_message_without_a_code_is_a_warning_and_one_on_allow_an_error() {
    assert_eq!(codes("rules: [{id: a, action: deny, message: no, when: always}]"), ["quote-it"]);
    assert_eq!(codes("rules: [{id: a, action: deny, message: 'no', when: always}]"), ["message-without-code"]);
    assert_eq!(
        codes("rules: [{id: a, action: allow, message: 'no', code: 10110, when: always}]"),
        ["invalid-value"; 2]
    );
}

/// What a deny rule says of a name.
fn said(message: &str, when: &str, name: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    let set = format!("rules: [{{id: a, action: deny, code: 10120, message: {message}, when: {when}}}]");
    match loading::check_decision(&loaded(&set), &topic(name)) {
        verdict if verdict.rule.is_none() => panic!("{when} does not hold for {name}"),
        verdict => match verdict.decision {
            Decision::Deny { message, .. } => message,
            Decision::Allow => panic!("allowed"),
        },
    }
}

#[test]
fn a_message_is_filled_cleaned_and_cut() {
    assert_eq!(said("{{ } {rule} {code} {operator} {name}", "always", "a\u{202e}\n\0b"), "{ } a 10120 leckie ab");
    assert_eq!(said("{{{name}}", "always", "x"), "{x}");
    let long = said("{name}", "always", &"微".repeat(1300));
    assert_eq!((long.len(), long.chars().all(|letter| letter == '微')), (510, true));
    for message in ["{", "{nam}", "{}", "{ name }", "{name", "{MATCH}"] {
        let message = serde_json::to_string(message).unwrap();
        let set =
            format!("rules: [{{id: a, action: deny, code: 10120, message: {message}, when: {{name: {{is: a}}}}}}]");
        assert_eq!(codes(&set), ["invalid-placeholder"], "{message}");
    }
}

#[test]
fn match_is_what_the_first_name_test_that_held_saw() {
    let both = "{any: [{name: {contains: zzz}}, {name: {contains: cas}}, {name: {matches: '[a-z]+'}}]}";
    assert_eq!(said("{match}", both, "my ＣＡＳino"), "ＣＡＳ");
    assert_eq!(said("{match}", "{name: {contains: [sin, casi]}}", "casino sin"), "casi");
    assert_eq!(said("{match}", "{name: {matches: ['o', 'c.s']}}", "casino"), "cas");
    assert_eq!(said("{match}", "{any: [{operator: {is: leckie}}, {name: {contains: x}}]}", "whole name"), "whole name");
    assert_eq!(said("{match}", "{name: {length: {min: 1}}}", "whole name"), "whole name");
    assert_eq!(
        said("{match}", "{name: {contains_word: [b, 'a b']}}", "x A\u{200b}  B"),
        "A\u{200b}  B".replace('\u{200b}', "")
    );
    assert_eq!(said("{match}", "{name: {ends_with: ß}, not: {name: {is: q}}}", "Straße Groß"), "ß");
    for when in ["{operator: {is: a}}", "always", "{not: {name: {is: a}}}", "{all: [{app: {present: false}}]}"] {
        let set = format!("rules: [{{id: a, action: deny, code: 10120, message: '{{match}}', when: {when}}}]");
        assert_eq!(codes(&set), ["invalid-placeholder"], "{when}");
    }
}

#[test]
fn codes_lists_and_the_time_zone_are_declared_once_in_a_set() {
    let rule = "rules: [{id: a, action: deny, code: 10110, when: {operator: {in: {list: l}}}}]\n";
    let other = "rules: [{id: b, action: deny, code: 10111, when: always}]\n";
    assert_eq!(codes(&format!("codes: {{10110: one}}\n{rule}\u{1e}lists: {{l: [a]}}\n{other}")), ["unknown-code"]);
    let twice = "codes: {10110: one}\nlists: {l: [a]}\ntime_zone: UTC\n";
    assert_eq!(codes(&format!("{twice}{rule}\u{1e}{twice}")), ["declared-twice"; 4]);
    assert_eq!(codes(&format!("time_zone: Asia/Shangai\n{}", allow("always"))), ["invalid-value"]);
    let same = "rules: [{id: a, action: allow, when: always}]";
    assert_eq!(codes(&format!("{same}\u{1e}{same}")), ["duplicate-rule-id"]);
}

#[test]
fn examples_and_tests_are_verified() {
    let rule = |examples: &str| {
        format!("rules: [{{id: a, action: deny, mode: disabled, when: {{name: {{is: a}}}}, examples: {examples}}}]")
    };
    assert_eq!(codes(&rule("{match: [b]}")), ["example-failed"]);
    assert_eq!(codes(&rule("{no_match: [Ａ]}")), ["example-failed"]);
    assert_eq!(codes(&rule("{known_miss: [a]}")), ["miss-now-matches"]);
    assert_eq!(codes(&rule("{known_miss: [b], match: [' a '], no_match: [{operator: x, name: ab}]}")), [""; 0]);
    let test = |expect: &str| {
        format!("{}tests: [{{name: t, request: {{operator: a, name: b}}, expect: {expect}}}]", deny("{name: {is: b}}"))
    };
    assert_eq!(codes(&test("{decision: deny, rule: a, code: 1, message: '', shadow: []}")), [""; 0]);
    for expect in ["{decision: allow}", "{rule: none}", "{code: 10110}", "{message: x}"] {
        assert_eq!(codes(&test(expect)), ["test-failed"], "{expect}");
    }
    assert_eq!(codes(&test("{rule: b}")), ["unknown-rule"]);
    assert_eq!(codes(&test("{shadow: [b]}")), ["unknown-rule"]);
    assert_eq!(codes(&test("{}")), ["empty-value"]);
    assert_eq!(codes(&test("{decision: deny}, at: 2026-11-23T18:00:00")), ["invalid-value"]);
    assert_eq!(codes(&test("{decision: deny}, at: 2026-11-23T18:00:00+08:00")), [""; 0]);
}
