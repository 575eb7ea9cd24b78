//! Patterns without what stands around and between the texts that they look for.

use regex_syntax::hir::{Class, ClassUnicode, Dot, Hir, HirKind, Look, Repetition, literal::Extractor};

use crate::{
    analysis::sample::{self, End},
    engine::Expression,
    matchers, text,
};

/// A class of more characters stands for anything.
const MAX_CLASS: usize = 16;

/// Of more texts no list is made.
const MAX_TEXTS: usize = 250;

/// The pattern, with what may be anything as short as it may be, and without word boundaries.
pub(super) fn bare(pattern: &Expression<'_>) -> Option<Hir> {
    let hir = sample::read(pattern)?;
    let hir = sample::trimmed(&sample::trimmed(&hir, End::First), End::Last);
    Some(stripped(&if pattern.is_folded { matchers::narrow(&hir) } else { hir }))
}

/// All texts that such a pattern matches from end to end, if they are few.
pub(super) fn texts(hir: &Hir) -> Option<Vec<String>> {
    let seq = Extractor::new().limit_class(MAX_TEXTS).limit_total(MAX_TEXTS).extract(hir);
    let literals = seq.literals().filter(|_| seq.is_exact())?;
    literals.iter().map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok()).collect()
}

/// The pattern as `name_lookalike` shows what it matches, and some more.
pub(super) fn looks(hir: &Hir) -> Hir {
    let shown = |character: char| {
        let written = character.to_string();
        let text = text::lookalike(&written);
        let literal = Hir::literal(text.as_bytes());
        // A mark and a space are there or not, depending on what stands before.
        if text.is_empty() { Hir::alternation(vec![literal, Hir::literal(written.as_bytes())]) } else { literal }
    };
    mapped(hir, &|hir| match hir.kind() {
        HirKind::Literal(literal) => Hir::concat(String::from_utf8_lossy(&literal.0).chars().map(shown).collect()),
        HirKind::Class(Class::Unicode(class)) => match few(class, MAX_TEXTS) {
            Some(characters) => Hir::alternation(characters.into_iter().map(shown).collect()),
            None => Hir::dot(Dot::AnyChar),
        },
        _ => hir.clone(),
    })
}

/// The characters of which all its texts consist, unless they are too many.
pub(super) fn characters(hir: &Hir) -> Option<Vec<char>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(Vec::new()),
        HirKind::Literal(literal) => Some(String::from_utf8_lossy(&literal.0).chars().collect()),
        HirKind::Class(Class::Unicode(class)) => few(class, MAX_TEXTS),
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => characters(&repetition.sub),
        HirKind::Capture(capture) => characters(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            let all: Option<Vec<Vec<char>>> = parts.iter().map(characters).collect();
            Some(all?.concat())
        }
    }
}

/// The characters of a class, if it has at most so many.
fn few(class: &ClassUnicode, most: usize) -> Option<Vec<char>> {
    let characters = class.iter().flat_map(|range| range.start()..=range.end());
    let few: Vec<char> = characters.take(most + 1).collect();
    (few.len() <= most).then_some(few)
}

/// The same with other leaves.
fn mapped(hir: &Hir, leaf: &impl Fn(&Hir) -> Hir) -> Hir {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => leaf(hir),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(mapped(&repetition.sub, leaf));
            Hir::repetition(Repetition { sub, ..repetition.clone() })
        }
        HirKind::Capture(capture) => mapped(&capture.sub, leaf),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| mapped(part, leaf)).collect()),
        HirKind::Alternation(branches) => {
            Hir::alternation(branches.iter().map(|branch| mapped(branch, leaf)).collect())
        }
    }
}

fn stripped(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(look) if !is_end(*look) => Hir::empty(),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
        HirKind::Repetition(repetition) => {
            let max = if is_anything(&repetition.sub) { Some(repetition.min) } else { repetition.max };
            let sub = Box::new(stripped(&repetition.sub));
            Hir::repetition(Repetition { max, sub, ..repetition.clone() })
        }
        HirKind::Capture(capture) => stripped(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(stripped).collect()),
        HirKind::Alternation(branches) => Hir::alternation(branches.iter().map(stripped).collect()),
    }
}

fn is_end(look: Look) -> bool {
    matches!(look, Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF)
}

fn is_anything(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => few(class, MAX_CLASS).is_none(),
        HirKind::Capture(capture) => is_anything(&capture.sub),
        HirKind::Alternation(branches) => branches.iter().any(is_anything),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, all: Option<&[&str]>) {
        let bare = bare(&Expression { text: pattern, is_folded: true }).unwrap();
        let mut found = texts(&bare);
        found.iter_mut().for_each(|found| found.sort());
        assert_eq!(found, all.map(|all| all.iter().map(ToString::to_string).collect()), "{pattern}");
    }

    #[test]
    fn the_texts_of_a_pattern_are_what_it_looks_for_and_nothing_besides() {
        check("casino.{0,10}bonus", Some(&["casinobonus"]));
        check(r"\bc[a4]sino\b.*", Some(&["c4sino", "casino"]));
        check("^(vx|微信)[a-z0-9]*$", Some(&["vx", "微信"]));
        check("bets?[!. ]*x", None);
        check("vx[a-z0-9]{5,20}x", None);
    }
}
