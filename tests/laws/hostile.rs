//! Files made to exhaust whoever reads them: each is told, in bounded time and memory.
//!
//! Nothing here looks at a clock; a test that does not end is the failure.

use jiff::Timestamp;
use topicgate::{
    diagnostic::{KEPT_PER_SEVERITY, Severity, render},
    engine::{self, Counts, Snapshot, Views},
    facts::Facts,
    rules::{self, Loaded},
};

use crate::loading;

const MEGABYTE: usize = 1 << 20;

fn load(text: impl AsRef<[u8]>) -> Loaded {
    let loaded = rules::load(loading::input(text.as_ref()), Timestamp::UNIX_EPOCH);
    render::text(&loaded.report, render::Style::Plain);
    loaded
}

/// The different codes that are found, in order of place.
fn codes(text: impl AsRef<[u8]>) -> Vec<&'static str> {
    let mut codes: Vec<&str> = load(text).report.findings.iter().map(|finding| finding.code.word()).collect();
    codes.dedup();
    codes
}

/// A rule with a condition.
fn rule(when: &str) -> String {
    format!("rules:\n  - id: a\n    action: deny\n    when: {when}\n")
}

/// What is decided about a name.
fn decision(snapshot: &Snapshot, name: &str) -> &'static str {
    let facts = Facts::topic("leckie", name, Timestamp::UNIX_EPOCH);
    let views = Views::of(&facts);
    let plan = engine::evaluate(snapshot, &views);
    engine::settle(snapshot, &views, &plan, &Counts::default()).decision.name()
}

/// A set with one list file.
fn with_list(rules: &str, list: &str) -> String {
    format!(
        "lists: {{ l: {{ file: l.txt }} }}\n{rules}\u{1e}rules: [{{id: z, action: allow, when: always}}]\u{1e}{list}"
    )
}

#[test]
fn a_billion_laughs_are_one_refused_anchor_each() {
    let mut text = "x-a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for (before, next) in ('a'..='y').zip('b'..='z') {
        let aliases = vec![format!("*{before}"); 9].join(", ");
        text += &format!("x-{next}: &{next} [{aliases}]\n");
    }
    assert_eq!(codes(text + "rules: []\n"), ["anchor-or-alias", "empty-value"]);
}

#[test]
fn a_hundred_thousand_open_brackets_are_nested_too_deeply() {
    for open in ["[", "{a: ", "[{a: ", "- ", "? "] {
        let found = codes(open.repeat(100_000));
        assert!(matches!(found.as_slice(), ["too-deep"] | ["invalid-yaml"]), "{open}: {found:?}");
    }
    assert_eq!(codes("[".repeat(100_000)), ["too-deep"]);
    assert_eq!(codes("{a: ".repeat(100_000)), ["too-deep"]);
    assert_eq!(codes("- ".repeat(100_000)), ["too-deep"]);
}

#[test]
fn deep_block_nesting_is_too_deep() {
    let text: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(codes(text), ["too-deep"]);
    let deep = "{not: ".repeat(70) + "{name: {is: a}}" + &"}".repeat(70);
    assert_eq!(codes(rule(&deep)), ["too-deep"]);
}

#[test]
fn conditions_can_be_nested_as_deep_as_the_text() {
    let deep = "{not: ".repeat(58) + "{name: {is: a}}" + &"}".repeat(58);
    assert!(load(rule(&deep)).snapshot.is_some());
}

#[test]
fn a_list_of_ten_megabytes_in_a_rule_file_is_sent_to_a_list_file() {
    let list = "abcdefg, ".repeat(10 * MEGABYTE / 9);
    assert_eq!(codes(format!("lists: {{ l: [{list}] }}\n")), ["too-large"]);
}

#[test]
fn a_list_file_of_ten_megabytes_loads() {
    let ids: String = (0..10 * MEGABYTE / 20).map(|id| format!("operator_{id:010}\n")).collect();
    assert!(load(with_list(&rule("{operator: {in: {list: l}}}"), &ids)).snapshot.is_some());
    assert_eq!(codes(with_list(&rule("{name: {contains: {list: l}}}"), &ids)), ["list-too-long"]);
    assert_eq!(codes(with_list(&rule("{name: {in: {list: l}}}"), &ids)), ["list-too-long"]);
    assert_eq!(codes(with_list(&rule("{client_ip: {in_cidr: {list: l}}}"), &ids)), ["list-too-long"]);
}

#[test]
fn a_list_file_of_doubtful_entries_shows_twenty_and_counts_the_rest() {
    let doubtful: String = (0..200_000).map(|id| format!("#operator_{}\n", id % 150_000)).collect();
    let loaded = load(with_list(&rule("{operator: {in: {list: l}}}"), &doubtful));
    assert!(loaded.snapshot.is_some());
    assert_eq!(loaded.report.findings.len(), 21);
    assert!(loaded.report.findings.iter().any(|it| it.message.starts_with("199980 more entries")));
}

#[test]
fn one_scalar_of_ten_megabytes_is_a_short_finding() {
    for key in ["id: ", "message: '{", "when: ", "x: "] {
        let text = format!("rules:\n  - {key}{}\n", "word ".repeat(2 * MEGABYTE));
        for finding in load(text).report.findings {
            assert!(finding.message.len() + finding.help.unwrap_or_default().len() < 4000, "{key}");
        }
    }
}

#[test]
fn one_line_of_sixteen_megabytes_with_an_error_in_every_word() {
    let text = format!("rules: [{}]", format!("{{a: b, c: {}}}, ", "x".repeat(800)).repeat(20_000));
    let loaded = load(text);
    assert_eq!(loaded.report.findings.len(), KEPT_PER_SEVERITY);
    let text = "rules: [{id: a, action: deny, when: {platform: {in: [".to_owned() + &"bad, ".repeat(45_000);
    let unknown: String = (0..45_000).map(|id| format!("b{id}, ")).collect();
    assert_eq!(codes(format!("{text}{unknown}]}}}}}}]")), ["unknown-platform"]);
}

#[test]
fn a_quarter_of_a_million_errors_are_counted_and_a_thousand_kept() {
    let text = "rules:\n".to_owned() + &"- {b: c}\n".repeat(60_000);
    let loaded = load(text);
    assert_eq!(loaded.report.findings.len(), KEPT_PER_SEVERITY);
    assert_eq!(loaded.report.count(Severity::Error), 4 * 60_000);
}

#[test]
fn two_hundred_thousand_times_the_same_key_is_counted() {
    let loaded = load("rules:\n".to_owned() + &"a: b\n".repeat(200_000));
    assert_eq!(loaded.report.findings.len(), KEPT_PER_SEVERITY);
    assert_eq!(loaded.report.count(Severity::Error), 200_001);
}

#[test]
fn patterns_that_grow_are_too_large() {
    let nested = "(".repeat(30_000) + "a" + &")".repeat(30_000);
    let alternation = ["微信"; 9000].join("|") + "|" + &["a"; 4000].join("|");
    let long = "a".repeat(70_000);
    for (pattern, code) in [
        ("(a{1000}){1000}", "pattern-too-large"),
        (r"((\w{100}){100}){100}", "pattern-too-large"),
        (r"\w{5000}", "pattern-too-large"),
        ("a{4294967295}", "pattern-too-large"),
        ("b((((a*)*)*)*)*{1000}{1000}", "pattern-too-large"),
        (nested.as_str(), "invalid-pattern"),
        (alternation.as_str(), "pattern-too-large"),
        (long.as_str(), "pattern-too-large"),
    ] {
        let found = codes(rule(&format!("{{name_raw: {{matches: '{pattern}'}}}}")));
        assert_eq!(found, [code], "{pattern:.40}");
        assert_eq!(codes(rule(&format!("{{name: {{matches: '{pattern}'}}}}"))), [code], "{pattern:.40}");
    }
}

#[test]
fn classes_of_characters_that_never_occur_are_told() {
    let pattern = r"[Ａ-Ｚ][\x{E0000}-\x{E0FFF}]".repeat(2000);
    assert_eq!(codes(rule(&format!("{{name: {{matches: '{pattern}'}}}}"))), ["pattern-never-matches"]);
}

#[test]
fn many_patterns_cannot_take_all_memory_together() {
    let patterns = ["'a{19000}'"; 20_000].join(", ");
    assert_eq!(codes(rule(&format!("{{name_raw: {{matches: [{patterns}]}}}}"))), ["pattern-too-large"]);
}

#[test]
fn a_list_of_words_can_be_looked_for_from_many_rules() {
    let words: String = (0..5000).map(|id| format!("w{id}\n")).collect();
    let mut rules = "rules:\n".to_owned();
    for id in 0..300 {
        for matcher in ["contains", "contains_word", "starts_with"] {
            rules += &format!(
                "- {{id: r{id}-{}, action: deny, when: {{name: {{{matcher}: {{list: l}}}}}}}}\n",
                matcher.len()
            );
        }
    }
    assert!(load(with_list(&rules, &words)).snapshot.is_some());
}

#[test]
fn nested_literals_are_words_of_their_own() {
    let literals: Vec<String> = (1..400).map(|length| "a".repeat(length)).collect();
    let loaded = load(rule(&format!("{{name: {{contains_word: [{}]}}}}", literals.join(", "))));
    let snapshot = loaded.snapshot.unwrap();
    let name = "a".repeat(4096);
    let facts = Facts::topic("a", name.as_str(), Timestamp::UNIX_EPOCH);
    assert_eq!(loading::check_decision(&snapshot, &facts).rule, None);
}

#[test]
fn a_hundred_thousand_rules_load() {
    let rules: String =
        (0..100_000).map(|id| format!("- id: r{id}\n  action: deny\n  when: {{name: {{is: n{id}}}}}\n")).collect();
    assert!(load(format!("rules:\n{rules}")).snapshot.is_some());
}

#[test]
fn names_that_do_not_exist_are_looked_up_in_bounded_time() {
    let rules: String = (0..20_000)
        .map(|id| format!("- {{id: r{id}, action: deny, code: 10150, when: {{operator: {{in: {{list: l{id}x}}}}}}}}\n"))
        .collect();
    let lists: String = (0..20_000).map(|id| format!("  l{id}yy: [a{id}]\n")).collect();
    let tests: String = (0..20_000)
        .map(|id| format!("- {{name: t{id}, request: {{operator: a}}, expect: {{rule: s{id}}}}}\n"))
        .collect();
    let text = format!("codes: {{10101: a}}\nlists:\n{lists}rules:\n{rules}tests:\n{tests}");
    let loaded = load(text);
    assert_eq!(loaded.report.count(Severity::Error), 60_000);
}

#[test]
fn bytes_that_are_no_text_are_told() {
    assert_eq!(codes(b"rules:\n - id: \xff\xfe\n"), ["not-utf8"]);
    assert_eq!(codes([0xff, 0xfe, b'r', 0, b'u', 0]), ["not-utf8"]);
    assert_eq!(codes("rules:\0\n"), ["invalid-yaml"]);
    assert_eq!(codes("\0"), ["invalid-yaml"]);
    assert_eq!(codes("\u{feff}"), ["empty-file"]);
    assert_eq!(codes(""), ["empty-file"]);
    assert_eq!(codes("# nothing\n\n# here\n"), ["empty-file"]);
    assert_eq!(codes("---\n"), ["empty-file"]);
    assert_eq!(codes("~\n"), ["empty-file"]);
}

#[test]
fn odd_documents_are_told() {
    let valid = "rules: [{id: a, action: allow, when: always}]\n";
    assert_eq!(codes(format!("{valid}---\n{valid}")), ["second-document"]);
    assert_eq!(codes(format!("{valid}...\n---\n")), ["second-document"]);
    assert_eq!(codes(format!("%YAML 1.2\n---\n{valid}")), [""; 0]);
    assert_eq!(codes(format!("%YAML 1.2\n{valid}")), ["invalid-yaml"]);
    assert_eq!(codes(format!("\u{feff}{}", valid.replace('\n', "\r\n"))), [""; 0]);
    assert_eq!(codes("rules:\n\t- id: a\n"), ["invalid-yaml"]);
    for open in ["'", "\"", "[", "{", "'a\n", "\"a\\"] {
        assert_eq!(codes(format!("rules: {open}")), ["invalid-yaml"], "{open}");
    }
}

/// As many patterns as share a text, asked about a name that is full of it.
#[test]
fn a_name_full_of_what_many_patterns_need_is_decided_soon() {
    let patterns: Vec<String> = (1..=400).map(|count| format!("'vx.*[0-9]{{{count}}}'")).collect();
    let patterns = patterns.join(", ");
    let snapshot = load(rule(&format!("{{name: {{matches: [{patterns}]}}}}"))).snapshot.unwrap();
    assert_eq!(decision(&snapshot, &"vx".repeat(2000)), "allow");
    assert_eq!(decision(&snapshot, &("vx".repeat(1990) + "7")), "deny");
}

/// Patterns of which no table can be made.
#[test]
fn patterns_that_become_large_tables_are_given_up_soon() {
    let rules: Vec<String> = (10..60)
        .map(|count| {
            format!("{{id: r{count}, action: deny, when: {{name: {{matches: '[a-z].{{{count}}}[0-9].{{9,}}[a-z]'}}}}}}")
        })
        .collect();
    let snapshot = load(format!("rules: [{}]", rules.join(", "))).snapshot.unwrap();
    assert!(snapshot.index.memory() < 32 << 20);
    assert!((0..50).any(|rule| snapshot.index.is_always_asked(rule)));
}
