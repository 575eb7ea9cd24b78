//! `check --write-witness`: adds the tests that say which of two rules decides.

#![expect(clippy::disallowed_methods, reason = "it reads the files that it adds to")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::{
    cli::replace::replace,
    diagnostic::counted,
    rules::witness::{self, Witness, Witnesses},
    source::{self, Options},
};

/// Adds each test to the last file that has tests, or else to the one of the later rule. What cannot be added is shown.
pub(super) fn write(
    paths: &[PathBuf],
    options: &Options,
    witnesses: &Witnesses,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (files, _) = source::rule_files(paths, options);
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let tested = files.iter().rev().find(|(path, _)| witness::has_tests(&text(path)));
    let mut added: BTreeMap<(&Path, &str), Vec<&Witness>> = BTreeMap::new();
    for witness in &witnesses.tests {
        let own = files.iter().find(|(_, file)| file.path == witness.file);
        if let Some((path, file)) = tested.or(own) {
            added.entry((path, &file.path)).or_default().push(witness);
        }
    }
    let mut by_hand = Vec::new();
    for ((path, name), witnesses) in added {
        let Some(edited) = witness::added(&text(path), &witnesses) else {
            by_hand.push(name);
            let entries: String = witnesses.iter().map(|witness| witness.entry()).collect();
            writeln!(out, "{name}: add this under `tests:` by hand\n{entries}")?;
            continue;
        };
        replace(path, &edited).with_context(|| format!("{name} cannot be written"))?;
        writeln!(out, "{name}: {} added", counted(witnesses.len(), "test"))?;
    }
    if witnesses.left > 0 {
        writeln!(out, "{} left: run it again to add tests for more", counted(witnesses.left, "overlap"))?;
    }
    if !by_hand.is_empty() {
        bail!("{} is laid out so that no test can be added safely", by_hand.join(", "));
    }
    Ok(())
}
