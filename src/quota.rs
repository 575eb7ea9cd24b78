//! Counts requests for the rules with a quota: who counts is a [`Store`], and what the counts mean is the engine's.
//!
//! What is counted outlives a reload, because it is named by the rule's id and its quota, not by the set.

mod keys;
pub mod memory;
mod window;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::engine::{Counts, Snapshot, quota::Counted};

pub use memory::Memory;

/// A store cannot say how often something happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// Counts requests by key.
///
/// An implementation may wait for others, but only for a time that it bounds itself, and it must not block the thread. It
/// must not count a request for a rule behind one that [`ends`](Counted::ends) it.
pub trait Store: Send + Sync {
    /// Counts one request for each of these rules in order, up to the one that ends it.
    ///
    /// # Errors
    /// When it cannot tell; the request is then answered as the settings say.
    fn count<'a>(&'a self, counted: &'a [Counted<'a>], at: Timestamp) -> BoxFuture<'a, Result<Counts, StoreError>>;

    /// Is told of the rules that become live. The counters of a rule that is not among them, or whose mode or quota is
    /// another now, are of no use any more. It must not wait for others.
    fn follow(&self, snapshot: &Snapshot);
}
