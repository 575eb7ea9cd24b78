//! The recipes of `docs/cookbook`: each loads without a finding, proves itself, and is what its page shows.

#![expect(clippy::disallowed_methods, reason = "it reads the documentation")]

use std::{
    fs,
    path::{Path, PathBuf},
    slice,
};

use topicgate::{
    analysis::Budget,
    diagnostic::{
        Code,
        render::{self, Style},
    },
    rules, source,
};

const FENCE: &str = "```";

fn cookbook() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cookbook")
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn directories(directory: &Path) -> Vec<PathBuf> {
    entries(directory).into_iter().filter(|path| path.is_dir()).collect()
}

fn rule_files(directory: &Path) -> Vec<PathBuf> {
    let yaml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "yaml");
    entries(directory).into_iter().filter(yaml).collect()
}

/// The rule sets of a recipe: its directory, or one directory for each of its stages.
fn sets(recipe: &Path) -> Vec<PathBuf> {
    if rule_files(recipe).is_empty() { directories(recipe) } else { vec![recipe.to_owned()] }
}

#[test]
fn every_recipe_proves_itself() {
    let recipes = directories(&cookbook());
    assert!(recipes.len() >= 15, "{} recipes", recipes.len());
    for set in recipes.iter().flat_map(|recipe| sets(recipe)) {
        let name = set.display();
        let input = source::read(slice::from_ref(&set), &source::Options::default());
        let (loaded, coverage) = rules::cover(input, crate::now());
        assert_eq!(render::text(&loaded.report, Style::Plain), "", "{name}");
        assert!(loaded.outcomes.iter().all(|outcome| outcome.differences.is_empty()), "{name}");
        assert!(coverage.unwrap().share().reaches(1000), "{name}: see `topicgate test {name}`");
        let snapshot = loaded.snapshot.unwrap();
        assert!(snapshot.counts.examples > 0 && snapshot.counts.tests > 0, "{name} has examples and tests");
    }
}

#[test]
fn what_is_shipped_leaves_no_question_open() {
    let recipes = directories(&cookbook());
    let starter = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for set in recipes.iter().flat_map(|recipe| sets(recipe)).chain([starter]) {
        let input = source::read(slice::from_ref(&set), &source::Options::default());
        let report = rules::check(input, crate::now(), Budget::default()).report;
        let mut findings = report.findings.iter().filter(|finding| finding.code != Code::PatternWithoutText);
        assert!(findings.next().is_none(), "{}:\n{}", set.display(), render::text(&report, Style::Plain));
    }
}

#[test]
fn every_page_shows_the_rules_of_its_recipe() {
    for recipe in directories(&cookbook()) {
        let page = fs::read_to_string(recipe.join("README.md")).unwrap();
        let files: Vec<String> = sets(&recipe)
            .iter()
            .flat_map(|set| rule_files(set))
            .map(|file| fs::read_to_string(file).unwrap())
            .collect();
        let shown: Vec<&str> =
            page.split(&format!("{FENCE}yaml\n")).skip(1).map(|rest| rest.split(FENCE).next().unwrap()).collect();
        assert!(!shown.is_empty(), "{} shows no rule", recipe.display());
        for rule in shown {
            assert!(files.iter().any(|file| file.contains(rule)), "{}: no file has\n{rule}", recipe.display());
        }
    }
}

#[test]
fn every_recipe_can_be_found_and_tried() {
    let contents = fs::read_to_string(cookbook().join("README.md")).unwrap();
    for recipe in directories(&cookbook()) {
        let name = recipe.file_name().unwrap().to_string_lossy().into_owned();
        assert!(contents.contains(&format!("({name}/README.md)")), "docs/cookbook/README.md does not link {name}");
        let page = fs::read_to_string(recipe.join("README.md")).unwrap();
        assert!(page.contains(&format!("$ topicgate test docs/cookbook/{name}")), "{name} does not say how to try it");
    }
}
