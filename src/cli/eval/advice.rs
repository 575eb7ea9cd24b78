//! What somebody could name a refused topic instead.

use crate::{
    cli::eval::quota::Counters,
    diagnostic::counted,
    engine::{
        Decision, Rule, Snapshot, Verdict,
        nearest::{self, Nearest},
    },
    facts::Facts,
    text,
};

/// What somebody could name the topic instead.
pub(super) enum Advice {
    /// The same.
    Accepted,
    /// Nothing helps: it is refused for something else.
    NotForItsName,
    /// This.
    Nearest(Nearest),
    /// No such name was found.
    Far,
}

impl Advice {
    pub(super) fn of(snapshot: &Snapshot, verdict: &Verdict, facts: &Facts<'_>, counters: &Counters) -> Advice {
        let rule = verdict.rule.and_then(|rule| snapshot.rules.get(rule));
        match rule.filter(|_| verdict.decision != Decision::Allow) {
            None => Advice::Accepted,
            Some(rule) if rule.quota.is_some() || !reads_name(rule) => Advice::NotForItsName,
            Some(_) => {
                nearest::nearest(snapshot, facts, |rule| counters.before(rule)).map_or(Advice::Far, Advice::Nearest)
            }
        }
    }

    pub(super) fn sentence(&self) -> String {
        match self {
            Advice::Accepted => "it is accepted as it is".to_owned(),
            Advice::NotForItsName => "no other name helps: the rule does not look at it".to_owned(),
            Advice::Nearest(Nearest { name, edits }) => {
                format!("`{}` would be accepted: {} changed", text::visible(name), counted(*edits, "character"))
            }
            Advice::Far => "no name was found that differs in one or two characters and would be accepted".to_owned(),
        }
    }
}

fn reads_name(rule: &Rule) -> bool {
    rule.when.reads_name() || rule.except.iter().any(|exception| exception.when.reads_name())
}
