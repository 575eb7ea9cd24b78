//! The command line as users see it: the files in `tests/cmd` are commands and what they print.

#[test]
fn every_command_prints_what_its_file_says() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("COLUMNS", "100").case("tests/cmd/*.trycmd");
}

/// They are pasted into the pages, so that a reader sees what the commands print today.
#[test]
fn every_command_of_the_cookbook_prints_what_its_page_shows() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("COLUMNS", "100").case("docs/cookbook/*/README.md");
}
