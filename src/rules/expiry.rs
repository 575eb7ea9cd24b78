//! Findings that depend on the date: what ends soon, what is over, and what is due for review.
//!
//! None of them keeps a set from loading: a date that passes must not take the rules away.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::{
    diagnostic::{Code, Diagnostic},
    rules::{
        ast::{Exception, Expiry, Rule},
        calendar,
        compile::Compiled,
    },
};

/// How long before an end people are told.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How long an exception may have expired before `check` takes it for an error.
const OVERDUE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is made of an exception that expired long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// A warning, however long ago.
    Endless,
    /// An error, for somebody has to clean up some day.
    Limited,
}

/// What there is to say of some rules at a time.
pub(super) fn findings(
    rules: &[Compiled<'_, '_>],
    zone: &TimeZone,
    at: Timestamp,
    patience: Patience,
) -> Vec<Diagnostic> {
    let clock = Clock { zone, at, patience };
    rules.iter().flat_map(|compiled| clock.findings(compiled.written)).collect()
}

/// Whether a finding depends on the date, so that it may be accepted before it comes.
pub(super) fn depends_on_date(code: Code) -> bool {
    matches!(code, Code::ExpiresSoon | Code::ExceptionExpired | Code::RuleEnded | Code::ReviewDue)
}

struct Clock<'c> {
    zone: &'c TimeZone,
    at: Timestamp,
    patience: Patience,
}

impl Clock<'_> {
    fn findings(&self, rule: &Rule<'_>) -> Vec<Diagnostic> {
        let except = rule.life.except.iter().filter_map(|exception| self.exception(exception));
        except.chain(self.end(rule)).chain(self.review(rule)).collect()
    }

    fn is_soon(&self, then: Timestamp) -> bool {
        then.duration_since(self.at) <= SOON
    }

    fn end(&self, rule: &Rule<'_>) -> Option<Diagnostic> {
        let (id, until) = (rule.id?.value, rule.life.active.until?);
        let (ends, told) = (until.ends(self.zone), until.end());
        let finding = |code: Code, message: String| Diagnostic::new(code, until.place, message);
        if ends <= self.at {
            let found = finding(Code::RuleEnded, format!("the rule `{id}` ended {told}"));
            return Some(found.help("it can never apply again: remove it, or move `until`"));
        }
        let found = finding(Code::ExpiresSoon, format!("the rule `{id}` ends {told}"));
        self.is_soon(ends).then(|| found.help("move `until` if it is needed longer"))
    }

    fn exception(&self, exception: &Exception<'_>) -> Option<Diagnostic> {
        let (id, Expiry::Ends(moment)) = (exception.id?.value, exception.expires?) else { return None };
        let (ends, told) = (moment.ends(self.zone), moment.end());
        if ends > self.at {
            let message = format!("the exception `{id}` expires {told}");
            let found = Diagnostic::new(Code::ExpiresSoon, moment.place, message);
            return self.is_soon(ends).then(|| found.help("move `expires` if it is needed longer"));
        }
        let is_overdue = self.patience == Patience::Limited && self.at.duration_since(ends) >= OVERDUE;
        let code = if is_overdue { Code::ExceptionOverdue } else { Code::ExceptionExpired };
        let ago = if is_overdue { ", 30 days ago or more" } else { "" };
        let found = Diagnostic::new(code, moment.place, format!("the exception `{id}` expired {told}{ago}"));
        Some(found.help("the rule applies again where it held: remove it, or move `expires`"))
    }

    fn review(&self, rule: &Rule<'_>) -> Option<Diagnostic> {
        let (id, review_by) = (rule.id?.value, rule.life.review_by?);
        let message = format!("the rule `{id}` is due for review by {}", review_by.value);
        let found = Diagnostic::new(Code::ReviewDue, review_by.place, message);
        let is_due = self.is_soon(calendar::beginning(review_by.value, self.zone));
        is_due.then(|| found.help("look whether it is still right, then move `review_by`"))
    }
}
