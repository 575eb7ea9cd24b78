//! Puts a text in the place of a file.

#![expect(clippy::disallowed_methods, reason = "it asks where a link leads, and for the permissions of a file")]

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use tempfile::NamedTempFile;

/// Puts a text in the place of a file at once, so that nobody reads half of it. A link stays a link. A file that nobody may
/// write to is left as it is, though its folder would allow to put another there.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let permissions = fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only; make it writable first"));
    }
    let mut file = NamedTempFile::with_prefix_in(".topicgate-", folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}
