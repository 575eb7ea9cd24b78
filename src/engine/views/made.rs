//! The text of a view. Its room is used again, so that a request allocates nothing for its own.

use std::{borrow::Cow, cell::RefCell, mem, ops::Deref};

/// What the views of one request need at most.
const MAX_KEPT: usize = 3;

/// The largest room that is kept, in bytes.
const MAX_KEPT_BYTES: usize = 4096;

thread_local! {
    static ROOMS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A view that is not the text that it was made of.
#[derive(Debug)]
pub(super) struct Made(String);

/// Room for a view: that of one that is gone.
pub(super) fn room() -> String {
    ROOMS.with_borrow_mut(Vec::pop).unwrap_or_default()
}

impl Made {
    pub(super) fn of(view: Cow<'_, str>) -> Option<Made> {
        if let Cow::Owned(text) = view { Some(Made(text)) } else { None }
    }
}

impl Deref for Made {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let mut text = mem::take(&mut self.0);
        if text.capacity() > MAX_KEPT_BYTES {
            return;
        }
        text.clear();
        ROOMS.with_borrow_mut(|rooms| {
            if rooms.len() < MAX_KEPT {
                rooms.push(text);
            }
        });
    }
}
