//! A rule of one test of texts and one name, held against plain loops.
//!
//! The input is a few letters that choose the field and the matcher, the texts, the ignored ones and the name, split at
//! the byte 0x1E; texts are split at 0x1F.

#![no_main]

#[path = "../../laws/loading.rs"]
mod loading;
#[path = "../../laws/naive.rs"]
mod naive;

use std::cmp::Reverse;

use naive::Texts;
use topicgate::{
    engine::{self, Views, message},
    facts::Facts,
    rules, text,
};

const MATCHERS: [&str; 6] = ["contains", "contains_word", "starts_with", "ends_with", "in", "is"];

/// The views of a name, and how each is prepared.
const VIEWS: [(&str, fn(&str) -> String); 4] = [
    ("name", naive::folded),
    ("name_raw", naive::exact),
    ("name_lookalike", naive::looks),
    ("name_squeezed", |text| text::squeezed(&naive::looks(text)).into_owned()),
];

fn texts(part: Option<&str>) -> Vec<String> {
    part.unwrap_or_default().split('\u{1f}').filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut parts = text.splitn(4, '\u{1e}');
    let chosen: u32 = parts.next().unwrap_or_default().chars().map(u32::from).fold(0, u32::wrapping_add);
    let matcher = MATCHERS[chosen as usize % MATCHERS.len()];
    let (field, prepare) = VIEWS[chosen as usize / MATCHERS.len() % VIEWS.len()];
    let (looked_for, mut ignoring) = (texts(parts.next()), texts(parts.next()));
    if !matcher.starts_with("contains") {
        ignoring.clear();
    }
    let name = parts.next().unwrap_or_default();
    if looked_for.is_empty() {
        return;
    }
    let test = Texts { matcher, texts: looked_for, ignoring };
    let set = format!("rules: [{{id: a, action: deny, when: {{{field}: {}}}}}]\n", test.written());
    let Some(snapshot) = rules::load(loading::input(set.as_bytes()), jiff::Timestamp::UNIX_EPOCH).snapshot else {
        return;
    };
    let facts = Facts::topic("leckie", name, jiff::Timestamp::UNIX_EPOCH);
    let found =
        if field == "name_lookalike" { test.found_in_look(name) } else { test.found(&prepare(name), prepare) };
    loading::check_decision(&snapshot, &facts);
    let views = Views::of(&facts);
    let applies = !engine::evaluate(&snapshot, &views).applies.is_empty();
    assert_eq!(applies, !found.is_empty(), "{set} {name:?}");
    if let Some(first) = found.into_iter().min_by_key(|range| (range.start, Reverse(range.end)))
        && field == "name_raw"
    {
        assert_eq!(message::matched(&snapshot.rules[0], &views), &name[first], "{set} {name:?}");
    }
});
