//! Names what was read: one hash over every file, its name and everything that was wrong.

use sha2::{Digest, Sha256};

use crate::rules::{self, ListFault, Problem};

/// The SHA-256 of a file's bytes.
pub(super) type FileDigest = [u8; 32];

/// Collects what was read, in order.
// INVARIANT: every part goes in behind its length, so that no two sets give the same stream.
#[derive(Default)]
pub(super) struct Content(Sha256);

impl Content {
    /// A rule file that was read.
    pub(super) fn file(&mut self, relative: &str, digest: &FileDigest) {
        self.record("file", &[relative.as_bytes(), digest]);
    }

    /// A rule file that was not.
    pub(super) fn fault(&mut self, relative: &str, reason: &str) {
        self.record("fault", &[relative.as_bytes(), reason.as_bytes()]);
    }

    /// A list file, by the index of the rule file that names it.
    pub(super) fn list(&mut self, file: usize, name: &str, list: Result<&FileDigest, &ListFault>) {
        let (kind, what): (_, &[u8]) = match list {
            Ok(digest) => ("list", digest),
            Err(fault) => ("list fault", fault.message.as_bytes()),
        };
        self.record(kind, &[&file.to_le_bytes(), name.as_bytes(), what]);
    }

    /// Something that was wrong with a path.
    pub(super) fn problem(&mut self, problem: &Problem) {
        self.record(problem.code.word(), &[problem.path.as_bytes(), problem.message.as_bytes()]);
    }

    /// The name of a set with all its bytes: the one that it had when they were read.
    #[cfg(feature = "watch")]
    pub(super) fn of(input: &rules::Input) -> String {
        let mut content = Content::default();
        for file in &input.files {
            match &file.bytes {
                Ok(bytes) => content.file(&file.relative, &Sha256::digest(bytes).into()),
                Err(reason) => content.fault(&file.relative, reason),
            }
        }
        let digests: Vec<FileDigest> =
            input.list_files.iter().map(|list| Sha256::digest(list.bytes()).into()).collect();
        for ((file, name), list) in &input.lists {
            let digest = list.as_ref().map(|list| digests.get(*list).unwrap_or(&[0; 32]));
            content.list(*file, name, digest);
        }
        input.problems.iter().for_each(|problem| content.problem(problem));
        content.name()
    }

    /// The name of all of it.
    pub(super) fn name(self) -> String {
        rules::name_of(self.0)
    }

    fn record(&mut self, kind: &str, parts: &[&[u8]]) {
        for part in [kind.as_bytes()].iter().chain(parts) {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }
}
