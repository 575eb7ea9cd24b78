//! The service while everything around it changes. Clients ask all the time, and each answer is checked.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![expect(clippy::disallowed_methods, reason = "the subject is what lies on disk, and when it is noticed")]

#[expect(dead_code, reason = "it serves tests/serve as well")]
#[path = "../serve/client.rs"]
mod client;
mod disk;
mod edition;
#[expect(dead_code, reason = "it serves tests/serve as well")]
#[path = "../serve/gate.rs"]
mod gate;
mod hammer;
mod ledger;
mod loading;
mod many;
mod scale;
mod scene;
mod ways;
