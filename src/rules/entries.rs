//! Entries of a test that can never match, because of what else is asked of the same field.

mod holding;

use std::collections::HashSet;

use jiff::Timestamp;

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    engine::{self, Condition, Views},
    facts::{Facts, Field},
    matchers::{self, Lists, lists::MAX_OTHER_ENTRIES},
    rules::{ast, compile::Compiled},
    text,
    yaml::{Node, Value},
};

/// So many entries of one list are shown.
const SHOWN: usize = 5;

/// A warning for each test that has some.
pub(super) fn findings(rules: &[Compiled<'_, '_>], lists: &Lists<'_>) -> Vec<Diagnostic> {
    let mut entries = Entries { lists, beside: Vec::new(), found: Vec::new() };
    for compiled in rules {
        if let Some(when) = &compiled.written.when {
            entries.condition(when, &compiled.rule.when);
        }
    }
    entries.found
}

struct Entries<'r> {
    lists: &'r Lists<'r>,
    /// What must hold besides, on the way to a test.
    beside: Vec<Beside<'r>>,
    found: Vec<Diagnostic>,
}

/// What must hold besides, as it was written and as it is asked.
type Beside<'r> = (&'r ast::Condition<'r>, &'r Condition);

impl<'r> Entries<'r> {
    fn condition(&mut self, written: &'r ast::Condition<'r>, condition: &'r Condition) {
        match (written, condition) {
            (ast::Condition::All(written), Condition::All(parts)) => {
                let known = self.beside.len();
                for (index, (part_written, part)) in written.iter().zip(parts).enumerate() {
                    let others = written.iter().zip(parts).enumerate().filter(|(other, _)| *other != index);
                    self.beside.extend(others.map(|(_, other)| other));
                    self.condition(part_written, part);
                    self.beside.truncate(known);
                }
            }
            (ast::Condition::Any(written, _), Condition::Any { branches, .. }) => {
                written.iter().zip(branches).for_each(|(written, branch)| self.condition(written, branch));
            }
            (ast::Condition::Test(test), Condition::Test(_)) => self.test(test),
            _ => {}
        }
    }

    fn test(&mut self, test: &ast::Test<'_>) {
        let field = test.field.value;
        let beside = self.beside.iter().copied().filter(|(_, other)| asks_only(other, field));
        let beside: Vec<Beside<'r>> = beside.collect();
        match test.matcher.value.name {
            _ if beside.is_empty() => {}
            "is" | "in" if facts(field, String::new()).is_some() => {
                self.tell(test, |text| failing(field, text, &beside).map(told));
            }
            "contains" | "contains_word" | "starts_with" | "ends_with" => {
                let fails =
                    |(written, other): &&Beside<'_>, text: &str| holding::value(written, other, text) == Some(false);
                self.tell(test, |text| beside.iter().find(|other| fails(other, text)).map(|(_, other)| told(other)));
            }
            _ => {}
        }
        let ignored = test.ignoring.filter(|ignored| matches!(ignored.value, Value::Mapping(_)));
        if let Some(ignored) = ignored {
            let ignored = self.texts(ignored).into_iter().map(|(text, _)| prepared(field, text));
            let ignored: HashSet<String> = ignored.collect();
            self.tell(test, |text| {
                ignored.contains(text).then(|| "the same test ignores it, so it is never found".to_owned())
            });
        }
    }

    /// Tells of the entries for which there is something to say, unless that is all of them: then it is about the condition.
    fn tell(&mut self, test: &ast::Test<'_>, why: impl Fn(&str) -> Option<String>) {
        let field = test.field.value;
        let entries = self.texts(test.argument);
        let count = entries.len();
        let idle = entries.into_iter().filter_map(|(text, place)| Some((text, place, why(&prepared(field, text))?)));
        let idle: Vec<_> = idle.collect();
        if idle.len() == count {
            return;
        }
        let Some((text, _, why)) = idle.first() else { return };
        let others = if idle.len() > 1 { format!(", nor can {} more", idle.len() - 1) } else { String::new() };
        let message = format!("the entry `{}` can never match here{others}: {why}", text::visible(text));
        let found = Diagnostic::new(Code::EntryNeverMatches, test.argument.place, message);
        let is_listed = matches!(test.argument.value, Value::Mapping(_));
        let shown = idle.iter().take(SHOWN).filter(|_| is_listed);
        let found = shown.fold(found, |found, (_, place, _)| found.related(*place, "never matches there"));
        self.found.push(found.help("remove it, or change what contradicts it"));
    }

    /// What is written in a test, or in its list; nothing of a very long one.
    fn texts<'n>(&self, argument: &'n Node) -> Vec<(&'n str, Place)>
    where
        'r: 'n,
    {
        let scalar = |node: &'n Node| node.scalar().map(|scalar| (scalar.text.as_str(), node.place));
        match &argument.value {
            Value::Sequence(items) => items.iter().filter_map(scalar).collect(),
            Value::Mapping(entries) => {
                let name = entries.first().and_then(|(_, name)| name.scalar());
                let list = name.and_then(|name| self.lists.declared.get(&name.text));
                let list = list.filter(|list| list.entries.len() <= MAX_OTHER_ENTRIES);
                list.map(|list| list.entries.iter().collect()).unwrap_or_default()
            }
            _ => scalar(argument).into_iter().collect(),
        }
    }
}

fn prepared(field: Field, text: &str) -> String {
    matchers::prepared(field, text).into_owned()
}

/// Whether all tests of a condition are of one field.
fn asks_only(condition: &Condition, field: Field) -> bool {
    match condition {
        Condition::Always => true,
        Condition::All(parts) | Condition::Any { branches: parts, .. } => {
            parts.iter().all(|part| asks_only(part, field))
        }
        Condition::Not { inner, .. } => asks_only(inner, field),
        Condition::Test(test) => test.field == field,
    }
}

/// The first condition that fails where a field has such a text.
fn failing<'c>(field: Field, text: &str, conditions: &[Beside<'c>]) -> Option<&'c Condition> {
    let facts = facts(field, text.to_owned())?;
    let views = Views::of(&facts);
    let is_seen = views.value(field).and_then(engine::Value::text) == Some(text);
    conditions.iter().map(|(_, condition)| *condition).find(|condition| is_seen && !condition.holds(&views))
}

/// A request whose field has a text, if it is a field with texts.
fn facts(field: Field, text: String) -> Option<Facts<'static>> {
    let text = text.into();
    let plain = Facts::topic("", "", Timestamp::UNIX_EPOCH);
    Some(match field {
        Field::Operator => Facts { operator: text, ..plain },
        Field::Owner => Facts { owner: Some(text), ..plain },
        Field::Name | Field::NameRaw | Field::NameLookalike | Field::NameSqueezed => Facts { name: text, ..plain },
        Field::Type => Facts { group_type: Some(text), ..plain },
        Field::Platform => Facts { platform: Some(text), ..plain },
        Field::ClientIp | Field::App => return None,
    })
}

fn told(condition: &Condition) -> String {
    match condition {
        Condition::Test(test) => format!("`{}` does not hold for it", test.sentence),
        Condition::Not { inner, .. } => match &**inner {
            Condition::Test(test) => format!("`{}` holds for it, and must not", test.sentence),
            _ => "what stands under `not` holds for it".to_owned(),
        },
        _ => "another part of the condition does not hold for it".to_owned(),
    }
}
