//! The rules that may decide a request, whichever way shares of operators and counters fall: for promises that must hold
//! either way.

use smallvec::SmallVec;

use crate::{
    engine::{Mode, Snapshot, Standing, Views},
    facts::{Facts, Rollout},
};

/// What may decide a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deciders {
    /// Indexes into [`Snapshot::rules`], in order.
    pub rules: SmallVec<[usize; 4]>,
    /// Whether the last of them decides where none before it does; otherwise no rule may.
    pub is_sure: bool,
}

impl Deciders {
    /// The deciders of a request. A rule with a share or a quota may decide, and may not.
    pub fn of(snapshot: &Snapshot, facts: &Facts<'_>) -> Deciders {
        let facts = Facts { rollout: Rollout::In, ..facts.clone() };
        let views = Views::of(&facts);
        let mut deciders = Deciders::default();
        for index in snapshot.index.candidates(&views) {
            let Some(rule) = snapshot.rules.get(index).filter(|rule| rule.mode == Mode::Enforce) else { continue };
            if rule.standing(&views) == Standing::Applies {
                deciders.rules.push(index);
                if rule.is_sure() {
                    deciders.is_sure = true;
                    break;
                }
            }
        }
        deciders
    }

    /// The one that decides where none before it does.
    pub fn sure(&self) -> Option<usize> {
        self.rules.last().copied().filter(|_| self.is_sure)
    }

    /// Those that may: a rule, or `None` where no rule decides.
    pub fn each(&self) -> impl Iterator<Item = Option<usize>> {
        let none = (!self.is_sure).then_some(None);
        self.rules.iter().copied().map(Some).chain(none)
    }
}
