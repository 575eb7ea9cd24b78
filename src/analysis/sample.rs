//! Patterns as trees: a short text that one is found in, and what of it matters where anything may stand around it.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, ClassUnicodeRange, Hir, HirKind, Repetition},
};

use crate::engine::Expression;

/// Longer texts are not made.
const LONGEST: usize = 200;

/// What reads best, first.
const READABLE: &str = "abcdefghijklmnopqrstuvwxyz0123456789-_.,";

/// The pattern as it is matched; `None` if it cannot be read.
pub(super) fn read(pattern: &Expression<'_>) -> Option<Hir> {
    ParserBuilder::new().case_insensitive(pattern.is_folded).utf8(true).build().parse(pattern.text).ok()
}

/// A text that the pattern is probably found in.
pub(super) fn sample(hir: &Hir) -> Option<String> {
    let mut text = String::new();
    put(hir, &mut text)?;
    Some(text)
}

fn put(hir: &Hir, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let has = |character: &char| class.iter().any(|range| (range.start()..=range.end()).contains(character));
            let first = || class.iter().next().map(ClassUnicodeRange::start);
            text.push(READABLE.chars().find(has).or_else(first)?);
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min {
                put(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => put(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| put(part, text))?,
        HirKind::Alternation(branches) => put(branches.first()?, text)?,
    }
    (text.len() <= LONGEST).then_some(())
}

/// An end of a pattern beside which anything may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// The same pattern where anything may stand beside an end: of what repeats there, the fewest are enough. Otherwise a
/// table would count the others, which takes a state for each way to count them.
pub(super) fn trimmed(hir: &Hir, end: End) -> Hir {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            Hir::repetition(Repetition { max: Some(repetition.min), ..repetition.clone() })
        }
        HirKind::Capture(capture) => trimmed(&capture.sub, end),
        HirKind::Alternation(branches) => {
            Hir::alternation(branches.iter().map(|branch| trimmed(branch, end)).collect())
        }
        HirKind::Concat(parts) => {
            let mut parts = parts.clone();
            let outer = if end == End::First { parts.first_mut() } else { parts.last_mut() };
            if let Some(outer) = outer {
                *outer = trimmed(outer, end);
            }
            Hir::concat(parts)
        }
        _ => hir.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hir(text: &str) -> Hir {
        read(&Expression { text, is_folded: false }).unwrap()
    }

    #[test]
    fn a_sample_is_short_and_readable() {
        assert_eq!(sample(&hir(r"(vx|wechat)[ :_-]*[a-z0-9_-]{5,20}$")).unwrap(), "vxaaaaa");
        assert_eq!(sample(&hir(r"\b\d{3,}\p{Han}?")).unwrap(), "000");
        assert_eq!(sample(&hir("a{999}")), None);
    }

    #[test]
    fn what_repeats_at_an_end_is_counted_no_further_than_it_must() {
        let both = |text| trimmed(&trimmed(&hir(text), End::First), End::Last).to_string();
        assert_eq!(both("a{2,9}xb{5,20}"), hir("a{2}xb{5}").to_string());
        assert_eq!(both("(x|yz*)"), hir("x|y").to_string());
        assert_eq!(both("^a+$"), hir("^a+$").to_string());
    }
}
