//! The texts of a request as rules read them. Preparing is idempotent; one file a step.

mod clean;
pub mod evasion;
mod fold;
mod graphemes;
mod invisible;
pub mod keyword;
mod letters;
pub mod lines;
mod lookalike;
pub mod set;
mod squeezed;
mod trace;
mod visible;
pub mod word;

pub use clean::clean;
pub use fold::{fold, fold_into, is_folded};
pub use graphemes::{graphemes, stands_alone};
pub use invisible::is_invisible;
pub use letters::make_lookalikes;
pub use lookalike::{breaks, lookalike, lookalike_into};
pub use squeezed::{squeezed, squeezed_into};
pub use trace::Trace;
pub use visible::{shortened, visible};
