//! The texts of which one occurs in whatever a pattern matches.

use std::cmp::Reverse;

use regex_automata::util::look::{Look, LookSet};
use regex_syntax::hir::{
    Hir, HirKind,
    literal::{Extractor, Seq},
};

/// The most texts that all a pattern matches may be, so that it needs no engine.
const MAX_WHOLE: usize = 250;

/// The most texts that a pattern is looked for by.
const MAX_REQUIRED: usize = 64;

/// Of a larger class no character is looked for.
const MAX_CLASS: usize = 32;

/// From so many bytes on a longer text is not rarer.
const LONG: usize = 4;

/// A pattern is looked at from so many places of it: each costs time.
const MAX_STARTS: usize = 32;

/// A pattern that matches a few texts and nothing else.
#[derive(Debug)]
pub(super) struct Whole {
    /// The texts in order of preference.
    pub(super) texts: Vec<Box<str>>,
    /// What must hold where one begins.
    pub(super) before: LookSet,
    /// What must hold where one ends.
    pub(super) after: LookSet,
}

/// All that a pattern matches, if that is few texts of at most so many bytes together.
pub(super) fn whole(hir: &Hir, most: usize) -> Option<Whole> {
    let parts = if let HirKind::Concat(parts) = hir.kind() { parts.as_slice() } else { std::slice::from_ref(hir) };
    let leading = parts.iter().map_while(look).collect::<Vec<Look>>();
    let trailing = parts.iter().rev().map_while(look).collect::<Vec<Look>>();
    let middle = parts.get(leading.len()..parts.len().checked_sub(trailing.len())?)?;
    let middle = Hir::concat(middle.to_vec());
    let seq = extractor(MAX_WHOLE).extract(&middle);
    if !middle.properties().look_set().is_empty() || !seq.is_exact() {
        return None;
    }
    let texts = texts(&seq)?;
    if texts.iter().map(|text| text.len()).sum::<usize>() > most {
        return None;
    }
    let set = |looks: Vec<Look>| looks.into_iter().fold(LookSet::empty(), LookSet::insert);
    Some(Whole { texts, before: set(leading), after: set(trailing) })
}

fn extractor(most: usize) -> Extractor {
    let mut extractor = Extractor::new();
    extractor.limit_class(MAX_CLASS).limit_total(most);
    extractor
}

fn look(hir: &Hir) -> Option<Look> {
    // The two crates number them alike; `looks_are_numbered_alike` checks it.
    if let HirKind::Look(look) = hir.kind() { Look::from_repr(look.as_repr()) } else { None }
}

/// Texts of which one occurs in whatever the pattern matches; none where there are no such texts, or they are in every
/// other name.
pub(super) fn required(hir: &Hir) -> Vec<Box<str>> {
    let mut texts = best(hir).map(|found| found.texts).unwrap_or_default();
    // Whoever has the longer text has the shorter one.
    texts.sort_by_key(|text| text.len());
    let mut rarest: Vec<Box<str>> = Vec::with_capacity(texts.len());
    for text in texts {
        if !rarest.iter().any(|shorter| text.contains(&**shorter)) {
            rarest.push(text);
        }
    }
    rarest
}

struct Found {
    texts: Vec<Box<str>>,
    worth: (usize, Reverse<usize>),
}

impl Found {
    /// `None` for what is in every other name.
    fn of(texts: Vec<Box<str>>) -> Option<Found> {
        let is_common = |text: &str| matches!(text.as_bytes(), [byte] if byte.is_ascii_alphanumeric() || *byte == b' ');
        let least = texts.iter().map(|text| text.len()).min()?;
        let worth = (least.min(LONG), Reverse(texts.len()));
        (texts.len() <= MAX_REQUIRED && !texts.iter().any(|text| is_common(text))).then_some(Found { texts, worth })
    }
}

fn best(hir: &Hir) -> Option<Found> {
    let deeper = match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Alternation(branches) => {
            let found: Option<Vec<Found>> = branches.iter().map(best).collect();
            found.and_then(|found| Found::of(found.into_iter().flat_map(|found| found.texts).collect()))
        }
        HirKind::Concat(parts) => {
            let starts = (1..parts.len()).take(MAX_STARTS);
            let rests = starts.filter_map(|start| beginning(&Hir::concat(parts.get(start..)?.to_vec())));
            rests.chain(parts.iter().filter_map(best)).reduce(better)
        }
        _ => None,
    };
    [beginning(hir), deeper].into_iter().flatten().reduce(better)
}

fn better(one: Found, other: Found) -> Found {
    if other.worth > one.worth { other } else { one }
}

/// The texts that a pattern begins with.
fn beginning(hir: &Hir) -> Option<Found> {
    Found::of(texts(&extractor(MAX_REQUIRED).extract(hir))?)
}

/// The texts of a sequence, cut at whole characters; `None` if there are none, or one is empty.
fn texts(seq: &Seq) -> Option<Vec<Box<str>>> {
    let texts = seq.literals().filter(|literals| !literals.is_empty())?.iter().map(|literal| {
        let whole = literal.as_bytes().utf8_chunks().next()?.valid();
        (!whole.is_empty()).then(|| whole.into())
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use regex_syntax::hir;

    use super::*;

    fn parse(pattern: &str) -> Hir {
        super::super::narrow::narrow(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn looks_are_numbered_alike() {
        for look in hir::LookSet::full().iter() {
            assert_eq!(Look::from_repr(look.as_repr()).map(Look::as_char), Some(look.as_char()), "{look:?}");
        }
    }

    #[test]
    fn a_pattern_of_few_texts_is_these_texts() {
        let whole = |pattern| {
            whole(&parse(pattern), 64).map(|whole| (whole.texts.join(" "), whole.before.len(), whole.after.len()))
        };
        let texts = |texts: &str, before, after| Some((texts.to_owned(), before, after));
        assert_eq!(whole("casino"), texts("casino", 0, 0));
        assert_eq!(whole("(casino|赌场)s?"), texts("casinos casino 赌场s 赌场", 0, 0));
        assert_eq!(whole("c[a4]s"), texts("c4s cas", 0, 0));
        assert_eq!(whole(r"^\bvip"), texts("vip", 2, 0));
        assert_eq!(whole(r"\b(?:a|ab)$"), texts("a ab", 1, 1));
        for not in ["vx.*", "a*", "^$", "^a|b", r"a\bb", "[^a]", "x?", &"[ab]".repeat(9)] {
            assert_eq!(whole(not), None, "{not}");
        }
    }

    #[test]
    fn the_rarest_texts_are_required() {
        for (pattern, texts) in [
            ("vx[ :_-]*[a-z0-9]{5,20}", "vx"),
            ("(vx|wechat|微信)[ :_-]*[a-z0-9_-]{5,20}", "vx wechat 微信"),
            ("[0-9]+ free .* coins", " free "),
            ("[a-z]+(?:casino|bet365)+[0-9]", "bet365 casino"),
            (".*赌.{0,3}场", "赌"),
            ("(?:casino|casinos)[0-9]", "casino"),
            ("(?:a.*casino|b.*bonus)", "bonus casino"),
        ] {
            let mut found: Vec<Box<str>> = required(&parse(pattern));
            found.sort_by_key(|text| (text.len(), text.clone()));
            assert_eq!(found.join(" "), texts, "{pattern}");
        }
        for pattern in ["[0-9]{11}", r"\w+@\w+", "a.*b", "(?:casino)?[0-9]", "casino|[0-9]+", ".+"] {
            if pattern != r"\w+@\w+" {
                assert!(required(&parse(pattern)).is_empty(), "{pattern}");
            }
        }
        assert_eq!(required(&parse(r"\w+@\w+")).join(" "), "@");
    }
}
