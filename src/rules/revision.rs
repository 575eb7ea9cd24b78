//! Names what a set means: the same name for the same rules, however they are laid out.
//!
//! Comments, quotes, key order of rules, descriptions, file names, examples, tests and disabled rules do not count.

use sha2::{Digest, Sha256};

use crate::{
    matchers::Lists,
    rules::{
        ast::{Condition, Mode, Rule},
        compile::Compiled,
    },
    yaml::{Node, Value},
};

/// Hexadecimal digits of a revision.
const DIGITS: usize = 16;

/// The revision of the live rules.
pub(super) fn of(rules: &[Compiled<'_, '_>], lists: &Lists<'_>) -> String {
    let mut hash = Hash(Sha256::new());
    for compiled in rules.iter().filter(|compiled| compiled.written.mode != Mode::Disabled) {
        hash.rule(compiled.written);
    }
    for name in &lists.used {
        hash.text(name);
        for entry in lists.exact(name).iter().flat_map(|set| set.iter()) {
            hash.text(entry);
        }
        hash.mark("end");
    }
    let digest = hash.0.finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(DIGITS).collect()
}

/// Feeds parts with their lengths, so that no two different sets feed the same bytes.
struct Hash(Sha256);

impl Hash {
    fn text(&mut self, text: &str) {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
    }

    fn mark(&mut self, mark: &'static str) {
        self.0.update(mark);
    }

    fn rule(&mut self, rule: &Rule<'_>) {
        self.mark("rule");
        self.text(rule.id.map_or("", |id| id.value));
        self.mark(rule.mode.name());
        for command in &rule.commands {
            self.mark(command.name());
        }
        self.text(&format!("{:?} {:?}", rule.action, rule.code.map(|code| code.value)));
        if let Some(message) = rule.message.and_then(Node::scalar) {
            self.text(&message.text);
        }
        if let Some(when) = &rule.when {
            self.condition(when);
        }
    }

    fn condition(&mut self, condition: &Condition<'_>) {
        match condition {
            Condition::Always | Condition::Reported => self.mark("always"),
            Condition::All(parts) => self.conditions("all", parts),
            Condition::Any(parts, _) => self.conditions("any", parts),
            Condition::Not(inner, _) => self.conditions("not", std::slice::from_ref(inner)),
            Condition::Test(test) => {
                self.mark(test.field.value.name());
                self.mark(test.matcher.value.name);
                self.argument(test.argument);
            }
        }
    }

    fn conditions(&mut self, mark: &'static str, parts: &[Condition<'_>]) {
        self.mark(mark);
        self.0.update(parts.len().to_le_bytes());
        parts.iter().for_each(|part| self.condition(part));
    }

    fn argument(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) => self.text(&scalar.text),
            Value::Sequence(items) => {
                self.0.update(items.len().to_le_bytes());
                items.iter().for_each(|item| self.argument(item));
            }
            Value::Mapping(entries) => {
                self.mark("map");
                self.0.update(entries.len().to_le_bytes());
                for (key, value) in entries {
                    self.text(&key.text);
                    self.argument(value);
                }
            }
            Value::Reported => {}
        }
    }
}
