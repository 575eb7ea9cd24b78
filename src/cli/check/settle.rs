//! `check --write-witness`: adds the tests that say which of two rules decides.

#![expect(clippy::disallowed_methods, reason = "it reads the files that it adds to")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    cli::replace::replace,
    diagnostic::counted,
    rules::witness::{self, Witness},
    source::{self, Options},
};

/// Adds each test to the last file that has tests, or else to the one of the later rule.
pub(super) fn write(
    paths: &[PathBuf],
    options: &Options,
    witnesses: &[Witness],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (files, _) = source::rule_files(paths, options);
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let tested = files.iter().rev().find(|(path, _)| witness::has_tests(&text(path)));
    let mut added: BTreeMap<(&Path, &str), Vec<&Witness>> = BTreeMap::new();
    for witness in witnesses {
        let own = files.iter().find(|(_, file)| file.path == witness.file);
        if let Some((path, file)) = tested.or(own) {
            added.entry((path, &file.path)).or_default().push(witness);
        }
    }
    for ((path, name), witnesses) in added {
        let edited = witness::added(&text(path), &witnesses)
            .with_context(|| format!("{name} is laid out so that no test can be added safely"))?;
        replace(path, &edited).with_context(|| format!("{name} cannot be written"))?;
        writeln!(out, "{name}: {} added", counted(witnesses.len(), "test"))?;
    }
    Ok(())
}
