//! Where a rule set comes from: a path, or a path in a revision of git.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::bail;

use crate::cli::diff::{exists, git::Revision};

/// Where a rule set comes from.
pub(super) enum Source {
    Disk(PathBuf),
    Git(Revision),
}

impl Source {
    /// What is there is a path; only otherwise `REVISION:PATH` is one of git.
    pub(super) fn of(argument: &str) -> anyhow::Result<Source> {
        if exists(Path::new(argument)) {
            return Ok(Source::Disk(argument.into()));
        }
        match split(argument) {
            Some(("", _)) => bail!("`{argument}` names no revision\nhelp: put one before the colon: `HEAD{argument}`"),
            Some((revision, path)) => Ok(Source::Git(Revision::new(revision, path)?)),
            None => Ok(Source::Disk(argument.into())),
        }
    }
}

/// Splits at the first colon that stands in no braces. `C:\rules` and `C:/rules` are paths.
fn split(argument: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let colon = argument.char_indices().find_map(|(at, character)| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return Some(at),
            _ => {}
        }
        None
    })?;
    let (revision, path) = (argument.get(..colon)?, argument.get(colon + 1..)?);
    let is_drive =
        matches!(revision.as_bytes(), [letter] if letter.is_ascii_alphabetic()) && path.starts_with(['\\', '/']);
    (!is_drive).then_some((revision, path))
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Disk(path) => path.display().fmt(formatter),
            Source::Git(revision) => revision.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_ends_at_its_colon_and_a_drive_is_none() {
        assert_eq!(split("main:rules"), Some(("main", "rules")));
        assert_eq!(split("HEAD@{12:30}:a:b"), Some(("HEAD@{12:30}", "a:b")));
        assert_eq!(split("c:rules"), Some(("c", "rules")));
        for path in [r"C:\rules", "c:/rules", "rules", "./rules"] {
            assert_eq!(split(path), None, "{path}");
        }
    }
}
