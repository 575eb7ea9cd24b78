//! Ways to write into the directory of a service.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

/// The directory of a service.
pub struct Disk(PathBuf);

impl Disk {
    /// A directory that exists.
    pub fn new(root: &Path) -> Disk {
        Disk(root.to_owned())
    }

    /// The path of a file.
    pub fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Writes a file in place, and creates the directories on the way.
    pub fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a file beside another, and renames it over that.
    pub fn replace(&self, path: &str, text: &str) {
        self.put("next", text);
        self.rename("next", path);
    }

    /// Adds a line to a file.
    pub fn append(&self, path: &str, line: &str) {
        let mut file = OpenOptions::new().append(true).open(self.path(path)).unwrap();
        writeln!(file, "{line}").unwrap();
    }

    /// Truncates a file and opens it for writing.
    pub fn create(&self, path: &str) -> File {
        File::create(self.path(path)).unwrap()
    }

    /// Renames a file, a directory or a link.
    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Removes a file or a link.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Removes a directory with everything in it.
    pub fn remove_all(&self, path: &str) {
        fs::remove_dir_all(self.path(path)).unwrap();
    }

    /// Makes a link.
    pub fn link(&self, path: &str, target: &str) {
        symlink(target, self.path(path)).unwrap();
    }

    /// Makes a link lead elsewhere, without a moment in which there is none.
    pub fn switch(&self, path: &str, target: &str) {
        let next = format!("{path}_tmp");
        self.link(&next, target);
        self.rename(&next, path);
    }
}
