//! Why a rule was passed over for another reason than its condition.

use std::fmt;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    engine::{Rule, Snapshot, Standing, life::Share},
    facts::Facts,
};

/// A sentence, and where the rule file says so.
#[derive(Debug)]
pub struct Passed {
    /// The line, from 1.
    pub line: usize,
    /// Lower case, no final period.
    pub text: String,
}

/// Says why a rule was passed over, in the words of its author: days and times in the zone that they were written in.
pub fn passed(snapshot: &Snapshot, rule: &Rule, standing: Standing, facts: &Facts<'_>) -> Passed {
    let here = |text: String| Passed { line: rule.line, text };
    match standing {
        Standing::OtherCommand => here(format!("is not for `{}`", facts.command.name())),
        Standing::Inactive => here(inactive(snapshot, rule, facts.at)),
        Standing::OffSchedule => here(off_schedule(rule, facts.at)),
        Standing::Fails => here("its condition does not hold".to_owned()),
        Standing::NotRolledOut => {
            let share = rule.rollout.map_or_else(String::new, |share| share.to_string());
            here(format!("`{}` is not among its {share} of the operators", crate::text::visible(&facts.operator)))
        }
        Standing::Excepted(index) => rule.except.get(index).map_or_else(
            || here("an exception holds".to_owned()),
            |exception| Passed { line: exception.line, text: format!("its exception `{}` holds", exception.id) },
        ),
        Standing::NoKey => {
            let field = rule.quota.map_or("", |quota| quota.per.name());
            here(format!("the request has no `{field}` for its quota"))
        }
        Standing::Applies => here("applies".to_owned()),
    }
}

fn inactive(snapshot: &Snapshot, rule: &Rule, at: Timestamp) -> String {
    let local = |moment: Timestamp| Local(moment, &snapshot.zone);
    match (rule.active.from, rule.active.until) {
        (Some(from), _) if at < from => format!("is not active before {}", local(from)),
        (_, Some(until)) => format!("has been over since {}", local(until)),
        _ => "is not active".to_owned(),
    }
}

fn off_schedule(rule: &Rule, at: Timestamp) -> String {
    let Some(schedule) = &rule.schedule else { return "is off schedule".to_owned() };
    let next = schedule.next(at).map(|next| format!("; the next begins on {}", Local(next, &schedule.zone)));
    format!("has no window on {}{}", Local(at, &schedule.zone), next.unwrap_or_default())
}

/// A moment as the clock on the wall of a zone shows it.
struct Local<'z>(Timestamp, &'z TimeZone);

impl fmt::Display for Local<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Local(moment, zone) = self;
        write!(formatter, "{} {}", zone.to_datetime(*moment).strftime("%a %F %T"), zone.iana_name().unwrap_or("UTC"))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, hundredths) = (self.0 / 100, self.0 % 100);
        match hundredths {
            0 => write!(formatter, "{whole}%"),
            _ if hundredths.is_multiple_of(10) => write!(formatter, "{whole}.{}%", hundredths / 10),
            _ => write!(formatter, "{whole}.{hundredths:02}%"),
        }
    }
}
