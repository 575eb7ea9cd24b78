//! What each rule was written to match, and where its tests of the name stand: what a drill begins with.

use std::collections::HashMap;

use crate::{
    diagnostic::Place,
    facts::{Command, Facts, Field},
    matchers::Lists,
    rules::{
        Whole,
        ast::{Claim, Rule},
        cases, requests,
    },
    yaml::{Node, Value},
};

/// The examples of a live rule.
#[derive(Debug)]
pub struct Samples {
    /// An index into the [rules](crate::engine::Snapshot::rules) of the snapshot.
    pub rule: usize,
    /// What it must match.
    pub matches: Vec<Facts<'static>>,
    /// What it is known to miss.
    pub known_misses: Vec<Facts<'static>>,
    /// The tests of the name in its condition, in written order.
    pub tests: Vec<NameTest>,
}

/// A test of the name as it is written.
#[derive(Clone, Debug)]
pub struct NameTest {
    /// The view of the name.
    pub field: Field,
    /// Where the view is written.
    pub field_place: Place,
    /// The matcher.
    pub matcher: &'static str,
    /// Where it is written.
    pub matcher_place: Place,
    /// What stands beside it in `ignoring`.
    pub ignoring: Option<Ignoring>,
}

/// What a test ignores, as it is written.
#[derive(Clone, Debug)]
pub struct Ignoring {
    /// All of the argument.
    pub place: Place,
    /// The list that it names.
    pub list: Option<String>,
    /// Its texts.
    pub texts: Vec<String>,
}

/// The samples of every live rule, in order.
pub(super) fn of(whole: &Whole<'_, '_>) -> Vec<Samples> {
    let rules = whole.set.rules.iter();
    let written: HashMap<&str, &Rule<'_>> = rules.filter_map(|rule| Some((rule.id?.value, rule))).collect();
    let live = whole.snapshot.rules.iter().enumerate();
    live.filter_map(|(index, rule)| Some(samples(index, &rule.commands, written.get(rule.id.as_str())?, whole.lists)))
        .collect()
}

/// Examples are about the condition, whatever the rule is for.
fn for_one_of<'f>(commands: &[Command], facts: Facts<'f>) -> Facts<'f> {
    match commands.first() {
        Some(command) if !commands.contains(&facts.command) => Facts { command: *command, ..facts },
        _ => facts,
    }
}

fn samples(rule: usize, commands: &[Command], written: &Rule<'_>, lists: &Lists<'_>) -> Samples {
    let of = |claim: Claim| {
        let examples = written.examples.iter().filter(|example| example.claim == claim);
        examples.map(|example| for_one_of(commands, requests::owned(cases::shown(example)))).collect()
    };
    let mut tests = Vec::new();
    if let Some(when) = &written.when {
        when.tests(&mut |test| {
            if test.field.value.is_name() {
                tests.push(NameTest {
                    field: test.field.value,
                    field_place: test.field.place,
                    matcher: test.matcher.value.name,
                    matcher_place: test.matcher.place,
                    ignoring: test.ignoring.map(|argument| ignoring(argument, lists)),
                });
            }
        });
    }
    Samples { rule, matches: of(Claim::Match), known_misses: of(Claim::KnownMiss), tests }
}

fn ignoring(argument: &Node, lists: &Lists<'_>) -> Ignoring {
    let text = |node: &Node| node.scalar().map(|scalar| scalar.text.clone());
    let list = argument.child("list").and_then(text);
    let texts = match (&argument.value, &list) {
        (_, Some(name)) => {
            let entries = lists.declared.get(name).map(|list| list.entries.iter());
            entries.into_iter().flatten().map(|(entry, _)| entry.to_owned()).collect()
        }
        (Value::Sequence(items), None) => items.iter().filter_map(text).collect(),
        _ => text(argument).into_iter().collect(),
    };
    Ignoring { place: argument.extent(), list, texts }
}
