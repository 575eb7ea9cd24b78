//! What the matchers of texts mean, in plain loops. The fuzz target `matcher` holds the engine against the same.

use std::{collections::BTreeSet, ops::Range};

use topicgate::text::{self, word};

/// A test of one field that looks for texts.
#[derive(Clone, Debug)]
pub struct Texts {
    pub matcher: &'static str,
    pub texts: Vec<String>,
    pub ignoring: Vec<String>,
}

impl Texts {
    /// The test in the rule language; JSON is YAML.
    pub fn written(&self) -> String {
        let texts = if self.matcher == "is" { quoted(&self.texts[0]) } else { list(&self.texts) };
        let ignoring =
            if self.ignoring.is_empty() { String::new() } else { format!(", ignoring: {}", list(&self.ignoring)) };
        format!("{{{}: {texts}{ignoring}}}", self.matcher)
    }

    /// Every place in a value at which it holds; `prepare` is what was done to the value.
    pub fn found(&self, value: &str, prepare: fn(&str) -> String) -> Vec<Range<usize>> {
        self.found_between(value, prepare, &BTreeSet::new())
    }

    /// The same on `name_lookalike`, where words also end where they end in the name.
    pub fn found_in_look(&self, name: &str) -> Vec<Range<usize>> {
        let name = folded(name);
        let places = name.char_indices().map(|(at, _)| at).chain([name.len()]);
        let ends = places.filter(|at| word::is_boundary(&name, *at)).map(|at| text::lookalike(&name[..at]).len());
        self.found_between(&looks(&name), looks, &ends.collect())
    }

    fn found_between(&self, value: &str, prepare: fn(&str) -> String, ends: &BTreeSet<usize>) -> Vec<Range<usize>> {
        let texts = if self.matcher == "is" { &self.texts[..1] } else { &self.texts[..] };
        let mut found: Vec<Range<usize>> = texts.iter().flat_map(|text| occurrences(value, &prepare(text))).collect();
        found.retain(|range| match self.matcher {
            "is" | "in" => *range == (0..value.len()),
            "starts_with" => range.start == 0,
            "ends_with" => range.end == value.len(),
            "contains" => true,
            _ => {
                (word::may_begin(value, range.start) || ends.contains(&range.start))
                    && (word::may_end(value, range.end) || ends.contains(&range.end))
            }
        });
        let ignored: Vec<Range<usize>> =
            self.ignoring.iter().flat_map(|text| occurrences(value, &prepare(text))).collect();
        found.retain(|range| !ignored.iter().any(|around| around.start <= range.start && range.end <= around.end));
        found
    }
}

/// Every place of a text in another, overlapping ones too.
pub fn occurrences(value: &str, text: &str) -> Vec<Range<usize>> {
    let places = value.char_indices().map(|(at, _)| at).chain([value.len()]);
    places.filter(|at| value[*at..].starts_with(text)).map(|at| at..at + text.len()).collect()
}

/// Preparing of `name`.
pub fn folded(text: &str) -> String {
    text::fold(text).into_owned()
}

/// Preparing of `name_lookalike`.
pub fn looks(text: &str) -> String {
    text::lookalike(&text::fold(text)).into_owned()
}

/// Preparing of a field that is compared byte for byte.
pub fn exact(text: &str) -> String {
    text.to_owned()
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Texts as JSON.
pub fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}
