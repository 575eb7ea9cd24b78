//! What the patterns of a set may take together.

/// The most states of the automata of all patterns of a set together: most take less than 40 bytes each.
const MAX_STATES: usize = 12_000_000;

/// What the smallest pattern takes beside its states, in states.
const STATES_OF_ANY: usize = 30;

/// What the patterns of a set took so far.
#[derive(Debug, Default)]
pub struct Budget {
    states: usize,
}

impl Budget {
    /// Takes so many states more; an error says that there are too many.
    pub(super) fn states(&mut self, states: usize) -> Result<(), String> {
        self.states = self.states.saturating_add(states + STATES_OF_ANY);
        if self.states > MAX_STATES {
            return Err(format!("the patterns of the set have more than {MAX_STATES} states together"));
        }
        Ok(())
    }

    /// Whether nothing is left.
    pub(in crate::matchers) fn is_used_up(&self) -> bool {
        self.states > MAX_STATES
    }
}
