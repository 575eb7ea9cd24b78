//! The files of a new rule directory.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use regex::{Captures, Regex};

use crate::rules;

const SCHEMA: &str = "topicgate.schema.json";

/// `@RULES@` is the directory, `@DAY+7@` a week after the next Monday.
const RULES: [(&str, &str); 6] = [
    ("00-set.yaml", include_str!("rules/00-set.yaml")),
    ("10-operators.yaml", include_str!("rules/10-operators.yaml")),
    ("20-names.yaml", include_str!("rules/20-names.yaml")),
    ("30-requests.yaml", include_str!("rules/30-requests.yaml")),
    ("40-times.yaml", include_str!("rules/40-times.yaml")),
    ("90-tests.yaml", include_str!("rules/90-tests.yaml")),
];

const LISTS: [(&str, &str); 2] = [
    ("lists/banned-operators.txt", include_str!("rules/lists/banned-operators.txt")),
    ("lists/staff.txt", include_str!("rules/lists/staff.txt")),
];

/// The files by their names in the directory, for somebody who calls it `path`.
pub(super) fn rules(path: &str, today: Date) -> anyhow::Result<Vec<(&'static str, String)>> {
    let monday = today.nth_weekday(1, Weekday::Monday)?;
    let day = Regex::new(r"@DAY\+([0-9]+)@")?;
    let dated = |found: &Captures<'_>| {
        let days: i64 = found.get(1).and_then(|days| days.as_str().parse().ok()).unwrap_or_default();
        monday.saturating_add(days.days()).to_string()
    };
    let rules = RULES.map(|(name, text)| {
        let text = day.replace_all(text, dated).replace("@RULES@", path);
        (name, format!("# yaml-language-server: $schema={SCHEMA}\n\n{text}"))
    });
    let schema = serde_json::to_string_pretty(&rules::schema())? + "\n";
    let others = LISTS.map(|(name, text)| (name, text.to_owned())).into_iter().chain([(SCHEMA, schema)]);
    Ok(rules.into_iter().chain(others).collect())
}
