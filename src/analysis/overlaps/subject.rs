//! A rule among those that are compared.

use crate::{
    engine::{Action, Condition, Language, Mode, Needs, Rule, Snapshot, Test},
    facts::{Field, PLAIN_REFUSAL},
};

/// A rule that decides for sure whatever it applies to, and looks at the name.
pub(super) struct Subject<'r> {
    pub(super) index: usize,
    pub(super) rule: &'r Rule,
    /// What it answers: its code, or none to allow.
    pub(super) outcome: Option<u32>,
    /// Texts of which one occurs in a view of every name that it is about; none where nothing is known.
    pub(super) needs: Option<Vec<(Field, &'r str)>>,
    /// Whether it asks for texts in the name at all, and not only for its shape.
    pub(super) has_texts: bool,
}

/// The rules of a set that can be compared.
pub(super) fn subjects(snapshot: &Snapshot) -> Vec<Subject<'_>> {
    let is_sure = |rule: &Rule| rule.mode == Mode::Enforce && rule.quota.is_none() && rule.rollout.is_none();
    let rules = snapshot.rules.iter().enumerate().filter(|(_, rule)| is_sure(rule) && rule.when.reads_name());
    rules.map(|(index, rule)| Subject::of(index, rule)).collect()
}

impl<'r> Subject<'r> {
    fn of(index: usize, rule: &'r Rule) -> Subject<'r> {
        let has_texts = has_texts(&rule.when);
        Subject { index, rule, outcome: outcome(rule), needs: needs(&rule.when), has_texts }
    }
}

fn has_texts(condition: &Condition) -> bool {
    match condition {
        Condition::Always => false,
        Condition::All(parts) | Condition::Any { branches: parts, .. } => parts.iter().any(has_texts),
        Condition::Not { inner, .. } => has_texts(inner),
        Condition::Test(test) => test.field.is_name() && asks_for_texts(test),
    }
}

fn asks_for_texts(test: &Test) -> bool {
    !matches!(
        test.matcher.bounds().over,
        Language::Every | Language::Nothing | Language::Bytes(_) | Language::Characters(_)
    )
}

fn outcome(rule: &Rule) -> Option<u32> {
    match &rule.action {
        Action::Allow => None,
        Action::Deny { code, .. } => Some(code.unwrap_or(PLAIN_REFUSAL)),
    }
}

fn needs(condition: &Condition) -> Option<Vec<(Field, &str)>> {
    match condition {
        Condition::Always | Condition::Not { .. } => None,
        Condition::All(parts) => parts.iter().filter_map(needs).min_by_key(Vec::len),
        Condition::Any { branches, .. } => {
            let needed: Option<Vec<_>> = branches.iter().map(needs).collect();
            Some(needed?.into_iter().flatten().collect())
        }
        Condition::Test(test) if test.field.is_name() => of_test(test),
        Condition::Test(_) => None,
    }
}

fn of_test(test: &Test) -> Option<Vec<(Field, &str)>> {
    let mut texts = Vec::new();
    for needs in test.matcher.needs()? {
        match needs {
            Needs::Texts(set) => texts.extend(set.iter().map(|text| (test.field, text))),
            Needs::Parts(parts) => texts.extend(parts.into_iter().map(|text| (test.field, text))),
            Needs::Pattern(_) | Needs::Numbers(_) | Needs::Networks(_) => return None,
        }
    }
    Some(texts)
}
