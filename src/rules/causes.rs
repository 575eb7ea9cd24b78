//! Why no request passes a condition: the fewest of its parts that contradict each other, or the one that never holds.

use crate::{
    analysis::{Answer, Formula, Solver},
    diagnostic::{Code, Diagnostic, Place},
    engine::{Condition, Language, Test, Views},
    rules::ast,
};

/// Of more parts nobody is told which it is: each costs a question.
const MOST_PARTS: usize = 20;

/// The value of a condition as far as empty lists alone decide it: no value is in one.
pub(super) fn settled_by_lists(condition: &Condition) -> Option<bool> {
    let any = |parts: &[Condition], ends: bool| {
        let values: Vec<Option<bool>> = parts.iter().map(settled_by_lists).collect();
        let all = || values.iter().all(|value| *value == Some(!ends)).then_some(!ends);
        if values.contains(&Some(ends)) { Some(ends) } else { all() }
    };
    match condition {
        Condition::Always => Some(true),
        Condition::All(parts) => any(parts, false),
        Condition::Any { branches, .. } => any(branches, true),
        Condition::Not { inner, .. } => settled_by_lists(inner).map(|value| !value),
        Condition::Test(test) => is_of_nothing(test).then_some(false),
    }
}

/// Whether a test compares with no text, number or network at all: only a list may be empty.
fn is_of_nothing(test: &Test) -> bool {
    match test.matcher.bounds().over {
        Language::Texts(set) | Language::Starts(set) | Language::Ends(set) | Language::Parts(set) => set.is_empty(),
        Language::Numbers(numbers) => numbers.is_empty(),
        Language::Networks(networks) => networks.is_empty(),
        _ => false,
    }
}

/// What is told of a condition that no request passes.
pub(super) fn told(
    solver: &mut Solver,
    (written, condition): (&ast::Condition<'_>, &Condition),
    place: Place,
) -> Diagnostic {
    let mut parts = Vec::new();
    part(written, condition, &mut parts);
    let parts = if parts.len() > MOST_PARTS { Vec::new() } else { fewest(solver, parts) };
    let (why, help) = match parts.as_slice() {
        [one] => one.alone(),
        parts => ("its tests contradict each other".to_owned(), advice(parts)),
    };
    let message = format!("no request can pass this condition: {why}");
    let found = Diagnostic::new(Code::RuleNeverMatches, place, message).help(help);
    parts.iter().enumerate().fold(found, |found, (index, part)| {
        let label = match (index, parts.len()) {
            (_, 1) => "this never holds",
            (0, _) => "this",
            _ => "and this",
        };
        part.place().into_iter().fold(found, |found, place| found.related(place, label))
    })
}

fn advice(parts: &[Part<'_, '_>]) -> String {
    let named: Vec<String> = parts.iter().map(Part::name).collect();
    let which = match named.split_last() {
        Some((last, others)) => format!("one of {} and {last}", others.join(", ")),
        None => "one of the tests".to_owned(),
    };
    format!("take {which} out, or put them under `any` if one of them is enough")
}

/// Something that must hold, with what it was made from.
struct Part<'a, 't> {
    written: &'a ast::Condition<'t>,
    condition: &'a Condition,
}

/// Collects all that must hold at once.
fn part<'a, 't>(written: &'a ast::Condition<'t>, condition: &'a Condition, parts: &mut Vec<Part<'a, 't>>) {
    match (written, condition) {
        (ast::Condition::All(written), Condition::All(conditions)) => {
            written.iter().zip(conditions).for_each(|(written, condition)| part(written, condition, parts));
        }
        _ => parts.push(Part { written, condition }),
    }
}

/// Leaves out one part after the other without which no request passes either.
fn fewest<'a, 't>(solver: &mut Solver, mut parts: Vec<Part<'a, 't>>) -> Vec<Part<'a, 't>> {
    let mut at = 0;
    while at < parts.len() && parts.len() > 1 {
        let left_out = parts.remove(at);
        let formula = Formula::All(parts.iter().map(|part| Formula::Holds(part.condition)).collect());
        let passes = |views: &Views<'_>| parts.iter().all(|part| part.condition.holds(views));
        if !matches!(solver.find(&formula, |facts| passes(&Views::of(facts))), Answer::None) {
            parts.insert(at, left_out);
            at += 1;
        }
    }
    parts
}

impl Part<'_, '_> {
    fn place(&self) -> Option<Place> {
        match self.written {
            ast::Condition::Any(_, place) | ast::Condition::Not(_, place) => Some(*place),
            ast::Condition::Test(test) => Some(Place { end: test.argument.place.end, ..test.matcher.place }),
            ast::Condition::Always | ast::Condition::All(_) | ast::Condition::Reported => None,
        }
    }

    fn name(&self) -> String {
        match self.condition {
            Condition::Test(test) => format!("`{}`", test.sentence),
            Condition::Any { .. } => "`any`".to_owned(),
            Condition::Not { inner, .. } => match &**inner {
                Condition::Test(test) => format!("`not {}`", test.sentence),
                _ => "`not`".to_owned(),
            },
            Condition::Always | Condition::All(_) => "`all`".to_owned(),
        }
    }

    /// Why it never holds, and what to do.
    fn alone(&self) -> (String, String) {
        let (why, help) = match (self.written, self.condition) {
            (ast::Condition::Any(..), _) => {
                ("no branch of this `any` can hold".to_owned(), "mend one of the branches, or remove the rule")
            }
            (ast::Condition::Not(..), _) => {
                ("what stands under `not` always holds".to_owned(), "test for less under `not`, or remove the rule")
            }
            (ast::Condition::Test(test), _) if test.matcher.value.name == "matches" => (
                format!("no `{}` can match this pattern", test.field.value.name()),
                "mend the pattern, or remove the rule; `^` and `$` are the ends of the whole text",
            ),
            _ => (format!("nothing passes {}", self.name()), "change the test, or remove the rule"),
        };
        (why, help.to_owned())
    }
}
