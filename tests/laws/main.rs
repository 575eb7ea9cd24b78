//! Laws of the language core that hold for every text and every request.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod asked;
mod coverage;
mod deciding;
mod differences;
mod entries;
mod generated;
mod guarantees;
mod hostile;
mod life;
mod lists;
mod loading;
mod model;
mod mutations;
mod naive;
mod nearest;
mod overlaps;
mod patterns;
mod places;
mod proofs;
mod reference;
mod sentences;
mod words;
