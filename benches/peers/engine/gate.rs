//! topicgate itself: its rule files, as a service reads them. It folds each name, the others get it folded.

use std::{env, fs, process};

use jiff::Timestamp;
use topicgate::{
    engine::{self, Counts, Snapshot, Views},
    facts::Facts,
    rules,
    source::{self, Options},
};

use super::{Answer, Engine, Failure, Question};
use crate::policy::Policy;

/// A loaded rule set.
pub struct Gate(Snapshot);

impl Engine for Gate {
    fn load(policy: &Policy) -> Result<Gate, Failure> {
        let directory = env::temp_dir().join(format!("topicgate-peers-{}", process::id()));
        policy.write(&directory)?;
        let loaded = rules::load(source::read(&[directory.clone()], &Options::default()), Timestamp::UNIX_EPOCH);
        fs::remove_dir_all(&directory)?;
        Ok(Gate(loaded.snapshot.ok_or("the rules have errors")?))
    }

    fn decide(&mut self, question: &Question) -> Result<Answer, Failure> {
        let facts = Facts::topic(question.operator.as_str(), question.typed.as_str(), Timestamp::UNIX_EPOCH);
        let views = Views::of(&facts);
        let plan = engine::evaluate(&self.0, &views);
        Ok(Answer::of(engine::settle(&self.0, &views, &plan, &Counts::default()).decision.code()))
    }
}
