//! What rules mean: the example of the language, decided.

use topicgate::engine::Decision;

use crate::{decide, load, loaded, said};

const LANGUAGE_PAGE: &str = include_str!("language-page.yaml");

#[test]
fn the_example_of_the_language_page_loads_without_a_finding() {
    let files = [("rules.yaml", LANGUAGE_PAGE), ("lists/banned.txt", "mallory\n")];
    let loaded = load(&files);
    assert_eq!(loaded.report.findings, []);
    assert!(loaded.outcomes.len() == 5 && loaded.outcomes.iter().all(|outcome| !outcome.failed()));
    let snapshot = loaded.snapshot.unwrap();
    let (rule, decision) = decide(&snapshot, "mallory", "fine");
    assert_eq!(rule, "banned-operators");
    assert_eq!(decision, Decision::Deny { code: 10110, message: "You may not create topics.".to_owned() });
    assert_eq!(decide(&snapshot, "ops_amy", "vx: coin_888").1, Decision::Allow);
    assert_eq!(
        decide(&snapshot, "leckie", "join WeChat：ａｂｃ12345 now").1,
        Decision::Deny {
            code: 10120,
            message: "Please remove \"WeChat：ａｂｃ12345\" from the topic name.".to_owned()
        }
    );
}

const TWO_RULES: &str = "
lists: { staff: [ops_amy, ops_bo], trial: [x1] }
rules:
  - id: staff
    commands: [create_topic, create_group]
    action: allow
    when: { operator: { in: { list: staff } } }
  - id: words
    action: deny
    code: 10120
    message: No {match}.
    when: { name: { contains: [casino, 赌场], length: { min: 2, max: 30 } } }
  - id: on-the-shelf
    mode: disabled
    action: deny
    when: { operator: { in: { list: trial } } }
";

#[test]
fn the_revision_is_the_same_for_the_same_meaning() {
    let revision = loaded(TWO_RULES).revision;
    for (written, otherwise) in [
        ("action: allow", "description: Staff first\n    action: allow   # always"),
        ("[create_topic, create_group]", "[create_group, create_topic]"),
        ("[casino, 赌场]", "['赌场', casino]"),
        ("{ min: 2, max: 30 }", "{ max: 30, min: 2 }"),
        ("[x1]", "[x1, x2]"),
        ("{ list: trial }", "[someone]"),
    ] {
        assert_eq!(loaded(&TWO_RULES.replace(written, otherwise)).revision, revision, "{otherwise}");
    }
}

#[test]
fn the_revision_is_another_for_another_meaning() {
    let revision = loaded(TWO_RULES).revision;
    for (written, otherwise) in [
        ("[ops_amy, ops_bo]", "[ops_amy]"),
        ("[create_topic, create_group]", "[create_topic]"),
        ("action: allow", "mode: shadow\n    action: allow"),
        ("10120", "10121"),
        ("No {match}.", "No."),
        ("max: 30", "max: 31"),
        ("casino", "casinos"),
        ("contains", "contains_word"),
        ("name: { contains", "name_raw: { contains"),
        ("mode: disabled", "mode: shadow"),
    ] {
        assert_ne!(loaded(&TWO_RULES.replace(written, otherwise)).revision, revision, "{otherwise}");
    }
}

#[test]
fn an_unanchored_pattern_under_not_lets_fewer_accounts_pass() {
    let rule = |when: &str| said(&format!("rules:\n  - id: a\n    action: allow\n    when: {when}\n"));
    assert!(rule("{ operator: { matches: guest } }").contains("error[unanchored-allow]"));
    assert_eq!(rule("{ not: { operator: { matches: guest } } }"), "");
}
