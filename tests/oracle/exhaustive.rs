//! Random patterns on every short text over their characters.

use proptest::{prelude::*, sample::select};
use topicgate::facts::Facts;

use crate::{generated, model::Rule, patterns::Atoms, try_all};

/// Characters that are one another in the other case, that are folded away, or that end a line or a word.
const ALPHABETS: [[&str; 3]; 12] = [
    ["a", "b", "c"],
    ["a", "b", "\n"],
    ["a", " ", "_"],
    ["a", "1", "赌"],
    ["k", "K", "\u{212a}"],
    ["s", "ſ", "ß"],
    ["i", "İ", "ı"],
    ["σ", "ς", "Σ"],
    ["Ꭰ", "ꭰ", "a"],
    ["ა", "Ა", "Ⴀ"],
    ["e", "\u{301}", "é"],
    ["赌", "场", "\r\n"],
];

const LONGEST: usize = 5;

const PATTERNS: u32 = if cfg!(debug_assertions) { 30 } else { 2000 };

/// A request for every text of so many characters at most.
fn every_name(atoms: &Atoms) -> Vec<Facts<'static>> {
    let mut names = vec![String::new()];
    let mut longest = names.clone();
    for _ in 0..LONGEST {
        longest = longest.iter().flat_map(|name| atoms.iter().map(move |atom| name.clone() + atom)).collect();
        names.extend(longest.clone());
    }
    let request = |name: String| Facts {
        group_type: Some(name.clone().into()),
        ..Facts::topic(name.clone(), name, jiff::Timestamp::UNIX_EPOCH)
    };
    names.into_iter().map(request).collect()
}

fn case() -> impl Strategy<Value = (Vec<Rule>, Vec<Facts<'static>>)> {
    select(&ALPHABETS[..]).prop_flat_map(|atoms| {
        let atoms = atoms.to_vec();
        let names = every_name(&atoms);
        // One that means something: some patterns are refused when they are loaded.
        let when = generated::patterned(&atoms).prop_filter("a rule that loads", generated::is_usable);
        when.prop_map(move |when| (vec![generated::deny(when)], names.clone()))
    })
}

#[test]
fn a_pattern_is_found_where_the_regex_crate_finds_it() {
    let tried = try_all(PATTERNS, &case());
    let texts = 364;
    assert_eq!(tried.cases, PATTERNS as usize * texts);
    assert!(tried.denied > tried.cases / 20 && tried.denied < tried.cases / 20 * 19, "{tried:?}");
}
