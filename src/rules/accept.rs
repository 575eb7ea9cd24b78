//! `accept`: takes the findings out that a rule accepts, and tells of acceptances that nothing needs.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    rules::{
        ast::{Accept, Rule},
        expiry,
    },
};

/// Takes out of the findings what the rules accept about themselves.
pub(super) fn apply(rules: &[Rule<'_>], sink: &mut Sink) {
    // Where a sink is full, what an acceptance is for may be among the findings that were only counted.
    let presumed = |accept: &Accept| if sink.is_full(accept.code) { Use::Needed } else { Use::Needless };
    let mut accepts: Vec<(Accept, Use)> =
        rules.iter().flat_map(|rule| &rule.life.accept).map(|accept| (*accept, presumed(accept))).collect();
    if accepts.is_empty() {
        return;
    }
    sink.accept(|finding| {
        let about = |(accept, _): &&mut (Accept, Use)| accept.code == finding.code && accept.rule.holds(finding.place);
        accepts.iter_mut().find(about).map(|(_, needed)| *needed = Use::Needed).is_some()
    });
    // With errors, what an acceptance is for may not have been looked for.
    if sink.has_errors() {
        return;
    }
    for (accept, _) in accepts.iter().filter(|(accept, needed)| *needed == Use::Needless && may_be_missed(accept)) {
        let message = format!("there is no `{}` here to accept", accept.code.word());
        let help = "remove it, so that it does not hide one that comes later";
        sink.push(Diagnostic::new(Code::UnusedAccept, accept.place, message).help(help));
    }
}

/// Whether something accepted a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Needed,
    Needless,
}

/// What only `check` looks for.
const ONLY_CHECKED: [Code; 7] = [
    Code::PatternWithoutText,
    Code::EntryNeverMatches,
    Code::RuleNeverDecides,
    Code::RuleNeverMatches,
    Code::RuleAlwaysMatches,
    Code::RulesOverlap,
    Code::NotProved,
];

/// What depends on the date may be accepted before it comes, and after; and not every load looks for slow patterns.
fn may_be_missed(accept: &Accept) -> bool {
    !expiry::depends_on_date(accept.code) && !ONLY_CHECKED.contains(&accept.code)
}
