//! The last good set of rules on disk: one file, replaced as a whole and checked when it is read.

mod archive;

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{
        self, BufReader, BufWriter,
        ErrorKind::{AlreadyExists, InvalidInput, NotADirectory, NotFound, PermissionDenied, Unsupported},
        Read,
    },
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tempfile::{Builder, NamedTempFile};

use crate::{
    rules::Input,
    source::{
        Options, Stamp,
        file::{self, Refusal},
        stat::stamp,
    },
};

pub use archive::{Damage, Kept, unpack};

const NAME: &str = "last-good.tar";
/// Names of files on their way: of no use when their process is gone.
const TEMPORARY: (&str, &str) = (".last-good-", ".tmp");
/// What a manifest, the headers and the padding of very many files may take besides the files.
const MOST_BESIDES: u64 = 256 << 20;

/// The directory that the last good set is kept in.
#[derive(Debug)]
pub struct Store {
    directory: PathBuf,
    /// Bytes of the file.
    limit: u64,
}

/// Why a kept set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It was not opened.
    #[error("cannot be used: {0}")]
    Refused(String),
    /// It is not what was stored.
    #[error(transparent)]
    Damaged(#[from] Damage),
}

impl Store {
    /// Takes a directory into use: creates it where only its own name is missing, and removes what a killed process left.
    ///
    /// # Errors
    /// When the path is no directory and cannot become one, or permits this process nothing. A disk that is full, read-only
    /// or broken is no error yet: it must not keep the service from starting.
    pub fn open(directory: &Path, options: &Options) -> io::Result<Store> {
        let limit = options.max_set_bytes.saturating_add(options.max_list_bytes).saturating_add(MOST_BESIDES);
        let store = Store { directory: directory.to_owned(), limit };
        match store.prepare() {
            Err(error) if matches!(error.kind(), NotADirectory | NotFound | PermissionDenied) => Err(error),
            _ => Ok(store),
        }
    }

    fn prepare(&self) -> io::Result<()> {
        self.create()?;
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let (name, (start, end)) = (entry.file_name(), TEMPORARY);
            if name.to_str().is_some_and(|name| name.starts_with(start) && name.ends_with(end)) {
                // One that another process is about to rename: that process will write again.
                _ = fs::remove_file(entry.path());
            }
        }
        self.temporary().map(drop)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file that the set is kept in.
    pub fn path(&self) -> PathBuf {
        self.directory.join(NAME)
    }

    /// Which file is there, if there is one.
    pub fn stamp(&self) -> Option<Stamp> {
        fs::metadata(self.path()).ok().as_ref().map(stamp)
    }

    /// Reads the set that is kept, if there is one.
    ///
    /// # Errors
    /// When the file is not one that [`write`](Store::write) left there.
    pub fn read(&self) -> Result<Option<Kept>, Unusable> {
        match file::open(&self.path(), self.limit) {
            Err(Refusal::Io(error)) if error.kind() == NotFound => Ok(None),
            Err(refusal) => Err(Unusable::Refused(refusal.to_string())),
            Ok(file) => Ok(Some(unpack(BufReader::new(file.take(self.limit)))?)),
        }
    }

    /// Replaces the set that is kept: whoever reads meanwhile, or after a crash, finds the old one or this one.
    ///
    /// # Errors
    /// When the disk does not take it; the old one is kept then.
    pub fn write(&self, input: &Input, revision: &str, stored: Timestamp) -> io::Result<Stamp> {
        self.create()?;
        let mut temporary = self.temporary()?;
        archive::pack(input, revision, stored, BufWriter::new(temporary.as_file_mut()))?;
        temporary.as_file().sync_all()?;
        if temporary.as_file().metadata()?.len() > self.limit {
            return Err(io::Error::other("the rules are too large to be kept"));
        }
        let written = stamp(&temporary.persist(self.path())?.metadata()?);
        match File::open(&self.directory)?.sync_all() {
            // A file system without this for directories.
            Err(error) if !matches!(error.kind(), InvalidInput | Unsupported) => Err(error),
            _ => Ok(written),
        }
    }

    fn create(&self) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(&self.directory) {
            Err(error) if error.kind() == AlreadyExists => Ok(()),
            done => done,
        }
    }

    /// A new file that only this user can read, and that is removed unless it is kept.
    fn temporary(&self) -> io::Result<NamedTempFile> {
        let (start, end) = TEMPORARY;
        // Opened here, because errors of that crate name the file, and would be another problem each time.
        let open = |path: &Path| OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        Builder::new().prefix(start).suffix(end).make_in(&self.directory, open)
    }
}
