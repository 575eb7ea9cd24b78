//! The service from outside: the real binary on port 0, real files, real signals, raw sockets.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail")]
#![expect(clippy::disallowed_methods, reason = "a test of a service does all that a service must not")]

mod access;
mod admin;
mod answers;
mod asking;
mod bodies;
mod checks;
mod client;
mod data;
mod deployed;
mod documented;
mod ending;
mod gate;
mod limits;
mod names;
mod quotas;
mod refusals;
mod reload_endpoint;
mod reloads;
mod signatures;
mod pki;
mod rotation;
mod starting;
mod terminal;
mod tls;
