//! The bytes of a rule set, as [`source`](crate::source) found them.

use std::{collections::BTreeMap, string::FromUtf8Error, sync::Arc};

use crate::{
    diagnostic::{Code, Sink, Sources},
    rules::parse::files_named,
    yaml,
};

/// Everything that a rule set is made from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The rule files, in the order of the language.
    pub files: Vec<RuleFile>,
    /// The list files, each once, however many rule files name it.
    pub list_files: Vec<ListFile>,
    /// Which of them is meant, by the index of the rule file and the name as written there.
    pub lists: BTreeMap<(usize, String), Result<usize, ListFault>>,
    /// What was wrong before a file could be read.
    pub problems: Vec<Problem>,
    /// Names the bytes: equal for equal files under equal names.
    pub content: String,
}

/// One rule file.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// The path as operators know it.
    pub path: String,
    /// The path below the given one: what [`Input::content`] calls it.
    pub relative: String,
    /// Its bytes, or why there are none.
    pub bytes: Result<Vec<u8>, String>,
}

/// One list file. A clone shares its text: the rules look entries up in it, and it may be kept for the next start.
#[derive(Clone, Debug)]
pub struct ListFile {
    /// The path as operators know it.
    pub path: String,
    /// Its text, or its bytes where they are not UTF-8.
    pub text: Result<Arc<String>, Vec<u8>>,
}

impl ListFile {
    /// A list file of these bytes.
    pub fn new(path: impl Into<String>, bytes: Vec<u8>) -> ListFile {
        ListFile { path: path.into(), text: String::from_utf8(bytes).map(Arc::new).map_err(FromUtf8Error::into_bytes) }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.text {
            Ok(text) => text.as_bytes(),
            Err(bytes) => bytes,
        }
    }
}

/// Why a list file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFault {
    /// What is wrong: lower case, no final period.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What is wrong with a path, before any of its text.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Names the kind of finding.
    pub code: Code,
    /// The path as operators know it.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// The list files that a rule file names, as written and in order; nothing for a file that cannot be parsed.
pub fn lists_named(file: &RuleFile) -> Vec<String> {
    let Some(text) = file.bytes.as_ref().ok().and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
        return Vec::new();
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let id = Sources::default().add(file.path.as_str(), "");
    yaml::parse(id, text, &mut Sink::default()).as_ref().map(files_named).unwrap_or_default()
}
