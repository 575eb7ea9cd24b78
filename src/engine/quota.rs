//! How often the same key may come before a rule applies. What counts stands outside; here is what is counted, and what
//! the counts mean.

use std::borrow::Cow;

use crate::{
    engine::{Mode, Plan, Snapshot},
    facts::Facts,
};

/// A rule applies only from request `limit` + 1 of the same key within `within`, a sliding window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quota {
    /// Requests before the rule applies.
    pub limit: u32,
    /// What is counted.
    pub per: Per,
    /// The window, in milliseconds.
    pub within: u64,
}

/// What a quota counts requests by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Per {
    /// `operator`
    Operator,
    /// `client_ip`
    ClientIp,
    /// `app`
    App,
}

impl Per {
    /// Every key.
    pub const ALL: [Per; 3] = [Per::Operator, Per::ClientIp, Per::App];

    /// The word for it, which is also the name of the field.
    pub fn name(self) -> &'static str {
        match self {
            Per::Operator => "operator",
            Per::ClientIp => "client_ip",
            Per::App => "app",
        }
    }

    /// Whether a request has a key.
    pub fn is_given(self, facts: &Facts<'_>) -> bool {
        match self {
            Per::Operator => true,
            Per::ClientIp => facts.client_ip.is_some(),
            Per::App => facts.app.is_some(),
        }
    }

    /// The key of a request; `None` where it lacks the field.
    pub fn key<'a>(self, facts: &'a Facts<'_>) -> Option<Cow<'a, str>> {
        match self {
            Per::Operator => Some(Cow::Borrowed(&facts.operator)),
            Per::ClientIp => facts.client_ip.map(|address| address.to_string().into()),
            Per::App => facts.app.map(|app| app.to_string().into()),
        }
    }
}

/// A rule of a plan that a counter has to be asked for.
#[derive(Debug)]
pub struct Counted<'a> {
    /// The rule's id: its counters are its own, also over a reload.
    pub rule: &'a str,
    /// An index into [`Snapshot::rules`].
    pub index: usize,
    /// A shadow rule counts for itself.
    pub mode: Mode,
    /// What is asked.
    pub quota: Quota,
    /// The key that the request counts for.
    pub key: Cow<'a, str>,
}

/// The number of requests of a key in its window, this one included, for each counted rule that was asked, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub Vec<u64>);

impl Plan {
    /// The rules that have to be counted, in order. A request counts for a rule only when it reaches it: once one of them
    /// [`ends`](Counted::ends) the request, those behind it are not asked.
    pub fn counted<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        facts: &'a Facts<'_>,
    ) -> impl Iterator<Item = Counted<'a>> + 'a {
        self.applies.iter().filter_map(|index| {
            let rule = snapshot.rules.get(*index)?;
            let quota = rule.quota?;
            Some(Counted { rule: &rule.id, index: *index, mode: rule.mode, quota, key: quota.per.key(facts)? })
        })
    }
}

impl Counts {
    /// The counts of a plan where so many requests of its keys came before, by the id of the rule: what a test or `eval`
    /// says, which have no counters.
    pub fn after(snapshot: &Snapshot, facts: &Facts<'_>, plan: &Plan, before: impl Fn(&str) -> u64) -> Counts {
        let counted: Vec<Counted<'_>> = plan.counted(snapshot, facts).collect();
        Counts::asked(&counted, |one| before(one.rule).saturating_add(1))
    }

    /// What `count` says of each of these rules in order, up to the one that ends the request.
    pub fn asked(counted: &[Counted<'_>], mut count: impl FnMut(&Counted<'_>) -> u64) -> Counts {
        let mut counts = Counts::default();
        for one in counted {
            let asked = count(one);
            counts.0.push(asked);
            if one.ends(asked) {
                break;
            }
        }
        counts
    }
}

impl Counted<'_> {
    /// Whether the request goes no further, with so many requests of its key in the window.
    pub fn ends(&self, count: u64) -> bool {
        self.mode == Mode::Enforce && self.quota.is_over(count)
    }
}

impl Quota {
    /// Whether the rule applies to the last of so many requests.
    pub fn is_over(&self, count: u64) -> bool {
        count > u64::from(self.limit)
    }
}
