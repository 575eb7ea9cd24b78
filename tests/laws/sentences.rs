//! The language page, sentence by sentence, where nothing else looks at it.

#[path = "sentences/conditions.rs"]
mod conditions;
#[path = "sentences/life.rs"]
mod life;
#[path = "sentences/patterns.rs"]
mod patterns;
#[path = "sentences/quota.rs"]
mod quota;
#[path = "sentences/sets.rs"]
mod sets;
#[path = "sentences/texts.rs"]
mod texts;

use topicgate::{
    diagnostic::render::{self, Style},
    engine::Snapshot,
    facts::Facts,
};

use crate::loading;

/// The codes of the findings of a set, in order of place.
pub fn codes(text: &str) -> Vec<&'static str> {
    loading::check(text.as_bytes()).report.findings.iter().map(|finding| finding.code.word()).collect()
}

/// A set that must load, with warnings or without.
pub fn loaded(text: &str) -> Snapshot {
    let loaded = loading::check(text.as_bytes());
    let said = render::text(&loaded.report, Style::Plain);
    loaded.snapshot.unwrap_or_else(|| panic!("does not load:\n{text}\n{said}"))
}

/// A deny rule with a condition.
pub fn deny(when: &str) -> String {
    format!("rules:\n  - id: a\n    action: deny\n    when: {when}\n")
}

/// An allow rule with a condition.
pub fn allow(when: &str) -> String {
    format!("rules:\n  - id: a\n    action: allow\n    when: {when}\n")
}

/// Whether a condition holds for a request.
pub fn holds(when: &str, facts: &Facts<'_>) -> bool {
    loading::check_decision(&loaded(&deny(when)), facts).rule.is_some()
}

/// Whether a condition holds for a name.
pub fn holds_for(when: &str, name: &str) -> bool {
    holds(when, &topic(name))
}

/// A request with a name.
pub fn topic(name: &str) -> Facts<'_> {
    Facts::topic("leckie", name, jiff::Timestamp::UNIX_EPOCH)
}
