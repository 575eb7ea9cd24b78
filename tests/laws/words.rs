//! Words on `name_lookalike`, where digits and signs are letters and still end words.

use proptest::{collection::vec, prelude::*, sample::select};
use topicgate::{engine::Snapshot, facts::Facts};

use crate::{loading, naive::Texts};

/// What words and their ends are made of, and what looks like them.
const PIECES: &[&str] = &[
    "a",
    "in",
    "bet",
    "admin",
    "1",
    "0",
    "7",
    "9",
    "!",
    "@",
    "$",
    "|",
    "+",
    "_",
    ".",
    " ",
    "é",
    "a\u{336}",
    "\u{301}",
    "\u{336}",
    "\u{20e3}",
    "\u{200b}",
    "А",
    "і",
    "л",
    "ь",
    "微",
    "赌",
    "賭",
    "ー",
    "ก",
    "ที่",
    "\u{e31}",
    "हि",
    "카",
    "🅰",
    "🔥",
    "①",
    "½",
    "ʹ",
    "ɂ",
    "≠",
    "∄",
    "𝟏",
    "ª",
    "²",
];

fn text(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let piece = prop_oneof![40 => select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    vec(piece, pieces).prop_map(|pieces| pieces.concat())
}

/// A name, and texts that are parts of it or not.
fn name_and_texts() -> impl Strategy<Value = (String, Vec<String>)> {
    (text(0..4), vec(text(1..4), 1..4), text(0..4))
        .prop_map(|(before, texts, after)| (format!("{before}{}{after}", texts[0]), texts))
}

fn load(field: &str, test: &Texts) -> Option<Snapshot> {
    let set = format!("rules: [{{id: a, action: deny, when: {{{field}: {}}}}}]\n", test.written());
    loading::check(set.as_bytes()).snapshot
}

fn applies(snapshot: &Snapshot, name: &str) -> bool {
    loading::check_decision(snapshot, &Facts::topic("leckie", name, jiff::Timestamp::UNIX_EPOCH)).rule.is_some()
}

fn words(texts: Vec<String>, ignoring: Vec<String>) -> Texts {
    Texts { matcher: "contains_word", texts, ignoring }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_word_that_is_found_in_the_name_is_found_in_its_look((name, texts) in name_and_texts()) {
        let test = words(texts, Vec::new());
        if let (Some(plain), Some(look)) = (load("name", &test), load("name_lookalike", &test)) {
            prop_assert!(!applies(&plain, &name) || applies(&look, &name));
        }
    }

    #[test]
    fn words_in_a_look_end_where_they_end_there_or_in_the_name(
        (name, texts) in name_and_texts(), ignoring in vec(text(1..6), 0..3)
    ) {
        let test = words(texts, ignoring);
        if let Some(look) = load("name_lookalike", &test) {
            prop_assert_eq!(applies(&look, &name), !test.found_in_look(&name).is_empty());
        }
    }
}
