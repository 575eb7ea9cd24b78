//! What both sets make of one request, whatever shares and counters say.

use crate::{
    analysis::difference::{Counted, Kind, Ruling, Side},
    engine::{
        Counts, Mode, Rule, Snapshot, Standing, Views, evaluate,
        life::WHOLE_SHARE,
        quota::{self, Quota},
        settle,
    },
    facts::{Facts, Rollout},
};

/// Operators that are tried where shares matter.
const OPERATORS: usize = 300;

/// A request, and the rules of both sides that it reaches.
pub(super) struct Meeting<'m, 'f> {
    old: Side<'m>,
    new: Side<'m>,
    facts: Facts<'f>,
    pub(super) old_steps: Vec<usize>,
    pub(super) new_steps: Vec<usize>,
}

/// Who decides on each side; `None` for no rule.
pub(super) type Deciders = (Option<usize>, Option<usize>);

/// A request that is decided by two given rules.
pub(super) struct Met {
    pub(super) facts: Facts<'static>,
    pub(super) counted: Vec<Counted>,
    pub(super) old: Ruling,
    pub(super) new: Ruling,
}

impl Met {
    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::of(&self.old.decision, &self.new.decision)
    }
}

impl<'m, 'f> Meeting<'m, 'f> {
    pub(super) fn of(old: Side<'m>, new: Side<'m>, facts: &Facts<'f>) -> Meeting<'m, 'f> {
        let facts = Facts { rollout: Rollout::In, ..facts.clone() };
        let views = Views::of(&facts);
        let (old_steps, new_steps) = (steps(old.snapshot, &views), steps(new.snapshot, &views));
        drop(views);
        Meeting { old, new, facts, old_steps, new_steps }
    }

    /// Every pair of deciders that some shares and counters lead to.
    pub(super) fn deciders(&self) -> Vec<Deciders> {
        let (old, new) = (ends(self.old, &self.old_steps), ends(self.new, &self.new_steps));
        let pairs = old.iter().flat_map(|one| new.iter().map(move |other| (*one, *other)));
        pairs.filter(|pair| self.is_possible(*pair)).collect()
    }

    /// Whether what has to be true of shares and counters does not contradict what has to be false.
    fn is_possible(&self, (one, other): Deciders) -> bool {
        let applied = self.decide((one, other));
        let passed = |side: Side<'m>, steps: &[usize], end: Option<usize>| {
            let before = steps.iter().copied().take_while(move |step| Some(*step) != end);
            before.filter_map(move |step| side.rule(step)).collect::<Vec<&Rule>>()
        };
        let passed = [passed(self.old, &self.old_steps, one), passed(self.new, &self.new_steps, other)].concat();
        !applied.iter().any(|applied| passed.iter().any(|passed| implies(applied, passed)))
    }

    /// A request like this one, shares and counters included, for which both engines say that these rules decide.
    pub(super) fn met(&self, deciders: Deciders) -> Option<Met> {
        let steps = self.old_steps.iter().filter_map(|step| self.old.rule(*step));
        let mut steps = steps.chain(self.new_steps.iter().filter_map(|step| self.new.rule(*step)));
        let tried = if steps.any(|rule| rule.rollout.is_some()) { OPERATORS } else { 0 };
        let others = (1..=tried).map(|number| format!("someone{number}"));
        let operators = std::iter::once(self.facts.operator.to_string()).chain(others);
        operators.into_iter().find_map(|operator| self.asked(operator, deciders))
    }

    fn asked(&self, operator: String, deciders: Deciders) -> Option<Met> {
        let facts = owned(&Facts { operator: operator.into(), rollout: Rollout::ByOperator, ..self.facts.clone() });
        let filled = self.decide(deciders);
        let (old, old_counted) = ruling(self.old, &facts, &filled);
        let (new, new_counted) = ruling(self.new, &facts, &filled);
        let mut counted: Vec<Counted> =
            old_counted.into_iter().map(|(rule, old)| Counted { rule, old: Some(old), new: None }).collect();
        for (rule, new) in new_counted {
            match counted.iter_mut().find(|one| one.rule == rule) {
                Some(one) => one.new = Some(new),
                None => counted.push(Counted { rule, old: None, new: Some(new) }),
            }
        }
        ((old.rule, new.rule) == deciders).then_some(Met { facts, counted, old, new })
    }

    fn decide(&self, (one, other): Deciders) -> Vec<&'m Rule> {
        let rules = [one.and_then(|one| self.old.rule(one)), other.and_then(|other| self.new.rule(other))];
        rules.into_iter().flatten().collect()
    }
}

/// What one side makes of a request when the counters of some rules are filled, and what its own counters say then.
fn ruling(side: Side<'_>, facts: &Facts<'_>, filled: &[&Rule]) -> (Ruling, Vec<(String, u64)>) {
    let views = Views::of(facts);
    let plan = evaluate(side.snapshot, &views);
    let before = |id: &str, counter: Quota| {
        let quotas = filled.iter().filter(|rule| rule.id == id).filter_map(|rule| rule.quota);
        quotas.filter(|quota| counts_for(*quota, counter)).map(|quota| u64::from(quota.limit)).max().unwrap_or_default()
    };
    let asked: Vec<quota::Counted<'_>> = plan.counted(side.snapshot, facts).collect();
    let counts = Counts::asked(&asked, |one| before(one.rule, one.quota).saturating_add(1));
    let is_filled = |id: &str| filled.iter().any(|rule| rule.id == id && rule.quota.is_some());
    let counted = asked.iter().filter(|one| is_filled(one.rule));
    let counted = counted.map(|one| (one.rule.to_owned(), before(one.rule, one.quota))).collect();
    let verdict = settle(side.snapshot, &views, &plan, &counts);
    (Ruling { rule: verdict.rule, decision: verdict.decision }, counted)
}

/// The enforced rules that a request reaches, up to the first that decides for sure.
fn steps(snapshot: &Snapshot, views: &Views<'_>) -> Vec<usize> {
    let mut steps = Vec::new();
    for index in snapshot.index.candidates(views) {
        let Some(rule) = snapshot.rules.get(index).filter(|rule| rule.mode == Mode::Enforce && !is_idle(rule)) else {
            continue;
        };
        if rule.standing(views) == Standing::Applies {
            steps.push(index);
            if is_sure(rule) {
                break;
            }
        }
    }
    steps
}

/// The rules that may decide, and none if none may.
fn ends(side: Side<'_>, steps: &[usize]) -> Vec<Option<usize>> {
    let is_open = steps.last().and_then(|last| side.rule(*last)).is_none_or(|rule| !is_sure(rule));
    steps.iter().copied().map(Some).chain(is_open.then_some(None)).collect()
}

/// Whether neither a share nor a counter can keep a rule from a request that it reaches.
pub(super) fn is_sure(rule: &Rule) -> bool {
    rule.rollout.is_none_or(|share| share.0 >= WHOLE_SHARE) && rule.quota.is_none_or(|quota| quota.limit == 0)
}

/// Whether it is for nobody.
fn is_idle(rule: &Rule) -> bool {
    rule.rollout.is_some_and(|share| share.0 == 0)
}

/// Whether the share and the counter of a rule can only say yes where those of the other do.
pub(super) fn implies(one: &Rule, other: &Rule) -> bool {
    let share = |rule: &Rule| rule.rollout.map_or(WHOLE_SHARE, |share| share.0);
    let is_filled = |quota: Quota| one.quota.is_some_and(|own| counts_for(own, quota) && own.limit >= quota.limit);
    is_sure(other)
        || one.id == other.id
            && share(one) <= share(other)
            && other.quota.is_none_or(|quota| quota.limit == 0 || is_filled(quota))
}

/// Whether what a quota of a rule counted was counted by its other quota too: in a longer window there is no less.
fn counts_for(one: Quota, other: Quota) -> bool {
    one.per == other.per && one.within <= other.within
}

fn owned(facts: &Facts<'_>) -> Facts<'static> {
    let text = |text: &str| text.to_owned().into();
    Facts {
        command: facts.command,
        operator: text(&facts.operator),
        owner: facts.owner.as_deref().map(text),
        name: text(&facts.name),
        group_type: facts.group_type.as_deref().map(text),
        platform: facts.platform.as_deref().map(text),
        client_ip: facts.client_ip,
        app: facts.app,
        at: facts.at,
        rollout: facts.rollout,
    }
}
