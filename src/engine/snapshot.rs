//! A complete, immutable set of rules: what one request is decided by.

use jiff::tz::TimeZone;

use crate::{
    engine::{
        Condition, Decision, Index, Message, Views,
        life::{Active, Exception, Schedule, Share},
        quota::Quota,
    },
    facts::{Command, PLAIN_REFUSAL},
};

/// A rule set, ready to decide.
// INVARIANT: complete and never changed after it was built; rules stand in the order of the language.
#[derive(Debug)]
pub struct Snapshot {
    /// Names the bytes that it was loaded from.
    pub content: String,
    /// Names what the rules mean: canonical rules, codes, messages and list contents.
    pub revision: String,
    /// Where dates without a time are read.
    pub zone: TimeZone,
    /// The live rules, enforced and shadow, in order.
    pub rules: Vec<Rule>,
    /// Finds those of the rules that a request has to be asked about.
    pub index: Index,
    /// What was loaded, for people.
    pub counts: Counts,
}

impl Snapshot {
    /// The set before its first rule, which allows everything. It names no bytes and no revision.
    pub fn without_rules() -> Snapshot {
        Snapshot {
            content: String::new(),
            revision: String::new(),
            zone: TimeZone::UTC,
            rules: Vec::new(),
            index: Index::of(&[]),
            counts: Counts::default(),
        }
    }
}

/// How much was loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rule files.
    pub files: usize,
    /// Rules with `mode: enforce`.
    pub enforced: usize,
    /// Rules with `mode: shadow`.
    pub shadow: usize,
    /// Rules with `mode: disabled`.
    pub disabled: usize,
    /// The lists, by name.
    pub lists: Vec<ListSize>,
    /// Examples of all rules.
    pub examples: usize,
    /// Entries under `tests`.
    pub tests: usize,
    /// Entries under `guarantees`.
    pub guarantees: usize,
    /// Those of them that were proved.
    pub proved: usize,
}

/// How large a list is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListSize {
    /// Its name.
    pub name: String,
    /// Its distinct entries.
    pub entries: usize,
    /// Bytes of the set of its entries; `None` where no rule compares with them byte for byte, so that there is no such set.
    pub bytes: Option<usize>,
}

/// One live rule.
#[derive(Debug)]
pub struct Rule {
    /// Unique in the set.
    pub id: String,
    /// For people.
    pub description: Option<String>,
    /// The file, as operators know it.
    pub file: String,
    /// The line of the rule in its file, from 1.
    pub line: usize,
    /// Whether it decides or is only recorded.
    pub mode: Mode,
    /// The commands that it is for.
    pub commands: Vec<Command>,
    /// What it does when it decides.
    pub action: Action,
    /// When it applies.
    pub when: Condition,
    /// From when until when it is alive.
    pub active: Active,
    /// The windows of the week in which it is alive; none where it always is.
    pub schedule: Option<Schedule>,
    /// The operators that it is for; none where it is for all.
    pub rollout: Option<Share>,
    /// What it does not apply to.
    pub except: Vec<Exception>,
    /// How often something may happen before it applies.
    pub quota: Option<Quota>,
}

/// What a rule is to a request, counters aside. The reasons stand in the order in which they are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is for other commands.
    OtherCommand,
    /// Its `active` has not begun, or is over.
    Inactive,
    /// Its schedule has no window at this time.
    OffSchedule,
    /// Its condition does not hold.
    Fails,
    /// The operator is not part of its share.
    NotRolledOut,
    /// The request has no key that its quota could count.
    NoKey,
    /// An exception holds, an index into [`Rule::except`].
    Excepted(usize),
    /// It applies; with a quota, if its counter says so.
    Applies,
}

/// Whether a live rule can change an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It decides.
    Enforce,
    /// It is recorded, and never changes an answer.
    Shadow,
}

impl Mode {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Enforce => "enforce",
            Mode::Shadow => "shadow",
        }
    }
}

/// What a rule does when it decides.
#[derive(Debug)]
pub enum Action {
    /// Ends the evaluation: the action may go on.
    Allow,
    /// Refuses.
    Deny {
        /// The app's own code, 10100 to 10200.
        code: Option<u32>,
        /// What the user is told.
        message: Option<Message>,
    },
}

impl Rule {
    /// Whether it decides whatever it applies to: no share of the operators and no counter is in the way.
    pub fn is_sure(&self) -> bool {
        self.mode == Mode::Enforce && self.rollout.is_none() && self.quota.is_none()
    }

    /// What the rule is to a request.
    pub fn standing(&self, views: &Views<'_>) -> Standing {
        let facts = views.facts();
        if !self.commands.contains(&facts.command) {
            Standing::OtherCommand
        } else if !self.active.holds(facts.at) {
            Standing::Inactive
        } else if self.schedule.as_ref().is_some_and(|schedule| !schedule.holds(facts.at)) {
            Standing::OffSchedule
        } else if !self.when.holds(views) {
            Standing::Fails
        } else if self.rollout.is_some_and(|share| !share.holds(&self.id, facts)) {
            Standing::NotRolledOut
        } else if self.quota.is_some_and(|quota| !quota.per.is_given(facts)) {
            Standing::NoKey
        } else if let Some(exception) = self.except.iter().position(|exception| exception.holds(views)) {
            Standing::Excepted(exception)
        } else {
            Standing::Applies
        }
    }

    /// What the rule decides about a request that it applies to.
    pub fn decide(&self, views: &Views<'_>) -> Decision {
        let Action::Deny { code, message } = &self.action else { return Decision::Allow };
        let code = code.unwrap_or(PLAIN_REFUSAL);
        let message = message.as_ref().map(|message| message.render(self, code, views)).unwrap_or_default();
        Decision::Deny { code, message }
    }
}
