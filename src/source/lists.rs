//! List files: where a name leads, and why it may not lead there.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use crate::{
    rules::{ListFault, ListFile},
    source::{
        Budget, Options,
        content::FileDigest,
        file::{self, Keep, Refusal},
        reason,
        walk::Found,
    },
};

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

    /// Where a name would lead, if it is one that may lead anywhere.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        check_name(name).ok().map(|()| self.folder.join(name))
    }
}

/// Reads a list file that a rule file names.
pub(super) fn read(
    home: &Home,
    name: &str,
    options: &Options,
    budget: &mut Budget,
    keep: Keep,
) -> Result<(ListFile, FileDigest), ListFault> {
    check_name(name)?;
    let shown = home.shown.join(name).display().to_string();
    let path = locate(home, name, &shown)?;
    let read = file::read(&path, budget.lists, keep).map_err(|refusal| fault(name, &shown, options, &refusal))?;
    budget.lists -= read.length;
    Ok((ListFile { path: shown, bytes: read.bytes }, read.digest))
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

fn fault(name: &str, shown: &str, options: &Options, refusal: &Refusal) -> ListFault {
    match refusal {
        Refusal::NotRegular(_) => {
            refused(format!("cannot use `{name}`: {refusal}"), "name a text file with one entry a line")
        }
        Refusal::TooLarge(_) => {
            let most = options.max_list_bytes;
            let message = format!("with `{name}` the list files have more than {most} bytes");
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
