//! The service from outside: the real binary on port 0, real files, real signals, raw sockets.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![expect(clippy::disallowed_methods, reason = "a test of a service does all that a service must not")]

#[path = "serve/admin.rs"]
mod admin;
#[path = "serve/answers.rs"]
mod answers;
#[path = "serve/bodies.rs"]
mod bodies;
#[path = "serve/checks.rs"]
mod checks;
#[path = "serve/client.rs"]
mod client;
#[path = "serve/ending.rs"]
mod ending;
#[path = "serve/gate.rs"]
mod gate;
#[path = "serve/limits.rs"]
mod limits;
#[path = "serve/reloads.rs"]
mod reloads;
#[path = "serve/signatures.rs"]
mod signatures;
#[path = "serve/starting.rs"]
mod starting;
