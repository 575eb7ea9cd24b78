//! Examples and tests: run at every load by the functions that decide requests.

use jiff::Timestamp;

use crate::{
    diagnostic::{Code, Diagnostic, Place, Severity},
    engine::{self, Counts, Snapshot, Verdict, Views, explain, message},
    facts::Facts,
    rules::{
        ast::{Action, Case, Claim, Example, Request, Subject},
        compile::Compiled,
    },
    text,
};

/// An example or a test that was run.
#[derive(Debug)]
pub struct Outcome {
    /// Which of the two it is.
    pub check: Check,
    /// What was run, for people.
    pub title: String,
    /// Where it is written.
    pub place: Place,
    /// What is wrong; nothing where it passed.
    pub differences: Vec<Difference>,
    /// The finding that it becomes when the set is loaded.
    pub finding: Option<Diagnostic>,
}

/// What can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// An entry of a rule's `examples`.
    Example,
    /// An entry of `tests`.
    Test,
}

/// One thing that is not as it was said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What was looked at, such as `decision`.
    pub what: &'static str,
    /// What the file says.
    pub expected: String,
    /// What happened.
    pub found: String,
    /// Where the file says it.
    pub place: Place,
}

impl Outcome {
    /// Whether it passed, and somebody should look at it all the same.
    pub fn warns(&self) -> bool {
        self.finding.as_ref().is_some_and(|finding| finding.code.severity() == Severity::Warning)
    }

    /// Whether it makes the set fail.
    pub fn failed(&self) -> bool {
        self.finding.as_ref().is_some_and(|finding| finding.code.severity() == Severity::Error)
    }
}

/// Runs the examples of one rule.
pub(super) fn examples(compiled: &Compiled<'_, '_>) -> Vec<Outcome> {
    compiled.written.examples.iter().map(|example| run_example(compiled, example)).collect()
}

fn run_example(compiled: &Compiled<'_, '_>, example: &Example<'_>) -> Outcome {
    let facts = shown(example);
    let by = match &example.subject {
        Subject::Name(_) => String::new(),
        Subject::Request(request) => format!(" by {}", text::visible(request.operator)),
    };
    let (id, claim) = (&compiled.rule.id, example.claim.name());
    let title = format!("rule {id}: {claim} `{}`{by}", text::visible(&facts.name));
    let (difference, finding) = judge(compiled, example, &facts);
    let differences = difference.into_iter().collect();
    Outcome { check: Check::Example, title, place: example.place, differences, finding }
}

/// What an example is about.
pub(super) fn shown<'a>(example: &Example<'a>) -> Facts<'a> {
    match &example.subject {
        Subject::Name(name) => Facts::topic("", *name, Timestamp::UNIX_EPOCH),
        Subject::Request(request) => facts(request, None),
    }
}

fn judge(
    compiled: &Compiled<'_, '_>,
    example: &Example<'_>,
    facts: &Facts<'_>,
) -> (Option<Difference>, Option<Diagnostic>) {
    let (rule, place) = (&compiled.rule, example.place);
    let views = Views::of(facts);
    let reason = explain::failure(&rule.when, &views);
    let difference =
        |expected: &str, found: String| Some(Difference { what: "when", expected: expected.to_owned(), found, place });
    match (example.claim, reason) {
        (Claim::Match, Some(reason)) => {
            let message = format!("the rule `{}` does not match this example: {reason}", rule.id);
            let help = "mend the condition, or move the example to `known_miss` or `no_match`";
            (
                difference("holds", reason.to_string()),
                Some(Diagnostic::new(Code::ExampleFailed, place, message).help(help)),
            )
        }
        (Claim::NoMatch, None) => {
            let found = format!("matches `{}`", text::visible(message::matched(rule, &views)));
            let message = format!("the rule `{}` {found} in this example", rule.id);
            let help = "make the condition narrower, or move the example to `match`";
            (difference("does not hold", found), Some(Diagnostic::new(Code::ExampleFailed, place, message).help(help)))
        }
        (Claim::KnownMiss, None) => {
            let message = format!("the rule `{}` now matches this known miss", rule.id);
            (None, Some(Diagnostic::new(Code::MissNowMatches, place, message).help("move it to `match`")))
        }
        _ => (None, None),
    }
}

/// Runs one test of the set.
pub(super) fn case(snapshot: &Snapshot, case: &Case<'_>) -> Outcome {
    let (_, verdict) = decide(snapshot, case);
    let differences = differences(snapshot, case, &verdict);
    let finding = differences.split_first().map(|(first, others)| {
        let told = |difference: &Difference| {
            format!("`{}` is `{}`, not `{}`", difference.what, difference.found, difference.expected)
        };
        let message = format!("the test `{}` fails: {}", text::visible(case.name.value), told(first));
        let finding = Diagnostic::new(Code::TestFailed, first.place, message);
        let finding = others.iter().fold(finding, |finding, other| finding.related(other.place, told(other)));
        finding.help(format!("{}; mend the rules or the test", decided_by(snapshot, &verdict)))
    });
    Outcome { check: Check::Test, title: text::visible(case.name.value), place: case.name.place, differences, finding }
}

/// What a test is about.
pub(super) fn asked<'a>(case: &Case<'a>) -> Facts<'a> {
    Facts { rollout: case.given.rollout, ..facts(&case.request, case.at) }
}

/// What a test is about, and what comes of it.
pub(super) fn decide<'a>(snapshot: &Snapshot, case: &Case<'a>) -> (Facts<'a>, Verdict) {
    let facts = asked(case);
    let views = Views::of(&facts);
    let plan = engine::evaluate(snapshot, &views);
    let given = |id: &str| case.given.counts.iter().find(|(rule, _)| rule.value == id).map_or(0, |(_, count)| *count);
    let verdict = engine::settle(snapshot, &views, &plan, &Counts::after(snapshot, &facts, &plan, given));
    (facts, verdict)
}

fn decided_by(snapshot: &Snapshot, verdict: &Verdict) -> String {
    let rule = verdict.rule.and_then(|rule| snapshot.rules.get(rule));
    rule.map_or_else(
        || "no rule decided".to_owned(),
        |rule| format!("`{}` ({}:{}) decided", rule.id, rule.file, rule.line),
    )
}

fn differences(snapshot: &Snapshot, case: &Case<'_>, verdict: &Verdict) -> Vec<Difference> {
    let expect = &case.expect;
    let id = |index: usize| snapshot.rules.get(index).map_or_else(String::new, |rule| rule.id.clone());
    let decision = &verdict.decision;
    let rule = verdict.rule.map_or_else(|| "none".to_owned(), id);
    let shadow: Vec<String> = verdict.shadow.iter().copied().map(id).collect();
    let mut asked: Vec<(&'static str, Place, String, String)> = Vec::new();
    if let Some(written) = expect.decision {
        let expected = if written.value == Action::Allow { "allow" } else { "deny" };
        asked.push(("decision", written.place, expected.to_owned(), decision.name().to_owned()));
    }
    if let Some(written) = expect.rule {
        asked.push(("rule", written.place, written.value.unwrap_or("none").to_owned(), rule));
    }
    if let Some(written) = expect.code {
        asked.push(("code", written.place, written.value.to_string(), decision.code().to_string()));
    }
    if let Some(written) = expect.message {
        asked.push(("message", written.place, written.value.to_owned(), decision.message().to_owned()));
    }
    if let Some(written) = &expect.shadow {
        let expected: Vec<&str> = written.value.iter().map(|id| id.value).collect();
        asked.push(("shadow", written.place, format!("[{}]", expected.join(", ")), format!("[{}]", shadow.join(", "))));
    }
    if let Some(written) = &expect.excepted_by {
        let expected: Vec<String> = written.value.iter().map(|it| format!("{}/{}", it.rule, it.exception)).collect();
        let found = verdict.excepted_by(snapshot).join(", ");
        asked.push(("excepted_by", written.place, format!("[{}]", expected.join(", ")), format!("[{found}]")));
    }
    let differs = asked.into_iter().filter(|(_, _, expected, found)| expected != found);
    differs.map(|(what, place, expected, found)| Difference { what, expected, found, place }).collect()
}

fn facts<'a>(request: &Request<'a>, at: Option<Timestamp>) -> Facts<'a> {
    Facts {
        command: request.command,
        owner: request.owner.map(Into::into),
        group_type: request.group_type.map(Into::into),
        platform: request.platform.map(Into::into),
        client_ip: request.client_ip,
        app: request.app,
        ..Facts::topic(request.operator, request.name, at.unwrap_or(Timestamp::UNIX_EPOCH))
    }
}
