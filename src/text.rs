//! The texts of a request as rules read them. Preparing is idempotent; one file a step.

pub mod fold;
pub mod keyword;
pub mod set;
pub mod word;
mod clean;

pub use clean::clean;
pub use fold::{Trace, fold};
