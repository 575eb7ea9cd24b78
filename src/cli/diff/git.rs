//! A rule set as it was in a revision of git. Nothing of the work tree is touched.
//!
//! Git is asked by fixed arguments; what the user wrote goes to its standard input, where nothing can be an option.

mod ask;
mod tree;

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::{
    rules::{self, Input, ListFault, RuleFile},
    source::{self, Options},
};

use tree::{Entry, Tree};

/// A path in a revision.
pub(super) struct Revision {
    revision: String,
    path: String,
}

/// What git knows an object by.
struct Object {
    id: String,
    is_tree: bool,
}

impl Revision {
    pub(super) fn new(revision: &str, path: &str) -> anyhow::Result<Revision> {
        if revision.chars().chain(path.chars()).any(char::is_control) {
            bail!("a revision and its path have no control characters");
        }
        if path.starts_with('/') {
            bail!(
                "`{path}` is an absolute path, which no revision has\nhelp: PATH is read from the root of the repository, or from this directory with `./`"
            );
        }
        Ok(Revision { revision: revision.to_owned(), path: path.trim_end_matches('/').to_owned() })
    }

    /// The same path in the work tree.
    pub(super) fn in_work_tree(&self) -> anyhow::Result<PathBuf> {
        if self.path == "." || self.path.starts_with("./") || self.path.starts_with("../") {
            return Ok(PathBuf::from(&self.path));
        }
        let up = ask::text(&["rev-parse", "--show-cdup"]).with_context(|| self.to_string())?;
        let path = Path::new(&up).join(&self.path);
        Ok(if path.as_os_str().is_empty() { PathBuf::from(".") } else { path })
    }

    /// Whether there are rule files at the path. What git has is asked, not whether they can be read.
    ///
    /// # Errors
    ///
    /// When there is no such revision, or git cannot be asked.
    pub(super) fn has_rules(&self) -> anyhow::Result<bool> {
        Ok(match self.object().with_context(|| format!("cannot read `{self}`"))? {
            Some(object) if object.is_tree => Tree::of(&object.id)?.rule_files().next().is_some(),
            object => object.is_some(),
        })
    }

    /// Reads the set with its lists. Its files go through a directory of their own, so that all that holds for files holds
    /// for them.
    pub(super) fn read(&self, options: &Options) -> anyhow::Result<Input> {
        let object = self.object().and_then(|object| object.with_context(|| self.nothing_there()));
        let object = object.with_context(|| format!("cannot read `{self}`"))?;
        let path = Path::new(&self.path);
        let (folder, only, id) = if object.is_tree {
            (self.path.as_str(), None, object.id)
        } else {
            let folder = path.parent().and_then(Path::to_str).unwrap_or_default();
            let found = ask::object(&self.object_name(folder))?;
            let id = found.with_context(|| format!("`{self}` lies in no directory"))?.id;
            (folder, path.file_name().and_then(|name| name.to_str()), id)
        };
        let tree = Tree::of(&id)?;
        let copy = TempDir::new().context("there is no directory for temporary files")?;
        let root = fs::canonicalize(copy.path())?;
        let astray = self.copy(&tree, only, &root, options)?;
        let mut read = source::read(&[only.map_or_else(|| root.clone(), |name| root.join(name))], options);
        read.files.extend(astray.into_iter().map(|path| leads_nowhere(&root, path)));
        let shown = format!("{}:{folder}", self.revision);
        Ok(renamed(read, &root.display().to_string(), &shown))
    }

    /// Copies the rule files, and then the lists that they name. What it gives are links that lead to no file there.
    fn copy(&self, tree: &Tree, only: Option<&str>, root: &Path, options: &Options) -> anyhow::Result<Vec<String>> {
        let files: Vec<String> = match only {
            Some(name) => vec![name.to_owned()],
            None => tree.rule_files().map(str::to_owned).collect(),
        };
        let (files, astray): (Vec<String>, _) = files.into_iter().partition(|path| tree.resolve(path).is_some());
        let files = entries(tree, &files);
        let read = ask::contents(&files, options.max_set_bytes)?;
        let mut lists = BTreeSet::new();
        for (Entry { path, .. }, bytes) in files.iter().zip(read) {
            write(root, path, &bytes)?;
            let file = RuleFile { path: path.clone(), relative: path.clone(), bytes: Ok(bytes) };
            let folder = Path::new(path).parent().unwrap_or(Path::new(""));
            let named = rules::lists_named(&file).into_iter().map(|name| folder.join(name));
            lists.extend(named.filter_map(|path| tree.within(&path)));
        }
        let lists = entries(tree, &lists);
        for (Entry { path, .. }, bytes) in lists.iter().zip(ask::contents(&lists, options.max_list_bytes)?) {
            write(root, path, &bytes)?;
        }
        Ok(astray)
    }

    /// What git calls a path: `.` alone is none.
    fn object_name(&self, path: &str) -> String {
        let slash = if path == "." || path.ends_with("..") { "/" } else { "" };
        format!("{}:{path}{slash}", self.revision)
    }

    fn nothing_there(&self) -> String {
        format!(
            "`{}` has no `{}`\nhelp: PATH is read from the root of the repository, or from this directory with `./`",
            self.revision, self.path
        )
    }

    /// What lies at the path, in a revision that there is.
    fn object(&self) -> anyhow::Result<Option<Object>> {
        if let Some(object) = ask::object(&self.object_name(&self.path))? {
            return Ok(Some(object));
        }
        if ask::object(&format!("{}^{{tree}}", self.revision))?.is_some() {
            return Ok(None);
        }
        let is_shallow = ask::text(&["rev-parse", "--is-shallow-repository"])? == "true";
        let help = if is_shallow {
            "this clone is shallow: fetch more of it, such as with `git fetch --unshallow`"
        } else {
            "name a branch, a tag or a commit that `git log` shows"
        };
        bail!("git knows no revision `{}`\nhelp: {help}", self.revision)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.revision, self.path)
    }
}

/// The files behind those of some paths that have one.
fn entries<'p>(tree: &Tree, paths: impl IntoIterator<Item = &'p String>) -> Vec<Entry> {
    let entry = |path: &String| Some(Entry { path: path.clone(), ..tree.resolve(path)?.clone() });
    paths.into_iter().filter_map(entry).collect()
}

fn leads_nowhere(root: &Path, relative: String) -> RuleFile {
    let path = root.join(&relative).display().to_string();
    RuleFile { path, relative, bytes: Err("it is a link that leads to no file of the revision".to_owned()) }
}

fn write(root: &Path, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = root.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, bytes)?)
}

/// Names the files as the user does.
fn renamed(mut input: Input, root: &str, shown: &str) -> Input {
    let inside = if shown.ends_with(':') { shown.to_owned() } else { format!("{shown}/") };
    let rename = |text: &mut String| *text = text.replace(&format!("{root}/"), &inside).replace(root, shown);
    input.files.iter_mut().for_each(|file| rename(&mut file.path));
    input.list_files.iter_mut().for_each(|list| rename(&mut list.path));
    for problem in &mut input.problems {
        rename(&mut problem.path);
        rename(&mut problem.message);
        problem.help.iter_mut().for_each(rename);
    }
    for ListFault { message, help } in input.lists.values_mut().filter_map(|list| list.as_mut().err()) {
        rename(message);
        help.iter_mut().for_each(rename);
    }
    input
}
