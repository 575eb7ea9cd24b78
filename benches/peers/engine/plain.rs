//! A page of Rust that knows no rules: two `HashSet`s and one `RegexSet` over all texts.
//!
//! A `RegexSet` makes the states of its automaton as it meets them, and forgets them all when they take more than its limit. With
//! the limit that it has by itself, 2 MiB, that is what it does all the time once there are thousands of patterns.

use std::collections::HashSet;

use regex::{RegexSet, RegexSetBuilder};

use super::{Answer, Engine, Failure, Question};
use crate::policy::{Ask, BANNED, Policy};

/// What is looked up, in the order in which it is asked.
pub struct Plain<const CACHE: usize> {
    allowed: HashSet<String>,
    denied: HashSet<String>,
    names: RegexSet,
    /// The code of each pattern.
    codes: Vec<u32>,
}

impl<const CACHE: usize> Engine for Plain<CACHE> {
    fn load(policy: &Policy) -> Result<Plain<CACHE>, Failure> {
        let texts = policy.rules.iter().flat_map(|rule| rule.texts.iter().map(move |text| (rule, text)));
        let (codes, patterns): (Vec<u32>, Vec<String>) = texts
            .map(|(rule, text)| match rule.ask {
                Ask::Contains => (rule.code, regex::escape(text)),
                Ask::Matches => (rule.code, text.clone()),
            })
            .unzip();
        // By default a set may take 10 MiB, and the large ones would be refused.
        let names = RegexSetBuilder::new(patterns).size_limit(1 << 30).dfa_size_limit(CACHE).build()?;
        let (allowed, denied) = (policy.allowed.iter().cloned().collect(), policy.denied.iter().cloned().collect());
        Ok(Plain { allowed, denied, names, codes })
    }

    fn decide(&mut self, question: &Question) -> Result<Answer, Failure> {
        if self.allowed.contains(&question.operator) {
            return Ok(Answer::Allow);
        }
        if self.denied.contains(&question.operator) {
            return Ok(Answer::Deny(BANNED));
        }
        // To ask whether any matches is cheaper than to ask which.
        if !self.names.is_match(&question.folded) {
            return Ok(Answer::Allow);
        }
        let first = self.names.matches(&question.folded).iter().next();
        Ok(first.and_then(|index| self.codes.get(index)).map_or(Answer::Allow, |code| Answer::Deny(*code)))
    }
}
