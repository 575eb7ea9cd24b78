//! `topicgate init`: what it writes works as it is, shows everything, and takes nothing away.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
};

use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;
use topicgate::{facts::Field, matchers::REGISTRY, rules::grammar, yaml::shape::Shape};

fn topicgate(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.args(arguments).current_dir(directory).env("NO_COLOR", "1").output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A directory in which `init` was called, in a repository that came from `remote`.
fn started(remote: Option<&str>, arguments: &[&str]) -> (TempDir, String) {
    let directory = TempDir::new().unwrap();
    if let Some(remote) = remote {
        fs::create_dir(directory.path().join(".git")).unwrap();
        fs::write(directory.path().join(".git/config"), format!("[remote \"origin\"]\n\turl = {remote}\n")).unwrap();
    }
    let output = topicgate(directory.path(), &[&["init"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    (directory, said(&output))
}

fn names(directory: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    entries.filter(|name| name != ".git").collect()
}

#[test]
fn a_new_rule_set_passes_everything_that_ci_asks() {
    let (directory, said_by_init) = started(None, &[]);
    assert_snapshot!(said_by_init);
    assert_eq!(names(directory.path()), ["rules".to_owned()].into());
    for arguments in [
        &["check", "--deny-warnings", "rules"][..],
        &["test", "--min-coverage", "100", "rules"],
        &["fmt", "--check", "rules"],
    ] {
        let output = topicgate(directory.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{}", said(&output));
    }
}

/// Every key of the set's files, wherever it stands, and every word that is one of its values.
fn words(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            words.insert(key.clone());
            self::words(value, words);
        }),
        Value::Array(items) => items.iter().for_each(|item| self::words(item, words)),
        Value::String(word) => drop(words.insert(word.clone())),
        _ => {}
    }
}

#[test]
fn a_new_rule_set_has_an_example_of_each_thing() {
    let (directory, _) = started(None, &[]);
    let mut seen = BTreeSet::new();
    for name in names(&directory.path().join("rules")).iter().filter(|name| name.ends_with(".yaml")) {
        let text = fs::read_to_string(directory.path().join("rules").join(name)).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=topicgate.schema.json\n"), "{name}");
        words(&serde_yaml::from_str(&text).unwrap(), &mut seen);
    }
    let shapes: [&Shape; 14] = [
        &grammar::FILE,
        &grammar::LIST_FILE,
        &grammar::RULE,
        &grammar::EXCEPTION,
        &grammar::ACCEPT,
        &grammar::ACTIVE,
        &grammar::SCHEDULE,
        &grammar::QUOTA,
        &grammar::EXAMPLES,
        &grammar::GUARANTEE,
        &grammar::TEST,
        &grammar::REQUEST,
        &grammar::GIVEN,
        &grammar::EXPECT,
    ];
    let keys = shapes.iter().flat_map(|shape| shape.keys).map(|entry| entry.name);
    let fields = Field::ALL.map(Field::name);
    let matchers = REGISTRY.iter().map(|kind| kind.name);
    let others = ["all", "any", "not", "allow", "deny", "shadow", "disabled", "list", "mixed"];
    for word in keys.chain(fields).chain(matchers).chain(others) {
        assert!(seen.contains(word), "there is no example of `{word}`");
    }
}

#[test]
fn the_schema_that_is_written_is_the_one_that_is_printed() {
    let (directory, _) = started(None, &[]);
    let written = fs::read(directory.path().join("rules/topicgate.schema.json")).unwrap();
    assert_eq!(written, topicgate(directory.path(), &["schema"]).stdout);
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let (directory, _) = started(None, &[]);
    fs::write(directory.path().join("rules/00-set.yaml"), "mine").unwrap();
    let again = topicgate(directory.path(), &["init"]);
    assert_eq!(again.status.code(), Some(2));
    assert_snapshot!(said(&again), @r"
    error: `rules` is not empty, and nothing was written
    help: name another directory: topicgate init PATH
    ");
    assert_eq!(fs::read_to_string(directory.path().join("rules/00-set.yaml")).unwrap(), "mine");
}

#[test]
fn a_directory_that_cannot_be_made_is_said() {
    let directory = TempDir::new().unwrap();
    let output = topicgate(directory.path(), &["init", "config/rules"]);
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(said(&output), @r"
    error: cannot create `config/rules`: there is no directory `config`
    help: create that first
    ");
}

#[test]
fn a_repository_gets_the_files_of_its_host() {
    let (directory, said) = started(Some("git@github.com:acme/rules.git"), &["topic-rules"]);
    assert_snapshot!(said);
    let read = |path: &str| fs::read_to_string(directory.path().join(path)).unwrap();
    let workflow = read(".github/workflows/rules.yml");
    assert!(workflow.contains("paths: [topic-rules/**]") && workflow.contains("rules: topic-rules\n"), "{workflow}");
    let hooks = read(".pre-commit-config.yaml");
    assert!(hooks.contains("files: ^topic\\-rules/\n"), "{hooks}");
    assert!(hooks.contains("entry: topicgate fmt topic-rules\n"), "{hooks}");
    assert_eq!((hooks.matches("always_run: true").count(), hooks.matches("pass_filenames: false").count()), (2, 3));
    assert!(hooks.contains("entry: topicgate check --deny-warnings topic-rules\n"), "{hooks}");

    let (directory, _) = started(Some("https://gitlab.example.org/acme/rules.git"), &[]);
    assert_eq!(
        names(directory.path()),
        [".gitlab-ci.yml", ".pre-commit-config.yaml", "rules"].map(str::to_owned).into()
    );
    let template = fs::read_to_string(directory.path().join(".gitlab-ci.yml")).unwrap();
    assert!(template.contains("\n  RULES: rules\n"), "{template}");
}

#[test]
fn files_for_ci_are_written_where_they_are_asked_for() {
    assert_eq!(names(started(Some("x"), &["--ci", "none"]).0.path()), ["rules".to_owned()].into());
    let asked = names(started(None, &["--ci", "gitlab,pre-commit"]).0.path());
    assert_eq!(asked, [".gitlab-ci.yml", ".pre-commit-config.yaml", "rules"].map(str::to_owned).into());
}

#[test]
fn a_file_for_ci_that_is_there_is_left_alone() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join(".gitlab-ci.yml"), "mine").unwrap();
    let output = topicgate(directory.path(), &["init", "--ci", "gitlab"]);
    assert!(said(&output).contains("left alone .gitlab-ci.yml: it is there already"), "{}", said(&output));
    assert_eq!(fs::read_to_string(directory.path().join(".gitlab-ci.yml")).unwrap(), "mine");
}

#[test]
fn a_path_that_ci_could_not_name_is_refused_before_anything_is_written() {
    let directory = TempDir::new().unwrap();
    let output = topicgate(directory.path(), &["init", "--ci", "github", "my rules"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("nothing was written"), "{}", said(&output));
    assert_eq!(names(directory.path()), BTreeSet::new());
}

/// What is written is the example of the page, with the name of the directory and nothing switched on that fails a change.
#[test]
fn the_files_for_ci_are_those_of_the_page() {
    let (directory, _) = started(None, &["--ci", "github,gitlab"]);
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).unwrap();
    let blocks: Vec<Value> = page
        .split("```yaml\n")
        .skip(1)
        .map(|rest| serde_yaml::from_str(rest.split("```").next().unwrap()).unwrap())
        .collect();
    let read = |path: &str| -> Value {
        serde_yaml::from_str(&fs::read_to_string(directory.path().join(path)).unwrap()).unwrap()
    };
    let mut workflow = read(".github/workflows/rules.yml");
    workflow["jobs"]["rules"]["steps"][1]["with"] = serde_json::json!({ "fail-on": "loosened" });
    assert_eq!(workflow, blocks[0]);
    let mut template = read(".gitlab-ci.yml");
    let variables = template["variables"].as_object_mut().unwrap();
    assert_eq!(variables.remove("RULES"), Some("rules".into()));
    variables.insert("FAIL_ON".to_owned(), "loosened".into());
    assert_eq!(template, blocks[1]);
}
