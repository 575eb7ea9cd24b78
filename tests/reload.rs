//! Rules that follow the files: every way of changing them, once by events alone and once by polling alone.

#![expect(clippy::disallowed_methods, reason = "the subject is what lies on disk, and when it is noticed")]

use std::{
    fs,
    io::Write as _,
    os::unix::fs::symlink,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use topicgate::{
    live::{Cause, Handle, Live, News, Options, Watching},
    rules::{self, Input, Loaded},
};

const DEADLINE: Duration = Duration::from_secs(30);
/// The time between two looks while waiting.
const LOOK: Duration = Duration::from_millis(1);
const NEVER: Duration = Duration::from_secs(3600);

/// Live rules of the path `rules` in a directory of their own.
struct Scene {
    live: Arc<Live>,
    handle: Handle,
    disk: Disk,
}

struct Disk {
    root: PathBuf,
    _temporary: TempDir,
}

impl Disk {
    /// With one file of one rule, `old`.
    fn new() -> Disk {
        let disk = Disk::empty();
        disk.put("rules/a.yaml", &rule("old"));
        disk
    }

    fn empty() -> Disk {
        let temporary = tempfile::tempdir().unwrap();
        Disk { root: temporary.path().canonicalize().unwrap(), _temporary: temporary }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    fn link(&self, path: &str, target: &str) {
        symlink(target, self.path(path)).unwrap();
    }

    fn switch(&self, path: &str, target: &str) {
        self.link("..switch", target);
        self.rename("..switch", path);
    }

    /// What Kubernetes does when a configuration changes.
    fn publish(&self, version: &str, text: &str) {
        self.put(&format!("rules/{version}/a.yaml"), text);
        self.link("rules/..data_tmp", version);
        self.rename("rules/..data_tmp", "rules/..data");
    }
}

fn rule(id: &str) -> String {
    format!("rules:\n  - id: {id}\n    action: deny\n    when: always\n")
}

const BAD: &str = "rule: []\n";

fn options(watching: Watching) -> Options {
    let poll = if watching == Watching::Poll { Duration::from_millis(20) } else { NEVER };
    Options { watching, poll, ..Options::default() }
}

impl Scene {
    fn start(disk: Disk, options: Options) -> Scene {
        let (live, handle) = Live::start(vec![disk.path("rules")], options).unwrap();
        assert_eq!((live.status().generation, live.status().attempts), (1, 1));
        Scene { live, handle, disk }
    }

    fn ids(&self) -> Vec<String> {
        self.live.current().rules.iter().map(|rule| rule.id.clone()).collect()
    }

    /// Waits until the rules of these ids are live, and were not before.
    fn becomes(&self, change: impl FnOnce(&Disk), ids: &[&str]) {
        let before = self.live.status().generation;
        change(&self.disk);
        self.wait(&format!("{ids:?} are live"), |live| {
            live.status().generation > before && live.current().rules.iter().map(|rule| &rule.id).eq(ids)
        });
    }

    /// Waits until an attempt failed, and sees the live rules stay.
    fn fails(&self, change: impl FnOnce(&Disk)) {
        let before = (self.live.status().generation, self.ids());
        change(&self.disk);
        self.wait("an attempt failed", |live| !live.status().last.succeeded);
        assert_eq!((self.live.status().generation, self.ids()), before);
    }

    fn wait(&self, what: &str, holds: impl Fn(&Live) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !holds(&self.live) {
            assert!(Instant::now() < deadline, "waited for: {what}; status: {:?}", self.live.status());
            thread::sleep(LOOK);
        }
    }
}

/// Plays a scene twice.
fn both(disk: fn() -> Disk, play: fn(Scene)) {
    for watching in [Watching::Events, Watching::Poll] {
        let scene = Scene::start(disk(), options(watching));
        assert_eq!(scene.live.status().watching, watching);
        play(scene);
    }
}

#[test]
fn a_file_written_in_place() {
    both(Disk::new, |scene| {
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_file_renamed_over() {
    both(Disk::new, |scene| {
        for id in ["new", "newer"] {
            scene.becomes(
                |disk| {
                    disk.put("rules/.a.yaml.tmp", &rule(id));
                    disk.rename("rules/.a.yaml.tmp", "rules/a.yaml");
                },
                &[id],
            );
        }
    });
}

#[test]
fn a_file_saved_by_an_editor_with_backup() {
    both(Disk::new, |scene| {
        for id in ["new", "newer"] {
            scene.becomes(
                |disk| {
                    disk.put("rules/.a.yaml.swp", "swap");
                    disk.put("rules/4913", "");
                    fs::remove_file(disk.path("rules/4913")).unwrap();
                    disk.rename("rules/a.yaml", "rules/a.yaml~");
                    disk.put("rules/a.yaml", &rule(id));
                    fs::remove_file(disk.path("rules/a.yaml~")).unwrap();
                    fs::remove_file(disk.path("rules/.a.yaml.swp")).unwrap();
                },
                &[id],
            );
        }
    });
}

#[test]
fn a_file_deleted_and_created_again() {
    both(Disk::new, |scene| {
        scene.fails(|disk| fs::remove_file(disk.path("rules/a.yaml")).unwrap());
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
    });
}

#[test]
fn a_directory_deleted_and_created_again() {
    both(Disk::new, |scene| {
        scene.fails(|disk| fs::remove_dir_all(disk.path("rules")).unwrap());
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_directory_replaced() {
    both(Disk::new, |scene| {
        scene.becomes(
            |disk| {
                disk.put("next/a.yaml", &rule("new"));
                disk.rename("rules", "previous");
                disk.rename("next", "rules");
            },
            &["new"],
        );
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_directory_moved_away_and_back() {
    both(Disk::new, |scene| {
        scene.fails(|disk| disk.rename("rules", "away"));
        scene.disk.rename("away", "rules");
        scene.wait("it is back", |live| live.status().last.succeeded);
        assert_eq!(scene.live.status().generation, 1, "the same rules are not a new set");
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
    });
}

#[test]
fn a_kubernetes_volume_updated() {
    let disk = || {
        let disk = Disk::empty();
        fs::create_dir(disk.path("rules")).unwrap();
        disk.publish("..2026_1", &rule("old"));
        disk.link("rules/a.yaml", "..data/a.yaml");
        disk
    };
    both(disk, |scene| {
        scene.becomes(
            |disk| {
                disk.publish("..2026_2", &rule("new"));
                fs::remove_dir_all(disk.path("rules/..2026_1")).unwrap();
            },
            &["new"],
        );
        scene.becomes(|disk| disk.publish("..2026_3", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_file_added_and_removed() {
    both(Disk::new, |scene| {
        scene.becomes(|disk| disk.put("rules/b.yaml", &rule("more")), &["old", "more"]);
        scene.becomes(|disk| fs::remove_file(disk.path("rules/a.yaml")).unwrap(), &["more"]);
    });
}

#[test]
fn a_file_added_in_a_new_directory() {
    both(Disk::new, |scene| {
        scene.becomes(|disk| disk.put("rules/b/c/d.yaml", &rule("more")), &["old", "more"]);
        scene.becomes(|disk| disk.put("rules/b/c/d.yaml", &rule("other")), &["old", "other"]);
        scene.becomes(|disk| fs::remove_dir_all(disk.path("rules/b")).unwrap(), &["old"]);
    });
}

#[test]
fn a_list_file_changed_alone() {
    let disk = || {
        let disk = Disk::empty();
        let lists = "lists:\n  banned: { file: lists/banned.txt }\n";
        let when = "{ operator: { in: { list: banned } } }";
        let rules = format!("{lists}{}", rule("old").replace("always", when));
        disk.put("rules/a.yaml", &rules);
        disk.put("rules/lists/banned.txt", "anna\n");
        disk
    };
    both(disk, |scene| {
        let entries = |live: &Live| live.current().counts.lists.iter().map(|(_, entries)| *entries).sum::<usize>();
        assert_eq!(entries(&scene.live), 1);
        scene.becomes(|disk| disk.put("rules/lists/banned.txt", "anna\nbert\n"), &["old"]);
        assert_eq!(entries(&scene.live), 2);
        scene.fails(|disk| fs::remove_file(disk.path("rules/lists/banned.txt")).unwrap());
        scene.becomes(|disk| disk.put("rules/lists/banned.txt", "anna\nbert\ncarl\n"), &["old"]);
        assert_eq!(entries(&scene.live), 3);
    });
}

#[test]
fn a_file_changed_under_an_old_time() {
    both(Disk::new, |scene| {
        scene.becomes(
            |disk| {
                let path = disk.path("rules/a.yaml");
                let modified = fs::metadata(&path).unwrap().modified().unwrap();
                let mut file = fs::File::create(path).unwrap();
                file.write_all(rule("new").as_bytes()).unwrap();
                file.set_modified(modified).unwrap();
            },
            &["new"],
        );
    });
}

#[test]
fn bad_rules_and_then_good_ones() {
    both(Disk::new, |scene| {
        scene.fails(|disk| disk.put("rules/a.yaml", BAD));
        let failure = scene.live.status().last_failure.clone().unwrap();
        assert!(failure.report.has_errors());
        assert!(failure.problem.ends_with("in the rule files"), "{}", failure.problem);
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
        assert!(scene.live.status().last.succeeded);
        assert!(scene.live.status().last_failure.is_some(), "it is kept");
    });
}

#[test]
fn the_same_content_written_again_is_no_new_set() {
    both(Disk::new, |scene| {
        scene.disk.put("rules/a.yaml", &rule("old"));
        scene.becomes(|disk| disk.put("rules/b.yaml", &rule("more")), &["old", "more"]);
        let status = scene.live.status();
        assert_eq!((status.generation, status.attempts), (2, 2));
    });
}

#[test]
fn a_link_to_a_directory_switched() {
    let disk = || {
        let disk = Disk::empty();
        disk.put("v1/a.yaml", &rule("old"));
        disk.put("v2/a.yaml", &rule("new"));
        disk.link("rules", "v1");
        disk
    };
    both(disk, |scene| {
        scene.becomes(|disk| disk.switch("rules", "v2"), &["new"]);
        scene.becomes(|disk| disk.put("v2/a.yaml", &rule("newer")), &["newer"]);
        scene.becomes(|disk| disk.switch("rules", "v1"), &["old"]);
    });
}

#[test]
fn a_file_that_is_still_being_written_is_not_read() {
    let scene = Scene::start(Disk::new(), options(Watching::Events));
    scene.becomes(
        |disk| {
            let text = format!("{}  - id: more\n    action: deny\n    when: always\n", rule("whole"));
            let (half, rest) = text.split_at(rule("whole").len());
            let mut file = fs::File::create(disk.path("rules/a.yaml")).unwrap();
            file.write_all(half.as_bytes()).unwrap();
            // Not to wait for anything: this is how slow the writer is.
            thread::sleep(Duration::from_millis(700));
            file.write_all(rest.as_bytes()).unwrap();
        },
        &["whole", "more"],
    );
    assert_eq!(scene.live.status().attempts, 2, "nothing was tried in between");
}

#[test]
fn rules_that_keep_changing_fail_and_settle_later() {
    let scene = Scene::start(Disk::new(), options(Watching::Events));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0.. {
                scene.disk.put("rules/.next", &rule(&format!("turn-{turn}")));
                scene.disk.rename("rules/.next", "rules/a.yaml");
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        scene.wait("they keep changing", |live| {
            live.status().last_failure.as_ref().is_some_and(|failure| failure.problem == "rules keep changing")
        });
        done.store(true, Ordering::Relaxed);
    });
    scene.becomes(|disk| disk.put("rules/a.yaml", &rule("calm")), &["calm"]);
}

#[test]
fn a_forced_reload_of_the_same_content_is_an_attempt_and_no_new_set() {
    let scene = Scene::start(Disk::new(), options(Watching::Events));
    scene.handle.reload();
    scene.wait("it was tried", |live| live.status().attempts == 2);
    let status = scene.live.status();
    assert_eq!((status.generation, status.last.succeeded, status.last.cause), (1, true, Cause::Forced));
}

#[test]
fn a_listener_hears_of_attempts_and_ticks() {
    let (heard, hears) = mpsc::channel();
    let listener = Box::new(move |live: &Live, news| heard.send((news, live.status().attempts)).unwrap());
    let scene = Scene::start(Disk::new(), Options { listener, ..options(Watching::Events) });
    scene.handle.reload();
    assert_eq!(hears.recv_timeout(DEADLINE).unwrap(), (News::Tick, 1));
    assert_eq!(hears.recv_timeout(DEADLINE).unwrap(), (News::Attempted, 2));
}

#[test]
fn a_panic_while_loading_leaves_the_rules_and_the_thread_alive() {
    fn load(input: Input) -> Loaded {
        let panics = input.files.iter().flat_map(|file| &file.bytes).any(|bytes| bytes.starts_with(b"# panic"));
        assert!(!panics, "on purpose");
        rules::load(input)
    }
    let scene = Scene::start(Disk::new(), Options { load, ..options(Watching::Events) });
    scene.fails(|disk| disk.put("rules/a.yaml", &format!("# panic\n{}", rule("new"))));
    let failure = scene.live.status().last_failure.clone().unwrap();
    assert_eq!(failure.problem, "a defect of this program stopped loading: on purpose");
    scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
}

#[test]
fn a_first_load_that_fails_is_an_error() {
    let disk = Disk::empty();
    let failure = Live::start(vec![disk.path("rules")], Options::default()).unwrap_err();
    assert!(failure.report.has_errors());
    assert_eq!(failure.problem, "1 error in the rule files");
}

#[test]
fn an_old_snapshot_is_released_when_the_last_request_is_done_with_it() {
    let scene = Scene::start(Disk::new(), options(Watching::Poll));
    let request = scene.live.current();
    let old = Arc::downgrade(&request);
    scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
    assert_eq!(request.rules[0].id, "old");
    drop(request);
    scene.wait("it is released", |_| old.strong_count() == 0);
}

#[test]
fn dropping_the_handle_ends_the_thread() {
    let Scene { live, handle, disk } = Scene::start(Disk::new(), options(Watching::Events));
    drop(handle);
    let deadline = Instant::now() + DEADLINE;
    while Arc::strong_count(&live) > 1 {
        assert!(Instant::now() < deadline, "the thread still runs");
        thread::sleep(LOOK);
    }
    drop(disk);
}
