//! The life of a session: what comes in, when sets are checked, and what is told.

#![expect(clippy::disallowed_methods, reason = "a change is checked a moment after the last one")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use gen_lsp_types as lsp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    cli::{
        Exit,
        lsp::{
            answers,
            checking::{Checked, Job},
            documents::{Document, Documents, Sets, real},
            findings, position,
            wire::{self, Fault, Incoming},
        },
    },
    source::Options,
};

/// The time without a change after which a set is checked.
const QUIET: Duration = Duration::from_millis(150);

/// How long somebody who goes on typing can put off a check.
const MOST_WAITING: Duration = Duration::from_secs(1);

/// Where a client says that it can watch files.
const WATCHING: &str = "/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration";

/// Something that happened.
pub(super) enum Event {
    Message(Incoming),
    Closed(Option<io::Error>),
    Checked(Box<Checked>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    /// Nothing but `initialize` is answered.
    New,
    Running,
    /// Nothing but `exit` is expected.
    ShutDown,
}

/// When something changed that was not checked.
#[derive(Clone, Copy)]
struct Change {
    first: Instant,
    last: Instant,
}

impl Change {
    fn due(self) -> Instant {
        (self.last + QUIET).min(self.first + MOST_WAITING)
    }
}

/// Everything that is known of a session.
pub(super) struct Session {
    pub(super) documents: Documents,
    sets: Sets,
    options: Options,
    docs: Option<String>,
    jobs: Sender<Job>,
    life: Life,
    /// Whether the client can tell of files that others change.
    watches: bool,
    changes: BTreeMap<Vec<PathBuf>, Change>,
    /// The set that is being checked.
    busy: Option<Vec<PathBuf>>,
    checked: BTreeMap<Vec<PathBuf>, Checked>,
    /// The files of each set that have findings at the client.
    told: BTreeMap<Vec<PathBuf>, BTreeSet<String>>,
}

impl Session {
    pub(super) fn new(sets: Sets, options: Options, docs: Option<String>, jobs: Sender<Job>) -> Session {
        Session {
            documents: Documents::default(),
            sets,
            options,
            docs,
            jobs,
            life: Life::New,
            watches: false,
            changes: BTreeMap::new(),
            busy: None,
            checked: BTreeMap::new(),
            told: BTreeMap::new(),
        }
    }

    pub(super) fn run(mut self, events: &Receiver<Event>, out: &mut impl Write) -> anyhow::Result<Exit> {
        loop {
            let event = match self.next(events) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => {
                    self.check();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Problems),
            };
            match event {
                Event::Closed(Some(error)) => return Err(error.into()),
                Event::Closed(None) => return Ok(self.exit()),
                Event::Checked(checked) => self.tell(*checked, out)?,
                Event::Message(Incoming::Notification(method, _)) if method == "exit" => return Ok(self.exit()),
                Event::Message(message) => self.message(message, out)?,
            }
        }
    }

    fn next(&self, events: &Receiver<Event>) -> Result<Event, RecvTimeoutError> {
        let due = self.changes.values().map(|change| change.due()).min().filter(|_| self.busy.is_none());
        match due {
            Some(due) => events.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn exit(&self) -> Exit {
        if self.life == Life::ShutDown { Exit::Clean } else { Exit::Problems }
    }

    fn message(&mut self, message: Incoming, out: &mut impl Write) -> io::Result<()> {
        match message {
            Incoming::Request(id, method, params) => {
                let result = self.request(&id, &method, params);
                wire::write(out, &wire::answer(&id, result))
            }
            Incoming::Notification(method, params) => self.notification(&method, params, out),
            Incoming::Broken(fault) => wire::write(out, &wire::answer(&Value::Null, Err(fault))),
            Incoming::Other => Ok(()),
        }
    }

    fn request(&mut self, id: &Value, method: &str, params: Value) -> Result<Value, Fault> {
        match (self.life, method) {
            (Life::New, "initialize") => {
                self.life = Life::Running;
                self.sets.folders = folders(&params);
                self.watches = params.pointer(WATCHING) == Some(&Value::Bool(true));
                Ok(answers::capabilities())
            }
            (Life::New, _) => Err(Fault::new(id, Fault::NOT_INITIALIZED, "send `initialize` first")),
            (Life::Running, "shutdown") => {
                self.life = Life::ShutDown;
                Ok(Value::Null)
            }
            (Life::Running, "initialize") => Err(Fault::new(id, Fault::INVALID_REQUEST, "this is initialized already")),
            (Life::Running, _) => answers::answer(self, id, method, params),
            (Life::ShutDown, _) => Err(Fault::new(id, Fault::INVALID_REQUEST, "this is shut down")),
        }
    }

    fn notification(&mut self, method: &str, params: Value, out: &mut impl Write) -> io::Result<()> {
        if self.life != Life::Running {
            return Ok(());
        }
        match method {
            "initialized" if self.watches => wire::write(out, &answers::watch()),
            "textDocument/didOpen" => {
                let Some(lsp::DidOpenTextDocumentParams { text_document }) = read(params) else { return Ok(()) };
                self.put(&text_document.uri, text_document.text, text_document.version, out)
            }
            "textDocument/didChange" => self.change(params, out),
            "textDocument/didClose" => {
                let Some(lsp::DidCloseTextDocumentParams { text_document }) = read(params) else { return Ok(()) };
                self.close(&text_document.uri, out)
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                let open: Vec<_> = self.documents.all().filter_map(|document| self.sets.of(document)).collect();
                open.into_iter().for_each(|set| self.note(set));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The whole text comes with every change, as the capabilities ask.
    fn change(&mut self, params: Value, out: &mut impl Write) -> io::Result<()> {
        let last = params.pointer("/contentChanges").and_then(Value::as_array).and_then(|changes| changes.last());
        let whole = last.filter(|change| change.get("range").is_none()).and_then(|change| change.get("text")?.as_str());
        let Some(text) = whole.map(str::to_owned) else { return Ok(()) };
        let Some(lsp::DidChangeTextDocumentParams { text_document, .. }) = read(params) else { return Ok(()) };
        let uri = text_document.text_document_identifier.uri;
        if self.documents.get(&uri).is_none() {
            return Ok(());
        }
        self.put(&uri, text, text_document.version, out)
    }

    fn put(&mut self, uri: &lsp::Uri, text: String, version: i32, out: &mut impl Write) -> io::Result<()> {
        if let Err(message) = self.documents.put(uri, text, version) {
            let params = lsp::ShowMessageParams { kind: lsp::MessageType::Warning, message };
            wire::write(out, &wire::notification("window/showMessage", &params))?;
        }
        let set = self.documents.get(uri).and_then(|document| self.sets.of(document));
        set.into_iter().for_each(|set| self.note(set));
        Ok(())
    }

    /// A set without an open file is forgotten.
    fn close(&mut self, uri: &lsp::Uri, out: &mut impl Write) -> io::Result<()> {
        let Some(set) = self.documents.close(uri).and_then(|closed| self.sets.of(&closed)) else { return Ok(()) };
        if self.documents.all().any(|document| self.sets.of(document).as_ref() == Some(&set)) {
            self.note(set);
            return Ok(());
        }
        self.changes.remove(&set);
        self.checked.remove(&set);
        self.told.remove(&set).unwrap_or_default().iter().try_for_each(|uri| clear(uri, out))
    }

    fn note(&mut self, set: Vec<PathBuf>) {
        let now = Instant::now();
        self.changes.entry(set).and_modify(|change| change.last = now).or_insert(Change { first: now, last: now });
    }

    /// Begins to check the set that is due.
    fn check(&mut self) {
        let now = Instant::now();
        let due = self.changes.iter().find(|(_, change)| change.due() <= now).map(|(set, _)| set.clone());
        let Some(paths) = due else { return };
        self.changes.remove(&paths);
        let job = Job { paths: paths.clone(), options: self.options.clone(), unsaved: self.documents.unsaved() };
        self.busy = self.jobs.send(job).is_ok().then_some(paths);
    }

    /// Sends what was found, and takes back what is not found any more.
    fn tell(&mut self, mut checked: Checked, out: &mut impl Write) -> io::Result<()> {
        self.busy = None;
        if !self.documents.all().any(|document| self.sets.of(document).as_ref() == Some(&checked.paths)) {
            return Ok(());
        }
        let found = findings::published(&checked, &self.documents, self.docs.as_deref());
        let before = self.told.insert(checked.paths.clone(), found.keys().cloned().collect()).unwrap_or_default();
        before.iter().filter(|uri| !found.contains_key(*uri)).try_for_each(|uri| clear(uri, out))?;
        let mut all = found.values();
        all.try_for_each(|params| wire::write(out, &wire::notification("textDocument/publishDiagnostics", params)))?;
        // What a file declared stays known while it cannot be read, so that names can be completed.
        if let Some(before) = self.checked.remove(&checked.paths) {
            let exists = |path: &str| !checked.loaded.sources.text_of(path).is_empty();
            for (path, outline) in before.outlines.into_iter().filter(|(path, _)| exists(path)) {
                checked.outlines.entry(path).or_insert(outline);
            }
        }
        self.checked.insert(checked.paths.clone(), checked);
        Ok(())
    }

    /// An open text that is a rule file; nothing is answered about any other.
    pub(super) fn rule_file(&self, uri: &lsp::Uri) -> Option<&Document> {
        self.documents.get(uri).filter(|document| self.sets.has(document))
    }

    /// The last check of the set that a rule file belongs to.
    pub(super) fn checked(&self, document: &Document) -> Option<&Checked> {
        self.checked.get(&self.sets.of(document)?)
    }
}

fn clear(uri: &str, out: &mut impl Write) -> io::Result<()> {
    let params = lsp::PublishDiagnosticsParams { uri: uri.into(), version: None, diagnostics: Vec::new() };
    wire::write(out, &wire::notification("textDocument/publishDiagnostics", &params))
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

/// The folders that are open in the editor.
fn folders(params: &Value) -> Vec<PathBuf> {
    let folders = params.get("workspaceFolders").and_then(Value::as_array).filter(|folders| !folders.is_empty());
    let root = json!([{ "uri": params.get("rootUri") }]);
    let folders = folders.or_else(|| root.as_array()).into_iter().flatten();
    let uris = folders.filter_map(|folder| folder.get("uri")?.as_str());
    uris.filter_map(position::path).map(|path| real(&path)).collect()
}
