//! The first rules: those of the files, or else those that an earlier process kept.

#![expect(clippy::disallowed_methods, reason = "status tells when")]

use std::{path::Path, sync::Arc, time::Instant};

use jiff::Timestamp;

use crate::{
    live::{
        Attempt, Cause, Failure, Kept, NoRules, Status,
        files::{Files, Outcome, guarded},
        keep::Keeper,
        log,
        reload::{Good, failure, verdict},
    },
    rules::{Input, Loaded},
    source::kept::Store,
};

/// Loads the first rules; what was kept is read only when the files cannot be loaded.
pub(super) fn first(
    files: &mut Files,
    store: Option<Store>,
    load: fn(Input) -> Loaded,
) -> Result<(Status, Keeper), NoRules> {
    let started = Instant::now();
    let verdict = verdict(files.attempt(Cause::Start));
    let last =
        Attempt { at: Timestamp::now(), took: started.elapsed(), succeeded: verdict.is_ok(), cause: Cause::Start };
    let files_failure = match verdict {
        Ok(good) => {
            log::reloaded(None, &good.snapshot, &good.report, last.took);
            let mut keeper = Keeper::new(store, Kept::default());
            let status = status(good, last, None, files, &mut keeper);
            return Ok((status, keeper));
        }
        Err(failure) => Box::new(failure),
    };
    match store.as_ref().and_then(|store| recall(store, load)) {
        None => Err(NoRules { files: files_failure, kept: None }),
        Some(Err(kept)) => Err(NoRules { files: files_failure, kept: Some(Box::new(kept)) }),
        Some(Ok((good, kept))) => {
            log::stale(&files_failure, &good.snapshot, kept.stored);
            let (stale, mut keeper) = (kept.stored, Keeper::new(store, kept));
            let mut status = status(good, last, stale, files, &mut keeper);
            status.last_failure = Some(Arc::new(*files_failure));
            Ok((status, keeper))
        }
    }
}

fn status(good: Good, last: Attempt, stale: Option<Timestamp>, files: &Files, keeper: &mut Keeper) -> Status {
    keeper.take(good.input);
    Status {
        snapshot: Arc::new(good.snapshot),
        generation: 1,
        attempts: 1,
        failed: u64::from(!last.succeeded),
        answered: 0,
        replaced: None,
        since: last.at,
        report: Arc::new(good.report),
        stale,
        last,
        last_failure: None,
        kept: keeper.kept(),
        watching: files.watching(),
    }
}

/// The rules that an earlier process kept, if it did, or why they cannot be used.
fn recall(store: &Store, load: fn(Input) -> Loaded) -> Option<Result<(Good, Kept), Failure>> {
    let path = store.path();
    let kept = match guarded(|| store.read()) {
        Ok(Ok(kept)) => kept?,
        Ok(Err(error)) => return Some(Err(unusable(&path, &error.to_string()))),
        Err(error) => return Some(Err(unusable(&path, &error))),
    };
    let known = Kept::of(&kept);
    let loaded = guarded(|| load(kept.input));
    let outcome = loaded.map_or_else(Outcome::Panicked, |loaded| Outcome::Loaded(Box::new(loaded), None));
    let verdict = verdict(outcome).map(|good| (good, known));
    Some(
        verdict.map_err(|failure| Failure { problem: format!("`{}`: {}", path.display(), failure.problem), ..failure }),
    )
}

fn unusable(path: &Path, problem: &str) -> Failure {
    failure(format!("`{}` {problem}", path.display()), Default::default())
}
