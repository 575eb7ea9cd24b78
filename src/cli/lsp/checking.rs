//! Checks rule sets on a thread of its own, so that a large one does not keep the editor waiting.

#![expect(clippy::disallowed_methods, reason = "rules are checked as of now")]

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender},
};

use jiff::Timestamp;

use crate::{
    analysis::Budget,
    cli::lsp::session::Event,
    rules::{self, Entries, Input, Loaded, Named, Outline, outline},
    source::{self, Options, Unsaved},
    text::lines,
};

/// What is to be checked.
pub(super) struct Job {
    /// The paths of the set.
    pub(super) paths: Vec<PathBuf>,
    pub(super) options: Options,
    /// The texts of the editor.
    pub(super) unsaved: Unsaved,
}

/// What came of it.
pub(super) struct Checked {
    /// The paths of the set.
    pub(super) paths: Vec<PathBuf>,
    pub(super) loaded: Loaded,
    /// The texts that it was checked with.
    pub(super) unsaved: Unsaved,
    /// What each file declares, by the path that findings name; nothing of a file that cannot be read.
    pub(super) outlines: BTreeMap<String, Outline>,
    /// How many entries each list has.
    pub(super) sizes: BTreeMap<String, usize>,
}

/// Checks one set after the other.
pub(super) fn run(jobs: &Receiver<Job>, events: &SyncSender<Event>) {
    while let Ok(job) = jobs.recv() {
        if events.send(Event::Checked(Box::new(check(job)))).is_err() {
            return;
        }
    }
}

fn check(job: Job) -> Checked {
    let input = source::read_unsaved(&job.paths, &job.options, &job.unsaved);
    let outlines: Vec<Option<Outline>> = input.files.iter().map(outline_of).collect();
    let declared = || outlines.iter().enumerate().filter_map(|(file, outline)| Some((file, outline.as_ref()?)));
    let sizes = declared().flat_map(|(file, outline)| outline.lists.iter().map(move |list| (file, list)));
    let sizes = sizes.filter_map(|(file, list)| Some((list.name.clone(), size(&input, file, list)?))).collect();
    let paths = input.files.iter().map(|file| file.path.clone());
    let outlines = paths.zip(&outlines).filter_map(|(path, outline)| Some((path, outline.clone()?))).collect();
    let loaded = rules::check(input, Timestamp::now(), Budget::default());
    Checked { paths: job.paths, loaded, unsaved: job.unsaved, outlines, sizes }
}

fn outline_of(file: &rules::RuleFile) -> Option<Outline> {
    let text = file.bytes.as_ref().ok().and_then(|bytes| std::str::from_utf8(bytes).ok())?;
    outline(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn size(input: &Input, file: usize, list: &Named) -> Option<usize> {
    match list.entries.as_ref()? {
        Entries::Inline(count) => Some(*count),
        Entries::File(name) => {
            let index = input.lists.get(&(file, name.clone()))?.as_ref().ok()?;
            let text = input.list_files.get(*index)?.text.as_ref().ok()?;
            Some(lines::entries(text).count())
        }
    }
}
