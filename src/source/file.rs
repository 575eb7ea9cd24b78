//! Reads one regular file, within a limit.

use std::{
    fs::{self, File, FileType, Metadata, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{FileTypeExt, OpenOptionsExt},
    path::Path,
};

use libc::O_NONBLOCK;
use sha2::{Digest, Sha256};

use crate::source::{content::FileDigest, reason};

/// What happens to the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// They are kept.
    Bytes,
    /// They are hashed and forgotten.
    Nothing,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct Contents {
    /// Its bytes, if they were to be kept.
    pub(super) bytes: Vec<u8>,
    pub(super) length: u64,
    pub(super) digest: FileDigest,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("it is {0}, not a regular file")]
    NotRegular(&'static str),
    #[error("it has {0} bytes, which is too large")]
    TooLarge(u64),
    #[error("cannot read it: {}", reason(.0))]
    Io(#[from] io::Error),
}

/// Reads a file of at most `limit` bytes, following links.
pub(super) fn read(path: &Path, limit: u64, keep: Keep) -> Result<Contents, Refusal> {
    let file = open(path, limit)?;
    let mut reading = Reading { keep, bytes: Vec::new(), hash: Sha256::new() };
    if keep == Keep::Bytes {
        // One byte more, or the last read, which says that the file has ended, would make the buffer grow.
        let expected = file.metadata()?.len().saturating_add(1);
        reading.bytes.reserve_exact(usize::try_from(expected).unwrap_or_default());
    }
    let length = io::copy(&mut file.take(limit.saturating_add(1)), &mut reading)?;
    if length > limit {
        return Err(Refusal::TooLarge(length));
    }
    Ok(Contents { bytes: reading.bytes, length, digest: reading.hash.finalize().into() })
}

/// A text that an editor has not saved, as if it were read.
pub(super) fn unsaved(text: &str, limit: u64) -> Result<Contents, Refusal> {
    let length = text.len() as u64;
    if length > limit {
        return Err(Refusal::TooLarge(length));
    }
    Ok(Contents { bytes: text.as_bytes().to_owned(), length, digest: Sha256::digest(text.as_bytes()).into() })
}

/// Opens a file of at most `limit` bytes, following links.
pub(super) fn open(path: &Path, limit: u64) -> Result<File, Refusal> {
    // Opening a device can have effects, so the type is known before. What is opened may be another file by then, so it
    // is asked again; if it is a pipe, opening does not wait for its writer.
    accept(&fs::metadata(path)?, limit)?;
    let file = OpenOptions::new().read(true).custom_flags(O_NONBLOCK).open(path)?;
    accept(&file.metadata()?, limit)?;
    Ok(file)
}

fn accept(metadata: &Metadata, limit: u64) -> Result<(), Refusal> {
    if !metadata.is_file() {
        return Err(Refusal::NotRegular(kind(metadata.file_type())));
    }
    if metadata.len() > limit {
        return Err(Refusal::TooLarge(metadata.len()));
    }
    Ok(())
}

fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() {
        "a directory"
    } else if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// Hashes what is written to it, and keeps it if it is to be kept.
struct Reading {
    keep: Keep,
    bytes: Vec<u8>,
    hash: Sha256,
}

impl Write for Reading {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.hash.update(chunk);
        if self.keep == Keep::Bytes {
            self.bytes.extend_from_slice(chunk);
        }
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
