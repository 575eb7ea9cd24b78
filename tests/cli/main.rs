//! The command line as users see it: the files in `tests/cmd` are commands and what they print.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "it writes rule files and runs the binary")]

mod bench;
mod codes;
mod collateral;
mod continuous;
mod difference;
mod drill;
mod formatting;
mod hosts;
mod nearest;
mod pages;
mod reports;
mod revisions;
mod starting;
mod watching;
mod witnesses;

#[test]
fn every_command_prints_what_its_file_says() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("COLUMNS", "100").case("tests/cmd/*.trycmd");
}

/// They are pasted into the pages, so that a reader sees what the commands print today.
#[test]
fn every_command_of_the_cookbook_prints_what_its_page_shows() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("COLUMNS", "100").case("docs/cookbook/*/README.md");
}

#[test]
fn the_check_of_every_mistake_says_what_its_page_shows() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("COLUMNS", "100").case("docs/mistakes/README.md");
}
