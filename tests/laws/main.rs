//! Laws of the language core that hold for every text and every request.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod coverage;
mod deciding;
mod hostile;
mod life;
mod loading;
mod model;
mod mutations;
mod naive;
mod places;
mod sentences;
mod words;
