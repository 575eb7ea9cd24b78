//! The arguments that name a rule set.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::{
    analysis::Budget,
    rules::{self, Loaded},
    source::{self, Options},
};

/// Where list files may lie besides the rule directory.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ListRoots {
    /// A directory besides the rule directory in which list files may lie; may be repeated
    #[arg(long = "list-root", value_name = "DIR")]
    list_roots: Vec<PathBuf>,
}

impl ListRoots {
    /// What may be read.
    pub(super) fn options(self) -> Options {
        Options { list_roots: self.list_roots, ..Options::default() }
    }
}

/// A set that was read from disk.
pub(super) struct OnDisk {
    /// What came of it.
    pub(super) loaded: Loaded,
    /// How many rule files there are.
    pub(super) files: usize,
}

/// Reads and loads a set, as of a time.
pub(super) fn load(paths: &[PathBuf], options: &Options, at: Timestamp) -> OnDisk {
    let input = source::read(paths, options);
    OnDisk { files: input.files.len(), loaded: rules::load(input, at) }
}

/// The same for somebody who looks after the set.
pub(super) fn check(paths: &[PathBuf], options: &Options, at: Timestamp, proofs: Budget) -> OnDisk {
    let input = source::read(paths, options);
    OnDisk { files: input.files.len(), loaded: rules::check(input, at, proofs) }
}
