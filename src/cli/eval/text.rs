//! A decision, for people at a terminal.

use std::io::{self, Write};

use crate::{
    cli::eval::decided::Decided,
    engine::{
        Decision, Mode, Rule,
        explain::{self, Outcome, Passed, Reason},
        message,
    },
    text,
};

pub(super) fn print(decided: &Decided<'_>, out: &mut impl Write) -> io::Result<()> {
    match &decided.verdict.decision {
        Decision::Allow => writeln!(out, "\u{1b}[32mallow\u{1b}[0m")?,
        Decision::Deny { code, message } if message.is_empty() => {
            writeln!(out, "\u{1b}[31mdeny\u{1b}[0m with code {code}")?;
        }
        Decision::Deny { code, message } => {
            writeln!(out, "\u{1b}[31mdeny\u{1b}[0m with code {code}: {}", text::visible(message))?;
        }
    }
    let readings = decided.readings().into_iter().map(|(how, view)| format!(", {how} `{view}`"));
    writeln!(out, "  name     `{}`{}", text::visible(&decided.views.facts().name), readings.collect::<String>())?;
    match decided.rule() {
        Some(rule) => {
            writeln!(out, "  rule     {} ({}:{})", rule.id, rule.file, rule.line)?;
            if let Some(counted) = decided.counters.counted(rule) {
                writeln!(out, "  quota    {}", counted.sentence())?;
            }
            if rule.when.tests_name() {
                writeln!(out, "  matched  `{}`", text::visible(message::matched(rule, decided.views)))?;
            }
        }
        None => writeln!(out, "  rule     none: no enforced rule applies")?,
    }
    if let Some(advice) = &decided.nearest {
        writeln!(out, "  nearest  {}", advice.sentence())?;
    }
    rules(decided, out)?;
    writeln!(out, "\nrevision {}", decided.snapshot.revision)
}

fn rules(decided: &Decided<'_>, out: &mut impl Write) -> io::Result<()> {
    for (index, (rule, outcome)) in decided.others().enumerate() {
        if index == 0 {
            writeln!(out, "\n{}:", decided.others_are())?;
        }
        let mode = if rule.mode == Mode::Shadow { " (shadow)" } else { "" };
        writeln!(out, "  {}{mode}", rule.id)?;
        for Line { depth, line, text } in lines(decided, rule, outcome) {
            writeln!(out, "    {:indent$}{}:{line}: {text}", "", rule.file, indent = depth * 2)?;
        }
    }
    Ok(())
}

/// What there is to say of one rule.
pub(super) struct Line {
    /// How many `any` it stands in.
    pub(super) depth: usize,
    /// The line of the rule file that says so, from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

/// Why a rule did not decide, one line for each test that counts.
pub(super) fn lines(decided: &Decided<'_>, rule: &Rule, outcome: &Outcome) -> Vec<Line> {
    let one = |line: usize, text: String| vec![Line { depth: 0, line, text }];
    match outcome {
        Outcome::Applies if decided.is_within_quota(rule) => {
            one(rule.line, decided.counters.counted(rule).map(|counted| counted.sentence()).unwrap_or_default())
        }
        Outcome::Applies => one(rule.line, "would have decided, if it were enforced".to_owned()),
        Outcome::Passed(standing) => {
            let Passed { line, text } = explain::passed(decided.snapshot, rule, *standing, decided.views.facts());
            one(line, text)
        }
        Outcome::Fails(reason) => because(reason, 0),
    }
}

fn because(reason: &Reason, depth: usize) -> Vec<Line> {
    let Reason::Any { branches, .. } = reason else {
        return vec![Line { depth, line: reason.line(), text: reason.to_string() }];
    };
    let first = Line { depth, line: reason.line(), text: "none of `any` holds".to_owned() };
    [first].into_iter().chain(branches.iter().flat_map(|branch| because(branch, depth + 1))).collect()
}
