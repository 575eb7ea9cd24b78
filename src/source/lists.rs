//! List files: where a name leads, and why it may not lead there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, Metadata},
    path::{Component, Path, PathBuf},
};

use crate::{
    rules::{ListFault, ListFile},
    source::{
        Options, Unsaved,
        content::{Content, FileDigest},
        file::{self, Keep, Refusal},
        reason,
        walk::Found,
    },
};

/// Which of the list files is meant, by the index of the rule file and the name as written there.
type Lists = BTreeMap<(usize, String), Result<usize, ListFault>>;

/// Where the lists of a rule file lie.
pub(super) struct Home {
    /// The folder of the rule file as operators know it.
    shown: PathBuf,
    /// The same folder without links.
    folder: PathBuf,
    /// The directories that list files must lie in, without links.
    allowed: Vec<PathBuf>,
}

impl Home {
    /// The home of a rule file.
    pub(super) fn of(found: &Found, options: &Options) -> Home {
        let shown = Path::new(&found.shown).parent().unwrap_or(Path::new("")).to_owned();
        let roots = options.list_roots.iter().filter_map(|root| fs::canonicalize(root).ok());
        let allowed = [found.root.clone()].into_iter().chain(roots).collect();
        Home { shown, folder: found.folder.clone(), allowed }
    }

    /// A list file that a rule file names, by the index of the rule file.
    pub(super) fn named(&self, file: usize, name: String) -> Named {
        let shown = self.shown.join(&name).display().to_string();
        let path = check_name(&name).and_then(|()| locate(self, &name, &shown));
        Named { file, name, shown, path }
    }

    /// Where a name would lead, if it is one that may lead anywhere.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        check_name(name).ok().map(|()| self.folder.join(name))
    }
}

/// A list file that a rule file names.
pub(super) struct Named {
    file: usize,
    name: String,
    /// The path as operators know it.
    shown: String,
    /// The path without links, if it leads where list files may lie.
    path: Result<PathBuf, ListFault>,
}

/// Reads list files, each once, and none if all together are too large.
pub(super) fn read(
    named: Vec<Named>,
    options: &Options,
    keep: Keep,
    unsaved: &Unsaved,
    content: &mut Content,
) -> (Vec<ListFile>, Lists) {
    let left = if size(&named) > options.max_list_bytes { 0 } else { options.max_list_bytes };
    let mut reader = Reader { options, keep, unsaved, left, files: Vec::new(), known: BTreeMap::new() };
    let mut lists = Lists::new();
    for list in named {
        let read = reader.read(&list);
        content.list(list.file, &list.name, read.as_ref().map(|(_, digest)| digest));
        lists.insert((list.file, list.name), read.map(|(index, _)| index));
    }
    (reader.files, lists)
}

/// How many bytes they have together; what is not a file is refused later.
fn size(named: &[Named]) -> u64 {
    let paths: BTreeSet<&Path> = named.iter().filter_map(|list| list.path.as_deref().ok()).collect();
    let found = paths.into_iter().filter_map(|path| fs::metadata(path).ok()).filter(Metadata::is_file);
    found.fold(0, |sum, metadata| sum.saturating_add(metadata.len()))
}

struct Reader<'a> {
    options: &'a Options,
    keep: Keep,
    unsaved: &'a Unsaved,
    /// How many bytes may still be read: files can grow after they were counted.
    left: u64,
    files: Vec<ListFile>,
    /// The index and the digest of what was read.
    known: BTreeMap<PathBuf, (usize, FileDigest)>,
}

impl Reader<'_> {
    fn read(&mut self, list: &Named) -> Result<(usize, FileDigest), ListFault> {
        let path = list.path.as_ref().map_err(ListFault::clone)?;
        if let Some(known) = self.known.get(path) {
            return Ok(*known);
        }
        let text = self.unsaved.get(path);
        let read = text.map_or_else(|| file::read(path, self.left, self.keep), |text| file::unsaved(text, self.left));
        let read = read.map_err(|refusal| fault(list, self.options, &refusal))?;
        self.left -= read.length;
        let known = (self.files.len(), read.digest);
        self.files.push(ListFile::new(&list.shown, read.bytes));
        self.known.insert(path.clone(), known);
        Ok(known)
    }
}

fn check_name(name: &str) -> Result<(), ListFault> {
    let path = Path::new(name);
    if path.is_absolute() {
        let message = format!("`{name}` is an absolute path");
        return Err(refused(message, "name the list file relative to the folder of this rule file"));
    }
    if path.components().any(|component| component == Component::ParentDir) {
        let message = format!("`{name}` leads out of its folder by `..`");
        return Err(refused(message, "put the list file beside this rule file, or into a folder below it"));
    }
    Ok(())
}

/// The file without links, if it lies where list files may.
fn locate(home: &Home, name: &str, shown: &str) -> Result<PathBuf, ListFault> {
    let path = fs::canonicalize(home.folder.join(name)).map_err(|error| unreadable(name, shown, &reason(&error)))?;
    if home.allowed.iter().any(|root| path.starts_with(root)) {
        return Ok(path);
    }
    let message = format!("`{name}` leads to `{}`, outside the rule directory", path.display());
    Err(refused(message, "move the file into the rule directory, or add its directory to `list_roots` in the settings"))
}

fn fault(list: &Named, options: &Options, refusal: &Refusal) -> ListFault {
    let Named { name, shown, .. } = list;
    match refusal {
        Refusal::NotRegular(_) => {
            refused(format!("cannot use `{name}`: {refusal}"), "name a text file with one entry a line")
        }
        Refusal::TooLarge(_) => {
            let most = options.max_list_bytes;
            let message = format!("the list files together have more than {most} bytes");
            refused(message, "shorten the lists, or raise `max_list_bytes` in the settings")
        }
        Refusal::Io(error) => unreadable(name, shown, &reason(error)),
    }
}

fn unreadable(name: &str, shown: &str, reason: &str) -> ListFault {
    let help = format!("the name is relative to the folder of this rule file, so the file must be `{shown}`");
    refused(format!("cannot read `{name}`: {reason}"), &help)
}

fn refused(message: String, help: &str) -> ListFault {
    ListFault { message, help: Some(help.to_owned()) }
}
