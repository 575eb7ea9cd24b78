//! The way back from a view of a text to what the user typed.

use std::ops::Range;

use super::{
    fold::prepare,
    lookalike::{self, Step},
    squeezed,
};

/// A view of a text that knows where each of its characters comes from.
#[derive(Debug)]
pub struct Trace {
    /// The text of the view.
    pub text: String,
    characters: Vec<Character>,
}

#[derive(Debug)]
struct Character {
    seen: Range<usize>,
    raw: Range<usize>,
}

impl Trace {
    /// Folds a text, as [`fold`](fn@super::fold) does.
    pub fn of(raw: &str) -> Trace {
        let mut trace = Trace::sized(raw.len());
        prepare(raw, |character, raw| trace.put(character, raw));
        trace
    }

    /// Makes [`lookalike`](fn@super::lookalike) of a folded text.
    pub fn lookalike(self) -> Trace {
        let mut trace = Trace::sized(self.text.len());
        lookalike::each(self.characters(), |step, raw| trace.take(step, raw));
        trace
    }

    /// Makes [`squeezed`](fn@super::squeezed) of what a text looks like.
    pub fn squeezed(self) -> Trace {
        let mut trace = Trace::sized(self.text.len());
        squeezed::each(self.characters(), |step, raw| trace.take(step, raw));
        trace
    }

    fn sized(length: usize) -> Trace {
        Trace { text: String::with_capacity(length), characters: Vec::with_capacity(length) }
    }

    fn characters(&self) -> impl Iterator<Item = (char, Range<usize>)> {
        self.text.chars().zip(self.characters.iter().map(|it| it.raw.clone()))
    }

    fn put(&mut self, character: char, raw: Range<usize>) {
        let start = self.text.len();
        self.text.push(character);
        self.characters.push(Character { seen: start..self.text.len(), raw });
    }

    fn take(&mut self, step: Step, raw: Range<usize>) {
        match step {
            Step::Put(character) => self.put(character, raw),
            Step::Join => self.join(raw),
        }
    }

    /// Lets the last character come from these bytes too.
    fn join(&mut self, raw: Range<usize>) {
        if let Some(last) = self.characters.last_mut() {
            last.raw = cover(&last.raw, &raw);
        }
    }

    /// The bytes of the raw text that produced the bytes `range` of the view, whole characters always; an empty range
    /// leads to an empty one.
    ///
    /// Invisible characters between two that count are covered, those outside are not. Whatever the range is, the
    /// answer lies in the raw text.
    pub fn raw_range(&self, range: Range<usize>) -> Range<usize> {
        if range.is_empty() {
            let at = self.raw_place(range.start);
            return at..at;
        }
        let hit = self.characters.iter().filter(|it| it.seen.start < range.end && range.start < it.seen.end);
        let covered = hit.map(|it| it.raw.clone()).reduce(|all, raw| cover(&all, &raw));
        covered.unwrap_or_else(|| {
            let end = self.raw_place(range.start);
            end..end
        })
    }

    /// Where the character at a place of the view begins in the raw one; after the last, where that ends.
    fn raw_place(&self, at: usize) -> usize {
        let next = self.characters.iter().find(|it| at < it.seen.end);
        let last = self.characters.last();
        next.map(|it| it.raw.start).or(last.map(|it| it.raw.end)).unwrap_or_default()
    }
}

fn cover(one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    one.start.min(other.start)..one.end.max(other.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, part: &str, typed: &str) {
        check_view(&Trace::of(raw), raw, part, typed);
    }

    #[track_caller]
    fn check_view(trace: &Trace, raw: &str, part: &str, typed: &str) {
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
    fn what_looks_alike_leads_to_the_look() {
        let raw = "the Pа\u{301}\u{336}ypaI\u{301} shop";
        check_view(&Trace::of(raw).lookalike(), raw, "paypai", "Pа\u{301}\u{336}ypaI\u{301}");
    }

    #[test]
    fn a_squeezed_run_leads_to_all_of_it() {
        let raw = "x a.d.mm.і.NN ok";
        check_view(&Trace::of(raw).lookalike().squeezed(), raw, "admin", "a.d.mm.і.NN");
        check_view(&Trace::of("ㄱ.ㅏ").lookalike().squeezed(), "ㄱ.ㅏ", "가", "ㄱ.ㅏ");
        check_view(&Trace::of("x가ㄱ.ㅏ!").lookalike().squeezed(), "x가ㄱ.ㅏ!", "가", "가ㄱ.ㅏ");
    }

    #[test]
    fn nothing_leads_to_nothing() {
        let trace = Trace::of("\u{200b}");
        assert_eq!(trace.raw_range(0..9), 0..0);
        assert_eq!(Trace::of("ab\u{200b}").raw_range(7..9), 2..2);
    }
}
