//! What rules mean: the example of the language, decided.

use topicgate::engine::Decision;

use crate::{decide, load};

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
