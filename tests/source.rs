//! Finding and reading the files of a rule set: real directories, real links.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the subject is what lies on disk")]

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{MetadataExt, symlink},
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use proptest::{collection::btree_map, prelude::*};
use tempfile::TempDir;
use topicgate::{
    rules::{self, Input},
    source::{self, Options},
};

const RULES: &str = "rules:\n  - id: a\n    action: allow\n    when: always\n";

/// A directory with an empty directory `rules`.
struct Disk {
    root: PathBuf,
    _temporary: TempDir,
}

impl Disk {
    fn new(files: &[(&str, &str)]) -> Disk {
        let temporary = tempfile::tempdir().unwrap();
        let disk = Disk { root: temporary.path().canonicalize().unwrap(), _temporary: temporary };
        fs::create_dir(disk.path("rules")).unwrap();
        files.iter().for_each(|(path, text)| disk.put(path, text));
        disk
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn link(&self, path: &str, target: &str) {
        symlink(target, self.path(path)).unwrap();
    }

    fn read(&self, paths: &[&str], options: &Options) -> Input {
        let paths: Vec<_> = paths.iter().map(|path| self.path(path)).collect();
        let input = source::read(&paths, options);
        assert_eq!(source::fingerprint(&paths, options).content, input.content);
        input
    }

    fn check(&self, paths: &[&str], expected: &[&str]) {
        self.check_with(&Options::default(), paths, expected);
    }

    /// Reads some paths and compares what was found: files, lists, problems, one a line.
    fn check_with(&self, options: &Options, paths: &[&str], expected: &[&str]) {
        let input = self.read(paths, options);
        let files = input.files.iter().map(|file| match &file.bytes {
            Ok(_) => file.path.clone(),
            Err(reason) => format!("{}: {reason}", file.path),
        });
        let lists = input.lists.iter().map(|((_, name), list)| match list {
            Ok(index) => {
                let list = &input.list_files[*index];
                format!("list {name}: {} bytes of {}", list.bytes().len(), list.path)
            }
            Err(fault) => format!("list {name}: {}", fault.message),
        });
        let problems = input.problems.iter();
        let problems = problems.map(|problem| format!("{} {}: {}", problem.code.word(), problem.path, problem.message));
        let root = format!("{}/", self.root.display());
        let found: Vec<_> = files.chain(lists).chain(problems).map(|line| line.replace(&root, "")).collect();
        assert_eq!(found, expected);
    }
}

fn with_list(name: &str) -> String {
    format!("lists:\n  banned: {{ file: '{name}' }}\n{RULES}")
}

#[test]
fn files_come_in_byte_order_of_the_relative_path() {
    let disk = Disk::new(&[("rules/b.yml", ""), ("rules/a/z.yaml", ""), ("rules/a.yaml", ""), ("rules/a-b.yaml", "")]);
    disk.put("rules/B.yaml", "");
    disk.check(&["rules"], &["rules/B.yaml", "rules/a-b.yaml", "rules/a.yaml", "rules/a/z.yaml", "rules/b.yml"]);
}

#[test]
fn several_paths_come_in_the_order_given() {
    let disk = Disk::new(&[("rules/b.yaml", ""), ("a/z.yaml", ""), ("a/y.yaml", ""), ("one.txt", "")]);
    disk.check(&["rules", "one.txt", "a"], &["rules/b.yaml", "one.txt", "a/y.yaml", "a/z.yaml"]);
}

#[test]
fn hidden_names_and_other_files_are_skipped() {
    let disk =
        Disk::new(&[("rules/a.yaml", ""), ("rules/.b.yaml", ""), ("rules/.git/c.yaml", ""), ("rules/d.txt", "")]);
    disk.check(&["rules"], &["rules/a.yaml"]);
}

#[test]
fn links_to_files_are_followed_and_links_to_directories_only_for_the_root() {
    let disk = Disk::new(&[("elsewhere/a.yaml", ""), ("elsewhere/b.yaml", "")]);
    disk.link("rules/x.yaml", "../elsewhere/a.yaml");
    disk.link("rules/more", "../elsewhere");
    disk.link("rules/dir.yaml", "../elsewhere");
    disk.link("link", "rules");
    disk.check(&["link"], &["link/x.yaml"]);
}

#[test]
fn one_file_reached_twice_is_an_error() {
    let disk = Disk::new(&[("rules/a.yaml", "")]);
    disk.link("rules/b.yaml", "a.yaml");
    let twice = |path: &str| format!("file-twice {path}: this is the same file as `rules/a.yaml`");
    let expected = ["rules/a.yaml", &twice("rules/b.yaml"), &twice("rules/a.yaml")];
    disk.check(&["rules", "rules/a.yaml"], &expected);
}

#[test]
fn a_path_without_rules_is_an_error() {
    let disk = Disk::new(&[("rules/read.me", "")]);
    disk.check(&["rules"], &["no-rule-files rules: there is no rule file here"]);
    disk.check(&["missing"], &["unreadable-file missing: cannot read it: it does not exist"]);
}

#[test]
fn numbers_of_different_length_in_one_directory_are_a_warning() {
    let disk = Disk::new(&[("rules/10-b.yaml", ""), ("rules/8-a.yaml", ""), ("rules/9-a.yaml", "")]);
    let warning = "mixed-prefixes rules/8-a.yaml: the numbers of `10-b.yaml` and `8-a.yaml` have different lengths";
    disk.check(&["rules"], &["rules/10-b.yaml", "rules/8-a.yaml", "rules/9-a.yaml", warning]);
}

#[test]
fn numbers_of_different_directories_are_not_compared() {
    let disk = Disk::new(&[("rules/a/10.yaml", ""), ("rules/b/9.yaml", ""), ("rules/b/list-10.yaml", "")]);
    disk.check(&["rules"], &["rules/a/10.yaml", "rules/b/9.yaml", "rules/b/list-10.yaml"]);
}

#[test]
fn only_regular_files_are_opened() {
    let disk = Disk::new(&[]);
    assert!(Command::new("mkfifo").arg(disk.path("rules/pipe.yaml")).status().unwrap().success());
    disk.link("rules/device.yaml", "/dev/zero");
    disk.link("rules/gone.yaml", "nowhere");
    let expected = [
        "rules/device.yaml: it is a device, not a regular file",
        "rules/gone.yaml: cannot read it: it does not exist",
        "rules/pipe.yaml: it is a named pipe, not a regular file",
    ];
    disk.check(&["rules"], &expected);
    disk.check(&["rules/pipe.yaml"], &["rules/pipe.yaml: it is a named pipe, not a regular file"]);
}

#[test]
fn a_link_to_itself_is_an_unreadable_file() {
    let disk = Disk::new(&[("rules/a.yaml", &with_list("loop.txt"))]);
    disk.link("rules/loop.txt", "loop.txt");
    disk.link("rules/loop.yaml", "loop.yaml");
    let input = disk.read(&["rules", "rules/loop.txt"], &Options::default());
    assert!(input.files[1].bytes.is_err());
    assert_eq!(input.problems.len(), 1);
}

#[test]
fn rule_files_have_limits() {
    let disk = Disk::new(&[("rules/a.yaml", "12345"), ("rules/b.yaml", "1234"), ("rules/c.yaml", "123")]);
    let large = Options { max_file_bytes: 4, ..Options::default() };
    let problem = "too-large rules/a.yaml: a rule file may have 4 bytes, and this one has more";
    disk.check_with(&large, &["rules"], &["rules/b.yaml", "rules/c.yaml", problem]);
    let set = Options { max_set_bytes: 8, ..Options::default() };
    let problem = "too-large rules/b.yaml: with this file the rule files have more than 8 bytes";
    disk.check_with(&set, &["rules"], &["rules/a.yaml", "rules/c.yaml", problem]);
}

#[test]
fn directories_have_limits() {
    let disk = Disk::new(&[("rules/1/2/a.yaml", ""), ("rules/1/b.yaml", ""), ("rules/1/c.yaml", "")]);
    let shallow = Options { max_depth: 1, ..Options::default() };
    let problem = "too-large rules/1/2: more than 1 directories lie below each other";
    disk.check_with(&shallow, &["rules"], &["rules/1/b.yaml", "rules/1/c.yaml", problem]);
    let many = Options { max_files: 2, ..Options::default() };
    let problems = disk.read(&["rules"], &many).problems;
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].message, "there are more than 2 files or directories");
}

#[test]
fn lists_lie_beside_the_file_that_names_them() {
    let disk =
        Disk::new(&[("rules/sub/a.yaml", &with_list("lists/banned.txt")), ("rules/sub/lists/banned.txt", "x\n")]);
    let expected = ["rules/sub/a.yaml", "list lists/banned.txt: 2 bytes of rules/sub/lists/banned.txt"];
    disk.check(&["rules"], &expected);
    disk.check(&["rules/sub/a.yaml"], &expected);
}

#[test]
fn list_names_that_lead_elsewhere_are_refused() {
    let check = |name: &str, message: &str| {
        let disk = Disk::new(&[("rules/a.yaml", &with_list(name)), ("secret.txt", "x")]);
        disk.link("rules/link.txt", "../secret.txt");
        disk.link("rules/device.txt", "/dev/zero");
        fs::create_dir(disk.path("rules/folder")).unwrap();
        disk.check(&["rules"], &["rules/a.yaml", &format!("list {name}: {message}")]);
    };
    check("/etc/passwd", "`/etc/passwd` is an absolute path");
    check("../secret.txt", "`../secret.txt` leads out of its folder by `..`");
    check("link.txt", "`link.txt` leads to `secret.txt`, outside the rule directory");
    check("device.txt", "`device.txt` leads to `/dev/zero`, outside the rule directory");
    check("folder", "cannot use `folder`: it is a directory, not a regular file");
    check("missing.txt", "cannot read `missing.txt`: it does not exist");
}

#[test]
fn list_roots_allow_lists_to_lie_elsewhere() {
    let disk = Disk::new(&[("rules/a.yaml", &with_list("link.txt")), ("data/banned.txt", "x")]);
    disk.link("rules/link.txt", "../data/banned.txt");
    let options = Options { list_roots: vec![disk.path("data")], ..Options::default() };
    disk.check_with(&options, &["rules"], &["rules/a.yaml", "list link.txt: 1 bytes of rules/link.txt"]);
}

#[test]
fn list_files_have_a_limit_together() {
    let text = format!("lists:\n  a: {{ file: a.txt }}\n  b: {{ file: b.txt }}\n{RULES}");
    let disk = Disk::new(&[("rules/a.yaml", &text), ("rules/a.txt", "123"), ("rules/b.txt", "123")]);
    let options = Options { max_list_bytes: 5, ..Options::default() };
    let refused = |name: &str| format!("list {name}: the list files together have more than 5 bytes");
    disk.check_with(&options, &["rules"], &["rules/a.yaml", &refused("a.txt"), &refused("b.txt")]);
}

#[test]
fn a_list_file_that_two_rule_files_name_is_read_once() {
    let text = with_list("a.txt");
    let disk = Disk::new(&[("rules/a.yaml", &text), ("rules/b.yaml", &text), ("rules/a.txt", "123")]);
    disk.link("rules/link.txt", "a.txt");
    disk.put("rules/c.yaml", &with_list("link.txt"));
    let options = Options { max_list_bytes: 3, ..Options::default() };
    let list = |name: &str| format!("list {name}: 3 bytes of rules/a.txt");
    let files = ["rules/a.yaml", "rules/b.yaml", "rules/c.yaml"];
    let expected = [files[0], files[1], files[2], &list("a.txt"), &list("a.txt"), &list("link.txt")];
    disk.check_with(&options, &["rules"], &expected);
    assert_eq!(disk.read(&["rules"], &options).list_files.len(), 1);
}

#[test]
fn a_file_that_vanishes_or_becomes_a_pipe_while_it_is_read_is_whole_or_a_finding() {
    let text = with_list("list.txt");
    let files = [("whole.yaml", text.as_str()), ("whole.txt", "x\n")];
    let disk = Disk::new(&files);
    assert!(Command::new("mkfifo").arg(disk.path("pipe")).status().unwrap().success());
    let done = AtomicBool::new(false);
    let come_and_go = |whole: &str, path: &str| {
        while !done.load(Ordering::Relaxed) {
            for kind in [whole, "pipe"] {
                let next = disk.path(path).with_extension("next");
                fs::hard_link(disk.path(kind), &next).unwrap();
                fs::rename(&next, disk.path(path)).unwrap();
            }
            fs::remove_file(disk.path(path)).unwrap();
        }
    };
    let inputs: Vec<Input> = thread::scope(|scope| {
        scope.spawn(|| come_and_go("whole.yaml", "rules/a.yaml"));
        scope.spawn(|| come_and_go("whole.txt", "rules/list.txt"));
        let inputs = (0..5000).map(|_| source::read(&[disk.path("rules")], &Options::default())).collect();
        done.store(true, Ordering::Relaxed);
        inputs
    });
    for input in inputs {
        let whole = input.files.iter().any(|file| file.bytes.is_ok()) && input.lists.values().all(Result::is_ok);
        assert!(input.files.iter().flat_map(|file| &file.bytes).all(|bytes| *bytes == text.as_bytes()));
        assert!(input.list_files.iter().all(|list| list.bytes() == b"x\n"));
        let loaded = rules::load(input, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!((loaded.snapshot.is_some(), loaded.report.has_errors()), (whole, !whole));
    }
    disk.put("rules/a.yaml", &text);
    disk.put("rules/list.txt", "x\n");
    disk.check(&["rules"], &["rules/a.yaml", "list list.txt: 2 bytes of rules/list.txt"]);
}

/// A directory as Kubernetes mounts a configuration.
fn mounted() -> Disk {
    let disk = Disk::new(&[("rules/..2026_1/10-x.yaml", &with_list("lists/banned.txt"))]);
    disk.put("rules/..2026_1/lists/banned.txt", "x");
    disk.link("rules/..data", "..2026_1");
    disk.link("rules/10-x.yaml", "..data/10-x.yaml");
    disk.link("rules/lists", "..data/lists");
    disk
}

#[test]
fn a_kubernetes_volume_is_read_through_its_links() {
    let expected = ["rules/10-x.yaml", "list lists/banned.txt: 1 bytes of rules/lists/banned.txt"];
    mounted().check(&["rules"], &expected);
}

#[test]
fn places_are_the_folders_and_the_links_on_the_way() {
    let disk = mounted();
    disk.link("link", "rules");
    let places = source::fingerprint(&[disk.path("link")], &Options::default()).places;
    let folders = ["rules", "rules/..2026_1", "rules/..2026_1/lists"].map(|path| disk.path(path));
    let folders: Vec<_> = [disk.root.clone()].into_iter().chain(folders).collect();
    let watched: Vec<_> = places.directories().into_iter().collect();
    assert_eq!(watched, folders);
    let concern = |path: &str| places.concern(&disk.path(path));
    let yes = [
        "link",
        "rules",
        "rules/..data",
        "rules/10-x.yaml",
        "rules/..2026_1/10-x.yaml",
        "rules/new.yaml",
        "rules/lists",
    ];
    let no = ["other", "rules/..data_tmp", "rules/.10-x.yaml.swp", "rules/notes.txt", "rules/..2026_1/new.yaml"];
    assert_eq!(yes.map(concern), [true; 7]);
    assert_eq!(no.map(concern), [false; 5]);
}

#[test]
fn places_of_what_is_missing_are_where_it_would_appear() {
    let disk = Disk::new(&[("rules/a.yaml", &with_list("lists/banned.txt"))]);
    let places = source::fingerprint(&[disk.path("rules"), disk.path("more/rules")], &Options::default()).places;
    assert!(places.concern(&disk.path("rules/lists")));
    assert!(places.concern(&disk.path("more")));
}

#[test]
fn content_names_the_bytes_and_not_where_they_lie() {
    let files = [("rules/a.yaml", RULES), ("rules/b.yaml", "x")];
    let content = |disk: &Disk| disk.read(&["rules"], &Options::default()).content;
    let first = content(&Disk::new(&files));
    assert_eq!(first.len(), 16);
    let disk = Disk::new(&files);
    assert_eq!(content(&disk), first);
    disk.put("rules/b.yaml", "y");
    assert_ne!(content(&disk), first);
    disk.put("rules/b.yaml", "x");
    fs::rename(disk.path("rules/b.yaml"), disk.path("rules/c.yaml")).unwrap();
    assert_ne!(content(&disk), first);
    fs::remove_file(disk.path("rules/c.yaml")).unwrap();
    let absent = content(&disk);
    disk.link("rules/c.yaml", "nowhere");
    assert_ne!(content(&disk), absent);
}

#[test]
fn stat_notices_what_the_time_of_the_change_does_not_tell() {
    let disk = mounted();
    let (paths, options) = ([disk.path("rules")], Options::default());
    let places = source::fingerprint(&paths, &options).places;
    let stat = || source::stat(&paths, &options, &places);
    let before = stat();
    assert_eq!(stat(), before);
    let list = disk.path("rules/..2026_1/lists/banned.txt");
    let old = fs::metadata(&list).unwrap();
    // Until the clock of the file system has moved on.
    while fs::metadata(&list).unwrap().ctime_nsec() == old.ctime_nsec() {
        let mut file = fs::File::options().write(true).open(&list).unwrap();
        file.write_all(b"y").unwrap();
        file.set_modified(old.modified().unwrap()).unwrap();
    }
    let changed = stat();
    assert_ne!(changed, before);
    disk.put("rules/notes.txt", "not a rule");
    assert_eq!(stat(), changed);
    disk.put("rules/new.yaml", RULES);
    assert_ne!(stat(), changed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    // `Disk::read` holds the law.
    #[test]
    fn a_fingerprint_is_the_content_of_a_read(files in btree_map("[a-c]/[a-c](\\.yaml|\\.txt)", "[a-z: '\n-]{0,40}", 0..6)) {
        let disk = Disk::new(&[]);
        files.iter().for_each(|(path, text)| disk.put(&format!("rules/{path}"), text));
        disk.read(&["rules"], &Options::default());
    }
}
