//! What quotas make of one request, which has no counters: how many came before is said on the command line.

use std::str::FromStr;

use anyhow::bail;
use jiff::SignedDuration;
use serde::Serialize;

use crate::{
    diagnostic::did_you_mean,
    engine::{Rule, Snapshot},
};

/// How many requests of the same key came before, for one rule.
#[derive(Clone, Debug)]
pub(super) struct Before {
    rule: String,
    count: u64,
}

impl FromStr for Before {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Before, &'static str> {
        let read = word.split_once('=').and_then(|(rule, count)| Some((rule.to_owned(), count.parse().ok()?)));
        read.map(|(rule, count)| Before { rule, count }).ok_or("write a rule and a number, such as newcomers=3")
    }
}

/// How many requests came before, for every rule.
pub(super) struct Counters(Vec<Before>);

/// The quota of a rule and where the request stands in it.
#[derive(Serialize)]
pub(super) struct Counted {
    limit: u32,
    per: &'static str,
    within_seconds: u64,
    request: u64,
}

impl Counters {
    /// What was said of these rules; of others, that nothing came before.
    pub(super) fn of(before: Vec<Before>, snapshot: &Snapshot) -> anyhow::Result<Counters> {
        let counted = || snapshot.rules.iter().filter(|rule| rule.quota.is_some()).map(|rule| rule.id.as_str());
        for Before { rule, .. } in &before {
            if !counted().any(|id| id == rule) {
                let near = did_you_mean(rule, counted()).map(|near| format!("; did you mean `{near}`?"));
                bail!("no live rule with a quota has the id `{rule}`{}", near.unwrap_or_default());
            }
        }
        Ok(Counters(before))
    }

    /// How many requests came before.
    pub(super) fn before(&self, rule: &str) -> u64 {
        self.0.iter().rev().find(|before| before.rule == rule).map_or(0, |before| before.count)
    }

    /// Where the request stands in the quota of a rule; none where it has none.
    pub(super) fn counted(&self, rule: &Rule) -> Option<Counted> {
        let quota = rule.quota?;
        let request = self.before(&rule.id).saturating_add(1);
        Some(Counted { limit: quota.limit, per: quota.per.name(), within_seconds: quota.within / 1000, request })
    }
}

impl Counted {
    /// Where the request stands, as a sentence.
    pub(super) fn sentence(&self) -> String {
        let within = SignedDuration::from_secs(self.within_seconds.cast_signed());
        let Counted { limit, per, request, .. } = self;
        format!(
            "request {request} of the same `{per}` within {within:#}; its quota lets {limit} pass and applies from request {}",
            limit + 1
        )
    }
}
