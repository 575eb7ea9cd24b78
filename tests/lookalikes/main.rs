//! The look-alike classes: the table is what its sources say, and the page shows it.
//!
//! `UPDATE_DOCS=1 cargo test --test lookalikes` writes both again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "it reads and writes the table and the documentation")]

use std::{collections::BTreeMap, env, fs, path::Path};

mod chinese;
mod letters;

const TABLE: &str = "src/text/lookalike/classes.txt";

const HEADER: &str = "\
// The look-alike classes: the character that stands for a class, then the others of it. docs/lookalikes.md explains them.
// Made by `UPDATE_DOCS=1 cargo test --test lookalikes` of Unicode's confusables and names (Unicode License) and of the
// characters of OpenCC (Apache-2.0).
";

/// Every class: the character that stands for it, and the others.
fn classes() -> BTreeMap<char, String> {
    let mut classes: BTreeMap<char, String> = BTreeMap::new();
    for (member, first) in letters::pairs().into_iter().chain(chinese::pairs()) {
        classes.entry(first).or_default().push(member);
    }
    classes
}

/// Compares a file with what it should be, or writes that.
fn keep(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(file, text).unwrap();
    } else {
        let written = fs::read_to_string(file).unwrap();
        assert!(written == text, "{path} is out of date: run `UPDATE_DOCS=1 cargo test --test lookalikes`");
    }
}

#[test]
fn the_table_is_what_its_sources_say() {
    let lines = classes().into_iter().map(|(first, members)| format!("{first} {members}\n"));
    keep(TABLE, &(HEADER.to_owned() + &lines.collect::<String>()));
}
