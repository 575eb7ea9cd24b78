//! Live rules on a disk of their own, and how to wait for them.

use std::{
    fs,
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use topicgate::live::{Handle, Live, Options, Watching};

pub const DEADLINE: Duration = Duration::from_secs(30);
/// The time between two looks while waiting.
pub const LOOK: Duration = Duration::from_millis(1);
pub const NEVER: Duration = Duration::from_secs(3600);

/// Live rules of the path `rules` in a directory of their own.
pub struct Scene {
    pub live: Arc<Live>,
    pub handle: Handle,
    pub disk: Disk,
}

pub struct Disk {
    root: PathBuf,
    _temporary: TempDir,
}

impl Disk {
    /// With one file of one rule, `old`.
    pub fn new() -> Disk {
        let disk = Disk::empty();
        disk.put("rules/a.yaml", &rule("old"));
        disk
    }

    pub fn empty() -> Disk {
        let temporary = tempfile::tempdir().unwrap();
        Disk { root: temporary.path().canonicalize().unwrap(), _temporary: temporary }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }
}

pub fn rule(id: &str) -> String {
    format!("rules:\n  - id: {id}\n    action: deny\n    when: always\n")
}

pub const BAD: &str = "rule: []\n";

pub fn options(watching: Watching) -> Options {
    let poll = if watching == Watching::Poll { Duration::from_millis(20) } else { NEVER };
    Options { watching, poll, ..Options::default() }
}

impl Scene {
    /// Starts with the rules of a disk.
    pub fn start(disk: Disk, options: Options) -> Scene {
        let (live, handle) = Live::start(vec![disk.path("rules")], options).unwrap();
        assert_eq!((live.status().generation, live.status().attempts), (1, 1));
        Scene { live, handle, disk }
    }

    pub fn ids(&self) -> Vec<String> {
        self.live.current().rules.iter().map(|rule| rule.id.clone()).collect()
    }

    /// Waits until the rules of these ids are live, and were not before.
    pub fn becomes(&self, change: impl FnOnce(&Disk), ids: &[&str]) {
        let before = self.live.status().generation;
        change(&self.disk);
        self.wait(&format!("{ids:?} are live"), |live| {
            live.status().generation > before && live.current().rules.iter().map(|rule| &rule.id).eq(ids)
        });
    }

    /// Waits until an attempt failed, and sees the live rules stay.
    pub fn fails(&self, change: impl FnOnce(&Disk)) {
        let before = (self.live.status().generation, self.ids());
        change(&self.disk);
        self.wait("an attempt failed", |live| !live.status().last.succeeded);
        assert_eq!((self.live.status().generation, self.ids()), before);
    }

    pub fn wait(&self, what: &str, holds: impl Fn(&Live) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !holds(&self.live) {
            assert!(Instant::now() < deadline, "waited for: {what}; status: {:?}", self.live.status());
            thread::sleep(LOOK);
        }
    }
}
