//! What `topicgate diff` reads of a revision of git, where links, submodules and Git LFS are in the way.

use std::{fs, os::unix::fs::symlink, path::Path};

use insta::assert_snapshot;

use crate::difference::{git, printed, repository, run};

const SAME: &str = "no request is decided differently: proved\n";

const RULES: &str = "rules: [{id: a, action: deny, when: {name: {contains: a}}}]\n";

fn commit(repository: &Path) {
    git(repository, &["add", "-A"]);
    git(repository, &["commit", "-q", "-m", "more"]);
}

fn compared(directory: &Path, arguments: &[&str]) -> String {
    printed(&run(directory, arguments))
}

#[test]
fn links_are_followed_inside_the_repository() {
    let repository = repository();
    let path = repository.path();
    fs::create_dir_all(path.join("common/deep")).unwrap();
    fs::write(path.join("common/s.yaml"), RULES).unwrap();
    fs::write(path.join("common/deep/trent.txt"), "trent\n").unwrap();
    symlink("../../common/s.yaml", path.join("app/rules/20.yaml")).unwrap();
    symlink("app", path.join("moved")).unwrap();
    symlink("moved/./rules", path.join("rl")).unwrap();
    symlink("../common/deep", path.join("app/rules/deep")).unwrap();
    commit(path);
    for old in ["app/rules", "rl", "moved/rules", "./rl", "app/../rl/"] {
        assert!(compared(path, &[&format!("HEAD:{old}"), "app/rules"]).ends_with(SAME), "{old}");
        assert!(compared(path, &[&format!("HEAD:{old}")]).ends_with(SAME), "{old}");
    }
    assert!(compared(&path.join("app"), &["HEAD:../rl", "HEAD:./rules"]).ends_with(SAME));
    assert!(compared(&path.join("app/rules"), &["HEAD:.."]).ends_with(SAME));
    let said = compared(path, &["HEAD:rl/20.yaml", "HEAD:common/s.yaml"]);
    assert!(said.ends_with(SAME), "{said}");
}

#[test]
fn a_list_may_lie_elsewhere_in_the_repository() {
    let repository = repository();
    let path = repository.path();
    fs::create_dir(path.join("common")).unwrap();
    fs::rename(path.join("app/rules/lists/banned.txt"), path.join("common/banned.txt")).unwrap();
    symlink("../../../common/banned.txt", path.join("app/rules/lists/banned.txt")).unwrap();
    commit(path);
    let said = compared(path, &["HEAD~1:app/rules", "HEAD:app/rules"]);
    assert!(said.ends_with(SAME), "{said}");
    fs::write(path.join("common/banned.txt"), "mallory\n").unwrap();
    let said = compared(path, &["HEAD:app/rules", "--list-root", "common"]);
    assert!(said.contains("1 removed: `trent`"), "{said}");
}

#[test]
fn links_that_lead_nowhere_or_out_are_told_apart() {
    let repository = repository();
    let path = repository.path();
    let linked = |target: &str| {
        let link = path.join("app/rules/20.yaml");
        let _ = fs::remove_file(&link);
        symlink(target, &link).unwrap();
        commit(path);
        compared(path, &["HEAD:app/rules"])
    };
    assert_snapshot!(linked("/etc/passwd"), @"
    error: cannot read `20.yaml` of `HEAD:app/rules`: it leads out of the repository
    help: put what it leads to into the repository, or check both sides out (`git worktree add`) and compare the directories
    ");
    assert_eq!(linked("../../../outside.yaml"), linked("/etc/passwd"));
    assert_snapshot!(linked("../20.yaml"), @"
    error[unreadable-file]: it is a link that leads to no file of the revision
    --> HEAD:app/rules/20.yaml
     = help: a rule file is a regular file that this process may read: mend the link or the permissions, or remove it

    error[unreadable-file]: cannot read it: it does not exist
    --> app/rules/20.yaml
     = help: a rule file is a regular file that this process may read: mend the link or the permissions, or remove it
    ");
    assert_snapshot!(linked("20.yaml"), @"
    error: cannot read `20.yaml` of `HEAD:app/rules`: more than 40 links lead to each other
    help: let them lead to a file or directory
    ");
}

#[test]
fn a_submodule_is_never_read_as_nothing() {
    let repository = repository();
    let path = repository.path();
    let other = self::repository();
    let module = |at: &str| {
        let url = other.path().display().to_string();
        git(path, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, at]);
        commit(path);
    };
    module("app/rules/.hidden");
    assert!(compared(path, &["HEAD:app/rules"]).ends_with(SAME));
    module("vendor");
    assert!(compared(path, &["HEAD:app/rules"]).ends_with(SAME));
    assert_snapshot!(compared(path, &["HEAD:vendor/app/rules"]), @"
    error: cannot read `HEAD:vendor/app/rules`: `vendor` is a submodule, and its files are not in this repository
    help: run `topicgate diff` in `vendor` with a revision of the submodule, or check both sides out (`git worktree add`) and compare the directories
    ");
    symlink("../../vendor/app/rules/10.yaml", path.join("app/rules/20.yaml")).unwrap();
    commit(path);
    assert_snapshot!(compared(path, &["HEAD:app/rules"]), @"
    error: cannot read `20.yaml` of `HEAD:app/rules`: `vendor` is a submodule, and its files are not in this repository
    help: run `topicgate diff` in `vendor` with a revision of the submodule, or check both sides out (`git worktree add`) and compare the directories
    ");
    fs::remove_file(path.join("app/rules/20.yaml")).unwrap();
    module("app/rules/more");
    assert_snapshot!(compared(path, &["HEAD:app/rules"]), @"
    error: cannot read `HEAD:app/rules`: `app/rules/more` is a submodule, and its files are not in this repository
    help: run `topicgate diff` in `app/rules/more` with a revision of the submodule, or check both sides out (`git worktree add`) and compare the directories
    ");
    assert!(compared(path, &["HEAD:app/rules/10.yaml"]).ends_with(SAME));
    assert!(compared(&path.join("vendor"), &["HEAD:app/rules"]).ends_with(SAME));
}

#[test]
fn a_pointer_of_git_lfs_is_no_list() {
    let repository = repository();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
    fs::write(repository.path().join("app/rules/lists/banned.txt"), pointer).unwrap();
    commit(repository.path());
    assert_snapshot!(compared(repository.path(), &["HEAD:app/rules"]), @"
    error: `lists/banned.txt` of `HEAD:app/rules` is kept in Git LFS, and git has no more than a pointer to it
    help: check both sides out (`git worktree add`) and compare the directories
    ");
}
