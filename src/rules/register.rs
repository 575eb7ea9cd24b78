//! The app's own codes: those that are declared and those that rules use, with what users are told.

use std::collections::BTreeMap;

use crate::rules::ast::{Mode, RuleSet};

/// What the app's clients have to know of a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registered {
    /// The name that it is declared with; `None` in a set that declares no codes.
    pub name: Option<String>,
    /// The ids of the rules that refuse with it, in rule order; disabled rules are left out.
    pub rules: Vec<String>,
    /// The messages of these rules as written, placeholders and all, each once.
    pub messages: Vec<String>,
}

/// The codes of a set by their number.
pub type Register = BTreeMap<u32, Registered>;

pub(super) fn of(set: &RuleSet<'_>) -> Register {
    let mut register = Register::new();
    for (code, name) in &set.codes {
        register.entry(code.value).or_default().name = Some((*name).to_owned());
    }
    for rule in set.rules.iter().filter(|rule| rule.mode != Mode::Disabled) {
        let Some(code) = rule.code else { continue };
        let registered = register.entry(code.value).or_default();
        registered.rules.extend(rule.id.map(|id| id.value.to_owned()));
        let message = rule.message.and_then(|node| node.scalar()).map(|scalar| scalar.text.clone());
        registered.messages.extend(message.filter(|message| !registered.messages.contains(message)));
    }
    register
}
