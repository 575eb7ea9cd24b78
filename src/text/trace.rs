//! The way back from a folded text to what the user typed.

use std::ops::Range;

use super::fold::prepare;

/// A folded text that knows where each of its characters comes from.
#[derive(Debug)]
pub struct Trace {
    /// The folded text, as [`fold`](fn@super::fold) gives it.
    pub text: String,
    characters: Vec<Character>,
}

#[derive(Debug)]
struct Character {
    folded: Range<usize>,
    raw: Range<usize>,
}

impl Trace {
    /// Folds a text.
    pub fn of(raw: &str) -> Trace {
        let mut trace = Trace { text: String::with_capacity(raw.len()), characters: Vec::with_capacity(raw.len()) };
        prepare(raw, |character, raw| {
            let start = trace.text.len();
            trace.text.push(character);
            trace.characters.push(Character { folded: start..trace.text.len(), raw });
        });
        trace
    }

    /// The bytes of the raw text that produced the bytes `range` of the folded text, whole characters always; an empty
    /// range leads to an empty one.
    ///
    /// Invisible characters between two that count are covered, those outside are not. Whatever the range is, the
    /// answer lies in the raw text.
    pub fn raw_range(&self, range: Range<usize>) -> Range<usize> {
        if range.is_empty() {
            let at = self.raw_place(range.start);
            return at..at;
        }
        let hit = self.characters.iter().filter(|it| it.folded.start < range.end && range.start < it.folded.end);
        let covered = hit.map(|it| it.raw.clone()).reduce(|all, raw| all.start.min(raw.start)..all.end.max(raw.end));
        covered.unwrap_or_else(|| {
            let end = self.raw_place(range.start);
            end..end
        })
    }

    /// Where the character at a place of the folded text begins in the raw one; after the last, where that ends.
    fn raw_place(&self, at: usize) -> usize {
        let next = self.characters.iter().find(|it| at < it.folded.end);
        let last = self.characters.last();
        next.map(|it| it.raw.start).or(last.map(|it| it.raw.end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, part: &str, typed: &str) {
        let trace = Trace::of(raw);
        let start = trace.text.find(part).unwrap();
        assert_eq!(raw.get(trace.raw_range(start..start + part.len())), Some(typed));
    }

    #[test]
    fn case_and_width_lead_back() {
        check("加 ＣＡＳｉｎｏ！", "casino", "ＣＡＳｉｎｏ");
    }

    #[test]
    fn invisible_characters_between_are_covered_and_those_outside_are_not() {
        check("\u{200b}c\u{200b}a\u{ad}t\u{200d}!", "cat", "c\u{200b}a\u{ad}t");
    }

    #[test]
    fn a_part_of_a_ligature_leads_to_the_whole() {
        check("oﬃce", "f", "ﬃ");
    }

    #[test]
    fn a_run_of_white_space_leads_back_whole() {
        check("a \u{3000}\tb", " ", " \u{3000}\t");
    }

    #[test]
    fn a_composed_character_covers_its_marks() {
        check("xa\u{302}\u{200b}\u{323}y", "ậ", "a\u{302}\u{200b}\u{323}");
    }

    #[test]
    fn nothing_leads_to_nothing() {
        let trace = Trace::of("\u{200b}");
        assert_eq!(trace.raw_range(0..9), 0..0);
        assert_eq!(Trace::of("ab\u{200b}").raw_range(7..9), 2..2);
    }
}
