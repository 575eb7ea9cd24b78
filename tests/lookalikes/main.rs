//! The look-alike classes: the table is what its sources say, and the page shows it.
//!
//! `UPDATE_DOCS=1 cargo test --test lookalikes` writes both again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "it reads and writes the table and the documentation")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use generated::{keep, keep_part};
use topicgate::text::lookalike;

mod chinese;
#[path = "../docs/generated.rs"]
mod generated;
mod letters;
mod page;

const TABLE: &str = "src/text/lookalike/classes.txt";

const HEADER: &str = "\
// The look-alike classes: the character that stands for a class, then the others of it. docs/lookalikes.md explains them.
// Made by `UPDATE_DOCS=1 cargo test --test lookalikes` of Unicode's confusables and names (Unicode License) and of the
// characters of OpenCC (Apache-2.0).
";

/// Every class: the character that stands for it, and the others.
static CLASSES: LazyLock<BTreeMap<char, String>> = LazyLock::new(|| {
    let mut classes: BTreeMap<char, String> = BTreeMap::new();
    for (member, first) in letters::pairs().into_iter().chain(chinese::pairs()) {
        classes.entry(first).or_default().push(member);
    }
    classes
});

#[test]
fn the_table_is_what_its_sources_say() {
    let lines = CLASSES.iter().map(|(first, members)| format!("{first} {members}\n"));
    keep(TABLE, &(HEADER.to_owned() + &lines.collect::<String>()));
}

#[test]
fn the_page_shows_the_table() {
    keep_part("docs/lookalikes.md", "views", &page::views());
    keep_part("docs/lookalikes.md", "letters", &page::letters(&CLASSES));
    keep_part("docs/lookalikes.md", "chinese", &page::chinese(&CLASSES));
}

#[test]
fn classes_are_disjoint_and_have_no_marks() {
    let mut seen = BTreeSet::new();
    for (first, members) in CLASSES.iter() {
        for member in members.chars() {
            assert!(seen.insert(member) && !CLASSES.contains_key(&member), "{member} is in two classes");
            assert_eq!(lookalike(&member.to_string()), first.to_string(), "{member}");
        }
        assert_eq!(lookalike(&first.to_string()), first.to_string());
    }
}
