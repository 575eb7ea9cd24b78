//! What the examples and tests of a set ask, for those who want to ask it again.

use crate::{
    facts::Facts,
    rules::{ast::RuleSet, cases},
};

/// Every request of a set, in written order; the operator of an example that only has a name is empty.
pub(super) fn of(set: &RuleSet<'_>) -> Vec<Facts<'static>> {
    let examples = set.rules.iter().flat_map(|rule| &rule.examples).map(cases::shown);
    examples.chain(set.tests.iter().map(cases::asked)).map(owned).collect()
}

pub(super) fn owned(facts: Facts<'_>) -> Facts<'static> {
    let Facts { command, operator, owner, name, group_type, platform, client_ip, app, at, rollout } = facts;
    Facts {
        command,
        operator: operator.into_owned().into(),
        owner: owner.map(|owner| owner.into_owned().into()),
        name: name.into_owned().into(),
        group_type: group_type.map(|group_type| group_type.into_owned().into()),
        platform: platform.map(|platform| platform.into_owned().into()),
        client_ip,
        app,
        at,
        rollout,
    }
}
