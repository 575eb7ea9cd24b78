//! Names that are made for a question: longer ones, several texts together, taken apart, and of other scripts.

use jiff::Timestamp;

use crate::{
    analysis::{
        atom::{Atom, Axis},
        cells::{self, Cell, Choice, LONGEST_SAMPLE, atoms, languages},
        formula::Question,
    },
    engine::Language,
    facts::Field,
};

/// Texts of the tests that names are made of.
const MOST: usize = 6;

/// A word of each of some scripts, and one that mixes two of them.
const SCRIPTS: [&str; 11] =
    ["раypal", "привет", "γεια", "նա", "赌场", "สวัสดี", "שלום", "مرحبا", "नमस्ते", "こんにちは", "안녕"];

/// The cells of those names.
pub(super) fn cells(question: &Question<'_>, at: Timestamp) -> Vec<Cell> {
    let texts = cells::texts(question, Axis::Name, MOST);
    let texts: Vec<&str> = texts.iter().flatten().take(MOST).map(String::as_str).collect();
    let names =
        longer(question, &texts).chain(together(&texts)).chain(apart(question, &texts)).chain(foreign(question));
    let choices = names.map(|name| Choice::Text(Axis::Name, Some(name))).collect();
    cells::distinct(question, Axis::Name, at, choices)
}

/// Each as long as some test wants it.
fn longer<'q>(question: &'q Question<'_>, texts: &'q [&str]) -> impl Iterator<Item = String> + 'q {
    let tests = atoms(question, Axis::Name).filter_map(|(_, atom)| atom.test());
    let characters = tests.filter_map(|test| test.matcher.length().map(|range| *range.start()));
    let bytes = languages(question, Axis::Name).into_iter().filter_map(|language| match language {
        Language::Bytes(range) | Language::Characters(range) => Some(*range.start()),
        _ => None,
    });
    let lengths: Vec<usize> = characters.chain(bytes).filter(|length| *length <= LONGEST_SAMPLE).collect();
    lengths.into_iter().flat_map(move |length| {
        let rest = move |text: &str| length.saturating_sub(text.chars().count() + 1).max(1);
        texts.iter().map(move |text| format!("{text} {}", "a".repeat(rest(text))))
    })
}

/// Two of them, one behind the other.
fn together<'q>(texts: &'q [&str]) -> impl Iterator<Item = String> + 'q {
    texts
        .iter()
        .flat_map(move |one| texts.iter().filter(move |other| *other != one).map(move |other| format!("{one} {other}")))
}

/// For the view that puts letters together.
fn apart<'q>(question: &'q Question<'_>, texts: &'q [&str]) -> impl Iterator<Item = String> + 'q {
    let is_squeezed = atoms(question, Axis::Name).any(|(_, atom)| atom.field() == Some(Field::NameSqueezed));
    texts.iter().filter(move |_| is_squeezed).map(|text| text.chars().flat_map(|letter| [letter, '.']).collect())
}

/// For tests of scripts, of which nothing else is known.
fn foreign(question: &Question<'_>) -> impl Iterator<Item = String> {
    let is_unknown = |atom: &Atom<'_>| atom.bounds().is_some_and(|bounds| matches!(bounds.over, Language::Every));
    let is_wanted = atoms(question, Axis::Name).any(|(_, atom)| is_unknown(atom));
    SCRIPTS.into_iter().filter(move |_| is_wanted).map(str::to_owned)
}
