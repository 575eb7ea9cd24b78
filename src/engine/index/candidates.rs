//! The rules that a request has to be asked about, one after the other.

use std::{
    iter::{Copied, Peekable},
    slice,
};

use super::{Index, hits::Hits, lookup::Lookup};
use crate::engine::Views;

/// The rules that a request has to be asked about, as indexes into [`Snapshot::rules`](crate::engine::Snapshot::rules), in
/// order.
///
/// A field is looked into only when a rule that waits there may be the next one. So whoever stops at the first that decides
/// makes no view that nobody asks for.
#[derive(Debug)]
pub struct Candidates<'r, 'a> {
    index: &'r Index,
    views: &'r Views<'a>,
    always: Peekable<Copied<slice::Iter<'r, u32>>>,
    lookups: Peekable<slice::Iter<'r, Lookup>>,
    found: Hits,
}

impl<'r, 'a> Candidates<'r, 'a> {
    pub(super) fn of(index: &'r Index, always: &'r [u32], views: &'r Views<'a>) -> Candidates<'r, 'a> {
        let (always, lookups) = (always.iter().copied().peekable(), index.lookups.iter().peekable());
        Candidates { index, views, always, lookups, found: Hits::default() }
    }

    /// The least of those that are known.
    fn least(&mut self) -> Option<u32> {
        self.always.peek().copied().into_iter().chain(self.found.least()).min()
    }

    fn look(&mut self, lookup: &Lookup) {
        let mut needs = Hits::default();
        lookup.collect(self.views, &mut needs);
        if needs.is_empty() {
            return;
        }
        needs.each(|need| self.found.extend(self.index.rules.get(need)));
        self.found.tidy();
    }
}

impl Iterator for Candidates<'_, '_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let mut least = self.least();
        while let Some(lookup) = self.lookups.next_if(|lookup| least.is_none_or(|least| lookup.first <= least)) {
            self.look(lookup);
            least = self.least();
        }
        let least = least?;
        self.always.next_if_eq(&least);
        self.found.take(least);
        usize::try_from(least).ok()
    }
}
