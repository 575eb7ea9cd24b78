//! An entry that is said never to match can be taken out, and nothing changes.

use jiff::Timestamp;
use proptest::prelude::*;
use topicgate::{
    analysis::Budget,
    engine::Views,
    facts::Facts,
    rules::{self, Input, RuleFile},
};

use crate::generated::loaded;

const ENTRIES: [&str; 6] = ["a", "b", "ab", "ba", "A b", "1a"];

const BESIDE: [&str; 12] = [
    "name: {contains: a}",
    "name: {matches: '^a'}",
    "name: {bytes: {max: 1}}",
    "name: {length: {max: 1}}",
    "not: {name: {length: {min: 2}}}",
    "name: {scripts: [Grek]}",
    "not: {name: {contains: [b, ' ']}}",
    "not: {name: {in: [ab, b]}}",
    "any: [{name: {is: a}}, {operator: {is: x}}]",
    "any: [{name: {is: a}}, {name: {contains: b}}]",
    "name_raw: {contains: A}",
    "name_lookalike: {contains: l}",
];

fn set(entries: &[&str], beside: &[&str], shape: &str) -> String {
    let beside: String = beside.iter().map(|beside| format!(", {{{beside}}}")).collect();
    let when = format!("{{all: [{{FIELD: {{MATCHER: [{}]}}}}{beside}]}}", entries.join(", "));
    format!("rules:\n- {{id: r, action: deny, when: {}}}\n", shape.replace("WHEN", &when))
}

/// The entries that a check says can never match, one at a time: the first that it names.
fn idle(text: &str) -> Option<String> {
    let file = RuleFile { path: "a.yaml".to_owned(), relative: String::new(), bytes: Ok(text.as_bytes().to_vec()) };
    let input = Input { files: vec![file], ..Input::default() };
    let report = rules::check(input, Timestamp::UNIX_EPOCH, Budget::default()).report;
    let found = report.findings.iter().find(|finding| finding.code.word() == "entry-never-matches")?;
    Some(found.message.split('`').nth(1)?.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_entry_that_never_matches_changes_nothing(
        entries in prop::sample::subsequence(&ENTRIES[..], 2..6),
        beside in prop::sample::subsequence(&BESIDE[..], 1..4),
        field in prop::sample::select(vec!["name", "name_raw", "name_lookalike"]),
        matcher in prop::sample::select(vec!["in", "contains", "contains_word", "starts_with", "ends_with"]),
        shape in prop::sample::select(vec!["WHEN", "{not: WHEN}", "{any: [WHEN, {name: {is: ab}}]}"]),
    ) {
        let text = set(&entries, &beside, shape).replace("FIELD", field).replace("MATCHER", matcher);
        let Some(idle) = idle(&text) else { return Ok(()) };
        let fewer: Vec<&str> = entries.iter().copied().filter(|entry| *entry != idle).collect();
        prop_assert!(fewer.len() < entries.len() && !fewer.is_empty(), "{text}{idle}");
        let (all, without) = (loaded(&text), loaded(&set(&fewer, &beside, shape).replace("FIELD", field).replace("MATCHER", matcher)));
        for name in ["", "a", "b", "A", "B", "ab", "Ab", "aB", "AB", "ba", "Ba", "a b", "A b", "A  B", "1a", "1A", "la", "Ia"] {
            for operator in ["w", "x"] {
                let facts = Facts::topic(operator, name, Timestamp::UNIX_EPOCH);
                let views = Views::of(&facts);
                let [one, other] = [&all, &without].map(|set| set.rules[0].when.holds(&views));
                prop_assert_eq!(one, other, "{}{} {}", text, idle, name);
            }
        }
    }
}
