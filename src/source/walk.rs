//! Finds the rule files below the given paths, in the order of the language. Opens no file.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs::{self, DirEntry},
    io,
    path::{Path, PathBuf},
};

use crate::{
    diagnostic::Code,
    rules::Problem,
    source::{Options, reason},
};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The rule files, in order.
    pub(super) files: Vec<Found>,
    /// Every directory that was searched, without links.
    pub(super) directories: BTreeSet<PathBuf>,
    /// What was wrong.
    pub(super) problems: Vec<Problem>,
}

impl Walk {
    fn is_full(&self, found: &[Found], options: &Options) -> bool {
        self.files.len() + found.len() > options.max_files || self.directories.len() > options.max_files
    }
}

/// A rule file.
#[derive(Debug)]
pub(super) struct Found {
    /// The path as operators know it.
    pub(super) shown: String,
    /// The path below the given one, or the name of a file that was given itself.
    pub(super) relative: String,
    /// The folder that it lies in, without links.
    pub(super) folder: PathBuf,
    /// The rule directory, without links.
    pub(super) root: PathBuf,
}

impl Found {
    /// The path to open; it may be a link.
    pub(super) fn real(&self) -> PathBuf {
        let name = Path::new(&self.relative).file_name().unwrap_or_default();
        self.folder.join(name)
    }
}

/// Whether a name in a rule directory is never looked at.
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// Whether a file of this name in a rule directory is a rule file.
pub(super) fn is_rule_name(name: &str) -> bool {
    !is_hidden(name) && (name.ends_with(".yaml") || name.ends_with(".yml"))
}

/// Whether what lies at such a path below a rule directory is a rule file, by its name.
pub(super) fn is_rule_path(below: &Path) -> bool {
    let mut names = below.iter().map(OsStr::to_string_lossy);
    names.next_back().is_some_and(|name| is_rule_name(&name)) && !names.any(|name| is_hidden(&name))
}

/// Finds the rule files below some paths.
pub(super) fn walk(paths: &[PathBuf], options: &Options) -> Walk {
    let mut walk = Walk::default();
    let mut seen = BTreeMap::new();
    for path in paths {
        let before = walk.problems.len();
        let mut found = Vec::new();
        if let Err(problem) = enter(path, options, &mut walk, &mut found) {
            walk.problems.push(problem);
        }
        // Not the order of `Path`, which compares component by component.
        found.sort_by(|a, b| a.relative.as_bytes().cmp(b.relative.as_bytes()));
        if found.is_empty() && walk.problems.len() == before {
            walk.problems.push(no_rule_files(path));
        }
        walk.problems.extend(mixed_prefixes(&found));
        found.into_iter().for_each(|file| admit(file, &mut seen, &mut walk));
    }
    walk
}

/// Starts at a path that was given.
fn enter(path: &Path, options: &Options, walk: &mut Walk, found: &mut Vec<Found>) -> Result<(), Problem> {
    let shown = path.display().to_string();
    let unreadable = |error: io::Error| unreadable(&shown, &error);
    let real = fs::canonicalize(path).map_err(unreadable)?;
    if fs::metadata(&real).map_err(unreadable)?.is_dir() {
        let place = Place { shown: path, relative: Path::new(""), real: &real, root: &real, depth: 0 };
        search(&place, options, walk, found)?;
        let full = walk.is_full(found, options);
        let problem = || too_large(shown, format!("there are more than {} files or directories", options.max_files));
        return if full { Err(problem()) } else { Ok(()) };
    }
    // The folder of the name that was given, not of what a link leads to: its lists lie beside that name.
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(parent).map_err(unreadable)?;
    let relative = utf8(Path::new(path.file_name().unwrap_or_default()))?;
    found.push(Found { shown: utf8(path)?, relative, root: folder.clone(), folder });
    Ok(())
}

/// A directory on the way.
struct Place<'a> {
    shown: &'a Path,
    relative: &'a Path,
    real: &'a Path,
    root: &'a Path,
    depth: usize,
}

/// Searches a directory and the ones below.
fn search(place: &Place<'_>, options: &Options, walk: &mut Walk, found: &mut Vec<Found>) -> Result<(), Problem> {
    let shown = utf8(place.shown)?;
    if place.depth > options.max_depth {
        return Err(too_large(shown, format!("more than {} directories lie below each other", options.max_depth)));
    }
    walk.directories.insert(place.real.to_owned());
    for entry in fs::read_dir(place.real).map_err(|error| unreadable(&shown, &error))? {
        let entry = entry.map_err(|error| unreadable(&shown, &error))?;
        if walk.is_full(found, options) {
            return Ok(());
        }
        if let Err(problem) = look(place, &entry, options, walk, found) {
            walk.problems.push(problem);
        }
    }
    Ok(())
}

/// Looks at one name in a directory.
fn look(
    place: &Place<'_>,
    entry: &DirEntry,
    options: &Options,
    walk: &mut Walk,
    found: &mut Vec<Found>,
) -> Result<(), Problem> {
    let name = entry.file_name();
    let display = name.to_string_lossy();
    if is_hidden(&display) {
        return Ok(());
    }
    let (shown, relative) = (place.shown.join(&name), place.relative.join(&name));
    let file_type = entry.file_type().map_err(|error| unreadable(&shown.to_string_lossy(), &error))?;
    if file_type.is_dir() {
        let real = place.real.join(&name);
        let below = Place { shown: &shown, relative: &relative, real: &real, root: place.root, depth: place.depth + 1 };
        return search(&below, options, walk, found);
    }
    let leads_to_directory = || file_type.is_symlink() && entry.path().is_dir();
    if is_rule_name(&display) && !leads_to_directory() {
        let (folder, root) = (place.real.to_owned(), place.root.to_owned());
        found.push(Found { shown: utf8(&shown)?, relative: utf8(&relative)?, folder, root });
    }
    Ok(())
}

/// Adds a file to the set, unless it is there already.
fn admit(file: Found, seen: &mut BTreeMap<PathBuf, String>, walk: &mut Walk) {
    let real = file.real();
    let real = fs::canonicalize(&real).unwrap_or(real);
    match seen.get(&real) {
        Some(first) => walk.problems.push(Problem {
            code: Code::FileTwice,
            path: file.shown,
            message: format!("this is the same file as `{first}`"),
            help: Some("give each file or directory once, and remove links to files of the set".to_owned()),
        }),
        None => {
            seen.insert(real, file.shown.clone());
            walk.files.push(file);
        }
    }
}

/// One warning for each directory in which byte order is not the order of the numbers.
fn mixed_prefixes(found: &[Found]) -> Vec<Problem> {
    let mut first: BTreeMap<&Path, (usize, &str)> = BTreeMap::new();
    let mut mixed = BTreeMap::new();
    for file in found {
        for step in Path::new(&file.relative).ancestors() {
            let (Some(folder), Some(name)) = (step.parent(), step.file_name().and_then(OsStr::to_str)) else {
                continue;
            };
            let digits = name.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                continue;
            }
            let (length, example) = *first.entry(folder).or_insert((digits, name));
            if length != digits {
                mixed.entry(folder).or_insert_with(|| mixed_prefix(file, example, name));
            }
        }
    }
    mixed.into_values().collect()
}

fn mixed_prefix(file: &Found, example: &str, name: &str) -> Problem {
    let message = format!("the numbers of `{example}` and `{name}` have different lengths");
    let help = "names are ordered byte by byte, so `10-x` comes before `9-x`: write `09-x`";
    Problem { code: Code::MixedPrefixes, path: file.shown.clone(), message, help: Some(help.to_owned()) }
}

fn no_rule_files(path: &Path) -> Problem {
    Problem {
        code: Code::NoRuleFiles,
        path: path.display().to_string(),
        message: "there is no rule file here".to_owned(),
        help: Some("rule files end in `.yaml` or `.yml`; names that begin with `.` are skipped".to_owned()),
    }
}

fn too_large(path: String, message: String) -> Problem {
    let help = Some("give the directory that holds only the rules".to_owned());
    Problem { code: Code::TooLarge, path, message, help }
}

fn unreadable(path: &str, error: &io::Error) -> Problem {
    let message = format!("cannot read it: {}", reason(error));
    let help = match error.kind() {
        io::ErrorKind::NotFound => Some("check the spelling of the path".to_owned()),
        io::ErrorKind::PermissionDenied => Some("let the user of this process read it".to_owned()),
        _ => None,
    };
    Problem { code: Code::UnreadableFile, path: path.to_owned(), message, help }
}

/// The path as text: only then is the name that users see also the name of the file.
fn utf8(path: &Path) -> Result<String, Problem> {
    path.to_str().map(str::to_owned).ok_or_else(|| Problem {
        code: Code::UnreadableFile,
        path: path.display().to_string(),
        message: "the name is not UTF-8".to_owned(),
        help: Some("rename it".to_owned()),
    })
}
