//! From directories to bytes: finds the files of a rule set and reads them. The only place that opens rule and list files,
//! and the file that the last good set is kept in.
//!
//! Nothing here fails: whatever is wrong becomes part of the [`Input`], so that one report tells all of it. Only regular
//! files are opened, and nothing is read beyond its limit, so that no path can hang or exhaust the reader.

#![expect(clippy::disallowed_methods, reason = "the one module that reads rules from disk")]

mod content;
mod file;
#[cfg(feature = "watch")]
pub mod kept;
mod lists;
mod places;
mod stat;
mod walk;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use places::{Places, may_be_open};
pub use stat::{Stamp, Stat, stat};

use crate::{
    diagnostic::Code,
    rules::{self, Input, Problem, RuleFile},
    source::{
        content::Content,
        file::{Contents, Keep, Refusal},
        lists::Home,
        walk::{Found, Walk},
    },
};

/// What may be read, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Directories besides the rule directory in which list files may lie; default none.
    pub list_roots: Vec<PathBuf>,
    /// Bytes of one rule file; default 16 MiB.
    pub max_file_bytes: u64,
    /// Bytes of all rule files together; default 64 MiB.
    pub max_set_bytes: u64,
    /// Rule files, and directories that are searched for them; default 10,000 each.
    pub max_files: usize,
    /// Directories below each other; default 32.
    pub max_depth: usize,
    /// Bytes of all list files together; default 512 MiB.
    pub max_list_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            list_roots: Vec::new(),
            max_file_bytes: 16 << 20,
            max_set_bytes: 64 << 20,
            max_files: 10_000,
            max_depth: 32,
            max_list_bytes: 512 << 20,
        }
    }
}

/// What lies on disk, without its bytes.
#[derive(Debug, Default)]
pub struct Fingerprint {
    /// Equal to [`Input::content`] of the same files.
    pub content: String,
    /// Where a change could change the set.
    pub places: Places,
}

/// Texts that stand for the files of their paths, which have no links in them: an editor has changed and not saved them.
pub type Unsaved = BTreeMap<PathBuf, Arc<String>>;

/// Reads the rule set of some paths, each a directory or a single file.
pub fn read(paths: &[PathBuf], options: &Options) -> Input {
    visit(paths, options, Keep::Bytes, &Unsaved::new()).0
}

/// The same, as if these texts were saved.
pub fn read_unsaved(paths: &[PathBuf], options: &Options, unsaved: &Unsaved) -> Input {
    visit(paths, options, Keep::Bytes, unsaved).0
}

/// Reads the rule set only to name its content; the bytes of list files are not kept in memory.
pub fn fingerprint(paths: &[PathBuf], options: &Options) -> Fingerprint {
    let (input, places) = visit(paths, options, Keep::Nothing, &Unsaved::new());
    Fingerprint { content: input.content, places }
}

/// Whether a file would be a rule file of some paths, by its name; no path has links in it.
pub fn is_rule_file(file: &Path, paths: &[PathBuf]) -> bool {
    let is_inside = |below: &Path| below.as_os_str().is_empty() || walk::is_rule_path(below);
    paths.iter().any(|path| file.strip_prefix(path).is_ok_and(is_inside))
}

/// The rule files of some paths, each with where it lies, without the lists that they name; and what was wrong.
pub fn rule_files(paths: &[PathBuf], options: &Options) -> (Vec<(PathBuf, RuleFile)>, Vec<Problem>) {
    let Walk { files: found, mut problems, .. } = walk::walk(paths, options);
    let mut left = options.max_set_bytes;
    let mut read = |found: &Found| {
        let read = file::read(&found.real(), options.max_file_bytes.min(left), Keep::Bytes);
        rule_file(found, read, options, &mut left, &mut Content::default(), &mut problems)
    };
    let files = found.iter().filter_map(|found| Some((found.real(), read(found)?))).collect();
    (files, problems)
}

/// The one way through a rule set; `keep` says what happens to the bytes of list files.
fn visit(paths: &[PathBuf], options: &Options, keep: Keep, unsaved: &Unsaved) -> (Input, Places) {
    let walk = walk::walk(paths, options);
    let mut places = Places::of(paths, &walk);
    let Walk { files: found, mut problems, .. } = walk;
    let mut content = Content::default();
    let mut files = Vec::new();
    let mut named = Vec::new();
    let mut left = options.max_set_bytes;
    for found in found {
        let read = file_of(&found, unsaved, options.max_file_bytes.min(left));
        let Some(file) = rule_file(&found, read, options, &mut left, &mut content, &mut problems) else { continue };
        let home = Home::of(&found, options);
        for name in BTreeSet::from_iter(rules::lists_named(&file)) {
            places.list(&home, &name);
            named.push(home.named(files.len(), name));
        }
        files.push(file);
    }
    let (list_files, lists) = lists::read(named, options, keep, unsaved, &mut content);
    problems.iter().for_each(|problem| content.problem(problem));
    (Input { files, list_files, lists, problems, content: content.name() }, places)
}

fn file_of(found: &Found, unsaved: &Unsaved, limit: u64) -> Result<Contents, Refusal> {
    let path = found.real();
    let text = if unsaved.is_empty() { None } else { fs::canonicalize(&path).ok().and_then(|real| unsaved.get(&real)) };
    text.map_or_else(|| file::read(&path, limit, Keep::Bytes), |text| file::unsaved(text, limit))
}

/// One rule file, of what is `left`; one that is too large is a problem instead.
fn rule_file(
    found: &Found,
    read: Result<Contents, Refusal>,
    options: &Options,
    left: &mut u64,
    content: &mut Content,
    problems: &mut Vec<Problem>,
) -> Option<RuleFile> {
    let bytes = match read {
        Ok(read) => {
            *left -= read.length;
            content.file(&found.relative, &read.digest);
            Ok(read.bytes)
        }
        Err(Refusal::TooLarge(length)) => {
            problems.push(too_large(found, length, options));
            return None;
        }
        Err(refusal) => {
            let reason = refusal.to_string();
            content.fault(&found.relative, &reason);
            Err(reason)
        }
    };
    Some(RuleFile { path: found.shown.clone(), relative: found.relative.clone(), bytes })
}

fn too_large(found: &Found, length: u64, options: &Options) -> Problem {
    let (message, help) = if length > options.max_file_bytes {
        let most = options.max_file_bytes;
        (
            format!("a rule file may have {most} bytes, and this one has more"),
            "split it, or move long lists into list files",
        )
    } else {
        let most = options.max_set_bytes;
        (format!("with this file the rule files have more than {most} bytes"), "move long lists into list files")
    };
    Problem { code: Code::TooLarge, path: found.shown.clone(), message, help: Some(help.to_owned()) }
}

/// An input error in the words of an operator.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
