//! The texts of a request as rules read them. Preparing is idempotent; one file a step.

mod clean;
mod fold;
mod graphemes;
mod invisible;
pub mod keyword;
mod letters;
mod lookalike;
pub mod set;
mod squeezed;
mod trace;
mod visible;
pub mod word;

pub use clean::clean;
pub use fold::{fold, is_folded};
pub use graphemes::graphemes;
pub use letters::make_lookalikes;
pub use lookalike::{breaks, lookalike};
pub use squeezed::squeezed;
pub use trace::Trace;
pub use visible::{shortened, visible};
