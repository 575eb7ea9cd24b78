//! What is proved of the guarantees of a set, as findings.

use jiff::Timestamp;

use crate::{
    analysis::{self, Budget, Guarantee, Outcome, Promise, Proof, Reason, Solver},
    diagnostic::{Code, Diagnostic, Place, Sink},
    engine::{Action, Condition, Deciders, Mode, Rule, Snapshot},
    facts::{Command, Facts, Field},
    rules::{ast::Written, compile::Promised, hinge},
    text,
};

/// States that the proofs of one load may visit together: a service that starts or reloads does not wait for more.
const MOST_AT_LOAD: usize = 500_000;

/// What is known of the guarantees of a set.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    /// How many were proved.
    pub(super) proved: usize,
    /// Errors that keep nothing from loading: `check` alone tells of guarantees that are not proved, or a load would depend
    /// on how much is searched.
    pub(super) open: Vec<Diagnostic>,
}

/// Pushes what is wrong with the guarantees.
pub(super) fn findings(
    snapshot: &Snapshot,
    live: &[Place],
    guarantees: &[Promised<'_, '_>],
    at: Timestamp,
    checked: Option<Budget>,
    sink: &mut Sink,
) -> Proofs {
    let solver = Solver::new(at, checked.unwrap_or_default());
    let mut solver = if checked.is_some() { solver } else { solver.bounded(MOST_AT_LOAD) };
    let mut proofs = Proofs::default();
    for Promised { written, when } in guarantees {
        let guarantee = Guarantee { commands: &written.commands, when, promise: written.promise.value };
        let told = Told { snapshot, live, when, id: written.id, promise: written.promise, at };
        match analysis::prove(&mut solver, snapshot, guarantee, at) {
            Proof::Proved => proofs.proved += 1,
            Proof::AboutNothing => {
                proofs.proved += 1;
                sink.push(told.about_nothing());
            }
            Proof::Broken(facts, rule) => sink.push(told.broken(&facts, rule)),
            Proof::NotProved(rule, reason) if checked.is_some() => proofs.open.push(told.not_proved(rule, reason)),
            Proof::NotProved(..) => {}
        }
    }
    proofs
}

struct Told<'a> {
    snapshot: &'a Snapshot,
    /// Where the live rules stand.
    live: &'a [Place],
    /// Which requests the guarantee is about.
    when: &'a Condition,
    id: Written<&'a str>,
    promise: Written<Promise>,
    at: Timestamp,
}

impl Told<'_> {
    fn about_nothing(&self) -> Diagnostic {
        let message = format!("the guarantee `{}` is about no request: none can pass its condition", self.id.value);
        let help = "take one of its tests out, or put entries into the list that it names";
        Diagnostic::new(Code::GuaranteeAboutNothing, self.id.place, message).help(help)
    }

    fn broken(&self, facts: &Facts<'_>, rule: Option<usize>) -> Diagnostic {
        let id = self.id.value;
        let message = format!("the guarantee `{id}` does not hold: {}", self.what_comes_of(facts, rule));
        let found = Diagnostic::new(Code::GuaranteeBroken, self.promise.place, message);
        let help = match (self.rule(rule), self.promise.value) {
            (Some((rule, place)), promise) => {
                return found.related(place, "this rule decides").help(format!(
                    "make `{}` narrower or let a rule before it decide, or make the guarantee narrower{}",
                    rule.id,
                    code_hint(promise),
                ));
            }
            (None, _) => "add a rule that decides it for sure, or make the guarantee narrower",
        };
        found.help(help)
    }

    fn not_proved(&self, rule: Option<usize>, reason: Reason) -> Diagnostic {
        let id = self.id.value;
        let open = match self.rule(rule) {
            Some((rule, _)) => format!("whether `{}` can decide such a request is open", rule.id),
            None => "whether a rule decides every such request is open".to_owned(),
        };
        let message = format!("the guarantee `{id}` is not proved, {open}: {reason}");
        let found = Diagnostic::new(Code::GuaranteeNotProved, self.promise.place, message);
        let found = self.rule(rule).into_iter().fold(found, |found, (_, place)| found.related(place, "this rule"));
        found.help(format!("{}, or write a test for single requests instead", advice(reason)))
    }

    fn rule(&self, rule: Option<usize>) -> Option<(&Rule, Place)> {
        Some((self.snapshot.rules.get(rule?)?, *self.live.get(rule?)?))
    }

    /// Such as "`no-adverts` refuses the topic `casino` by `amy`".
    fn what_comes_of(&self, facts: &Facts<'_>, rule: Option<usize>) -> String {
        let request = self.request(facts, rule);
        let Some((rule, _)) = self.rule(rule) else {
            let may = Deciders::of(self.snapshot, facts).rules.first().and_then(|rule| self.snapshot.rules.get(*rule));
            return match may {
                None => format!("no rule decides {request}, so it is allowed"),
                Some(rule) => {
                    format!("`{}` decides {request} only{}; otherwise it is allowed", rule.id, where_it_may(rule))
                }
            };
        };
        let (id, may) = (&rule.id, where_it_may(rule));
        let may = if may.is_empty() { String::new() } else { format!(",{may}") };
        match &rule.action {
            Action::Allow => format!("`{id}` allows {request}{may}"),
            Action::Deny { code, .. } if has_code(self.promise.value) => {
                let code = code.map_or_else(|| "without a code".to_owned(), |code| format!("with code {code}"));
                format!("`{id}` refuses {request} {code}{may}")
            }
            Action::Deny { .. } => format!("`{id}` refuses {request}{may}"),
        }
    }

    /// A request in words; what no test looked at is left out. What is absent is said where a rule that might have decided
    /// hangs on it.
    fn request(&self, facts: &Facts<'_>, rule: Option<usize>) -> String {
        let what = match facts.command {
            Command::CreateTopic => "topic",
            Command::CreateGroup => "group",
        };
        let named = match text::visible(&facts.name) {
            name if name.is_empty() => format!("a {what} without a name"),
            name => format!("the {what} `{name}`"),
        };
        let rules = self.snapshot.rules.iter().take(rule.map_or(usize::MAX, |rule| rule.saturating_add(1)));
        let rules: Vec<&Rule> = rules.filter(|rule| rule.mode == Mode::Enforce).collect();
        let hangs_on = |field: &Field| {
            hinge::is_of(self.when, facts, *field) || rules.iter().any(|rule| hinge::is_of_rule(rule, facts, *field))
        };
        let given = [
            ("owner", facts.owner.as_deref().map(text::visible)),
            ("type", facts.group_type.as_deref().map(text::visible)),
            ("platform", facts.platform.as_deref().map(text::visible)),
            ("client_ip", facts.client_ip.map(|address| address.to_string())),
            ("app", facts.app.filter(|_| hangs_on(&Field::App)).map(|app| app.to_string())),
            ("at", Some(facts.at.to_string()).filter(|_| facts.at != self.at)),
        ];
        let given = given.into_iter().filter_map(|(key, value)| Some(format!(", {key} `{}`", value?)));
        let absent = hinge::absent(facts).into_iter().filter(hangs_on);
        let absent = absent.map(|field| format!(", without `{}`", field.name()));
        format!("{named} by `{}`{}", text::visible(&facts.operator), given.chain(absent).collect::<String>())
    }
}

/// What may make a proof possible.
fn advice(reason: Reason) -> &'static str {
    match reason {
        Reason::Budget => "make the guarantee narrower",
        Reason::Views => "let the guarantee and the rules that it rests on look at the same view of the name",
        Reason::WordBoundary => "write the pattern without `\\b`, or use `contains_word`",
        Reason::TooLarge => "let the guarantee rest on smaller patterns and shorter lists",
        Reason::Life => "let it rest on rules without a schedule and a rollout",
        _ => "let the guarantee rest on tests that are followed exactly, such as `contains` and `bytes`",
    }
}

/// What keeps a rule from deciding everything that it applies to.
fn where_it_may(rule: &Rule) -> &'static str {
    match (rule.quota, rule.rollout) {
        (Some(_), _) => " once its quota is used up",
        (None, Some(_)) => " where its rollout reaches the operator",
        (None, None) => "",
    }
}

fn has_code(promise: Promise) -> bool {
    let (Promise::Never(outcome) | Promise::Always(outcome)) = promise;
    matches!(outcome, Outcome::DenyWith(_))
}

fn code_hint(promise: Promise) -> &'static str {
    if has_code(promise) { ", or change its code" } else { "" }
}
