//! File events of the system. The only notify; events are hints, and losing one costs time, never truth.

use std::{collections::BTreeSet, fmt, mem, path::PathBuf, sync::Arc};

use notify::{
    Config, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, CreateKind, ModifyKind},
};

use crate::{
    live::{Cause, Watching, quiet::Change, trigger::Trigger},
    source::Places,
};

/// Whether the system says when a writer closes a file.
const TELLS_CLOSE: bool = cfg!(target_os = "linux");

/// The directories that are watched.
pub(super) struct Watch {
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
    /// Whether the system had no watch left for a directory.
    incomplete: bool,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("watched", &self.watched).finish_non_exhaustive()
    }
}

impl Watch {
    /// Watches nothing yet; and never will where it is not wanted, or where the system cannot.
    pub(super) fn new(watching: Watching, trigger: &Arc<Trigger>) -> Watch {
        let trigger = Arc::clone(trigger);
        let tell = move |event| tell(&trigger, event);
        let watcher = match watching {
            Watching::Poll => None,
            Watching::Events => RecommendedWatcher::new(tell, Config::default())
                .inspect_err(|error| tracing::warn!(%error, "no file events, changes are found by polling"))
                .ok(),
        };
        Watch { watcher, watched: BTreeSet::new(), incomplete: false }
    }

    /// How changes are noticed.
    pub(super) fn watching(&self) -> Watching {
        if self.watcher.is_some() && !self.incomplete { Watching::Events } else { Watching::Poll }
    }

    /// Watches the directories of these places and no others, each as it is now: a directory that was replaced keeps its
    /// path and loses its watch. Changes in between may go unnoticed, so read after this.
    pub(super) fn renew(&mut self, places: &Places) {
        let watched = mem::take(&mut self.watched);
        for path in watched {
            // It fails for a directory that is gone, and nothing is lost.
            let _ = self.watcher.as_mut().map(|watcher| watcher.unwatch(&path));
        }
        self.extend(places);
    }

    /// Watches the directories of these places as well.
    pub(super) fn extend(&mut self, places: &Places) {
        let exhausted = self.add(places).err();
        match &exhausted {
            Some(error) if !self.incomplete => {
                tracing::warn!(%error, "not every directory is watched, other changes are found by polling");
            }
            None if self.incomplete => tracing::info!("every directory is watched again"),
            _ => {}
        }
        self.incomplete = exhausted.is_some();
    }

    /// Fails when the system has no watch left.
    fn add(&mut self, places: &Places) -> notify::Result<()> {
        let Some(watcher) = &mut self.watcher else { return Ok(()) };
        for path in places.directories() {
            if self.watched.contains(&path) {
                continue;
            }
            match watcher.watch(&path, RecursiveMode::NonRecursive) {
                Ok(()) => _ = self.watched.insert(path),
                Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => return Err(error),
                // A directory that is gone: its return is an event in the directory above.
                Err(error) => tracing::debug!(path = %path.display(), %error, "a directory is not watched"),
            }
        }
        Ok(())
    }
}

fn tell(trigger: &Trigger, event: notify::Result<Event>) {
    let Ok(event) = event else { return trigger.note(Cause::Event) };
    if event.need_rescan() {
        return trigger.note(Cause::Event);
    }
    if let Some(change) = change(event.kind) {
        event.paths.iter().for_each(|path| trigger.file(path, change));
    }
}

fn change(kind: EventKind) -> Option<Change> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Change::Closed),
        EventKind::Access(_) => None,
        // Without word of the closing, waiting for it would be in vain.
        _ if !TELLS_CLOSE => Some(Change::Touched),
        EventKind::Modify(ModifyKind::Data(_)) => Some(Change::Written),
        EventKind::Create(CreateKind::File) => Some(Change::Created),
        EventKind::Modify(ModifyKind::Name(_)) | EventKind::Remove(_) => Some(Change::Closed),
        _ => Some(Change::Touched),
    }
}
