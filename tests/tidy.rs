//! The house rules that a compiler does not check: layers, sizes, names, and that the registries and docs are complete.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "it reads the sources and the documentation")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use topicgate::{diagnostic::Code, facts::Field, matchers::REGISTRY};

const MAX_FILE_LINES: usize = 400;
const MAX_FUNCTION_LINES: usize = 50;

/// What stands at the top level. Anything else needs a line in `docs/decisions/`.
const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".git",
    ".github",
    ".gitignore",
    ".pre-commit-hooks.yaml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "_typos.toml",
    "benches",
    "clippy.toml",
    "deny.toml",
    "deploy",
    "docs",
    "rules",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src",
    "target",
    "tests",
];

#[test]
fn a_module_imports_only_what_stands_above_it() {
    let order = modules();
    for (path, text) in sources("src") {
        let below =
            path.strip_prefix("src").unwrap().components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let Some(own) = order.iter().position(|module| below.trim_end_matches(".rs") == module) else { continue };
        for imported in imports(&text) {
            let Some(index) = order.iter().position(|module| *module == imported) else { continue };
            assert!(index <= own, "{}: `{}` imports `{imported}`, which stands below it", path.display(), order[own]);
        }
    }
}

#[test]
fn the_core_names_no_module_at_the_edge() {
    let order = modules();
    let edge = order.iter().position(|module| module == "settings").unwrap();
    let text = fs::read_to_string("src/lib.rs").unwrap();
    for module in &order[..edge] {
        assert!(
            !text.contains(&format!("]\npub mod {module};")),
            "`{module}` is part of the core and must not need a feature"
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in all_rust() {
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("//! ") && first.len() > 15,
            "{}: the first line must say what the file is for",
            path.display()
        );
    }
}

#[test]
fn files_are_small() {
    for (path, text) in all_rust() {
        let lines = text.lines().count();
        assert!(lines <= MAX_FILE_LINES, "{} has {lines} lines, at most {MAX_FILE_LINES} are allowed", path.display());
    }
}

#[test]
fn functions_are_small() {
    for (path, text) in all_rust() {
        for (name, lines) in functions(&text) {
            assert!(
                lines <= MAX_FUNCTION_LINES,
                "{}: `{name}` has {lines} lines, at most {MAX_FUNCTION_LINES} are allowed",
                path.display()
            );
        }
    }
}

#[test]
fn a_function_is_measured_whoever_may_call_it() {
    for visibility in ["", "pub ", "pub(super) ", "pub(in crate::rules) ", "pub const ", "pub(crate) async "] {
        let text = format!("{visibility}fn one<'t>(it: &'t str) {{\n    it;\n}}\n");
        assert_eq!(functions(&text), [("one".to_owned(), 3)], "{visibility}");
    }
}

#[test]
fn no_module_is_named_after_nothing() {
    for (path, _) in all_rust() {
        let stem = path.file_stem().unwrap().to_string_lossy();
        let vague = ["mod", "util", "utils", "helper", "helpers", "common", "manager", "misc"];
        assert!(!vague.contains(&stem.as_ref()), "{}: name it for what it does", path.display());
    }
}

#[test]
fn nothing_is_left_for_later_or_switched_off() {
    let marks =
        [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["#[ig", "nore"].concat(), ["#[should", "_panic"].concat()];
    for (path, text) in all_rust() {
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{}: `{mark}`", path.display());
        }
    }
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let words: BTreeSet<String> = Code::ALL.iter().map(|code| code.word().to_owned()).collect();
    assert_eq!(words.len(), Code::ALL.len(), "two codes have the same word");
    let pages = fs::read_dir("src/diagnostic/explain").unwrap();
    let pages = pages.map(|page| page.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned());
    assert_eq!(words, pages.collect());
    for code in Code::ALL {
        let page = code.explanation();
        assert!(
            page.starts_with(&format!("# {}\n", code.word())),
            "the page of `{}` begins with its name",
            code.word()
        );
        assert!(page.contains("## Wrong") && page.contains("## Right"), "the page of `{}` shows both", code.word());
    }
}

#[test]
fn the_codes_are_stable() {
    let list: Vec<String> =
        Code::ALL.iter().map(|code| format!("{} {}", code.word(), code.severity().name())).collect();
    insta::assert_snapshot!(list.join("\n"));
}

#[test]
fn every_matcher_and_field_is_registered_and_documented() {
    let manual = fs::read_to_string("docs/rules.md").unwrap();
    for (path, text) in sources("src/matchers") {
        if let Some((_, kind)) = text.split_once("const KIND: Kind = Kind {\n    name: \"") {
            let name = kind.split('"').next().unwrap();
            assert!(REGISTRY.iter().any(|kind| kind.name == name), "{}: not in REGISTRY", path.display());
        }
    }
    let fixture = fs::read_to_string("tests/fuzz/every-matcher.yaml").unwrap();
    for kind in REGISTRY {
        assert!(
            fixture.contains(&format!(" {}:", kind.name)),
            "tests/fuzz/every-matcher.yaml does not use `{}`",
            kind.name
        );
        assert!(manual.contains(&format!("`{}`", kind.name)), "docs/rules.md does not explain `{}`", kind.name);
    }
    for field in Field::ALL {
        assert!(manual.contains(&format!("`{}`", field.name())), "docs/rules.md does not explain `{}`", field.name());
    }
}

#[test]
fn every_page_can_be_found_from_the_readme() {
    let readme = fs::read_to_string("README.md").unwrap();
    for page in fs::read_dir("docs").unwrap().map(|page| page.unwrap().path()) {
        let name = page.to_string_lossy().into_owned();
        assert!(readme.contains(&name), "README.md does not link {name}");
    }
}

#[test]
fn links_in_the_docs_lead_somewhere() {
    let pages = files(Path::new("docs"), "md").into_iter().chain(["README.md".into(), "CHANGELOG.md".into()]);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let path = page.parent().unwrap().join(target);
            assert!(path.exists(), "{}: {link} leads nowhere", page.display());
        }
    }
}

#[test]
fn the_top_level_holds_what_it_should() {
    for entry in fs::read_dir(".").unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()) {
        assert!(TOP_LEVEL.contains(&entry.as_str()), "`{entry}` at the top level needs a line in docs/decisions/");
    }
}

/// The modules of the library, in the order of `lib.rs`.
fn modules() -> Vec<String> {
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let modules = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.map(str::to_owned).collect()
}

/// The modules of the crate that a file names.
fn imports(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let word =
        |rest: &str| rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    let mut found: BTreeSet<String> = code.split("crate::").skip(1).map(word).collect();
    // `use crate::{` with one module a line, as rustfmt lays it out.
    for block in code.split("use crate::{").skip(1) {
        let end = block.find("};").unwrap_or(block.len());
        if block.starts_with('\n') {
            let lines = block[..end].lines().filter(|line| line.starts_with("    ") && !line.starts_with("     "));
            found.extend(lines.map(|line| word(line.trim_start())));
        } else {
            found.extend(block[..end].split(',').map(|part| word(part.trim_start())));
        }
    }
    found
}

/// Each function and its number of lines, by the indentation of its closing brace.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some(rest) = after_visibility(line.trim_start())
            .trim_start_matches("const ")
            .trim_start_matches("async ")
            .strip_prefix("fn ")
        else {
            continue;
        };
        let closing = format!("{}}}", " ".repeat(indent));
        // A function on one line, or a signature without a body.
        if line.ends_with('}') || line.ends_with(';') {
            continue;
        }
        if let Some(length) = lines[index..].iter().position(|line| *line == closing) {
            found.push((rest.split(['(', '<']).next().unwrap().to_owned(), length + 1));
        }
    }
    found
}

/// A line without `pub`, `pub(super)` or `pub(in path)` before it.
fn after_visibility(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else { return line };
    let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
    rest.trim_start()
}

fn all_rust() -> Vec<(PathBuf, String)> {
    sources("src").into_iter().chain(sources("tests")).collect()
}

fn sources(directory: &str) -> Vec<(PathBuf, String)> {
    files(Path::new(directory), "rs")
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(&path).unwrap()))
        .collect()
}

fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("target") {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
