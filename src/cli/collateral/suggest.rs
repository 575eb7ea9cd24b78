//! What to ignore so that harmless names pass: every text that is told was put into the rules, loaded and asked.

use std::ops::Range;

use jiff::Timestamp;

use crate::{
    cli::{
        collateral::Refused,
        edited::{Edit, edited},
    },
    diagnostic::{Place, Sources},
    engine::{Condition, Rule, Snapshot, Views},
    facts::Facts,
    rules::{self, Input, NameTest, Samples},
    text::{self, word},
};

/// How often a changed set is loaded.
const MOST_LOADS: usize = 300;

/// Beside these `ignoring` can stand.
const HOSTS: [&str; 2] = ["contains", "contains_word"];

/// What a test should ignore.
pub(super) struct Suggestion {
    /// The id of the rule, and where it is written.
    pub(super) rule: String,
    pub(super) file: String,
    /// The line of the matcher, from 1.
    pub(super) line: usize,
    pub(super) matcher: &'static str,
    /// The list that the test ignores already: the texts belong into it.
    pub(super) list: Option<String>,
    pub(super) texts: Vec<String>,
}

impl Suggestion {
    fn add(&mut self, text: String) {
        if !self.texts.contains(&text) {
            self.texts.push(text);
        }
    }
}

/// A set, and how it was written.
pub(super) struct Set<'a> {
    pub(super) input: &'a Input,
    pub(super) sources: &'a Sources,
    pub(super) snapshot: &'a Snapshot,
    pub(super) samples: &'a [Samples],
    pub(super) at: Timestamp,
}

impl Set<'_> {
    /// What each rule should ignore; a name for which nothing helps is left out.
    pub(super) fn suggest(&self, refused: &[Refused<'_>]) -> Vec<Suggestion> {
        let mut loads = MOST_LOADS;
        let suggestions = self.samples.iter().flat_map(|samples| {
            let names: Vec<&Refused<'_>> = refused.iter().filter(|refused| refused.rule == samples.rule).collect();
            self.for_rule(samples, &names, &mut loads)
        });
        suggestions.collect()
    }

    fn for_rule(&self, samples: &Samples, names: &[&Refused<'_>], loads: &mut usize) -> Vec<Suggestion> {
        let tests: Vec<&NameTest> = samples.tests.iter().filter(|test| HOSTS.contains(&test.matcher)).collect();
        let Some(rule) = self.snapshot.rules.get(samples.rule).filter(|_| !tests.is_empty()) else { return Vec::new() };
        let mut texts: Vec<String> = Vec::new();
        let mut changed: Option<Snapshot> = None;
        for refused in names {
            let passes = |snapshot: &Snapshot| !self.holds(snapshot, &rule.id, refused.name);
            if changed.as_ref().is_some_and(passes) {
                continue;
            }
            for text in longer(refused.name, refused.found.clone()) {
                let Some(left) = loads.checked_sub(1) else { break };
                *loads = left;
                let more = [texts.as_slice(), &[text]].concat();
                if let Some(snapshot) = self.ignoring(&tests, &more).filter(passes) {
                    (texts, changed) = (more, Some(snapshot));
                    break;
                }
            }
        }
        let mut told: Vec<Suggestion> = Vec::new();
        for suggestion in tests.iter().filter_map(|test| self.told(rule, test, &texts)) {
            // Several tests may ignore the same list.
            match told.iter_mut().find(|other| other.list.is_some() && other.list == suggestion.list) {
                Some(other) => suggestion.texts.into_iter().for_each(|text| other.add(text)),
                None => told.push(suggestion),
            }
        }
        told
    }

    fn holds(&self, snapshot: &Snapshot, rule: &str, name: &str) -> bool {
        let rule = snapshot.rules.iter().find(|other| other.id == rule);
        rule.is_some_and(|rule| rule.when.holds(&Views::of(&Facts::topic("", name, self.at))))
    }

    /// The set in which tests ignore more; nothing where it does not load, such as where it breaks an example.
    fn ignoring(&self, tests: &[&NameTest], texts: &[String]) -> Option<Snapshot> {
        let edits: Vec<Edit> = tests.iter().map(|test| edit(test, self.sources, texts)).collect();
        rules::load(edited(self.input, self.sources, &edits)?, self.at).snapshot
    }

    /// What a test should ignore of some texts: those in which it finds something.
    fn told(&self, rule: &Rule, test: &NameTest, texts: &[String]) -> Option<Suggestion> {
        let line = self.sources.line(test.matcher_place);
        let begins = format!("{} {} ", test.field.name(), test.matcher);
        let finds = |text: &&String| {
            let facts = Facts::topic("", text.as_str(), self.at);
            finds(&rule.when, &Views::of(&facts), line, &begins)
        };
        let texts: Vec<String> = texts.iter().filter(finds).cloned().collect();
        let list = test.ignoring.as_ref().and_then(|ignoring| ignoring.list.clone());
        let (rule, file) = (rule.id.clone(), rule.file.clone());
        (!texts.is_empty()).then_some(Suggestion { rule, file, line, matcher: test.matcher, list, texts })
    }
}

/// Whether the test on a line finds something.
fn finds(condition: &Condition, views: &Views<'_>, line: usize, begins: &str) -> bool {
    match condition {
        Condition::Always => false,
        Condition::All(parts) | Condition::Any { branches: parts, .. } => {
            parts.iter().any(|part| finds(part, views, line, begins))
        }
        Condition::Not { inner, .. } => finds(inner, views, line, begins),
        Condition::Test(test) => test.line == line && test.sentence.starts_with(begins) && test.holds(views),
    }
}

/// The change that makes a test ignore some texts too.
fn edit(test: &NameTest, sources: &Sources, texts: &[String]) -> Edit {
    let list = |texts: &[&String]| serde_json::to_string(texts).unwrap_or_default();
    if let Some(ignoring) = &test.ignoring {
        let all: Vec<&String> = ignoring.texts.iter().chain(texts).collect();
        return Edit { place: ignoring.place, to: list(&all) };
    }
    let range = test.matcher_place.range();
    let before = sources.text(test.matcher_place.file).get(..range.start).unwrap_or_default();
    let indent = before.rsplit('\n').next().unwrap_or_default();
    let list = list(&texts.iter().collect::<Vec<&String>>());
    // A key that stands alone on its line begins one of a block.
    let to = match indent.trim().is_empty() {
        true => format!("ignoring: {list}\n{indent}"),
        false => format!("ignoring: {list}, "),
    };
    Edit { place: Place::new(test.matcher_place.file, range.start..range.start), to }
}

/// Texts around what was found that could be ignored, the shortest first: the word that it is a part of, the words or
/// characters beside it, the whole name.
fn longer(name: &str, found: Range<usize>) -> Vec<String> {
    let word = grown(name, found.clone());
    let (left, right) = (beside(name, word.start, Side::Left), beside(name, word.end, Side::Right));
    let ranges = [word.clone(), word.start..right, left..word.end, left..right, 0..name.len()];
    let mut texts: Vec<String> = Vec::new();
    for text in ranges.into_iter().filter(|range| *range != found).filter_map(|range| name.get(range)) {
        let text = text::fold(text).into_owned();
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// A range up to the ends of the words that it lies in.
fn grown(name: &str, found: Range<usize>) -> Range<usize> {
    let is_end = |at: &usize| word::may_begin(name, *at) || word::may_end(name, *at);
    let start = (0..=found.start).rev().filter(|at| name.is_char_boundary(*at)).find(is_end);
    let end = (found.end..=name.len()).filter(|at| name.is_char_boundary(*at)).find(is_end);
    start.unwrap_or(0)..end.unwrap_or(name.len())
}

/// The far end of the word beside a place; of a script without spaces, that of one character.
fn beside(name: &str, at: usize, side: Side) -> usize {
    let (before, after) = name.split_at_checked(at).unwrap_or((name, ""));
    let is_outside = |character: &char| word::is_outside(*character);
    match side {
        Side::Right => {
            let skipped: usize = after.chars().take_while(is_outside).map(char::len_utf8).sum();
            let next = after.get(skipped..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            grown(name, at..at + skipped + next).end
        }
        Side::Left => {
            let skipped: usize = before.chars().rev().take_while(is_outside).map(char::len_utf8).sum();
            let rest = before.get(..before.len() - skipped).unwrap_or_default();
            let next = rest.chars().next_back().map_or(0, char::len_utf8);
            grown(name, at - skipped - next..at).start
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(name: &str, found: &str) -> Vec<String> {
        let start = name.find(found).unwrap();
        longer(name, start..start + found.len())
    }

    #[test]
    fn a_word_is_tried_before_its_neighbours() {
        assert_eq!(around("The Bass", "ass"), ["bass", "the bass"]);
        assert_eq!(around("Casino, Royale: fans", "Casino"), ["casino, royale", "casino, royale: fans"]);
        assert_eq!(around("At Monte Carlo Casino", "Casino"), ["carlo casino", "at monte carlo casino"]);
    }

    #[test]
    fn a_character_is_a_neighbour_where_words_have_no_spaces() {
        assert_eq!(around("十字路口交通灯", "口交"), ["口交通", "路口交", "路口交通", "十字路口交通灯"]);
    }

    #[test]
    fn nothing_is_longer_than_the_whole_name() {
        assert_eq!(around("Casino", "Casino"), Vec::<String>::new());
    }
}
