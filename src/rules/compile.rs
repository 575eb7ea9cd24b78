//! From what was written to what decides.

mod life;

use jiff::tz::TimeZone;

use crate::{
    diagnostic::{Place, Sink, Sources},
    engine::{self, Condition},
    facts::Field,
    matchers::{Budget, Context, Grants, Lists, Role},
    rules::{
        ast::{self, Action, Guarantee, Mode, Rule},
        message, revision, sentence,
    },
    text,
};

/// A rule that can decide, live or not.
#[derive(Debug)]
pub(super) struct Compiled<'a, 't> {
    /// What it was made from.
    pub(super) written: &'a Rule<'t>,
    /// What it became; for a disabled rule only the condition counts.
    pub(super) rule: engine::Rule,
    /// The patterns that are run on every request.
    pub(super) slow: Vec<Place>,
}

/// A guarantee that can be proved.
#[derive(Debug)]
pub(super) struct Promised<'a, 't> {
    /// What it was made from.
    pub(super) written: &'a Guarantee<'t>,
    /// Which requests it is about.
    pub(super) when: Condition,
}

/// What compiles the parts of one set.
pub(super) struct Compiler<'c, 's> {
    zone: &'c TimeZone,
    sources: &'c Sources,
    pub(super) lists: &'c mut Lists<'s>,
    budget: Budget,
    /// The patterns of the rule at hand that no text of theirs says when to run.
    slow: Vec<Place>,
}

impl<'c, 's> Compiler<'c, 's> {
    pub(super) fn new(zone: &'c TimeZone, sources: &'c Sources, lists: &'c mut Lists<'s>) -> Compiler<'c, 's> {
        Compiler { zone, sources, lists, budget: Budget::default(), slow: Vec::new() }
    }

    /// Compiles every rule; one that cannot be is left out after a finding.
    pub(super) fn rules<'a, 't>(&mut self, rules: &'a [Rule<'t>], sink: &mut Sink) -> Vec<Compiled<'a, 't>> {
        rules.iter().filter_map(|written| self.compiled(written, sink)).collect()
    }

    /// The same for guarantees.
    pub(super) fn guarantees<'a, 't>(
        &mut self,
        guarantees: &'a [Guarantee<'t>],
        sink: &mut Sink,
    ) -> Vec<Promised<'a, 't>> {
        let compiled = |written: &'a Guarantee<'t>| {
            let when = self.condition(&written.when, Grants::No, sink)?;
            Some(Promised { written, when })
        };
        guarantees.iter().filter_map(compiled).collect()
    }

    fn compiled<'a, 't>(&mut self, written: &'a Rule<'t>, sink: &mut Sink) -> Option<Compiled<'a, 't>> {
        self.slow.clear();
        let rule = self.rule(written, sink)?;
        let slow = if rule.when.waits() { Vec::new() } else { std::mem::take(&mut self.slow) };
        Some(Compiled { written, rule, slow })
    }

    fn rule(&mut self, written: &Rule<'_>, sink: &mut Sink) -> Option<engine::Rule> {
        let when = written.when.as_ref();
        let grants = if written.action == Some(Action::Allow) { Grants::Yes } else { Grants::No };
        let condition = when.and_then(|when| self.condition(when, grants, sink));
        let except = self.exceptions(written, sink);
        let active = self.active(&written.life.active, sink);
        let schedule = written.life.schedule.as_ref().map(|schedule| self.schedule(schedule, sink));
        let message = written.message.map(|node| message::compile(node, when, sink));
        let action = match written.action? {
            Action::Allow => engine::Action::Allow,
            Action::Deny => engine::Action::Deny {
                code: written.code.map(|code| code.value),
                message: if let Some(message) = message { Some(message?) } else { None },
            },
        };
        Some(engine::Rule {
            id: written.id?.value.to_owned(),
            description: written.description.map(str::to_owned),
            file: self.sources.path(written.place.file).to_owned(),
            line: self.sources.line(written.place),
            mode: if written.mode == Mode::Enforce { engine::Mode::Enforce } else { engine::Mode::Shadow },
            commands: written.commands.clone(),
            action,
            when: condition?,
            active,
            schedule: if let Some(schedule) = schedule { Some(schedule?) } else { None },
            rollout: written.life.rollout.map(|share| share.value),
            except: except?,
            quota: written.quota.flatten(),
        })
    }

    fn condition(&mut self, written: &ast::Condition<'_>, grants: Grants, sink: &mut Sink) -> Option<Condition> {
        match written {
            ast::Condition::Always => Some(Condition::Always),
            ast::Condition::All(parts) => Some(Condition::All(self.conditions(parts, grants, sink)?)),
            ast::Condition::Any(parts, place) => {
                let branches = self.conditions(parts, grants, sink)?;
                Some(Condition::Any { branches, line: self.sources.line(*place) })
            }
            ast::Condition::Not(inner, place) => {
                let inner = Box::new(self.condition(inner, grants.turned(), sink)?);
                Some(Condition::Not { inner, line: self.sources.line(*place) })
            }
            ast::Condition::Reported => None,
            ast::Condition::Test(test) => self.test(test, grants, sink).map(Condition::Test),
        }
    }

    fn conditions(&mut self, parts: &[ast::Condition<'_>], grants: Grants, sink: &mut Sink) -> Option<Vec<Condition>> {
        let parts: Vec<Option<Condition>> = parts.iter().map(|part| self.condition(part, grants, sink)).collect();
        parts.into_iter().collect()
    }

    fn test(&mut self, test: &ast::Test<'_>, grants: Grants, sink: &mut Sink) -> Option<engine::Test> {
        let Role::Test(build) = test.matcher.value.role else { return None };
        if matches!(test.field.value, Field::NameLookalike | Field::NameSqueezed) {
            text::make_lookalikes();
        }
        let mut context = Context {
            field: test.field.value,
            ignoring: test.ignoring,
            grants,
            lists: self.lists,
            budget: &mut self.budget,
            slow: &mut self.slow,
        };
        let matcher = build(&mut context, test.argument, sink)?;
        Some(engine::Test {
            field: test.field.value,
            matcher,
            sentence: sentence::of(test),
            line: self.sources.line(test.matcher.place),
            identity: revision::of_test(test, self.lists),
        })
    }
}
