//! Where a change could change the rule set: what a watcher watches, and which of its events count.

use std::{
    collections::{BTreeSet, VecDeque},
    ffi::OsString,
    fs,
    os::unix::fs::MetadataExt,
    path::{Component, Path, PathBuf, absolute},
};

use crate::source::{
    lists::Home,
    walk::{Walk, is_hidden, is_rule_name},
};

/// How many links are followed, as by the kernel.
const MOST_LINKS: usize = 40;

/// Where a change could change the rule set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Directories in which a new name may be a rule file, without links.
    searched: BTreeSet<PathBuf>,
    /// Files of the set, rule directories, and links on the way to them; the folder of each without links.
    named: BTreeSet<PathBuf>,
    /// The list files that rule files name.
    pub(super) lists: BTreeSet<PathBuf>,
}

impl Places {
    /// The places of what was found below some paths.
    pub(super) fn of(paths: &[PathBuf], walk: &Walk) -> Places {
        let mut places = Places { searched: walk.directories.clone(), ..Places::default() };
        paths.iter().for_each(|path| places.trace(path));
        walk.files.iter().for_each(|file| places.trace_below(&file.folder, &file.real()));
        places
    }

    /// Adds a list file that a rule file names, whether it exists or not.
    pub(super) fn list(&mut self, home: &Home, name: &str) {
        if let Some(path) = home.path(name) {
            self.trace(&path);
            self.lists.insert(path);
        }
    }

    /// The places of either.
    #[must_use]
    pub fn union(&self, other: &Places) -> Places {
        Places {
            searched: &self.searched | &other.searched,
            named: &self.named | &other.named,
            lists: &self.lists | &other.lists,
        }
    }

    /// The directories to watch, none of them recursively.
    pub fn directories(&self) -> BTreeSet<PathBuf> {
        let folders = self.named.iter().filter_map(|path| path.parent()).map(Path::to_owned);
        folders.chain(self.searched.iter().cloned()).collect()
    }

    /// Whether a change of what stands at a path could change the set.
    pub fn concern(&self, path: &Path) -> bool {
        self.named.contains(path) || self.searched.contains(path) || self.may_add_rules(path)
    }

    fn may_add_rules(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let searched = path.parent().is_some_and(|folder| self.searched.contains(folder));
        searched && (is_rule_name(&name) || !is_hidden(&name) && is_directory(path))
    }

    fn trace(&mut self, path: &Path) {
        if let Ok(path) = absolute(path) {
            self.trace_below(Path::new("/"), &path);
        }
    }

    /// Follows a path from a folder without links, and adds every link on the way and the end; or, of a path that leads
    /// nowhere, the first name that is missing.
    fn trace_below(&mut self, folder: &Path, path: &Path) {
        let mut here = folder.to_owned();
        let mut ahead: VecDeque<OsString> = names(path.strip_prefix(folder).unwrap_or(path));
        let mut links = 0;
        while let Some(name) = ahead.pop_front() {
            if name == ".." {
                here.pop();
                continue;
            }
            let next = here.join(&name);
            if let Ok(target) = fs::read_link(&next) {
                self.named.insert(next);
                links += 1;
                if links > MOST_LINKS {
                    return;
                }
                here = if target.is_absolute() { PathBuf::from("/") } else { here };
                ahead = names(&target).into_iter().chain(ahead).collect();
            } else if ahead.is_empty() || !is_directory(&next) {
                self.named.insert(next);
                return;
            } else {
                here = next;
            }
        }
    }
}

/// Whether a writer may still hold a file that has just appeared: links and hard links appear complete.
pub fn may_be_open(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.nlink() == 1)
}

fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

fn names(path: &Path) -> VecDeque<OsString> {
    let steps = path.components().filter(|step| matches!(step, Component::Normal(_) | Component::ParentDir));
    steps.map(|step| step.as_os_str().to_owned()).collect()
}
