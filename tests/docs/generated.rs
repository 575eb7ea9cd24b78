//! Generated parts of the documentation: kept between markers, compared, or written again with `UPDATE_DOCS=1`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A file of this repository.
pub fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a part of a page with what it should be, or writes that.
pub fn keep_part(page: &str, part: &str, generated: &str) {
    let written = fs::read_to_string(at(page)).unwrap();
    keep(page, &with(&written, part, generated));
}

/// Compares a file with what it should be, or writes that.
pub fn keep(path: &str, text: &str) {
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(at(path), text).unwrap();
    } else {
        let written = fs::read_to_string(at(path)).unwrap();
        let command = "UPDATE_DOCS=1 cargo test --test docs --test lookalikes";
        assert!(written == text, "{path} is out of date: run `{command}`");
    }
}

/// The text with a generated part between its markers.
fn with(text: &str, part: &str, generated: &str) -> String {
    let (begin, end) = (format!("<!-- {part}: begin -->\n"), format!("<!-- {part}: end -->\n"));
    let (before, rest) = text.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}\n{}\n\n{end}{after}", generated.trim_end())
}
