//! The texts that are open in the editor, and the rule set that each belongs to.

#![expect(clippy::disallowed_methods, reason = "an editor may name a file by a link")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use gen_lsp_types::Uri;

use crate::{
    cli::lsp::position,
    source::{self, Unsaved},
};

/// The most bytes of all open texts together; what is beyond is read from disk.
const MAX_BYTES: usize = 128 << 20;

/// The most texts that are held.
const MAX_OPEN: usize = 1000;

/// The name of a directory with rules.
const RULES: &str = "rules";

/// Keys that a rule has, and what others call `rules:` has not: roles of Kubernetes, the rules of linters and scanners.
const OF_A_RULE: [&str; 2] = ["action:", "when:"];

/// An open text.
pub(super) struct Document {
    pub(super) uri: Uri,
    /// Its path, without links.
    pub(super) path: PathBuf,
    pub(super) text: Arc<String>,
    pub(super) version: i32,
}

/// Every open text, by its URI.
#[derive(Default)]
pub(super) struct Documents(BTreeMap<String, Document>);

impl Documents {
    /// Takes a text as it is now.
    ///
    /// # Errors
    /// When there is no room for it, or it is no file.
    pub(super) fn put(&mut self, uri: &Uri, text: String, version: i32) -> Result<(), String> {
        let name = uri.to_string();
        let Some(path) = position::path(&name) else { return Ok(()) };
        let held: usize = self.0.iter().filter(|(other, _)| **other != name).map(|(_, other)| other.text.len()).sum();
        if held + text.len() > MAX_BYTES || (self.0.len() >= MAX_OPEN && !self.0.contains_key(&name)) {
            self.0.remove(&name);
            return Err(format!("`{}` is read from disk: too much is open", path.display()));
        }
        let document = Document { uri: uri.clone(), path: real(&path), text: Arc::new(text), version };
        self.0.insert(name, document);
        Ok(())
    }

    pub(super) fn close(&mut self, uri: &Uri) -> Option<Document> {
        self.0.remove(uri.as_ref())
    }

    pub(super) fn get(&self, uri: &Uri) -> Option<&Document> {
        self.0.get(uri.as_ref())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Document> {
        self.0.values()
    }

    /// The open text of a path.
    pub(super) fn at(&self, path: &str) -> Option<&Document> {
        let path = real(Path::new(path));
        self.0.values().find(|document| document.path == path)
    }

    /// What stands for the files on disk, without the byte order mark that positions do not count.
    pub(super) fn unsaved(&self) -> Unsaved {
        self.0.values().map(|document| (document.path.clone(), Arc::clone(&document.text))).collect()
    }
}

/// Where rule sets are.
#[derive(Default)]
pub(super) struct Sets {
    /// The paths of `--rules`, without links.
    pub(super) given: Vec<PathBuf>,
    /// The folders of the workspace, without links.
    pub(super) folders: Vec<PathBuf>,
}

impl Sets {
    /// Whether a text is a rule file, and not a list of words or somebody else's YAML.
    pub(super) fn has(&self, document: &Document) -> bool {
        self.of(document).is_some_and(|set| source::is_rule_file(&document.path, &set))
    }

    /// The paths of the set that a text belongs to, as a rule file or a list; `None` for a text that is neither.
    pub(super) fn of(&self, document: &Document) -> Option<Vec<PathBuf>> {
        let path = &document.path;
        if self.given.iter().any(|given| path.starts_with(given)) {
            return Some(self.given.clone());
        }
        let parents = path.ancestors().skip(1);
        let folder = self.folders.iter().find(|folder| path.starts_with(folder));
        let inside = parents.take_while(|parent| folder.is_some_and(|folder| parent.starts_with(folder)));
        let named = inside.filter(|parent| parent.ends_with(RULES)).last();
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let own = path.parent().filter(|_| is_yaml && has_rules(&document.text));
        named.or(own).map(|directory| vec![directory.to_owned()])
    }
}

/// Whether a text looks like a rule file, in a directory of any name. It may be broken, so it is not parsed.
fn has_rules(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("rules:"));
    lines.any(|line| line.split([' ', '{', ',', '#']).any(|word| OF_A_RULE.contains(&word)))
}

/// A path without links, if it leads anywhere.
pub(super) fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
