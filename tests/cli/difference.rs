//! What `topicgate diff` says of two rule sets, on disk and in git.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;

const OLD: &str = "\
rules:
  - {id: staff, action: allow, when: {operator: {in: [ann, bob]}}}
  - {id: casino, action: deny, code: 10100, when: {name: {contains: [casino, poker]}}}
  - {id: promo, action: deny, message: No promotions, when: {name: {contains: promo}}}
  - {id: hourly, action: deny, code: 10160, when: always, quota: {limit: 5, per: operator, within: 1h}}
";

const NEW: &str = "\
lists:
  banned: [mallory, trent]
rules:
  - {id: staff, action: allow, when: {operator: {in: [ann]}}}
  - {id: casino, action: deny, code: 10101, when: {name: {contains: [casino]}}}
  - {id: banned, action: deny, code: 10110, when: {operator: {in: {list: banned}}}}
  - {id: promo, action: deny, message: No adverts, when: {name: {contains: promo}}}
  - {id: trial, action: deny, mode: shadow, when: {name: {contains: trial}}}
  - {id: hourly, action: deny, code: 10160, when: always, quota: {limit: 5, per: operator, within: 1h}}
";

/// The words of one, in another order.
const OTHERWISE: &str = "\
rules:
  - {id: casino, action: deny, code: 10100, when: {any: [{name: {contains: poker}}, {name: {contains: casino}}]}, except:
      [{id: staff, reason: theirs, expires: never, when: {operator: {in: [bob, ann]}}}]}
  - {id: staff, action: allow, when: {operator: {in: [ann, bob]}}}
  - {id: promo, action: deny, message: No promotions, when: {name: {contains: promo}}}
  - {id: hourly, action: deny, code: 10160, when: always, quota: {limit: 5, per: operator, within: 1h}}
";

pub fn run(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.arg("diff").args(arguments).current_dir(directory).env("NO_COLOR", "1");
    command.env("GIT_CEILING_DIRECTORIES", std::env::temp_dir()).output().unwrap()
}

pub fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

/// A directory with both sets.
fn both(old: &str, new: &str) -> TempDir {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("old.yaml"), old).unwrap();
    fs::write(directory.path().join("new.yaml"), new).unwrap();
    directory
}

fn compared(old: &str, new: &str, more: &[&str]) -> Output {
    let directory = both(old, new);
    run(directory.path(), &[&["old.yaml", "new.yaml", "--at", "2026-11-23T18:00:00Z"], more].concat())
}

#[test]
fn people_read_what_a_change_means() {
    assert_snapshot!(printed(&compared(OLD, NEW, &[])));
}

#[test]
fn a_change_request_gets_a_table() {
    assert_snapshot!(printed(&compared(OLD, NEW, &["--format", "markdown"])));
}

#[test]
fn a_comment_holds_every_table() {
    let set = |code: usize, word: &str| {
        let long = "@".repeat(60);
        let rule = |number: usize| {
            let (id, code) = ("i-1".repeat(15), 10100 + number % 3 * code);
            format!(
                "  - {{id: {id}{number}, action: deny, code: {code}, message: '{word}{long}{long}', when: {{name: {{is: '{number}{long}{word}'}}}}}}\n"
            )
        };
        format!("rules:\n{}", (0..200).map(rule).collect::<String>())
    };
    let said = printed(&compared(&set(0, "x"), &set(1, "y"), &["--format", "markdown"]));
    assert!(said.len() < 65_000, "{}", said.len());
    assert!(said.contains("\nAnd ") && said.contains(" more rules\n"), "{said}");
}

#[test]
fn programs_get_every_request_with_both_decisions() {
    let output = compared(OLD, NEW, &["--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdict"], "different");
    assert_eq!(report["kinds"], serde_json::json!(["tightened", "loosened", "code", "text"]));
    let loosened = report["changes"].as_array().unwrap().iter().find(|change| change["kind"] == "loosened").unwrap();
    assert_eq!((&loosened["old"]["code"], &loosened["new"]["decision"]), (&10100.into(), &"allow".into()));
}

#[test]
fn what_only_reads_differently_is_proved_to_be_the_same() {
    assert_snapshot!(printed(&compared(OLD, OTHERWISE, &[])), @"
    from `old.yaml` to `new.yaml`: rules 1 changed
      changed  casino: condition, exceptions, order (new.yaml:2)

    no request is decided differently: proved
    ");
}

#[test]
fn a_kind_that_is_not_wanted_fails() {
    let fails = |old, new, kinds| compared(old, new, &["--fail-on", kinds]).status.code();
    assert_eq!(fails(OLD, NEW, "loosened"), Some(1));
    assert_eq!(fails(OLD, NEW, "not-proved"), Some(0));
    assert_eq!(fails(OLD, OTHERWISE, "tightened , loosened, any"), Some(0));
    assert_eq!(fails("rules: [{id: a, action: deny, when: always}]", OLD, "tightened"), Some(0));
    assert_eq!(fails("rules: [{id: a, action: deny, when: always}]", OLD, "any"), Some(1));
}

#[test]
fn what_a_share_and_a_counter_change_is_shown_with_them() {
    let set = |share: &str, limit: u32| {
        format!(
            "rules:\n  - {{id: trial, action: deny, when: {{name: {{contains: x}}}}, rollout: {share}}}\n  - {{id: hourly, \
             action: deny, when: always, quota: {{limit: {limit}, per: operator, within: 1h}}}}\n"
        )
    };
    assert_snapshot!(printed(&compared(&set("10%", 5), &set("60%", 3), &[])));
}

#[test]
fn a_longer_window_counts_no_less_than_a_shorter_one() {
    let set = |limit: u32, within: &str| {
        format!(
            "rules:\n  - {{id: r1, action: deny, when: always, quota: {{limit: {limit}, per: operator, within: {within}}}}}\n"
        )
    };
    assert_snapshot!(printed(&compared(&set(3, "1h"), &set(3, "1d"), &[])));
    let kinds = |old: (u32, &str), new: (u32, &str)| {
        let output = compared(&set(old.0, old.1), &set(new.0, new.1), &["--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let counted = report["changes"][0]["counted"][0].clone();
        (report["kinds"].to_string(), counted["old"].as_u64(), counted["new"].as_u64())
    };
    assert_eq!(kinds((3, "1d"), (3, "1h")), (r#"["loosened"]"#.to_owned(), Some(3), Some(0)));
    assert_eq!(kinds((3, "1h"), (2, "1d")), (r#"["tightened"]"#.to_owned(), Some(0), Some(2)));
    assert_eq!(kinds((3, "1h"), (5, "1d")).0, r#"["tightened","loosened"]"#);
}

#[test]
fn every_entry_that_came_or_went_is_asked_about() {
    let set = |from: usize, to: usize| {
        let entries: Vec<String> = (from..to).map(|number| format!("u{number:06}")).collect();
        let rule = "{id: banned, action: deny, when: {operator: {in: {list: banned}}}}";
        format!("lists: {{banned: [{}]}}\nrules: [{rule}]\n", entries.join(", "))
    };
    let said = printed(&compared(&set(1, 1001), &set(501, 6001), &[]));
    assert!(said.contains("by themselves 5000 become refused (`u001001`), 500 become allowed (`u000001`)\n"), "{said}");
    let output = compared(&set(0, 10), &set(1, 11), &["--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["lists"][0]["asked"], 2);
    let said = printed(&compared(&set(0, 10), &set(1, 120_001), &[]));
    assert!(
        said.contains("by themselves, of 100000 that were asked about, 99999 become refused (`u000010`), 1 become"),
        "{said}"
    );
}

#[test]
fn a_rule_that_ended_is_no_loss() {
    let old = "rules: [{id: a, action: deny, active: {until: 2026-01-01}, when: always}, {id: b, action: allow, when: always}]";
    let new = "rules: [{id: b, action: allow, when: always}]";
    assert!(printed(&compared(old, new, &[])).ends_with("no request is decided differently: proved\n"));
    let output = run(both(old, new).path(), &["old.yaml", "new.yaml", "--at", "2025-12-31T00:00:00Z"]);
    assert!(printed(&output).contains("loosened"));
}

#[test]
fn a_broken_set_is_told_as_check_tells_it() {
    let output = compared("rules: [{id: a}]", NEW, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).contains("error[missing-key]"), "{}", printed(&output));
    let directory = both(OLD, NEW);
    assert_eq!(run(directory.path(), &["nowhere", "new.yaml"]).status.code(), Some(2));
    let output = run(directory.path(), &["old.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(printed(&output), @"
    error: there is nothing to compare `old.yaml` with
    help: name NEW too, or a revision: `HEAD:./old.yaml`
    ");
}

pub fn git(directory: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]);
    let output = git.args(arguments).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with two commits of a rule directory, and a list.
pub fn repository() -> TempDir {
    let directory = TempDir::new().unwrap();
    let path = directory.path();
    fs::create_dir_all(path.join("app/rules/lists")).unwrap();
    let rules = "lists: {banned: {file: lists/banned.txt}}\n\
                 rules: [{id: banned, action: deny, when: {operator: {in: {list: banned}}}}]\n";
    fs::write(path.join("app/rules/10.yaml"), rules).unwrap();
    fs::write(path.join("app/rules/lists/banned.txt"), "mallory\n").unwrap();
    fs::write(path.join("app/rules/.hidden.yaml"), "no rules").unwrap();
    git(path, &["init", "-q"]);
    git(path, &["add", "-A"]);
    git(path, &["commit", "-q", "-m", "one"]);
    fs::write(path.join("app/rules/lists/banned.txt"), "mallory\ntrent\n").unwrap();
    git(path, &["commit", "-q", "-a", "-m", "two"]);
    directory
}

#[test]
fn revisions_are_compared_with_each_other_and_with_the_work_tree() {
    let repository = repository();
    let at = |directory: &str, arguments: &[&str]| printed(&run(&repository.path().join(directory), arguments));
    let expected = at("", &["main~1:app/rules", "main:app/rules"]);
    assert_snapshot!(expected);
    let expected = expected.replace("`main:app/rules`", "`app/rules`").replace("(main:", "(");
    assert_eq!(at("", &["main~1:app/rules"]), expected);
    for (directory, arguments) in [
        ("", &["main~1:app/rules/10.yaml", "HEAD:app/rules/10.yaml"][..]),
        ("app", &["HEAD~1:./rules"]),
        ("app", &["HEAD~1:app/rules", "HEAD:./rules/"]),
        ("app/rules", &["HEAD^:./", "."]),
        ("app/rules", &["HEAD^:./10.yaml"]),
        ("app/rules", &["HEAD^{/one}:app/rules"]),
    ] {
        let said = at(directory, arguments);
        assert!(said.contains("1 added: `trent`") && said.contains("tightened"), "{arguments:?}\n{said}");
    }
    assert!(at("", &["HEAD:app/rules"]).contains("no request is decided differently: proved"));
}

#[test]
fn what_git_does_not_have_is_said() {
    let repository = repository();
    let at = |arguments: &[&str]| {
        let output = run(repository.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{}", printed(&output));
        printed(&output)
    };
    assert_snapshot!(at(&["nobody:app/rules"]), @"
    error: cannot read `nobody:app/rules`: git knows no revision `nobody`
    help: name a branch, a tag or a commit that `git log` shows
    ");
    assert_snapshot!(at(&["main:rules", "app/rules"]), @"
    error: cannot read `main:rules`: `main` has no `rules`
    help: PATH is read from the root of the repository, or from this directory with `./`
    ");
    assert_snapshot!(at(&["main:/app/rules", "app/rules"]), @"
    error: `/app/rules` is an absolute path, which no revision has
    help: PATH is read from the root of the repository, or from this directory with `./`
    ");
    assert_snapshot!(at(&[":app/rules"]), @"
    error: `:app/rules` names no revision
    help: put one before the colon: `HEAD:app/rules`
    ");
    assert_snapshot!(at(&["--", "--output=x:app/rules", "app/rules"]), @"
    error: cannot read `--output=x:app/rules`: git knows no revision `--output=x`
    help: name a branch, a tag or a commit that `git log` shows
    ");
    let outside = TempDir::new().unwrap();
    assert_snapshot!(printed(&run(outside.path(), &["main:rules", "rules"])), @"
    error: cannot read `main:rules`: this directory is in no git repository
    help: a path with a colon is read as REVISION:PATH
    ");
}

/// What a change of `app/rules` to `set` means, where CI compares it with `base`.
fn mended(base: &str, set: &str, format: &str) -> Output {
    let repository = repository();
    let rules = repository.path().join("app/rules");
    fs::write(rules.join("10.yaml"), "rules: [{id: a}]\n").unwrap();
    git(repository.path(), &["commit", "-q", "-a", "-m", "broken"]);
    fs::write(rules.join("10.yaml"), set).unwrap();
    let more = ["--at", "2026-11-23T18:00:00Z", "--fail-on", "loosened,not-proved", "--format", format];
    run(repository.path(), &[&["--lenient-old", base, "app/rules"], &more[..]].concat())
}

const ONE: &str = "rules: [{id: a, action: deny, when: {name: {contains: x}}}]\n";

#[test]
fn the_first_rules_are_compared_with_none() {
    let of = |format| {
        let output = mended("HEAD:rules", ONE, format);
        assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
        printed(&output)
    };
    assert_snapshot!(of("text"));
    assert_snapshot!(of("markdown"));
    let report: Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(report["old"], serde_json::json!({"name": "HEAD:rules", "revision": null}));
    assert_eq!((&report["kinds"], report.get("findings")), (&serde_json::json!(["tightened"]), None));
    for base in ["HEAD:app/rules/lists", "HEAD:./rules/"] {
        assert!(printed(&mended(base, ONE, "text")).contains(" (no rules there) to "), "{base}");
    }
}

#[test]
fn what_mends_rules_that_do_not_load_fails_nothing() {
    let of = |format| {
        let output = mended("HEAD:app/rules", ONE, format);
        assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
        assert!(output.stderr.is_empty(), "{}", printed(&output));
        printed(&output)
    };
    assert_snapshot!(of("text"));
    assert_snapshot!(of("markdown"));
    let report: Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!((&report["verdict"], &report["old"]["revision"]), (&"not_comparable".into(), &Value::Null));
    assert_eq!(report["findings"]["findings"][0]["code"], "missing-key");
}

#[test]
fn nothing_but_the_old_rules_is_looked_at_leniently() {
    for (base, set, code) in [
        ("HEAD:app/rules", "rules: [{id: a}]", 1),
        ("HEAD:rules", "rules: [{id: a}]", 1),
        ("nobody:app/rules", ONE, 2),
        ("HEAD:/app/rules", ONE, 2),
        ("HEAD:../rules", ONE, 2),
        ("app/rulse", ONE, 2),
    ] {
        let output = mended(base, set, "text");
        assert_eq!(output.status.code(), Some(code), "{base}\n{}", printed(&output));
        assert!(!output.stderr.is_empty(), "{base}");
    }
}

#[test]
fn links_are_followed_inside_the_revision_only() {
    use std::os::unix::fs::symlink;
    let repository = repository();
    let rules = repository.path().join("app/rules");
    fs::rename(rules.join("lists/banned.txt"), rules.join("real.txt")).unwrap();
    symlink("../real.txt", rules.join("lists/banned.txt")).unwrap();
    git(repository.path(), &["add", "-A"]);
    git(repository.path(), &["commit", "-q", "-m", "three"]);
    let same = run(repository.path(), &["HEAD~1:app/rules", "HEAD:app/rules"]);
    assert!(printed(&same).contains("no request is decided differently: proved"), "{}", printed(&same));
    symlink("/etc/passwd", rules.join("20.yaml")).unwrap();
    git(repository.path(), &["add", "-A"]);
    git(repository.path(), &["commit", "-q", "-m", "four"]);
    let output = run(repository.path(), &["HEAD~1:app/rules", "HEAD:app/rules"]);
    assert_snapshot!(printed(&output), @"
    error: cannot read `20.yaml` of `HEAD:app/rules`: it leads out of the repository
    help: put what it leads to into the repository, or check both sides out (`git worktree add`) and compare the directories
    ");
}

#[test]
fn a_rule_directory_may_be_a_link() {
    let repository = repository();
    std::os::unix::fs::symlink("app/rules", repository.path().join("rules")).unwrap();
    std::os::unix::fs::symlink("app", repository.path().join("config")).unwrap();
    git(repository.path(), &["add", "-A"]);
    git(repository.path(), &["commit", "-q", "-m", "three"]);
    fs::write(repository.path().join("app/rules/lists/banned.txt"), "mallory\ntrent\neve\n").unwrap();
    for base in ["HEAD:rules", "HEAD:./rules/", "HEAD:config/rules", "HEAD:config/rules/10.yaml"] {
        let said = printed(&run(repository.path(), &["--lenient-old", base]));
        assert!(said.contains("1 added: `eve`") && said.contains("tightened"), "{base}\n{said}");
    }
}

#[test]
fn a_shallow_clone_and_a_missing_git_are_said() {
    let repository = repository();
    let clones = TempDir::new().unwrap();
    let url = format!("file://{}", repository.path().display());
    git(clones.path(), &["clone", "-q", "--depth", "1", &url, "clone"]);
    let output = run(&clones.path().join("clone"), &["HEAD~1:app/rules"]);
    assert_snapshot!(printed(&output), @"
    error: cannot read `HEAD~1:app/rules`: git knows no revision `HEAD~1`
    help: this clone is shallow: fetch more of it, such as with `git fetch --unshallow`
    ");
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.args(["diff", "main:app/rules", "app/rules"]).current_dir(repository.path()).env("PATH", "/nowhere");
    assert_snapshot!(printed(&command.output().unwrap()), @"
    error: cannot read `main:app/rules`: git is not installed
    help: install it, or name directories instead of revisions
    ");
}
