//! The lists that random rules name.

use std::sync::LazyLock;

use crate::naive;

/// The lists of words, of which some hold texts of others, and some as many as another.
pub const WORDS: [&str; 6] = ["few", "same", "inside", "marks", "many", "more"];

static LISTS: LazyLock<Vec<(&str, Vec<String>)>> = LazyLock::new(|| {
    let written = |entries: &[&str]| -> Vec<String> { entries.iter().map(|entry| (*entry).to_owned()).collect() };
    // Sets of more than a thousand texts are looked up one by one.
    let long = |prefix: &str, entries: &[&str]| -> Vec<String> {
        (0..1010).map(|number| format!("{prefix}{number}")).chain(written(entries)).collect()
    };
    vec![
        ("few", written(&["ab", "casino", "微信", "kk"])),
        ("same", written(&["bc", "bet", "赌场", "ss"])),
        ("inside", written(&["bet", "bet365", "abet", "alphabet", "be", "betbet", "et now"])),
        ("marks", written(&["K", "ſs", "ß", "Σα", "Ꭰa", "Ⴀა", "e\u{301}", "ＶＸ"])),
        ("many", long("id", &["a", "bet", "微"])),
        ("more", long("n", &["b", "vx", "信"])),
        ("apps", written(&["1400000000", "1400000001", "7"])),
        ("nets", written(&["10.0.0.0/8", "10.1.0.0/16", "192.0.2.7", "2001:db8::/32"])),
    ]
});

/// What is in a list.
pub fn entries(name: &str) -> Vec<String> {
    LISTS.iter().find(|(list, _)| *list == name).map(|(_, entries)| entries.clone()).unwrap_or_default()
}

/// The declarations of the lists that a text of rules names.
pub fn declared(rules: &str) -> String {
    let named = LISTS.iter().filter(|(name, _)| rules.contains(&format!("{{list: {name}}}")));
    let lines: String = named.map(|(name, entries)| format!("  {name}: {}\n", naive::list(entries))).collect();
    if lines.is_empty() { lines } else { format!("lists:\n{lines}") }
}
