//! Findings point at what they are about.

use topicgate::diagnostic::Finding;

use crate::loading;

fn findings(text: &str) -> Vec<Finding> {
    loading::check(text.as_bytes()).report.findings
}

/// The marked text of the only finding.
#[track_caller]
fn check(text: &str, code: &str, marked: &str) {
    let found = findings(text);
    let [finding] = found.as_slice() else { panic!("not one finding: {found:#?}") };
    assert_eq!(finding.code.word(), code, "{finding:?}");
    assert_eq!(&finding.place.excerpt[finding.place.marked.clone()], marked, "{finding:?}");
}

#[test]
fn a_text_over_a_windows_line_end_is_marked_up_to_it() {
    check(
        "rules:\n  - id: a\n    action: deny\n    when: {name: {matches: \"\r\n\u{85}\"}}",
        "pattern-never-matches",
        "\"",
    );
}
