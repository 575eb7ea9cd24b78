//! A complete, immutable set of rules: what one request is decided by.

use crate::{
    engine::{Condition, Decision, Message, Views},
    facts::{Command, Facts, PLAIN_REFUSAL},
};

/// A rule set, ready to decide.
// INVARIANT: complete and never changed after it was built; rules stand in the order of the language.
#[derive(Debug)]
pub struct Snapshot {
    /// Names the bytes that it was loaded from.
    pub content: String,
    /// Names what the rules mean: canonical rules, codes, messages and list contents.
    pub revision: String,
    /// The live rules, enforced and shadow, in order.
    pub rules: Vec<Rule>,
    /// What was loaded, for people.
    pub counts: Counts,
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
    /// The lists by name, with their distinct entries.
    pub lists: Vec<(String, usize)>,
    /// Examples of all rules.
    pub examples: usize,
    /// Entries under `tests`.
    pub tests: usize,
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
    /// Whether the rule applies to a request.
    pub fn applies(&self, views: &Views<'_>) -> bool {
        self.commands.contains(&views.facts().command) && self.when.holds(views)
    }

    /// What the rule decides about a request that it applies to.
    pub fn decide(&self, facts: &Facts<'_>) -> Decision {
        let Action::Deny { code, message } = &self.action else { return Decision::Allow };
        let code = code.unwrap_or(PLAIN_REFUSAL);
        let message = message.as_ref().map(|message| message.render(self, code, facts)).unwrap_or_default();
        Decision::Deny { code, message }
    }
}
