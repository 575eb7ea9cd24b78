//! What may be answered: the rule sets that have lain on disk, in order, and which of them are history.

use std::sync::{
    RwLock,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

/// What each of some questions is answered, by one rule set.
pub type Answers = Vec<String>;

/// The sets that may answer.
pub struct Ledger {
    sets: RwLock<Vec<Answers>>,
    floor: AtomicUsize,
    answered: AtomicUsize,
    closed: AtomicBool,
}

/// Closes a ledger at the end of a scene, and when a part of it fails.
pub struct Closes<'a>(pub &'a Ledger);

impl Ledger {
    /// With the set of the start.
    pub fn new(first: Answers) -> Ledger {
        let sets = RwLock::new(vec![first]);
        Ledger { sets, floor: AtomicUsize::new(0), answered: AtomicUsize::new(0), closed: AtomicBool::new(false) }
    }

    /// From now on, this set may answer too: call it before the set is written.
    pub fn allow(&self, answers: Answers) {
        self.sets.write().unwrap().push(answers);
    }

    /// The latest set is live: no older one may answer a request that begins from now on.
    pub fn settle(&self) {
        self.floor.store(self.sets.read().unwrap().len() - 1, SeqCst);
    }

    /// The oldest set that may answer a request that begins now.
    pub fn floor(&self) -> usize {
        self.floor.load(SeqCst)
    }

    /// The first set from `floor` on that gives this answer to this question.
    pub fn find(&self, question: usize, answer: &str, floor: usize) -> Option<usize> {
        let sets = self.sets.read().unwrap();
        let found = sets[floor..].iter().position(|answers| answers[question] == answer);
        found.map(|index| floor + index)
    }

    /// Counts an answer.
    pub fn count(&self) {
        self.answered.fetch_add(1, SeqCst);
    }

    /// How many answers there were.
    pub fn answered(&self) -> usize {
        self.answered.load(SeqCst)
    }

    /// Whether the clients are to end.
    pub fn is_closed(&self) -> bool {
        self.closed.load(SeqCst)
    }
}

impl Drop for Closes<'_> {
    fn drop(&mut self) {
        self.0.closed.store(true, SeqCst);
    }
}
