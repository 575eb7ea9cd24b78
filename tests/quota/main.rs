//! The counters of quotas, against models that are too simple to be wrong.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod deciding;
mod forgetting;
