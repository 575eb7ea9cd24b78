//! The service under attack: what an offender gets, that everybody else is answered meanwhile, and that nothing is left.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![expect(clippy::disallowed_methods, reason = "a test of a service does all that a service must not")]

mod chunks;
mod counts;
#[path = "../serve/client.rs"]
mod client;
mod crowd;
mod ending;
mod expect;
mod framing;
#[path = "../serve/gate.rs"]
#[expect(dead_code, reason = "it belongs to the tests of the service, which use all of it")]
mod gate;
#[path = "../endure/loading.rs"]
mod loading;
mod mutations;
mod pieces;
mod readers;
mod siege;
mod signals;
mod targets;
mod timing;
