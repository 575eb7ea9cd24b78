//! What a test of a rule asks of a field: how it is written down, and what it means in plain loops.

use std::{
    cmp::Reverse,
    collections::HashMap,
    ops::Range,
    sync::{Arc, LazyLock, Mutex},
};

use regex::{Regex, RegexBuilder};
use topicgate::{facts::Facts, text};

use crate::{
    lists,
    naive::{self, Texts},
};

#[derive(Clone, Debug)]
pub enum Ask {
    Texts(Texts),
    /// A matcher, the list that it names, and the list of what it ignores.
    Listed(&'static str, &'static str, Option<&'static str>),
    Scripts(Vec<&'static str>),
    Mixed,
    Matches(Vec<String>),
    Length(usize, usize),
    Bytes(usize, usize),
    Present(bool),
    Apps(Vec<String>),
    Networks(Vec<String>),
}

impl Ask {
    /// The test in the rule language.
    pub fn written(&self) -> String {
        match self {
            Ask::Texts(texts) => texts.written(),
            Ask::Listed(matcher, list, None) => format!("{{{matcher}: {{list: {list}}}}}"),
            Ask::Listed(matcher, list, Some(ignored)) => {
                format!("{{{matcher}: {{list: {list}}}, ignoring: {{list: {ignored}}}}}")
            }
            Ask::Scripts(codes) => format!("{{scripts: [{}]}}", codes.join(", ")),
            Ask::Mixed => "{scripts: mixed}".to_owned(),
            Ask::Matches(patterns) => format!("{{matches: {}}}", naive::list(patterns)),
            Ask::Length(min, max) => format!("{{length: {{min: {min}, max: {max}}}}}"),
            Ask::Bytes(min, max) => format!("{{bytes: {{min: {min}, max: {max}}}}}"),
            Ask::Present(wanted) => format!("{{present: {wanted}}}"),
            Ask::Apps(apps) => format!("{{in: [{}]}}", apps.join(", ")),
            Ask::Networks(networks) => format!("{{in_cidr: {}}}", naive::list(networks)),
        }
    }

    /// The same with the entries of the lists that it names.
    fn written_out(&self) -> Ask {
        match self {
            Ask::Listed("in_cidr", list, _) => Ask::Networks(lists::entries(list)),
            Ask::Listed("in", list @ "apps", _) => Ask::Apps(lists::entries(list)),
            Ask::Listed(matcher, list, ignored) => {
                let ignoring = ignored.map(lists::entries).unwrap_or_default();
                Ask::Texts(Texts { matcher, texts: lists::entries(list), ignoring })
            }
            other => other.clone(),
        }
    }

    /// Where it holds in a request; where it holds of no place, one that is empty.
    pub fn found(&self, field: &str, facts: &Facts<'_>) -> Vec<Range<usize>> {
        let holds = |holds: bool| holds.then_some(0..0).into_iter().collect();
        match self {
            Ask::Listed(..) => self.written_out().found(field, facts),
            Ask::Apps(apps) => holds(facts.app.is_some_and(|app| apps.contains(&app.to_string()))),
            Ask::Networks(networks) => holds(facts.client_ip.is_some_and(|address| {
                networks.iter().any(|network| topicgate::facts::network(network).unwrap().contains(&address))
            })),
            Ask::Present(wanted) => holds(is_given(field, facts) == *wanted),
            _ => value(field, facts).map_or_else(Vec::new, |value| self.found_in(field, &value, facts)),
        }
    }

    fn found_in(&self, field: &str, value: &str, facts: &Facts<'_>) -> Vec<Range<usize>> {
        let whole = |holds: bool| holds.then_some(0..value.len()).into_iter().collect();
        match self {
            Ask::Texts(texts) if field == "name_lookalike" => texts.found_in_look(&facts.name),
            Ask::Texts(texts) => texts.found(value, prepared(field)),
            Ask::Length(min, max) => whole((*min..=*max).contains(&text::graphemes(value))),
            Ask::Bytes(min, max) => whole((*min..=*max).contains(&value.len())),
            Ask::Matches(patterns) => {
                let is_folded = !matches!(field, "name_raw" | "operator" | "owner");
                let places = patterns.iter().filter_map(|text| Some(pattern(text, is_folded).find(value)?.range()));
                places.collect()
            }
            Ask::Scripts(codes) => {
                let of = codes.iter().map(|code| format!(r"\p{{scx={code}}}")).collect::<String>();
                whole(pattern(&format!("^[{of}]+$"), false).is_match(&letters(value)))
            }
            Ask::Mixed => words(value).into_iter().filter(|word| is_mixed(&value[word.clone()])).collect(),
            _ => Vec::new(),
        }
    }

    /// The place that is shown, of all places where it holds: the leftmost, and there the longest text or the first
    /// pattern.
    pub fn preferred(&self, places: impl Iterator<Item = Range<usize>>) -> Option<Range<usize>> {
        match self {
            Ask::Matches(_) => places.min_by_key(|place| place.start),
            _ => places.min_by_key(|place| (place.start, Reverse(place.end))),
        }
    }
}

fn is_given(field: &str, facts: &Facts<'_>) -> bool {
    match field {
        "client_ip" => facts.client_ip.is_some(),
        "app" => facts.app.is_some(),
        _ => value(field, facts).is_some(),
    }
}

/// How a text is prepared for a field.
fn prepared(field: &str) -> fn(&str) -> String {
    match field {
        "name" => naive::folded,
        "name_lookalike" => naive::looks,
        "name_squeezed" => |text| text::squeezed(&naive::looks(text)).into_owned(),
        "type" => |text| text::keyword::group_type(text).into_owned(),
        "platform" => |text| text::keyword::platform(text).into_owned(),
        _ => naive::exact,
    }
}

fn value(field: &str, facts: &Facts<'_>) -> Option<String> {
    let sent = match field {
        "operator" => Some(&facts.operator),
        "owner" => facts.owner.as_ref(),
        "type" => facts.group_type.as_ref(),
        "platform" => facts.platform.as_ref(),
        _ => Some(&facts.name),
    };
    sent.map(|sent| prepared(field)(sent))
}

/// A pattern, compiled once: classes of Unicode take their time.
fn pattern(text: &str, is_folded: bool) -> Arc<Regex> {
    const MAX_KEPT: usize = 300;
    type Compiled = HashMap<(String, bool), Arc<Regex>>;
    static COMPILED: LazyLock<Mutex<Compiled>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap();
    if compiled.len() > MAX_KEPT {
        compiled.clear();
    }
    let compile = || Arc::new(RegexBuilder::new(text).case_insensitive(is_folded).build().unwrap());
    Arc::clone(compiled.entry((text.to_owned(), is_folded)).or_insert_with(compile))
}

fn letters(text: &str) -> String {
    pattern(r"\P{L}+", false).replace_all(text, "").into_owned()
}

/// A text cut before everything but marks that has a boundary before it.
fn words(value: &str) -> Vec<Range<usize>> {
    let unmarked = pattern(r"\P{M}", false);
    let places = unmarked.find_iter(value).map(|found| found.start());
    let places = places.filter(|at| text::word::is_boundary(value, *at));
    let places: Vec<usize> = [0].into_iter().chain(places).chain([value.len()]).collect();
    places.windows(2).map(|ends| ends[0]..ends[1]).collect()
}

fn is_mixed(word: &str) -> bool {
    let word = letters(word);
    let alphabets = ["Latn", "Grek", "Cyrl", "Armn", "Cher"];
    alphabets.iter().filter(|code| pattern(&format!(r"\p{{sc={code}}}"), false).is_match(&word)).count() > 1
}
