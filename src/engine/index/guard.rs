//! What a request must have so that a condition can hold.

use crate::{
    engine::{Condition, Needs, Test},
    facts::Field,
};

/// What a request must have, one of these at least, so that a condition can hold.
#[derive(Debug)]
pub(in crate::engine) struct Guard<'r> {
    pub(super) needs: Vec<(Field, Needs<'r>)>,
    rank: Rank,
}

/// How few requests have it, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Nothing but running it tells which have it.
    Pattern,
    /// Every app, platform and type of group has many requests.
    Kind,
    /// A text of so few bytes, 1 or 2, is part of many others.
    ShortPart(usize),
    Part,
    Network,
    Exact,
}

impl Rank {
    fn of(field: Field, needs: &Needs<'_>) -> Rank {
        match needs {
            Needs::Pattern(_) => Rank::Pattern,
            Needs::Numbers(_) => Rank::Kind,
            Needs::Texts(_) if matches!(field, Field::Type | Field::Platform) => Rank::Kind,
            Needs::Texts(_) => Rank::Exact,
            Needs::Networks(_) => Rank::Network,
            Needs::Parts(parts) => match parts.iter().map(|part| part.len()).min() {
                Some(least) if least < LONG_PART => Rank::ShortPart(least),
                _ => Rank::Part,
            },
        }
    }
}

/// Parts of fewer bytes stand in many texts.
const LONG_PART: usize = 3;

impl<'r> Guard<'r> {
    /// The one that keeps most requests out; none where every request has to be asked about.
    pub(in crate::engine) fn of(condition: &'r Condition) -> Option<Guard<'r>> {
        match condition {
            Condition::Always | Condition::Not { .. } => None,
            Condition::All(parts) => {
                parts.iter().filter_map(Guard::of).reduce(|best, next| if next.rank > best.rank { next } else { best })
            }
            Condition::Any { branches, .. } => {
                let guards: Option<Vec<Guard<'r>>> = branches.iter().map(Guard::of).collect();
                guards?.into_iter().reduce(Guard::or)
            }
            Condition::Test(test) => Guard::test(test),
        }
    }

    fn test(test: &'r Test) -> Option<Guard<'r>> {
        let needs = test.matcher.needs()?;
        let rank = needs.iter().map(|needs| Rank::of(test.field, needs)).min().unwrap_or(Rank::Exact);
        Some(Guard { needs: needs.into_iter().map(|needs| (test.field, needs)).collect(), rank })
    }

    /// Whether looking for it costs next to nothing.
    pub(in crate::engine) fn is_cheap(&self) -> bool {
        self.rank > Rank::Pattern
    }

    fn or(mut self, other: Guard<'r>) -> Guard<'r> {
        self.needs.extend(other.needs);
        Guard { needs: self.needs, rank: self.rank.min(other.rank) }
    }
}
