//! Traces from outside: the real binary, and a collector that decodes what it is sent.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![expect(clippy::disallowed_methods, reason = "a test of a service does all that a service must not")]

#[expect(dead_code, reason = "other tests need more of it")]
#[path = "../serve/client.rs"]
mod client;
mod collector;
#[expect(dead_code, reason = "other tests need more of it")]
#[path = "../serve/gate.rs"]
mod gate;
mod faults;
mod spans;
