//! Puts a text in the place of a file.

#![expect(clippy::disallowed_methods, reason = "it asks where a link leads, and for the permissions of a file")]

use std::{
    fs::{self, File, Metadata},
    io::{self, Write},
    os::unix::fs::{MetadataExt, fchown},
    path::Path,
};

use tempfile::NamedTempFile;

/// Puts a text in the place of a file at once, so that nobody reads half of it. A link stays a link. A file that nobody may
/// write to is left as it is, though its folder would allow to put another there.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let old = fs::metadata(&path)?;
    if old.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only; make it writable first"));
    }
    let mut file = NamedTempFile::with_prefix_in(".topicgate-", folder)?;
    file.write_all(text.as_bytes())?;
    keep_owner(file.as_file(), &old);
    file.as_file().set_permissions(old.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

/// Keeps the owner and the group where that is allowed: root may give a file away, others to a group of theirs. It takes bits
/// of the permissions, so they are set later.
fn keep_owner(file: &File, old: &Metadata) {
    let group = Some(old.gid());
    let _ = fchown(file, Some(old.uid()), group).or_else(|_| fchown(file, None, group));
}
