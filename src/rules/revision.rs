//! Names what a set means: the same name for the same rules, however they are laid out.
//!
//! Comments, quotes, layout, the order of texts, descriptions, file names, examples, tests, reasons, reviews, accepted
//! findings and disabled rules do not count.

use std::{collections::BTreeSet, sync::Arc};

use sha2::{Digest, Sha256};

use crate::{
    engine::{
        Identity,
        life::{Active, Schedule},
    },
    facts::Command,
    matchers::Lists,
    rules::{
        ast::{Condition, Mode, Rule, Test},
        compile::Compiled,
    },
    yaml::{Node, Value},
};

/// The key that names a list in an argument.
pub(super) const LIST: &str = "list";

/// Hexadecimal digits of a name.
const DIGITS: usize = 16;

/// Bytes that are fed together.
const MOST_WAITING: usize = 1 << 14;

/// The revision of the live rules.
pub(super) fn of(rules: &[Compiled<'_, '_>], lists: &Lists<'_>) -> String {
    let mut hash = Hash::default();
    for compiled in rules.iter().filter(|compiled| compiled.written.mode != Mode::Disabled) {
        hash.rule(compiled.written);
        hash.life(compiled);
    }
    for name in std::mem::take(&mut hash.lists) {
        hash.text(&name);
        for entry in lists.exact(&name).iter().flat_map(|set| set.iter()) {
            hash.text(entry);
        }
        hash.mark("end");
    }
    hash.flush();
    name_of(hash.digest)
}

/// Names some conditions, and the lists that they look into by their names alone.
pub(super) fn of_conditions<'c, 't: 'c>(
    conditions: impl Iterator<Item = &'c Condition<'t>>,
) -> (String, BTreeSet<String>) {
    let mut hash = Hash::default();
    conditions.for_each(|condition| hash.condition(condition));
    hash.flush();
    (name_of(hash.digest), hash.lists)
}

/// Names what a test asks. Two lists of one name are told apart, if both are loaded.
pub(super) fn of_test(test: &Test<'_>, lists: &Lists<'_>) -> Identity {
    let mut hash = Hash::default();
    hash.test(test);
    for name in std::mem::take(&mut hash.lists) {
        let entries = lists.exact(&name).map_or(0, |entries| Arc::as_ptr(&entries).addr());
        hash.feed(&entries.to_le_bytes());
    }
    hash.flush();
    let mut identity = Identity::default();
    identity.iter_mut().zip(hash.digest.finalize()).for_each(|(own, byte)| *own = byte);
    identity
}

/// The name of what was hashed, in hexadecimal digits.
pub fn name_of(hash: Sha256) -> String {
    hash.finalize().iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// Feeds parts with their lengths, so that no two different sets feed the same bytes.
#[derive(Default)]
struct Hash {
    digest: Sha256,
    /// What was not fed yet: a list can have millions of entries, and feeding each alone takes most of the time.
    waiting: Vec<u8>,
    /// The lists that the live rules use.
    lists: BTreeSet<String>,
}

impl Hash {
    fn text(&mut self, text: &str) {
        self.feed(&text.len().to_le_bytes());
        self.feed(text.as_bytes());
        if self.waiting.len() > MOST_WAITING {
            self.flush();
        }
    }

    fn mark(&mut self, mark: &'static str) {
        self.feed(mark.as_bytes());
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    fn flush(&mut self) {
        self.digest.update(&self.waiting);
        self.waiting.clear();
    }

    fn rule(&mut self, rule: &Rule<'_>) {
        self.mark("rule");
        self.text(rule.id.map_or("", |id| id.value));
        self.mark(rule.mode.name());
        for command in Command::ALL.into_iter().filter(|command| rule.commands.contains(command)) {
            self.mark(command.name());
        }
        self.text(&format!("{:?} {:?}", rule.action, rule.code.map(|code| code.value)));
        if let Some(message) = rule.message.and_then(Node::scalar) {
            self.text(&message.text);
        }
        if let Some(quota) = rule.quota.flatten() {
            self.mark("quota");
            self.text(&format!("{quota:?}"));
        }
        if let Some(when) = &rule.when {
            self.condition(when);
        }
    }

    /// Only what is there is fed, and of dates what they mean in the zone of the set.
    fn life(&mut self, compiled: &Compiled<'_, '_>) {
        let rule = &compiled.rule;
        if rule.active != Active::default() {
            self.text(&format!("active {:?}", rule.active));
        }
        if let Some(Schedule { days, start, duration, zone }) = &rule.schedule {
            self.text(&format!("schedule {days:?} {start} {duration:?} {}", zone.iana_name().unwrap_or("UTC")));
        }
        if let Some(share) = rule.rollout {
            self.text(&format!("rollout {}", share.0));
        }
        for (exception, written) in rule.except.iter().zip(&compiled.written.life.except) {
            self.text(&format!("except {} {:?}", exception.id, exception.expires));
            written.when.iter().for_each(|when| self.condition(when));
        }
    }

    fn condition(&mut self, condition: &Condition<'_>) {
        match condition {
            Condition::Always | Condition::Reported => self.mark("always"),
            Condition::All(parts) => self.conditions("all", parts),
            Condition::Any(parts, _) => self.conditions("any", parts),
            Condition::Not(inner, _) => self.conditions("not", std::slice::from_ref(inner)),
            Condition::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test<'_>) {
        self.mark(test.field.value.name());
        self.mark(test.matcher.value.name);
        self.argument(test.argument);
        if let Some(ignoring) = test.ignoring {
            self.mark("ignoring");
            self.argument(ignoring);
        }
    }

    fn conditions(&mut self, mark: &'static str, parts: &[Condition<'_>]) {
        self.mark(mark);
        self.feed(&parts.len().to_le_bytes());
        parts.iter().for_each(|part| self.condition(part));
    }

    /// One text is a list of one, and the order of texts makes no difference.
    fn argument(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) => self.texts(vec![&scalar.text]),
            Value::Sequence(items) => {
                self.texts(items.iter().filter_map(Node::scalar).map(|scalar| scalar.text.as_str()).collect());
            }
            Value::Mapping(entries) => {
                let mut entries: Vec<_> =
                    entries.iter().filter_map(|(key, value)| Some((&key.text, value.scalar()?))).collect();
                entries.sort_by_key(|(key, _)| *key);
                self.mark("map");
                for (key, value) in entries {
                    self.text(key);
                    self.text(&value.text);
                    if key == LIST {
                        self.lists.insert(value.text.clone());
                    }
                }
            }
            Value::Reported => {}
        }
    }

    fn texts(&mut self, mut texts: Vec<&str>) {
        texts.sort_unstable();
        texts.dedup();
        self.feed(&texts.len().to_le_bytes());
        texts.into_iter().for_each(|text| self.text(text));
    }
}
