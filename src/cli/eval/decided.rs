//! A decision, and what there is to say of it in every format.

use crate::{
    cli::eval::{advice::Advice, quota::Counters},
    engine::{
        Rule, Snapshot, Verdict, Views,
        explain::{Considered, Outcome},
    },
    text,
};

/// A request, what was decided, and every rule that was looked at.
pub(super) struct Decided<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) views: &'a Views<'a>,
    pub(super) verdict: &'a Verdict,
    pub(super) counters: &'a Counters,
    pub(super) considered: &'a [Considered],
    /// `None` where nobody asked.
    pub(super) nearest: Option<Advice>,
}

impl<'a> Decided<'a> {
    /// The rule that decided.
    pub(super) fn rule(&self) -> Option<&'a Rule> {
        self.verdict.rule.and_then(|index| self.snapshot.rules.get(index))
    }

    /// The rules up to the one that decided; what was looked at does not know the counts.
    pub(super) fn considered(&self) -> impl Iterator<Item = (&'a Rule, &'a Outcome)> {
        let reached = |seen: &&Considered| self.verdict.rule.is_none_or(|rule| seen.rule <= rule);
        self.considered
            .iter()
            .take_while(reached)
            .filter_map(|seen| Some((self.snapshot.rules.get(seen.rule)?, &seen.outcome)))
    }

    /// The same without the rule that decided.
    pub(super) fn others(&self) -> impl Iterator<Item = (&'a Rule, &'a Outcome)> {
        let decided = self.rule().map(|rule| rule.id.as_str());
        self.considered().filter(move |(rule, _)| decided != Some(rule.id.as_str()))
    }

    /// What stands above them.
    pub(super) fn others_are(&self) -> &'static str {
        if self.rule().is_some() { "the rules before it" } else { "the rules that were asked" }
    }

    /// Whether a rule would apply, had more requests of the same key come before.
    pub(super) fn is_within_quota(&self, rule: &Rule) -> bool {
        rule.quota.is_some_and(|quota| !quota.is_over(self.counters.before(&rule.id).saturating_add(1)))
    }

    /// How the name is read, each way that shows another text than the one before it, with what it is called.
    pub(super) fn readings(&self) -> Vec<(&'static str, String)> {
        let name = &self.views.facts().name;
        let mut shown = text::visible(name);
        let [lookalike, squeezed] = self.views.looks();
        let read = text::fold(name);
        let mut readings = Vec::new();
        // Also where only an `l` became an `i`: this is the text that the tests were held against, and that they quote.
        for (how, view) in [("read as", Some(&*read)), ("looks like", lookalike), ("squeezed to", squeezed)] {
            let Some(view) = view.map(text::visible).filter(|view| *view != shown) else { continue };
            shown.clone_from(&view);
            readings.push((how, view));
        }
        readings
    }
}
