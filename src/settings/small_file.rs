//! Reads the small files that settings name: tokens, certificates and their keys.

#![expect(clippy::disallowed_methods, reason = "files that settings name are read here")]

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use libc::O_NONBLOCK;

/// The text of a file, or why it cannot be read.
pub(super) fn file_text(path: &Path, most_bytes: u64) -> Result<String, String> {
    let read = open(path).and_then(|file| io::read_to_string(file.take(most_bytes + 1)));
    let text = read.map_err(|error| error.to_string())?;
    if text.len() as u64 > most_bytes { Err(format!("it is larger than {} KiB", most_bytes >> 10)) } else { Ok(text) }
}

/// Opening a pipe would wait for its writer, and opening a device can have effects; what is opened may be another file
/// than the one that was asked for its type.
fn open(path: &Path) -> io::Result<File> {
    let regular = |metadata: Metadata| {
        if metadata.is_file() { Ok(()) } else { Err(io::Error::other("it is not a file")) }
    };
    fs::metadata(path).and_then(regular)?;
    let file = OpenOptions::new().read(true).custom_flags(O_NONBLOCK).open(path)?;
    file.metadata().and_then(regular)?;
    Ok(file)
}
