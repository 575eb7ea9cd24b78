//! Follows files for whoever wants no more than their bytes: no rules are live, and none need to load.

#![expect(clippy::disallowed_methods, reason = "polling needs a clock")]

use std::{path::PathBuf, sync::Arc, time::Instant};

use crate::{
    live::{
        Cause, Options,
        files::{Files, Unread},
        trigger::{Trigger, Wake},
    },
    rules::Input,
    source,
};

/// Gives `run` the rule set of some paths now and after every change, on this thread, until it fails.
///
/// # Errors
///
/// What `run` says.
pub fn follow<E>(
    paths: Vec<PathBuf>,
    source: source::Options,
    mut run: impl FnMut(Input) -> Result<(), E>,
) -> Result<(), E> {
    let options = Options { source, ..Options::default() };
    let trigger = Arc::new(Trigger::default());
    let mut files = Files::new(paths, &options, Arc::clone(&trigger));
    let mut wake = Wake::Due(Cause::Start);
    let mut tick = Instant::now() + options.poll;
    loop {
        match wake {
            Wake::Due(cause) => match files.read(cause) {
                Ok(input) => run(input)?,
                Err(Unread::KeepsChanging) => trigger.note(Cause::Poll),
                Err(Unread::Unchanged) => {}
            },
            Wake::Tick => {
                if files.differ() {
                    trigger.note(Cause::Poll);
                }
                tick = Instant::now() + options.poll;
            }
            Wake::Stop => return Ok(()),
        }
        wake = trigger.wait(tick);
    }
}
