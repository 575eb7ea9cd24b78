//! The files of a revision of git, and where its links lead. No link leads out of the revision.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Component, Path},
};

use anyhow::Context;

use crate::cli::diff::git::ask;

/// As many as the kernel follows.
const MOST_LINKS: usize = 40;

/// Bytes of what all links lead to.
const MOST_TARGET_BYTES: u64 = 64 << 20;

/// The mode of a symbolic link.
const LINK: &str = "120000";

/// A file.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) id: String,
}

/// Everything in a revision, by its path from the root of the repository.
#[derive(Default)]
pub(super) struct Tree {
    files: BTreeMap<String, Entry>,
    /// Where each link leads, as it is written.
    links: BTreeMap<String, String>,
    /// Other repositories, of which git knows no more than the commit.
    submodules: BTreeSet<String>,
}

/// What lies at a path.
pub(super) enum Place<'t> {
    File(&'t Entry),
    /// Its path without links.
    Directory(String),
}

/// Why nobody can say what lies at a path.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    #[error("it leads out of the repository\nhelp: put what it leads to into the repository, or check {BOTH}")]
    Outside,
    #[error("more than {MOST_LINKS} links lead to each other\nhelp: let them lead to a file or directory")]
    Links,
    #[error(
        "`{0}` is a submodule, and its files are not in this repository\nhelp: run `topicgate diff` in `{0}` with a revision of the \
         submodule, or check {BOTH}"
    )]
    Submodule(String),
}

/// What can be done about what git does not have.
pub(super) const BOTH: &str = "both sides out (`git worktree add`) and compare the directories";

impl Tree {
    pub(super) fn of(id: &str) -> anyhow::Result<Tree> {
        let listed = ask::bytes(&["ls-tree", "-r", "-z", "--full-tree", id], "")?;
        let mut tree = Tree::default();
        let mut links = Vec::new();
        for line in listed.split(|byte| *byte == 0) {
            let line = String::from_utf8_lossy(line);
            let Some((about, path)) = line.split_once('\t') else { continue };
            let mut about = about.split_whitespace();
            let (Some(mode), Some(kind), Some(id)) = (about.next(), about.next(), about.next()) else { continue };
            let entry = Entry { path: path.to_owned(), id: id.to_owned() };
            match (mode, kind) {
                (LINK, _) => links.push(entry),
                (_, "blob") => drop(tree.files.insert(path.to_owned(), entry)),
                _ => drop(tree.submodules.insert(path.to_owned())),
            }
        }
        tree.links = targets(links)?;
        Ok(tree)
    }

    /// What a directory has for rule files, by their paths below it. It has to be one without links.
    pub(super) fn rule_files(&self, folder: &str) -> Result<Vec<String>, Lost> {
        let is_seen = |path: &&str| !path.split('/').any(|step| step.starts_with('.'));
        let mut submodules = self.submodules.iter().filter_map(|path| below(folder, path));
        if let Some(submodule) = submodules.find(is_seen) {
            return Err(Lost::Submodule(joined(folder, submodule)));
        }
        let is_rules = |path: &&str| is_seen(path) && (path.ends_with(".yaml") || path.ends_with(".yml"));
        let leads_to_file = |path: &&str| !matches!(self.place(&joined(folder, path)), Ok(Some(Place::Directory(_))));
        let files = self.files.keys().filter_map(|path| below(folder, path)).filter(is_rules);
        let links = self.links.keys().filter_map(|path| below(folder, path)).filter(is_rules).filter(leads_to_file);
        Ok(files.chain(links).map(str::to_owned).collect())
    }

    /// What lies at a path, links followed.
    pub(super) fn place(&self, path: &str) -> Result<Option<Place<'_>>, Lost> {
        let path = self.walk(path)?;
        if let Some(file) = self.files.get(&path) {
            return Ok(Some(Place::File(file)));
        }
        let inside = format!("{path}/");
        let first = [
            self.files.range(inside.clone()..).next().map(|(path, _)| path),
            self.links.range(inside.clone()..).next().map(|(path, _)| path),
            self.submodules.range(inside.clone()..).next(),
        ];
        let is_directory = path.is_empty() || first.into_iter().flatten().any(|first| first.starts_with(&inside));
        Ok(is_directory.then_some(Place::Directory(path)))
    }

    /// The path without links.
    fn walk(&self, path: &str) -> Result<String, Lost> {
        let mut here: Vec<String> = Vec::new();
        let mut ahead: VecDeque<String> = path.split('/').map(str::to_owned).collect();
        let mut followed = 0;
        while let Some(step) = ahead.pop_front() {
            match step.as_str() {
                "" | "." => continue,
                ".." => drop(here.pop().ok_or(Lost::Outside)?),
                _ => here.push(step),
            }
            let at = here.join("/");
            if self.submodules.contains(&at) {
                return Err(Lost::Submodule(at));
            }
            let Some(target) = self.links.get(&at) else { continue };
            followed += 1;
            if followed > MOST_LINKS {
                return Err(Lost::Links);
            }
            if target.starts_with('/') {
                return Err(Lost::Outside);
            }
            here.pop();
            ahead = target.split('/').map(str::to_owned).chain(ahead).collect();
        }
        Ok(here.join("/"))
    }
}

fn targets(links: Vec<Entry>) -> anyhow::Result<BTreeMap<String, String>> {
    let targets = ask::contents(&links, MOST_TARGET_BYTES).context("cannot read its links")?;
    let targets = targets.into_iter().map(|target| String::from_utf8_lossy(&target).into_owned());
    Ok(links.into_iter().map(|link| link.path).zip(targets).collect())
}

/// A path below a directory; `None` where it lies elsewhere.
fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// A path of a directory.
pub(super) fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// A path as a list is named: without `.`, and `None` where it leads up.
pub(super) fn within(path: &Path) -> Option<String> {
    let names = path.components().filter(|step| *step != Component::CurDir);
    let names: Option<Vec<&str>> =
        names.map(|step| if let Component::Normal(name) = step { name.to_str() } else { None }).collect();
    Some(names?.join("/"))
}
