//! What follows from tests that compare with exact sets of texts: few texts stand for all.

use jiff::Timestamp;

use crate::{
    analysis::{
        atom::{Atom, Axis},
        cells::{Cell, Choice, atoms, languages},
        formula::Question,
    },
    engine::{Bounds, Language},
    facts::Field,
    text::set::TextSet,
};

/// A text that stands for all that are in none of the sets.
pub(super) fn fresh(question: &Question<'_>, axis: Axis) -> String {
    let sets = sets(question, axis);
    let is_free = |text: &String| !sets.iter().any(|set| set.contains(text));
    let names = std::iter::once("someone".to_owned()).chain((1..).map(|number| format!("someone{number}")));
    names.into_iter().find(is_free).unwrap_or_default()
}

/// The sets of texts that a part is compared with, each once.
fn sets<'r>(question: &Question<'r>, axis: Axis) -> Vec<&'r TextSet> {
    let mut sets: Vec<&TextSet> = Vec::new();
    for language in languages(question, axis) {
        if let Language::Texts(set) = language
            && !sets.iter().any(|other| std::ptr::eq(*other, set))
        {
            sets.push(set);
        }
    }
    sets
}

/// The only names for which the formula may hold, where it wants the name to be one of some texts. All views are made of the
/// name as it was sent, and all others of the prepared one.
pub(super) fn pinned(question: &Question<'_>, at: Timestamp) -> Option<Vec<Cell>> {
    let is_raw = |(_, atom): (usize, &Atom<'_>)| atom.test().is_some_and(|test| test.field == Field::NameRaw);
    let field = if atoms(question, Axis::Name).any(is_raw) { Field::NameRaw } else { Field::Name };
    let mut texts: Vec<&str> = Vec::new();
    let mut truths = vec![None; question.atoms.len()];
    for (index, atom) in atoms(question, Axis::Name) {
        let bounds = atom.bounds().filter(|_| atom.test().is_some_and(|test| test.field == field));
        if let (Some(Bounds { over: Language::Texts(set), under: None }), Some(slot)) = (bounds, truths.get_mut(index))
        {
            texts.extend(set.iter());
            *slot = Some(false);
        }
    }
    if texts.is_empty() || question.value(&truths) != Some(false) {
        return None;
    }
    let names = texts.into_iter().map(|text| Choice::Text(Axis::Name, Some(text.to_owned())));
    Some(names.map(|name| name.cell(question, Axis::Name, at)).collect())
}

/// An absent text, one for each way to lie in the sets that a part is compared with, and some more; `None` where there are
/// more than `most`. Of the largest set, one text that is in no other stands for all such.
pub(super) fn all_texts(question: &Question<'_>, axis: Axis, most: usize) -> Option<Vec<Option<String>>> {
    let mut sets = sets(question, axis);
    sets.sort_by_key(|set| set.len());
    let largest = sets.pop();
    if sets.iter().map(|set| set.len()).sum::<usize>() > most {
        return None;
    }
    let alone = largest.and_then(|largest| largest.iter().find(|text| !sets.iter().any(|set| set.contains(text))));
    let mut known: Vec<&str> = sets.iter().flat_map(|set| set.iter()).chain(alone).collect();
    known.sort_by_key(|text| (text.len(), *text));
    known.dedup();
    let absent = axis.field().is_optional().then_some(None);
    let known = known.into_iter().map(|text| Some(text.to_owned()));
    Some(absent.into_iter().chain([Some(fresh(question, axis))]).chain(known).collect())
}
