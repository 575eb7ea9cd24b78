//! Large rule sets: many files, and a long list.

use std::fmt::Write as _;

use crate::{disk::Disk, edition::Edition};

/// The files of the set with many.
pub const FILES: usize = 1000;
/// The entries of the long list.
pub const IDS: usize = 1_000_000;
/// Where it lies.
pub const BANNED: &str = "rules/lists/banned.txt";

/// What all of the many files have in common, so that they fit any edition.
const SHARED: &str = "codes: { 10199: many }\n";

/// An edition with many files beside it, all of one number.
pub fn lay_many(disk: &Disk, directory: &str, number: u32) {
    Edition::of(number).lay(disk, directory);
    disk.put(&format!("{directory}/30-codes.yaml"), SHARED);
    for file in 3..FILES {
        disk.put(&format!("{directory}/many/{file}.yaml"), &one_of_many(file, number));
    }
}

fn one_of_many(file: usize, number: u32) -> String {
    let what = format!("  - id: file-{file}\n    action: deny\n    code: 10199\n    message: file of {number}\n");
    format!("rules:\n{what}    when: {{ name: {{ is: file {file} }} }}\n")
}

/// A rule that refuses the operators of a long list.
pub fn lay_long_list(disk: &Disk) {
    let list = format!("lists: {{ banned: {{ file: lists/banned.txt, min: {IDS} }} }}\n");
    let rule = "rules:\n  - id: banned\n    action: deny\n    when: { operator: { in: { list: banned } } }\n";
    disk.put("rules/10-banned.yaml", &format!("{list}{rule}"));
    let ids = (0..IDS).fold(String::new(), |mut ids, number| {
        writeln!(ids, "user-{number:015}").unwrap();
        ids
    });
    disk.put(BANNED, &ids);
}
