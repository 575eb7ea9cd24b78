//! What is written into a name to make another one.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::engine::{Action, Condition, Needs, Snapshot};

/// A letter, signs that end a word, a character of a script that is written without spaces, and a digit.
const ALWAYS: [char; 5] = ['x', '-', ' ', '人', '1'];

/// The most characters that the rules add.
const MOST_ADDED: usize = 6;

/// The longest text, in characters, that a change of two characters can bring about.
const LONGEST: usize = 2;

/// The most texts of a test that are looked at.
const MOST_READ: usize = 1000;

/// What stands in place of a character, or between two: some that most rules do not look for, and those that tests under `not`
/// and tests of rules that allow ask for.
pub fn fillers(snapshot: &Snapshot) -> Vec<char> {
    let mut fillers = ALWAYS.to_vec();
    for rule in &snapshot.rules {
        let allows = matches!(rule.action, Action::Allow);
        wanted(&rule.when, allows, &mut fillers);
        rule.except.iter().for_each(|exception| wanted(&exception.when, !allows, &mut fillers));
    }
    fillers
}

/// Adds what the tests look for that let a name pass where they hold, or where they do not.
fn wanted(condition: &Condition, passes: bool, fillers: &mut Vec<char>) {
    match condition {
        Condition::All(parts) | Condition::Any { branches: parts, .. } => {
            parts.iter().for_each(|part| wanted(part, passes, fillers));
        }
        Condition::Not { inner, .. } => wanted(inner, !passes, fillers),
        Condition::Test(test) if passes && test.field.is_name() => {
            let needs = test.matcher.needs().unwrap_or_default();
            needs.iter().for_each(|needs| characters(needs, fillers));
        }
        Condition::Always | Condition::Test(_) => {}
    }
}

fn characters(needs: &Needs<'_>, fillers: &mut Vec<char>) {
    let mut text = |text: &str| {
        if text.chars().count() <= LONGEST {
            text.chars().for_each(|character| add(character, fillers));
        }
    };
    match needs {
        Needs::Texts(texts) => texts.iter().take(MOST_READ).for_each(text),
        Needs::Parts(parts) => parts.iter().take(MOST_READ).for_each(|part| text(part)),
        Needs::Pattern(pattern) if pattern.properties().minimum_len().is_some_and(|bytes| bytes <= LONGEST) => {
            first(pattern, fillers);
        }
        Needs::Pattern(_) | Needs::Numbers(_) | Needs::Networks(_) => {}
    }
}

/// A character for each place of a pattern.
fn first(pattern: &Hir, fillers: &mut Vec<char>) {
    match pattern.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).unwrap_or_default();
            text.chars().for_each(|character| add(character, fillers));
        }
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().first().into_iter().for_each(|range| add(range.start(), fillers));
        }
        HirKind::Repetition(repetition) => first(&repetition.sub, fillers),
        HirKind::Capture(capture) => first(&capture.sub, fillers),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| first(part, fillers)),
        HirKind::Class(Class::Bytes(_)) | HirKind::Look(_) | HirKind::Empty => {}
    }
}

fn add(character: char, fillers: &mut Vec<char>) {
    if fillers.len() < ALWAYS.len() + MOST_ADDED && !fillers.contains(&character) && !character.is_control() {
        fillers.push(character);
    }
}
