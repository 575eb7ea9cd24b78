//! What must be right between the parts of a set.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink, did_you_mean},
    facts::{Command, Field},
    matchers::lists::Completeness,
    rules::{
        ast::{Action, Case, Condition, Excepted, Rule, RuleSet, Subject, Written},
        calendar,
    },
};

/// What tests can say of the rules with one id.
struct Known<'t> {
    /// Where the id stands first.
    place: Place,
    has_quota: bool,
    exceptions: BTreeSet<&'t str>,
}

/// The ids of all rules.
type Ids<'t> = BTreeMap<&'t str, Known<'t>>;

/// Pushes a finding for everything that is wrong between the parts.
pub(super) fn check(set: &RuleSet<'_>, sink: &mut Sink) {
    time_zone(set, sink);
    codes(set, sink);
    let ids = ids(set, sink);
    for rule in &set.rules {
        code_is_registered(set, rule.code, sink);
        message_reaches_the_user(rule, sink);
        let excepted = rule.life.except.iter().filter_map(|exception| exception.when.as_ref());
        owner_has_a_group(&rule.commands, rule.when.iter().chain(excepted), sink);
        names_are_enough(rule, sink);
        everybody_is_let_through(rule, sink);
    }
    guarantees(set, sink);
    let timed = set.rules.iter().find(|rule| rule.life.depends_on_time());
    for case in &set.tests {
        expected_rules_exist(set, &ids, case, sink);
        counted_rules_have_a_quota(&ids, case, sink);
        time_is_given(timed, case, sink);
    }
}

fn time_zone(set: &RuleSet<'_>, sink: &mut Sink) {
    for zone in &set.time_zones {
        calendar::named(*zone, sink);
    }
    if let [first, others @ ..] = set.time_zones.as_slice() {
        for zone in others {
            sink.push(declared_twice("`time_zone`", zone.place, first.place));
        }
    }
}

fn codes(set: &RuleSet<'_>, sink: &mut Sink) {
    let mut numbers: HashMap<u32, Place> = HashMap::new();
    let mut names: HashMap<&str, Place> = HashMap::new();
    for (code, name) in &set.codes {
        match numbers.get(&code.value) {
            Some(first) => sink.push(declared_twice(&format!("the code {}", code.value), code.place, *first)),
            None => drop(numbers.insert(code.value, code.place)),
        }
        match names.get(name) {
            Some(first) => sink.push(declared_twice(&format!("a code with the name `{name}`"), code.place, *first)),
            None => drop(names.insert(name, code.place)),
        }
    }
}

fn declared_twice(what: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::DeclaredTwice, place, format!("{what} is declared twice in the set"))
        .related(first, "first here")
        .help("all files of a set are read together; keep one of the two")
}

fn ids<'t>(set: &RuleSet<'t>, sink: &mut Sink) -> Ids<'t> {
    let mut seen = Ids::new();
    for (rule, id) in set.rules.iter().filter_map(|rule| Some((rule, rule.id?))) {
        if let Some(first) = seen.get(id.value) {
            sink.push(
                Diagnostic::new(Code::DuplicateRuleId, id.place, format!("two rules have the id `{}`", id.value))
                    .related(first.place, "first here")
                    .help("give each rule an id of its own: logs, metrics and tests name rules by it"),
            );
        }
        let new = Known { place: id.place, has_quota: false, exceptions: BTreeSet::new() };
        let known = seen.entry(id.value).or_insert(new);
        known.has_quota |= rule.quota.is_some();
        known.exceptions.extend(rule.life.except.iter().filter_map(|exception| Some(exception.id?.value)));
    }
    seen
}

fn guarantees(set: &RuleSet<'_>, sink: &mut Sink) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for guarantee in &set.guarantees {
        let id = guarantee.id;
        match seen.get(id.value) {
            Some(first) => sink.push(declared_twice(&format!("the guarantee `{}`", id.value), id.place, *first)),
            None => drop(seen.insert(id.value, id.place)),
        }
        code_is_registered(set, guarantee.code, sink);
        owner_has_a_group(&guarantee.commands, [&guarantee.when].into_iter(), sink);
    }
}

fn code_is_registered(set: &RuleSet<'_>, code: Option<Written<u32>>, sink: &mut Sink) {
    let Some(code) = code.filter(|_| !set.codes.is_empty() && set.completeness == Completeness::Whole) else {
        return;
    };
    if !set.codes.iter().any(|(declared, _)| declared.value == code.value) {
        let message = format!("the code {} is not declared under `codes`", code.value);
        let help = format!("declare it, such as `{}: a-name-for-it`, or use a declared one", code.value);
        sink.push(Diagnostic::new(Code::UnknownCode, code.place, message).help(help));
    }
}

fn message_reaches_the_user(rule: &Rule<'_>, sink: &mut Sink) {
    let Some(message) = rule.message.filter(|_| rule.action == Some(Action::Deny) && rule.code.is_none()) else {
        return;
    };
    let help = "add a `code` from 10100 to 10200: Chat passes the text of those on, that of code 1 perhaps not";
    sink.push(
        Diagnostic::new(Code::MessageWithoutCode, message.place, "this message may not reach the user").help(help),
    );
}

fn owner_has_a_group<'t>(commands: &[Command], conditions: impl Iterator<Item = &'t Condition<'t>>, sink: &mut Sink) {
    if commands.contains(&Command::CreateGroup) {
        return;
    }
    for when in conditions {
        when.tests(&mut |test| {
            if test.field.value == Field::Owner {
                let message = "Chat sends an owner with group creation only, and this is not for it";
                let help = "add `commands: [create_group]`, or test `operator`";
                sink.push(Diagnostic::new(Code::OwnerWithoutGroup, test.field.place, message).help(help));
            }
        });
    }
}

/// A bare name is an example where `when` reads nothing else.
fn names_are_enough(rule: &Rule<'_>, sink: &mut Sink) {
    let mut other = None;
    if let Some(when) = &rule.when {
        when.tests(&mut |test| other = other.or(Some(test.field.value).filter(|field| !field.is_name())));
    }
    let Some(field) = other else { return };
    for example in &rule.examples {
        if let Subject::Name(name) = example.subject {
            let message = format!("a bare name is not enough here: `when` also reads `{}`", field.name());
            let help = format!("write a request: `{{operator: someone, name: '{name}', ...}}`");
            sink.push(Diagnostic::new(Code::WrongType, example.place, message).help(help));
        }
    }
}

fn everybody_is_let_through(rule: &Rule<'_>, sink: &mut Sink) {
    let Some(rollout) = rule.life.rollout.filter(|_| rule.action == Some(Action::Allow)) else { return };
    let message = "this allow rule lets only a share of the operators pass";
    let help = "a roll-out is for a deny rule; nobody can see why one operator passes and another does not";
    sink.push(Diagnostic::new(Code::RolloutOnAllow, rollout.place, message).help(help));
}

/// A test whose outcome changes with the day would fail some day, when nobody has touched it.
fn time_is_given(timed: Option<&Rule<'_>>, case: &Case<'_>, sink: &mut Sink) {
    let Some(rule) = timed.filter(|_| !case.has_time) else { return };
    let id = rule.id.map_or("", |id| id.value);
    let message = format!("the test has no `at`, and the rule `{id}` depends on time");
    sink.push(
        Diagnostic::new(Code::MissingKey, case.name.place, message)
            .related(rule.place, "this rule")
            .help("add the time of the request, such as `at: 2026-11-23T18:00:00+08:00`"),
    );
}

fn excepted_by_exist(ids: &Ids<'_>, case: &Case<'_>, sink: &mut Sink) {
    for Excepted { rule, exception: id, place } in case.expect.excepted_by.iter().flat_map(|names| &names.value) {
        let Some(Known { exceptions, .. }) = ids.get(rule) else { continue };
        if !exceptions.contains(id) {
            let near = did_you_mean(id, exceptions.iter().copied()).map(|near| format!("{rule}/{near}"));
            let message = format!("the rule `{rule}` has no exception `{id}`");
            sink.push(Diagnostic::new(Code::UnknownException, *place, message).meant_if(near.as_deref()));
        }
    }
}

fn expected_rules_exist(set: &RuleSet<'_>, ids: &Ids<'_>, case: &Case<'_>, sink: &mut Sink) {
    if set.completeness == Completeness::Partial {
        return;
    }
    let rule = case.expect.rule.iter().filter_map(|written| Some((written.value?, written.place)));
    let shadow = case.expect.shadow.iter().flat_map(|ids| ids.value.iter().map(|id| (id.value, id.place)));
    let excepted_by = case.expect.excepted_by.iter().flat_map(|names| &names.value);
    let excepted = excepted_by.map(|name| (name.rule, name.place));
    excepted_by_exist(ids, case, sink);
    let counted = case.given.counts.iter().map(|(id, _)| (id.value, id.place));
    let named = rule.chain(shadow).chain(excepted).chain(counted);
    for (id, place) in named.filter(|(id, _)| !ids.contains_key(id)) {
        let near = if sink.is_full(Code::UnknownRule) { None } else { did_you_mean(id, ids.keys().copied()) };
        let found = Diagnostic::new(Code::UnknownRule, place, format!("no rule has the id `{id}`"));
        // The place of an exception's name is more than the id.
        let is_whole = (place.end - place.start) as usize == id.len();
        let help = near.filter(|_| !is_whole).map(|near| format!("did you mean `{near}`?"));
        sink.push(found.help_if(help).meant_if(near.filter(|_| is_whole)));
    }
}

fn counted_rules_have_a_quota(ids: &Ids<'_>, case: &Case<'_>, sink: &mut Sink) {
    for (id, _) in &case.given.counts {
        if ids.get(id.value).is_some_and(|known| !known.has_quota) {
            let message = format!("the rule `{}` has no quota, so nothing is counted for it", id.value);
            let counted = ids.iter().filter(|(_, known)| known.has_quota).map(|(id, _)| *id);
            let near = if sink.is_full(Code::InvalidValue) { None } else { did_you_mean(id.value, counted) };
            let found = Diagnostic::new(Code::InvalidValue, id.place, message);
            sink.push(found.help("remove the count, or give the rule a `quota`").meant_if(near));
        }
    }
}
