//! The search of `contains_word`, and of `contains` with `ignoring`: an occurrence may not count.

use std::{
    cmp::Reverse,
    ops::Range,
    sync::{Arc, OnceLock},
};

use crate::{
    engine::{Bounds, Language, Matcher, Needs, Value},
    matchers::occurrences::Occurrences,
    text::{self, set::TextSet, word},
};

/// Which occurrences count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// All of them.
    Anywhere,
    /// Those that are words of their own.
    Word,
}

/// Texts, and texts inside which they do not count.
#[derive(Debug)]
pub(super) struct Search {
    texts: Arc<Occurrences>,
    ignored: Option<Arc<Occurrences>>,
    unit: Unit,
    /// Those of the texts that count wherever they occur; found when a proof first asks.
    sure: OnceLock<TextSet>,
}

impl Search {
    pub(super) fn of(texts: Arc<Occurrences>, unit: Unit) -> Search {
        Search { texts, ignored: None, unit, sure: OnceLock::new() }
    }

    /// The same, with texts that are ignored.
    pub(super) fn ignoring(self, ignored: Arc<Occurrences>) -> Search {
        Search { ignored: Some(ignored), ..self }
    }

    /// For each end the longest occurrence that is of the unit, where it counts.
    ///
    /// If that one lies inside an ignored text, every shorter one does. And the leftmost that counts, the longest at its
    /// place, is among them: what is longer at its place or begins before it would count as well.
    fn counted<'t>(&'t self, text: &'t str, value: Value<'t>) -> impl Iterator<Item = Range<usize>> + 't {
        let cover = self.ignored.as_ref().map(|ignored| ignored.cover(text));
        let ends = Ends { unit: self.unit, text, breaks: self.unit.breaks(value) };
        let longest = self.texts.ends(text).filter_map(move |(end, mut starts)| {
            let start = if ends.may_end(end) { starts.find(|start| ends.may_begin(*start)) } else { None };
            start.map(|start| start..end)
        });
        longest.filter(move |range| cover.as_ref().is_none_or(|cover| !cover.holds(range)))
    }
}

impl Unit {
    /// Where words of a value end though its text does not show it.
    fn breaks(self, value: Value<'_>) -> Vec<usize> {
        match (self, value) {
            (Unit::Word, Value::Looks { name, .. }) => text::breaks(name),
            _ => Vec::new(),
        }
    }
}

/// Where an occurrence in a text may begin and end.
struct Ends<'t> {
    unit: Unit,
    text: &'t str,
    /// In rising order.
    breaks: Vec<usize>,
}

impl Ends<'_> {
    fn may_begin(&self, at: usize) -> bool {
        self.unit == Unit::Anywhere || word::may_begin(self.text, at) || self.is_break(at)
    }

    fn may_end(&self, at: usize) -> bool {
        self.unit == Unit::Anywhere || word::may_end(self.text, at) || self.is_break(at)
    }

    fn is_break(&self, at: usize) -> bool {
        self.breaks.binary_search(&at).is_ok()
    }
}

impl Matcher for Search {
    fn bounds(&self) -> Bounds<'_> {
        let texts = &self.texts.texts;
        if self.ignored.is_some() {
            return Bounds::between(Language::Nothing, Language::Parts(texts));
        }
        let is_sure = |text: &&str| self.unit == Unit::Anywhere || word::is_word_anywhere(text);
        let sure = self.sure.get_or_init(|| texts.iter().filter(is_sure).collect());
        if sure.len() == texts.len() {
            return Bounds::exactly(Language::Parts(texts));
        }
        // The whole of a text is a word of its own.
        let under = [Language::Texts(texts), Language::Parts(sure)];
        Bounds::between(Language::AnyOf(under.into()), Language::Parts(texts))
    }

    fn needs(&self) -> Option<Vec<Needs<'_>>> {
        Some(vec![Needs::Parts(self.texts.texts.iter().collect())])
    }

    fn holds(&self, value: Value<'_>) -> bool {
        // Most texts hold none of the literals, and the first look is the fastest.
        value.text().is_some_and(|text| self.texts.any(text) && self.counted(text, value).next().is_some())
    }

    fn find(&self, value: Value<'_>) -> Option<Range<usize>> {
        self.counted(value.text()?, value).min_by_key(|range| (range.start, Reverse(range.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(unit: Unit, texts: &[&str], ignored: &[&str], text: &str, found: Option<&str>) {
        let of = |texts: &[&str]| Arc::new(Occurrences::of(Arc::new(texts.iter().copied().collect())).unwrap());
        let search = Search::of(of(texts), unit);
        let search = if ignored.is_empty() { search } else { search.ignoring(of(ignored)) };
        assert_eq!(
            search.find(Value::Text(text)).and_then(|range| text.get(range)),
            found,
            "{texts:?} {ignored:?} {text}"
        );
        assert_eq!(search.holds(Value::Text(text)), found.is_some(), "{texts:?} {ignored:?} {text}");
    }

    #[test]
    fn what_lies_inside_an_ignored_text_does_not_count() {
        let casino = |text, found| check(Unit::Anywhere, &["casino"], &["casino royale", "o casino"], text, found);
        casino("casino royal", Some("casino"));
        casino("my casino royale", None);
        casino("no casino", None);
        casino("casino royale casino", Some("casino"));
        casino("casino royale, casino", Some("casino"));
    }

    #[test]
    fn an_ignored_text_ignores_nothing_longer() {
        check(Unit::Anywhere, &["bet", "my bet"], &["y bet"], "my bet", Some("my bet"));
        check(Unit::Anywhere, &["ab", "bc"], &["ab"], "abc", Some("bc"));
        check(Unit::Anywhere, &["ab"], &["ab"], "abab", None);
        check(Unit::Anywhere, &["abcd"], &["ab", "cd", "bc"], "abcd", Some("abcd"));
    }

    #[test]
    fn the_leftmost_is_found_and_the_longest_there() {
        check(Unit::Anywhere, &["b", "bc", "abcd", "cde"], &["abcdx"], "bcde", Some("bc"));
        check(Unit::Word, &["bet", "bet now", "now"], &[], "bets bet now", Some("bet now"));
        check(Unit::Word, &["ab", "abc"], &[], "abc", Some("abc"));
        check(Unit::Word, &["bet", "alphabet"], &["alphabets"], "alphabet bet", Some("alphabet"));
    }

    #[test]
    fn an_ignored_text_need_not_be_a_word() {
        check(Unit::Word, &["bet"], &["bet365"], "a bet3659", None);
        check(Unit::Word, &["赌"], &["赌气"], "别赌气", None);
        check(Unit::Word, &["赌"], &["赌气"], "赌气赌", Some("赌"));
    }
}
