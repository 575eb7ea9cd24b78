//! Of a set of texts that is too large for a table, those that the other tests of a question speak of: enough to prove that
//! a list with a million words has the one that matters.

use crate::{
    analysis::{
        atom::Axis,
        cells::atoms,
        formula::Question,
        table::{MAX_TEXT_BYTES, Table},
    },
    engine::{Language, Test},
    text::set::TextSet,
};

/// A table of texts that all pass a test; there may be more that do.
pub(super) fn under(question: &Question<'_>, test: &Test) -> Option<Table> {
    let bounds = test.matcher.bounds();
    let large = bounds.under.as_ref().unwrap_or(&bounds.over);
    let others =
        atoms(question, Axis::Name).filter_map(|(_, atom)| atom.test()).filter(|other| other.field == test.field);
    let spoken: Vec<String> = others.flat_map(spoken).collect();
    let is_near = |text: &&str| spoken.iter().any(|other| other.contains(*text) || text.contains(other.as_str()));
    let alone = std::slice::from_ref(large);
    let languages = if let Language::AnyOf(languages) = large { languages } else { alone };
    let sets: Option<Vec<TextSet>> = languages.iter().map(|language| Some(near(texts(language)?, is_near))).collect();
    let sets = sets?;
    let near = languages.iter().zip(&sets).map(|(language, near)| match language {
        Language::Texts(_) => Language::Texts(near),
        Language::Starts(_) => Language::Starts(near),
        Language::Ends(_) => Language::Ends(near),
        _ => Language::Parts(near),
    });
    Table::of(&Language::AnyOf(near.collect())).ok()
}

/// As many texts of a set as fit into a table.
fn near(set: &TextSet, is_near: impl Fn(&&str) -> bool) -> TextSet {
    let mut bytes = 0;
    let fits = |text: &&str| {
        bytes += text.len();
        bytes <= MAX_TEXT_BYTES
    };
    set.iter().filter(is_near).take_while(fits).collect()
}

fn texts<'m>(language: &Language<'m>) -> Option<&'m TextSet> {
    match language {
        Language::Texts(set) | Language::Starts(set) | Language::Ends(set) | Language::Parts(set) => Some(set),
        _ => None,
    }
}

/// The texts of a test that has few.
fn spoken(test: &Test) -> Vec<String> {
    let bounds = test.matcher.bounds();
    let Some(set) = texts(&bounds.over) else { return Vec::new() };
    let bytes: usize = set.iter().take(MAX_TEXT_BYTES + 1).map(|text| text.len().max(1)).sum();
    if bytes > MAX_TEXT_BYTES { Vec::new() } else { set.iter().map(str::to_owned).collect() }
}
