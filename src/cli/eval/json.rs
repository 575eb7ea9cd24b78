//! A decision, for programs: the wire form is stable, and fields are only added.

use std::io::Write;

use serde::Serialize;

use crate::{
    cli::eval::{advice::Advice, decided::Decided, quota::Counted},
    diagnostic::{Report, json},
    engine::{
        Rule, Standing,
        explain::{self, Outcome, Passed, Reason},
        message,
        nearest::Nearest,
    },
};

pub(super) fn print(decided: &Decided<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let decision = &decided.verdict.decision;
    let rule = decided.rule();
    let [looks_like, squeezed_to] = decided.views.looks();
    let shadow = decided.verdict.shadow.iter().filter_map(|index| decided.snapshot.rules.get(*index));
    let json = Json {
        decision: decision.name(),
        code: decision.code(),
        message: decision.message(),
        rule: rule.map(named),
        matched: rule.filter(|rule| rule.when.tests_name()).map(|rule| message::matched(rule, decided.views)),
        looks_like,
        squeezed_to,
        shadow: shadow.map(|rule| rule.id.as_str()).collect(),
        excepted_by: decided.verdict.excepted_by(decided.snapshot),
        considered: decided.considered().map(|(rule, outcome)| seen(decided, rule, outcome)).collect(),
        nearest: decided.nearest.as_ref().map(|advice| match advice {
            Advice::Nearest(Nearest { name, edits }) => Some(Edited { name, edits: *edits }),
            _ => None,
        }),
        at: decided.views.facts().at.to_string(),
        revision: &decided.snapshot.revision,
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)?;
    Ok(())
}

fn seen<'a>(decided: &Decided<'_>, rule: &'a Rule, found: &'a Outcome) -> Seen<'a> {
    let (outcome, reason) = match found {
        Outcome::Applies if decided.is_within_quota(rule) => ("within_quota", None),
        Outcome::Applies => ("applies", None),
        Outcome::Passed(standing) => {
            let Passed { line, text } = explain::passed(decided.snapshot, rule, *standing, decided.views.facts());
            (word(*standing), Some(Why { line, text, test: None, saw: None }))
        }
        Outcome::Fails(reason) => ("does_not_apply", Some(why(reason))),
    };
    let quota = if let Outcome::Applies = found { decided.counters.counted(rule) } else { None };
    Seen { rule: named(rule), mode: rule.mode.name(), outcome, quota, reason }
}

/// What came of a rule, in one word: stable, for programs.
fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::OtherCommand => "other_command",
        Standing::Inactive => "not_active",
        Standing::OffSchedule => "off_schedule",
        Standing::Fails => "does_not_apply",
        Standing::NotRolledOut => "not_rolled_out",
        Standing::Excepted(_) => "excepted",
        Standing::NoKey => "no_key",
        Standing::Applies => "applies",
    }
}

/// What there is to say where the rules do not load: their findings, as `check` prints them.
pub(super) fn undecided(report: &Report, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Undecided { decision: None, rules: json::findings(report) })?;
    writeln!(out)?;
    Ok(())
}

#[derive(Serialize)]
struct Undecided<'a> {
    decision: Option<&'static str>,
    rules: json::Findings<'a>,
}

#[derive(Serialize)]
struct Json<'a> {
    decision: &'static str,
    code: u32,
    message: &'a str,
    rule: Option<Named<'a>>,
    #[serde(rename = "match")]
    matched: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    looks_like: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    squeezed_to: Option<&'a str>,
    shadow: Vec<&'a str>,
    excepted_by: Vec<String>,
    considered: Vec<Seen<'a>>,
    /// There only if somebody asked; `null` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<Option<Edited<'a>>>,
    at: String,
    revision: &'a str,
}

#[derive(Serialize)]
struct Edited<'a> {
    name: &'a str,
    edits: usize,
}

#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Seen<'a> {
    #[serde(flatten)]
    rule: Named<'a>,
    mode: &'static str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quota: Option<Counted>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Why<'a>>,
}

#[derive(Serialize)]
struct Why<'a> {
    line: usize,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saw: Option<&'a str>,
}

fn named(rule: &Rule) -> Named<'_> {
    Named { id: &rule.id, file: &rule.file, line: rule.line }
}

fn why(reason: &Reason) -> Why<'_> {
    let (test, saw) = match reason {
        Reason::Test { sentence, saw, .. } => (Some(sentence.as_str()), saw.as_deref()),
        Reason::Any { .. } | Reason::Not { .. } => (None, None),
    };
    Why { line: reason.line(), text: reason.to_string(), test, saw }
}
