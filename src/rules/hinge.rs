//! What of a request it hangs on whether a rule applies: worth saying of a request that is shown, also where it is absent.

use crate::{
    engine::{Condition, Rule, Views, quota::Per},
    facts::{Facts, Field},
};

/// The fields that a request may come without, unless they are there.
pub(super) fn absent(facts: &Facts<'_>) -> Vec<Field> {
    let fields = [
        (Field::Owner, facts.owner.is_none()),
        (Field::Type, facts.group_type.is_none()),
        (Field::Platform, facts.platform.is_none()),
        (Field::ClientIp, facts.client_ip.is_none()),
        (Field::App, facts.app.is_none()),
    ];
    fields.into_iter().filter(|(_, is_absent)| *is_absent).map(|(field, _)| field).collect()
}

/// Whether it hangs on a field whether a rule applies to a request.
pub(super) fn is_of_rule(rule: &Rule, facts: &Facts<'_>, field: Field) -> bool {
    let when = value(&rule.when, &Views::of(facts), field);
    if !rule.commands.contains(&facts.command) || when == Some(false) {
        return false;
    }
    let counts = match rule.quota.map(|quota| quota.per) {
        Some(Per::ClientIp) => field == Field::ClientIp,
        Some(Per::App) => field == Field::App,
        Some(Per::Operator) | None => false,
    };
    when.is_none() || counts || rule.except.iter().any(|exception| is_of(&exception.when, facts, field))
}

/// The same of a condition.
pub(super) fn is_of(condition: &Condition, facts: &Facts<'_>, field: Field) -> bool {
    value(condition, &Views::of(facts), field).is_none()
}

/// The value of a condition whatever a field holds.
fn value(condition: &Condition, views: &Views<'_>, field: Field) -> Option<bool> {
    let joined = |parts: &[Condition], ends: bool| {
        let values: Vec<Option<bool>> = parts.iter().map(|part| value(part, views, field)).collect();
        let all = values.iter().all(|value| *value == Some(!ends));
        if values.contains(&Some(ends)) { Some(ends) } else { all.then_some(!ends) }
    };
    match condition {
        Condition::Always => Some(true),
        Condition::All(parts) => joined(parts, false),
        Condition::Any { branches, .. } => joined(branches, true),
        Condition::Not { inner, .. } => value(inner, views, field).map(|value| !value),
        Condition::Test(test) => (test.field != field).then(|| test.holds(views)),
    }
}
