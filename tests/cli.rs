//! The command line as users see it: the files in `tests/cmd` are commands and what they print.

#[test]
fn every_command_prints_what_its_file_says() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("COLUMNS", "100").case("tests/cmd/*.trycmd");
}
