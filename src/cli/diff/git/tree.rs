//! The files of a tree of git, and where its links lead.

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Component, Path},
};

use crate::cli::diff::git::ask;

/// As many as the kernel follows.
const MOST_LINKS: usize = 40;

/// The mode of a symbolic link.
const LINK: &str = "120000";

/// A file.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) id: String,
    pub(super) size: u64,
}

/// Everything below a directory.
pub(super) struct Tree {
    files: BTreeMap<String, Entry>,
    /// Where each link leads, as it is written.
    links: BTreeMap<String, String>,
}

impl Tree {
    pub(super) fn of(id: &str) -> anyhow::Result<Tree> {
        let listed = ask::bytes(&["ls-tree", "-r", "-z", "-l", "--full-tree", id], "")?;
        let mut tree = Tree { files: BTreeMap::new(), links: BTreeMap::new() };
        let mut links = Vec::new();
        for line in listed.split(|byte| *byte == 0) {
            let line = String::from_utf8_lossy(line);
            let Some((about, path)) = line.split_once('\t') else { continue };
            let mut about = about.split_whitespace();
            let (Some(mode), Some("blob"), Some(id)) = (about.next(), about.next(), about.next()) else { continue };
            let size = about.next().and_then(|size| size.parse().ok()).unwrap_or_default();
            let entry = Entry { path: path.to_owned(), id: id.to_owned(), size };
            if mode == LINK { links.push(entry) } else { drop(tree.files.insert(path.to_owned(), entry)) }
        }
        let targets = ask::contents(&links, u64::MAX)?;
        let targets = targets.into_iter().map(|target| String::from_utf8_lossy(&target).into_owned());
        tree.links = links.into_iter().map(|link| link.path).zip(targets).collect();
        Ok(tree)
    }

    /// What a rule directory has for rule files.
    pub(super) fn rule_files(&self) -> impl Iterator<Item = &str> {
        let is_rules = |path: &&str| {
            let is_hidden = path.split('/').any(|step| step.starts_with('.'));
            !is_hidden && (path.ends_with(".yaml") || path.ends_with(".yml"))
        };
        let leads_to_file = |path: &&String| !self.is_directory(path);
        let links = self.links.keys().filter(leads_to_file);
        self.files.keys().chain(links).map(String::as_str).filter(is_rules)
    }

    fn is_directory(&self, path: &str) -> bool {
        self.walk(path).is_some_and(|path| {
            let inside = format!("{path}/");
            self.files.range(inside.clone()..).next().is_some_and(|(file, _)| file.starts_with(&inside))
        })
    }

    /// The file at a path, links followed; `None` where there is none below this directory.
    pub(super) fn resolve(&self, path: &str) -> Option<&Entry> {
        self.files.get(&self.walk(path)?)
    }

    /// A path without `.` and `..`; `None` where it leads out.
    pub(super) fn within(&self, path: &Path) -> Option<String> {
        let names = path.components().filter(|step| *step != Component::CurDir);
        let names: Option<Vec<&str>> =
            names.map(|step| if let Component::Normal(name) = step { name.to_str() } else { None }).collect();
        Some(names?.join("/"))
    }

    /// The path without links.
    fn walk(&self, path: &str) -> Option<String> {
        let mut here: Vec<String> = Vec::new();
        let mut ahead: VecDeque<String> = path.split('/').map(str::to_owned).collect();
        let mut followed = 0;
        while let Some(step) = ahead.pop_front() {
            match step.as_str() {
                "" | "." => continue,
                ".." => drop(here.pop()?),
                _ => here.push(step),
            }
            let Some(target) = self.links.get(&here.join("/")) else { continue };
            followed += 1;
            if followed > MOST_LINKS || target.starts_with('/') {
                return None;
            }
            here.pop();
            ahead = target.split('/').map(str::to_owned).chain(ahead).collect();
        }
        Some(here.join("/"))
    }
}
