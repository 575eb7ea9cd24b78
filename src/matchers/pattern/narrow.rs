//! Takes out of a pattern what cannot occur in folded text.
//!
//! A pattern that is read case-insensitively has a class for each letter, such as `[kK\u{212A}]`. In folded text only one of
//! these occurs, and a class of one is a literal, which can be looked for.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

use crate::text;

/// Larger classes are not looked into: they are no literals anyway.
const MAX_CHARACTERS: u32 = 64;

/// A pattern that finds the same in folded text, without groups.
pub fn narrow(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => hir.clone(),
        HirKind::Class(Class::Unicode(class)) => Hir::class(Class::Unicode(narrowed(class))),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(narrow(&repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition.clone() })
        }
        HirKind::Capture(capture) => narrow(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(narrow).collect()),
        HirKind::Alternation(branches) => Hir::alternation(branches.iter().map(narrow).collect()),
    }
}

fn narrowed(class: &ClassUnicode) -> ClassUnicode {
    let size = |range: &ClassUnicodeRange| u32::from(range.end()) - u32::from(range.start()) + 1;
    if class.iter().map(size).sum::<u32>() > MAX_CHARACTERS {
        return class.clone();
    }
    let characters = class.iter().flat_map(|range| range.start()..=range.end());
    ClassUnicode::new(characters.filter(|c| text::is_folded(*c)).map(|c| ClassUnicodeRange::new(c, c)))
}

#[cfg(test)]
mod tests {
    use regex_syntax::ParserBuilder;

    use super::*;

    #[track_caller]
    fn check(pattern: &str, narrower: &str) {
        let hir = ParserBuilder::new().case_insensitive(true).build().parse(pattern).unwrap();
        assert_eq!(narrow(&hir).to_string(), narrower, "{pattern}");
    }

    #[test]
    fn letters_become_literals() {
        check("(casino|spiel)s?", "(?:(?:(?:casino)|(?:spiel))s?)");
        check("kаѕ[0-9]{2}", "(?:(?:kаѕ)[0-9]{2})");
        check("c[a4@]s", "(?:c[4@a]s)");
        check("[^a]", "[\0-@B-`b-\u{10ffff}]");
    }
}
