//! Random patterns: those that are a few texts, and those that try an engine or the search for what they need.

use proptest::{collection::vec, prelude::*, sample::select};

/// The texts that the names of a set are made of.
pub type Atoms = Vec<&'static str>;

const CLASSES: [&str; 36] = [
    ".",
    r"\d",
    r"\w",
    r"\W",
    r"\s",
    r"\S",
    r"\p{Han}",
    r"\p{Greek}",
    "[ab]",
    "[a4@]",
    "[a-c]",
    "[^a]",
    "[^a-z]",
    "[^k]",
    "[kK]",
    "[k1]",
    "[K\u{212a}]",
    "[sſ]",
    "[ſt]",
    "[^s]",
    "[σς]",
    "[Σα]",
    "[ß赌]",
    "[iı]",
    "[^ı]",
    "[ꭰa]",
    "[Ꭰꭱ]",
    "[Აb]",
    "[Ⴀა]",
    "[赌场]",
    "[^赌]",
    r"[^\s]",
    r"[\w&&[^b]]",
    "[[:alpha:]]",
    r"(?-u:\w)",
    "[!$★-]",
];

const LOOKS: [&str; 16] = [
    "^",
    "$",
    r"\b",
    r"\B",
    r"\A",
    r"\z",
    "(?m:^)",
    "(?m:$)",
    r"\b{start}",
    r"\b{end}",
    r"\b{start-half}",
    r"\b{end-half}",
    r"(?-u:\b)",
    r"(?-u:\B)",
    "(?R)(?m:$)",
    "(?R)(?m:^)",
];

const FLAGS: [&str; 8] = ["(?i)", "(?-i)", "(?s)", "(?m)", "(?x)", "(?U)", "(?is)", "(?R)"];

const GROUPS: [&str; 7] = ["(", "(?:", "(?i:", "(?-i:", "(?s:", "(?x: ", "(?U:"];

const TIMES: [&str; 16] = [
    "?", "*", "+", "??", "*?", "+?", "{2}", "{3}", "{0,2}", "{1,3}", "{2,}", "{0}", "{1,2}?", "{0,1}?", "{12}",
    "{2,40}",
];

const GAPS: [&str; 7] = [".*", ".*?", ".+", ".{0,3}", "[^a]*", "(?s:.*)", r"\s*"];

/// A pattern over some texts.
pub fn pattern(atoms: &Atoms) -> impl Strategy<Value = String> + use<> {
    prop_oneof![3 => few(atoms), 5 => any_pattern(atoms), 1 => long(atoms)]
}

fn literal(atoms: &Atoms) -> impl Strategy<Value = String> + use<> {
    vec(select(atoms.clone()), 1..4).prop_map(|pieces| regex::escape(&pieces.concat()))
}

/// A pattern that matches a few texts, perhaps only at an end of the text or of a word.
fn few(atoms: &Atoms) -> impl Strategy<Value = String> + use<> {
    let look = || prop_oneof![2 => Just(""), 1 => select(&LOOKS[..])];
    let end = prop_oneof![4 => Just(""), 1 => select(&CLASSES[8..]), 1 => Just("s?"), 1 => Just("(|b|bc)")];
    (look(), look(), vec(literal(atoms), 1..5), end, look())
        .prop_map(|(first, second, texts, end, last)| format!("{first}{second}(?:{}){end}{last}", texts.join("|")))
}

fn any_pattern(atoms: &Atoms) -> impl Strategy<Value = String> + use<> {
    let leaf = prop_oneof![
        8 => literal(atoms),
        4 => select(&CLASSES[..]).prop_map(str::to_owned),
        2 => select(&LOOKS[..]).prop_map(str::to_owned),
        1 => select(&FLAGS[..]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let branch = prop_oneof![7 => inner.clone(), 1 => Just(String::new())];
        prop_oneof![
            4 => vec(inner.clone(), 2..4).prop_map(|parts| parts.concat()),
            3 => (select(&GROUPS[..]), vec(branch, 2..4)).prop_map(|(open, parts)| format!("{open}{})", parts.join("|"))),
            3 => (inner.clone(), select(&TIMES[..])).prop_map(|(inner, times)| format!("(?:{inner}){times}")),
            2 => (inner.clone(), select(&GAPS[..]), inner.clone()).prop_map(|(left, gap, right)| left + gap + &right),
            1 => vec(inner, 2..4).prop_map(|parts| parts.join("|")),
        ]
    })
}

/// A pattern of many states, with a text that must occur or without.
fn long(atoms: &Atoms) -> impl Strategy<Value = String> + use<> {
    let times = select(vec!["{0,400}", "{1,400}", "{1,400}?", "{2,90}", "{300}"]);
    let class = prop_oneof![select(&CLASSES[8..]).prop_map(str::to_owned), literal(atoms)];
    (literal(atoms), class, times, prop_oneof![literal(atoms), Just(String::new())])
        .prop_map(|(first, inner, times, last)| format!("{first}(?:{inner}){times}{last}"))
}
