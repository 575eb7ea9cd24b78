//! One rule after the other: what a rule set decides, without an index.

use topicgate::{
    engine::{self, Counts, Decision, Snapshot, Standing, Views},
    facts::Facts,
};

use crate::model::{Mode, Rule};

/// What is decided, and which rules had a part in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    pub decision: Decision,
    pub rule: Option<String>,
    pub shadow: Vec<String>,
    pub excepted: Vec<String>,
}

/// What the plain meaning of the rules decides.
pub fn expected(rules: &[Rule], facts: &Facts<'_>) -> Told {
    let mut told = Told { decision: Decision::Allow, rule: None, shadow: Vec::new(), excepted: Vec::new() };
    for rule in rules.iter().filter(|rule| rule.mode != Mode::Disabled) {
        if !rule.applies(facts) {
            told.excepted.extend(rule.excepted(facts));
        } else if rule.mode == Mode::Shadow {
            told.shadow.push(format!("r{}", rule.id));
        } else {
            return Told { decision: rule.decision(facts), rule: Some(format!("r{}", rule.id)), ..told };
        }
    }
    told
}

/// What the engine decides.
pub fn decided(snapshot: &Snapshot, facts: &Facts<'_>) -> Told {
    let views = Views::of(facts);
    let plan = engine::evaluate(snapshot, &views);
    let verdict = engine::settle(snapshot, &views, &plan, &Counts::default());
    let id = |index: usize| snapshot.rules[index].id.clone();
    Told {
        rule: verdict.rule.map(id),
        shadow: verdict.shadow.iter().copied().map(id).collect(),
        excepted: verdict.excepted_by(snapshot),
        decision: verdict.decision,
    }
}

/// Holds the engine against the plain meaning; an error says where they differ.
pub fn check(snapshot: &Snapshot, rules: &[Rule], facts: &Facts<'_>) -> Result<Told, String> {
    let (expected, decided) = (expected(rules, facts), decided(snapshot, facts));
    if expected != decided {
        return Err(format!("by the plain meaning {expected:?}\nby the engine {decided:?}"));
    }
    let asked: Vec<usize> = snapshot.index.candidates(&Views::of(facts)).collect();
    if !asked.is_sorted_by(|one, next| one < next) {
        return Err(format!("the candidates {asked:?} are not in order, or not each once"));
    }
    let views = Views::of(facts);
    let out = [Standing::OtherCommand, Standing::Inactive, Standing::OffSchedule, Standing::Fails];
    let mut live = snapshot.rules.iter().enumerate().filter(|(_, rule)| !out.contains(&rule.standing(&views)));
    match live.find(|(index, _)| !asked.contains(index)) {
        Some((_, rule)) => Err(format!("`{}` is not among the candidates {asked:?}, and its condition holds", rule.id)),
        None => Ok(decided),
    }
}
