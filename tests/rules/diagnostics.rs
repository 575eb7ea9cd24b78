//! Every diagnostic as users see it: the pages of `explain`, run, and the common mistakes.

use std::collections::BTreeSet;

use topicgate::{
    analysis::Budget,
    diagnostic::{Code, Finding, github, render, render::Style},
    rules::{self, Input, ListFile, Loaded, RuleFile},
};

use crate::{load, pages, said};

/// Codes whose wrong example is not a text of a rule set, and the test that produces each.
const ELSEWHERE: &[(Code, &str)] = &[
    (Code::NoRuleFiles, "tests/source.rs"),
    (Code::UnreadableFile, "a_file_that_cannot_be_read"),
    (Code::FileTwice, "tests/source.rs"),
    (Code::TooLarge, "a_file_of_a_million_values"),
    (Code::NotUtf8, "a_file_in_another_encoding"),
    (Code::MixedPrefixes, "tests/source.rs"),
    (Code::ListTooLong, "a_list_with_too_many_words"),
    (Code::PatternWithoutText, "a_pattern_without_a_text_is_noted_by_check"),
    (Code::ExceptionOverdue, "tests/rules/life.rs"),
    (Code::InvalidSettings, "tests/settings.rs"),
    (Code::UnknownVariable, "tests/serve/starting.rs"),
    (Code::UnusableToken, "tests/settings.rs"),
    (Code::UnusableCertificate, "tests/serve/tls.rs"),
    (Code::CertificateNotValid, "tests/serve/tls.rs"),
    (Code::PublicKeyFile, "tests/serve/tls.rs"),
    (Code::ClosedAdmin, "tests/settings.rs"),
    (Code::UnusableCertificate, "tests/serve/tls.rs"),
    (Code::CertificateNotValid, "tests/serve/tls.rs"),
    (Code::PublicKeyFile, "tests/serve/tls.rs"),
];

fn is_elsewhere(code: Code) -> bool {
    ELSEWHERE.iter().any(|(elsewhere, _)| *elsewhere == code)
}

/// Only `check` looks for these.
const CHECKED: [Code; 9] = [
    Code::RuleNeverDecides,
    Code::RuleNeverMatches,
    Code::RuleAlwaysMatches,
    Code::RulesOverlap,
    Code::UnusedList,
    Code::EntryNeverMatches,
    Code::UnusedCode,
    Code::NotProved,
    Code::GuaranteeNotProved,
];

fn load_files(code: Code, files: &pages::Files) -> Loaded {
    let loaded = load(&named(files));
    if !CHECKED.contains(&code) {
        return loaded;
    }
    assert!(loaded.report.findings.is_empty(), "only who looks after the set is told");
    check_files(files)
}

fn check_files(files: &pages::Files) -> Loaded {
    rules::check(crate::input(&named(files)), crate::now(), Budget::default())
}

fn named(files: &pages::Files) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn codes(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.code.word()).collect()
}

#[test]
fn every_page_begins_with_its_word_and_is_short() {
    for code in Code::ALL {
        let page = code.explanation();
        assert!(page.starts_with(&format!("# {}\n\n", code.word())), "{}", code.word());
        assert!(page.lines().count() < 40, "{} is too long", code.word());
        assert!(page.lines().all(|line| line.chars().count() <= 120), "{} has a long line", code.word());
    }
}

#[test]
fn every_wrong_example_is_told_so() {
    for code in Code::ALL.iter().copied().filter(|code| !is_elsewhere(*code)) {
        let word = code.word();
        let wrong = pages::example(code, "Wrong");
        assert!(!wrong.is_empty(), "the wrong example of `{word}` is no rule set: list it in ELSEWHERE");
        let report = load_files(code, &wrong).report;
        assert_eq!(codes(&report.findings), BTreeSet::from([word]), "{word}");
        insta::assert_snapshot!(word, render::text(&report, Style::Plain));
    }
}

#[test]
fn every_right_example_loads_without_a_finding() {
    for code in Code::ALL.iter().copied() {
        let right = pages::example(code, "Right");
        if !right.is_empty() {
            for loaded in [load_files(code, &right), check_files(&right)] {
                assert_eq!(render::text(&loaded.report, Style::Plain), "", "{}", code.word());
            }
        }
        assert_eq!(right.is_empty(), pages::example(code, "Wrong").is_empty(), "{}", code.word());
    }
}

/// What `check` says of one file, given as it lies on disk.
fn said_of(bytes: Result<Vec<u8>, String>) -> String {
    let files = vec![RuleFile { path: "rules.yaml".to_owned(), relative: String::new(), bytes }];
    render::text(&rules::load(Input { files, ..Input::default() }, jiff::Timestamp::UNIX_EPOCH).report, Style::Plain)
}

#[test]
fn a_file_that_cannot_be_read() {
    insta::assert_snapshot!(said_of(Err("cannot read it: permission denied".to_owned())));
}

#[test]
fn what_an_exception_a_guarantee_or_a_disabled_rule_names_is_used() {
    let set = "\
lists: { staff: [amy], friends: [bo], words: [casino], harmless: [casino royale] }
codes: { 10120: gambling }
rules:
  - id: no-gambling
    mode: disabled
    action: deny
    code: 10120
    when: { name: { contains: { list: words }, ignoring: { list: harmless } } }
    except: [{ id: friends, reason: known, expires: 2070-01-01, when: { operator: { in: { list: friends } } } }]
guarantees:
  - { id: staff, never: deny, when: { operator: { in: { list: staff } } } }
";
    let checked = rules::check(crate::input(&[("rules.yaml", set)]), crate::now(), Budget::default());
    assert_eq!(render::text(&checked.report, Style::Plain), "");
}

#[test]
fn a_pattern_without_a_text_is_noted_by_check() {
    let checked = |rule: &str| {
        let files = [("rules.yaml", format!("rules: [{{ id: a, action: deny, {rule} }}]"))];
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        rules::check(crate::input(&files), crate::now(), Budget::default()).report
    };
    let wrong = pages::example(Code::PatternWithoutText, "Wrong");
    let files = [("rules.yaml", wrong[0].1.as_str())];
    insta::assert_snapshot!(render::text(
        &rules::check(crate::input(&files), crate::now(), Budget::default()).report,
        Style::Plain
    ));
    assert!(load(&files).report.findings.is_empty(), "only who looks after the set is told");
    for fine in [
        "when: { name: { matches: 'tel[0-9]{11}' } }",
        "when: { all: [{ operator: { is: eve } }, { name: { matches: '[0-9]{11}' } }] }",
        "when: { name: { matches: '[0-9]{11}' } }, accept: [{ code: pattern-without-text, reason: few }]",
        "mode: disabled, when: { name: { matches: '[0-9]{11}' } }",
    ] {
        assert_eq!(render::text(&checked(fine), Style::Plain), "", "{fine}");
    }
    for noted in
        ["when: { name: { matches: [casino, '[0-9]{11}'] } }", "mode: shadow, when: { name: { matches: '[0-9]{11}' } }"]
    {
        assert_eq!(codes(&checked(noted).findings), BTreeSet::from(["pattern-without-text"]), "{noted}");
    }
}

#[test]
fn a_file_in_another_encoding() {
    // "赌场" in GBK
    let mut bytes = b"rules:\n  - id: no-adverts\n    action: deny\n    when: { name: { contains: ".to_vec();
    bytes.extend(b"\xb6\xc4\xb3\xa1 } }\n");
    insta::assert_snapshot!(said_of(Ok(bytes)));
}

#[test]
fn a_list_file_in_another_encoding() {
    let mut input = Input {
        files: vec![RuleFile {
            path: "rules.yaml".to_owned(),
            relative: String::new(),
            bytes: Ok(IN_A_FILE.as_bytes().to_vec()),
        }],
        ..Input::default()
    };
    let list = ListFile::new("rules/lists/banned.txt", b"\xff\xfem\0a\0".to_vec());
    input.list_files.push(list);
    input.lists.insert((0, "lists/banned.txt".to_owned()), Ok(0));
    insta::assert_snapshot!(render::text(&rules::load(input, jiff::Timestamp::UNIX_EPOCH).report, Style::Plain));
}

#[test]
fn a_list_file_that_was_emptied() {
    let report = load(&[("rules.yaml", IN_A_FILE), ("lists/banned.txt", "# nobody\n")]).report;
    insta::assert_snapshot!(render::text(&report, Style::Plain));
}

/// A set with a list in a file.
const IN_A_FILE: &str = "\
lists: { banned: { file: lists/banned.txt } }
rules:
  - id: banned
    action: deny
    when: { operator: { in: { list: banned } } }
";

#[test]
fn a_file_of_a_million_values() {
    insta::assert_snapshot!(said(&format!("lists:\n  banned: [{}]\n", "a,".repeat(1_000_001))));
}

#[test]
fn a_list_with_too_many_words() {
    let words: String = (0..100_001).map(|number| format!("word{number}\n")).collect();
    let rules = &pages::example(Code::ListTooLong, "Wrong")[0].1;
    let report = load(&[("rules.yaml", rules), ("lists/words.txt", &words)]).report;
    insta::assert_snapshot!(render::text(&report, Style::Plain));
}

#[test]
fn a_list_file_with_mistakes() {
    let rules = &pages::example(Code::SuspiciousEntry, "Wrong")[0].1;
    let list = "# sold followers\n#spam\nmallory # June\ntru\u{200b}dy\n  Oscar\r\noscar\n赌王 \n赌王\n\
        - dave\n\"carol\"\nalice,bob\nd;\n1,000 元\nhello, world\nOscar\n";
    let report = load(&[("rules.yaml", rules), ("lists/banned.txt", list)]).report;
    insta::assert_snapshot!(render::text(&report, Style::Plain));
}

/// A set of one rule with this condition.
#[test]
fn nothing_in_a_file_or_its_name_does_anything_to_a_terminal() {
    let name = "a\u{1b}[2J\u{9b}31m.yaml";
    for text in ["rules: \u{9b}31m\n", "rules: []\n\"\\e[2J\": 1\n", "rules: [a] # \u{1b}[2J\u{85}\n"] {
        let report = load(&[(name, text)]).report;
        let shown = render::text(&report, Style::Plain) + &github::text(&report);
        assert!(report.has_errors() && !shown.contains(|shown: char| shown.is_control() && shown != '\n'), "{shown:?}");
    }
}

fn rule(when: &str) -> String {
    format!("rules:\n  - id: no-adverts\n    action: deny\n    code: 10130\n    when: {when}\n")
}

mistakes! {
    a_matcher_with_a_typo: rule("{ name: { contain: casino } }");
    a_field_with_a_typo: rule("{ nmae: { contains: casino } }");
    a_matcher_without_its_field: rule("{ contains: casino }");
    keys_with_a_typo_and_nothing_else: rule("always")
        + "tests:\n  - name: all\n    request: { operator: leckie }\n    given: { count: 3 }\n    expect: { excepted: [a/b] }\n";
    a_duration_for_a_date: rule("always")
        + "    except: [{ id: press, reason: x, expires: 30d, when: always }]\n";
    a_field_without_a_matcher: rule("{ operator: mallory }");
    a_key_at_the_top_with_a_typo: rule("always").replace("rules:", "rule:");
    an_action_with_a_typo: rule("always").replace("deny", "denny");
    a_code_out_of_range: rule("always").replace("10130", "10201");
    a_code_in_words: rule("always").replace("10130", "advert");
    an_id_with_capitals: rule("always").replace("no-adverts", "No_Adverts");
    a_list_of_unquoted_words: rule("{ operator: { in: [mallory, yes, 00123, 2026-11-23, ~] } }");
    a_list_with_a_typo: format!("lists:\n  banned: [mallory]\n{}", rule("{ operator: { in: { list: bannd } } }"));
    a_tab_as_indentation: rule("always").replace("    action", "\taction");
    a_quote_that_is_not_closed: rule("{ name: { contains: \"casino } }");
    a_bracket_that_is_not_closed: rule("{ name: { contains: [casino, lottery }}") + "  - id: next\n";
    a_key_indented_too_little: rule("always").replace("    action", "  action");
    a_key_indented_too_much: rule("always").replace("    action", "      action");
    a_colon_without_a_space: rule("always").replace("action: deny", "action:deny");
    a_colon_in_a_message: rule("always").replace("code: 10130", "message: Refused: adverts");
    a_full_width_pattern: rule("{ name: { matches: '(加)?ＶＸ[:：]?[a-z]+' } }");
    a_pattern_between_chinese: rule("{ name: { matches: '微信(号码' } }");
    a_pattern_with_look_ahead: rule("{ name: { matches: '微信(?!支付)' } }");
    a_pattern_in_double_quotes: rule("{ name: { matches: \"\\d+\" } }");
    an_unknown_placeholder: rule("{ name: { contains: 赌场 } }") + "    message: 话题名称含有“{mtach}”，请修改\n";
    a_match_without_a_name_test: rule("always") + "    message: 'Remove {match}'\n";
    a_quota_on_an_allow_rule: rule("always").replace("deny", "allow").replace("    code: 10130\n", "")
        + "    quota: { limit: 3, per: operator, within: 1h }\n";
    quotas_that_are_wrong: rule("always") + "    quota: { limit: 0, per: user, within: 31d }\n"
        + "  - { id: b, action: deny, when: always, quota: { limit: 5000, per: operator, within: 90 } }\n"
        + "  - { id: c, action: deny, when: always, quota: 3 }\n  - { id: d, action: deny, when: always, quota: { limt: 3 } }\n";
    counts_of_rules_that_have_none: rule("always")
        + "  - { id: few, action: deny, when: always, quota: { limit: 3, per: operator, within: 1h } }\ntests:\n  - name: all\n    \
           request: { operator: leckie }\n    given: { counts: { no-adverts: 3, fwe: 2, few: -1 } }\n    expect: { decision: deny }\n";
    counts_of_nothing: rule("always")
        + "tests:\n  - name: all\n    request: { operator: leckie }\n    given: { counts: {} }\n    expect: { decision: deny }\n";
    a_brace_that_is_not_closed: rule("always") + "    message: 'Remove {name'\n";
    limits_that_are_swapped: rule("{ name: { length: { min: 30, max: 2 } } }");
    a_negative_limit: rule("{ name: { length: { max: -1 } } }");
    a_rule_without_anything: "rules:\n  - id: no-adverts\n";
    a_rule_that_is_a_word: "rules:\n  - no-adverts\n";
    rules_as_a_mapping: "rules:\n  no-adverts:\n    action: deny\n    when: always\n";
    a_rule_for_an_unknown_command: rule("always") + "    commands: [create_topics]\n";
    an_allow_rule_with_a_message: rule("always").replace("deny", "allow") + "    message: Welcome\n";
    a_bare_name_where_more_is_read:
        rule("{ name: { contains: bet }, operator: { is: mallory } }") + "    examples: { match: [bet] }\n";
    an_example_that_fails: rule("{ name: { contains: 赌场 } }") + "    examples:\n      match: [网上赌坊]\n      no_match: [澳门赌场旅游]\n";
    a_test_with_several_differences: rule("{ name: { contains: casino } }")
        + "    message: Please remove {match}.\ntests:\n  - name: casinos are refused\n    request: { operator: leckie, name: My Casino }\n    \
           expect:\n      decision: deny\n      rule: none\n      code: 10131\n      message: Please remove casino.\n";
    a_test_with_a_typo_in_a_rule: rule("always")
        + "tests:\n  - name: all\n    request: { operator: leckie, name: x }\n    expect: { rule: no-advert }\n";
    a_test_with_a_time_without_a_zone: rule("always")
        + "tests:\n  - name: all\n    at: 2026-11-23 18:00\n    request: { operator: leckie }\n    expect: { decision: deny }\n";
    patterns_that_are_everywhere: rule("{ name: { matches: ['微信|', '(a|)', 'x*', '.*', '^', '^$', 'a+'] } }");
    patterns_with_full_width_marks: rule("{ name: { matches: ['（微信）', '微信？', 'Ａ＋'] } }");
    a_pattern_like_the_name_of_a_file: rule("{ name: { matches: '*casino*' } }");
    a_list_of_patterns: format!("lists:\n  words: [a]\n{}", rule("{ name: { matches: { list: words } } }"));
    a_pattern_of_too_many_bytes: rule("{ name: { matches: '(\\w{500}){500}' } }");
    chinese_commas_between_texts: rule("{ name: { contains: [赌场，博彩] } }");
    chinese_quotes_around_a_text: rule("{ name: { contains: “赌场” } }");
    chinese_commas_in_a_list: format!("lists:\n  words: [赌场、博彩, 你好, '你好，世界']\n{}", rule("{ name: { contains: [，, '好，世', 好？] } }"));
    a_full_width_colon: rule("\n      name：\n        contains: 赌场");
    a_full_width_colon_in_braces: rule("{ name：{ contains: 赌场 } }");
    a_full_width_colon_in_a_key: rule("{ name: { contains： 赌场 }, operator：mallory }");
    a_full_width_colon_in_a_word: rule("name：赌场");
    a_length_without_limits: rule("{ name: { length: 5 } }");
    conditions_in_a_list: rule("[{ name: { is: a } }, { not: [{ name: { is: b } }] }]");
    the_not_of_a_list: rule("{ not: [{ name: { is: b } }] }");
    words_of_other_languages: rule("{ or: [{ name: { is: a } }], and: [{ name: { is: b } }] }");
    always_with_a_capital: rule("Always");
    texts_without_brackets: rule("{ operator: { in: amy, bo, '张三' } }");
    rules_without_their_key: "- id: no-adverts\n  action: deny\n  when: always\n";
    a_key_of_the_rule_in_its_condition: rule("\n      name: { is: a }\n      examples: { match: [a] }\n      except: []");
    a_key_twice_in_a_rule: rule("always") + "    action: deny\n";
    a_key_twice_in_a_condition: rule("{ name: { is: a }, name: { is: b } }");
    a_presence_of_yes: rule("{ client_ip: { present: yes } }");
    a_list_that_is_a_word: format!("lists:\n  words: spam\n{}", rule("{ name: { contains: [[spam], { a: b }] } }"));
    an_item_without_its_dash: "rules:\n  - id: a\n    action: deny\n    when: always\n  id: b\n";
    words_that_are_cut_short: rule("{ name_lookalik: { is: a } }") + "    excep: []\n";
    platforms_that_chat_does_not_know: format!(
        "lists:\n  phones: [iPhone, Android]\n{}",
        rule("{ any: [{ platform: { in: [web, Androd, iphone] } }, { platform: { in: { list: phones } } }] }")
    );
    a_network_inside_another: rule("{ client_ip: { in_cidr: [10.1.0.0/16, 10.0.0.0/8, 10.1.2.3, '2001:db8::1'] } }");
    networks_that_are_wrong: format!("lists:\n  nets: [10.0.0.0/33, 10.0.0.1/8, 10.0.0.0/8, x]\n{}", rule("{ client_ip: { in_cidr: { list: nets } } }"));
    an_empty_list: format!("lists:\n  words: []\n{}", rule("{ name: { contains: { list: words } } }"));
    accounts_that_were_pasted: rule("{ operator: { in: [' mallory', tru\u{200b}dy, \"tru\\u200bdy\"] } }");
    numbers_that_are_not_plain: rule("{ app: { in: [+5, 007, 1_400] }, name: { length: { min: 02 } } }").replace("10130", "010130");
    texts_that_are_not_there: rule("{ name: { contains: [&promo, casino] } }") + "    message:\n    tags:\n      -\n    description: ~\n";
    a_key_that_is_not_there: rule("{ name: { contains: casino, : lottery } }");
    ignoring_alone: rule("{ name: { ignoring: casino royale } }");
    ignoring_beside_another_matcher: rule("{ name: { starts_with: casino, ignoring: casino royale } }");
    ignoring_beside_two: rule("{ name: { contains: casino, contains_word: bet, ignoring: casino royale } }");
    ignoring_with_a_typo: rule("{ name: { contains: casino, ignore: casino royale } }");
    ignoring_without_its_matcher: rule("{ ignoring: casino royale }");
    ignoring_without_brackets: rule("{ name: { contains: casino, ignoring: casino royale, casino de paris } }");
    a_pattern_on_a_view_of_lookalikes: rule("{ any: [{ name_lookalike: { matches: '^vx' } }, { name_squeezed: { matches: '^vx' } }] }");
    a_word_on_a_squeezed_name: rule("{ name_squeezed: { contains_word: casino } }");
    scripts_of_a_view_of_lookalikes: rule("{ name_lookalike: { scripts: mixed } }");
    signs_on_a_view_of_lookalikes: rule("{ name_lookalike: { contains: '!!' }, name_squeezed: { contains: [$$$, 'l!!'] } }");
    scripts_by_their_names: rule("{ name: { scripts: [Latin, hani, Chinese, Hans, Cyrillc, Zyyy, mixed] } }");
    several_problems_in_one_file: "\
version: 2
codes: { 10130: advert, 10131: advert }
rules:
  - id: no-adverts
    action: block
    code: 10132
    mesage: 请修改
    when: { name: { contians: 赌场 } }
  - id: no-adverts
    action: deny
    when: { name: { matches: ['(微信', 'ＱＱ'] }, operator: { in: [00123] } }
tests:
  - name: adverts
    request: { operater: leckie }
    expect: { rule: no-advert }
";
}
