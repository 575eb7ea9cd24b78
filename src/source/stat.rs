//! Whether anything changed on disk, without opening a file.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::PathBuf,
};

use crate::source::{
    Options,
    places::Places,
    walk::{self, Found},
};

/// What the directories say about a rule set: unequal when a name, an inode, a size or a time changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stat {
    files: Vec<(Option<Stamp>, PathBuf)>,
    /// Of directories only which they are: their times change with every name that does not matter.
    directories: Vec<(Option<(u64, u64)>, PathBuf)>,
    problems: Vec<(String, String)>,
}

/// Which file it is, and as which writer left it.
#[derive(Debug, PartialEq, Eq)]
pub struct Stamp {
    inode: (u64, u64),
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// Asks for the state of a rule set whose list files are known from when it was last read.
pub fn stat(paths: &[PathBuf], options: &Options, places: &Places) -> Stat {
    let walk = walk::walk(paths, options);
    let files = walk.files.iter().map(Found::real).chain(places.lists.iter().cloned());
    let inode_of = |path: PathBuf| (fs::metadata(&path).ok().as_ref().map(inode), path);
    Stat {
        files: files.map(|path| (fs::metadata(&path).ok().as_ref().map(stamp), path)).collect(),
        directories: walk.directories.into_iter().map(inode_of).collect(),
        problems: walk.problems.into_iter().map(|problem| (problem.path, problem.message)).collect(),
    }
}

/// The stamp of a file.
pub(super) fn stamp(found: &Metadata) -> Stamp {
    Stamp {
        inode: inode(found),
        size: found.size(),
        modified: (found.mtime(), found.mtime_nsec()),
        changed: (found.ctime(), found.ctime_nsec()),
    }
}

fn inode(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}
