//! The text of a rule, as somebody wrote it.

use crate::{diagnostic::Sources, engine::Rule, rules};

/// The lines of a rule, without what all of them are indented by.
pub(super) fn written(sources: &Sources, rule: &Rule) -> Option<String> {
    let text = sources.text_of(&rule.file);
    let extent = rules::outline(text)?.rules.into_iter().find(|named| named.name == rule.id)?.extent;
    let start = text.get(..extent.start)?.rfind('\n').map_or(0, |end| end + 1);
    let before = text.get(start..extent.start)?;
    // Several rules may stand on one line.
    if !before.trim().trim_start_matches('-').is_empty() {
        return text.get(extent).map(str::to_owned);
    }
    let indented = before.len() - before.trim_start().len();
    let lines = text.get(start..extent.end)?.lines();
    let lines = lines.map(|line| {
        line.get(indented..).filter(|_| line.get(..indented).is_some_and(|cut| cut.trim().is_empty())).unwrap_or(line)
    });
    Some(lines.collect::<Vec<&str>>().join("\n").trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Input, RuleFile, load};
    use jiff::Timestamp;

    fn of(text: &str) -> String {
        let file = RuleFile { path: "a.yaml".to_owned(), relative: "a.yaml".to_owned(), bytes: Ok(text.into()) };
        let loaded = load(Input { files: vec![file], ..Input::default() }, Timestamp::UNIX_EPOCH);
        let snapshot = loaded.snapshot.unwrap();
        written(&loaded.sources, snapshot.rules.last().unwrap()).unwrap()
    }

    #[test]
    fn a_rule_loses_the_indentation_of_its_first_line() {
        let text = "rules:\n  - {id: b, action: deny, when: {name: {is: b}}}\n\n  # why\n  - id: a\n    action: deny # so\n    when:\n      name: {is: a}\n\n# end\n";
        assert_eq!(of(text), "- id: a\n  action: deny # so\n  when:\n    name: {is: a}");
    }

    #[test]
    fn a_rule_beside_others_is_taken_out() {
        let text = "rules: [{id: b, action: allow, when: {operator: {is: b}}}, {id: a, action: deny, when: always}]\n";
        assert_eq!(of(text), "{id: a, action: deny, when: always}");
    }
}
