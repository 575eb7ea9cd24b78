//! A rule set as it was in a revision of git. Nothing of the work tree is touched.
//!
//! Git is asked by fixed arguments; what the user wrote goes to its standard input, where nothing can be an option.

mod ask;
mod lfs;
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

use tree::{BOTH, Entry, Place, Tree};

/// A path in a revision.
pub(super) struct Revision {
    revision: String,
    path: String,
}

/// What is read of a revision.
struct Set {
    /// The directory, without links.
    folder: String,
    /// The one file of it that is meant.
    only: Option<String>,
}

impl Set {
    /// The lists of a file lie beside the name that was given, not beside what a link leads to.
    fn of_file(tree: &Tree, path: &str) -> anyhow::Result<Set> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(Place::Directory(folder)) = tree.place(folder)? else { bail!("it lies in no directory") };
        Ok(Set { folder, only: Some(name.to_owned()) })
    }
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
        if self.is_from_here() {
            return Ok(PathBuf::from(&self.path));
        }
        let up = ask::text(&["rev-parse", "--show-cdup"]).with_context(|| self.to_string())?;
        let path = Path::new(&up).join(&self.path);
        Ok(if path.as_os_str().is_empty() { PathBuf::from(".") } else { path })
    }

    /// Whether there are rules at the path.
    ///
    /// # Errors
    ///
    /// When there is no such revision, or git cannot be asked.
    pub(super) fn has_rules(&self) -> anyhow::Result<bool> {
        let context = || format!("cannot read `{self}`");
        let tree = self.tree().with_context(context)?;
        let full = self.full_path().with_context(context)?;
        Ok(match tree.place(&full).with_context(context)? {
            Some(Place::Directory(folder)) => !tree.rule_files(&folder).with_context(context)?.is_empty(),
            place => place.is_some(),
        })
    }

    /// Reads the set with its lists. Its files go through a directory of their own, so that all that holds for files holds
    /// for them.
    pub(super) fn read(&self, options: &Options) -> anyhow::Result<Input> {
        let context = || format!("cannot read `{self}`");
        let tree = self.tree().with_context(context)?;
        let full = self.full_path().with_context(context)?;
        let set = match tree.place(&full).with_context(context)? {
            Some(Place::Directory(folder)) => Set { folder, only: None },
            Some(Place::File(_)) => Set::of_file(&tree, &full).with_context(context)?,
            None => return Err(self.nothing()).with_context(context),
        };
        let path = Path::new(&self.path);
        let folder = if set.only.is_some() { path.parent() } else { Some(path) };
        let folder = folder.and_then(Path::to_str).unwrap_or_default();
        let copy = TempDir::new().context("there is no directory for temporary files")?;
        let root = fs::canonicalize(copy.path())?;
        let astray = self.copy(&tree, &set, &root, options)?;
        let mut read = source::read(&[set.only.as_ref().map_or_else(|| root.clone(), |name| root.join(name))], options);
        read.files.extend(astray.into_iter().map(|path| leads_nowhere(&root, path)));
        let shown = format!("{}:{folder}", self.revision);
        Ok(renamed(read, &root.display().to_string(), &shown))
    }

    /// Copies the rule files, and then the lists that they name. What it gives are links that lead to no file there.
    fn copy(&self, tree: &Tree, set: &Set, root: &Path, options: &Options) -> anyhow::Result<Vec<String>> {
        let files = match &set.only {
            Some(name) => vec![name.clone()],
            None => tree.rule_files(&set.folder).with_context(|| format!("cannot read `{self}`"))?,
        };
        let (mut astray, mut found) = (Vec::new(), Vec::new());
        for path in files {
            match self.entry(tree, set, &path)? {
                Some(entry) => found.push(entry),
                None => astray.push(path),
            }
        }
        let files = found;
        let read = self.contents(&files, options.max_set_bytes)?;
        let mut lists = BTreeSet::new();
        for (Entry { path, .. }, bytes) in files.iter().zip(read) {
            write(root, path, &bytes)?;
            let file = RuleFile { path: path.clone(), relative: path.clone(), bytes: Ok(bytes) };
            let folder = Path::new(path).parent().unwrap_or(Path::new(""));
            let named = rules::lists_named(&file).into_iter().map(|name| folder.join(name));
            lists.extend(named.filter_map(|path| tree::within(&path)));
        }
        // A list that is not there is told by whoever reads the copy.
        let lists: anyhow::Result<Vec<Option<Entry>>> = lists.iter().map(|path| self.entry(tree, set, path)).collect();
        let lists: Vec<Entry> = lists?.into_iter().flatten().collect();
        for (Entry { path, .. }, bytes) in lists.iter().zip(self.contents(&lists, options.max_list_bytes)?) {
            write(root, path, &bytes)?;
        }
        Ok(astray)
    }

    /// The file at a path below the directory, by that path.
    fn entry(&self, tree: &Tree, set: &Set, path: &str) -> anyhow::Result<Option<Entry>> {
        let place = tree.place(&tree::joined(&set.folder, path));
        Ok(match place.with_context(|| format!("cannot read `{path}` of `{self}`"))? {
            Some(Place::File(found)) => Some(Entry { path: path.to_owned(), id: found.id.clone() }),
            _ => None,
        })
    }

    fn contents(&self, files: &[Entry], most: u64) -> anyhow::Result<Vec<Vec<u8>>> {
        let read = ask::contents(files, most).with_context(|| format!("cannot read `{self}`"))?;
        if let Some((file, _)) = files.iter().zip(&read).find(|(_, bytes)| lfs::is_pointer(bytes)) {
            let path = &file.path;
            bail!(
                "`{path}` of `{self}` is kept in Git LFS, and git has no more than a pointer to it\nhelp: check {BOTH}"
            );
        }
        Ok(read)
    }

    fn is_from_here(&self) -> bool {
        [".", ".."].contains(&self.path.split('/').next().unwrap_or_default())
    }

    /// The path from the root of the repository.
    fn full_path(&self) -> anyhow::Result<String> {
        let before = if self.is_from_here() { ask::text(&["rev-parse", "--show-prefix"])? } else { String::new() };
        Ok(before + &self.path)
    }

    fn nothing(&self) -> anyhow::Error {
        anyhow::anyhow!(
            "`{}` has no `{}`\nhelp: PATH is read from the root of the repository, or from this directory with `./`",
            self.revision,
            self.path
        )
    }

    fn tree(&self) -> anyhow::Result<Tree> {
        if let Some(id) = ask::tree(&self.revision)? {
            return Tree::of(&id);
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
