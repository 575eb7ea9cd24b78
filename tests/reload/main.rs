//! Rules that follow the files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the subject is what lies on disk, and when it is noticed")]

mod kept;
mod life;
mod scene;
