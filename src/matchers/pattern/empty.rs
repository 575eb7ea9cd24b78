//! Whether a pattern can be found in every text, because all of it may be left out.

use regex_syntax::hir::{Hir, HirKind, Look};

/// The ways through a pattern without any character, by the ends of the text that they ask for: one bit for each of
/// no end, the start, the end and both.
type Ways = u8;

const NONE: Ways = 1;
const START: Ways = 1 << 1;
const END: Ways = 1 << 2;

/// Whether the pattern is found in every text; `^$` is not: it is found in the empty one alone.
pub(in crate::matchers) fn is_everywhere(hir: &Hir) -> bool {
    ways(hir) & (NONE | START | END) != 0
}

fn ways(hir: &Hir) -> Ways {
    match hir.kind() {
        HirKind::Empty => NONE,
        HirKind::Literal(_) | HirKind::Class(_) => 0,
        HirKind::Look(look) => match look {
            Look::Start | Look::StartLF | Look::StartCRLF => START,
            Look::End | Look::EndLF | Look::EndCRLF => END,
            // Where a word begins or ends is not in every text.
            _ => 0,
        },
        HirKind::Repetition(repetition) if repetition.min == 0 => NONE | ways(&repetition.sub),
        HirKind::Repetition(repetition) => ways(&repetition.sub),
        HirKind::Capture(capture) => ways(&capture.sub),
        HirKind::Alternation(branches) => branches.iter().fold(0, |found, branch| found | ways(branch)),
        HirKind::Concat(parts) => parts.iter().fold(NONE, |found, part| joined(found, ways(part))),
    }
}

/// Every way of the first followed by every way of the second: it asks for what either asks for.
fn joined(first: Ways, second: Ways) -> Ways {
    let pairs = (0..4).flat_map(|one| (0..4).map(move |other| (one, other)));
    let both = pairs.filter(|(one, other)| first >> one & 1 == 1 && second >> other & 1 == 1);
    both.fold(0, |found, (one, other)| found | 1 << (one | other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_of_which_all_may_be_left_out_is_everywhere() {
        for pattern in
            ["微信|", "(a|)", "x*", ".*", "^", "$", "^x*", "x?$", "^a|b|$", "(?:a?b?){2,5}", "(?m)^", "(|^$)"]
        {
            assert!(is_everywhere(&regex_syntax::parse(pattern).unwrap()), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_asks_for_something_is_not() {
        for pattern in ["^$", "^(a|b)?$", "a", "x+", r"\b", "^(?:a*)$", "a?b", "(?:^|a)(?:$|b)c", r"^\s*$", "(?:^$)+"] {
            assert!(!is_everywhere(&regex_syntax::parse(pattern).unwrap()), "{pattern}");
        }
    }
}
