//! A decision, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    cli::eval::quota::{Counted, Counters},
    diagnostic::{Report, counted, json},
    engine::{
        Decision, Mode, Rule, Snapshot, Standing, Verdict, Views,
        explain::{self, Considered, Outcome, Passed, Reason},
        message,
        nearest::{self, Nearest},
    },
    facts::Facts,
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

/// What somebody could name the topic instead.
pub(super) enum Advice {
    /// The same.
    Accepted,
    /// Nothing helps: it is refused for something else.
    NotForItsName,
    /// This.
    Nearest(Nearest),
    /// No such name was found.
    Far,
}

impl Advice {
    pub(super) fn of(snapshot: &Snapshot, verdict: &Verdict, facts: &Facts<'_>) -> Advice {
        let rule = verdict.rule.and_then(|rule| snapshot.rules.get(rule));
        match rule.filter(|_| verdict.decision != Decision::Allow) {
            None => Advice::Accepted,
            Some(rule) if rule.quota.is_some() || !reads_name(rule) => Advice::NotForItsName,
            Some(_) => nearest::nearest(snapshot, facts).map_or(Advice::Far, Advice::Nearest),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Advice::Accepted => "it is accepted as it is".to_owned(),
            Advice::NotForItsName => "no other name helps: the rule does not look at it".to_owned(),
            Advice::Nearest(Nearest { name, edits }) => {
                format!("`{}` would be accepted: {} changed", text::visible(name), counted(*edits, "character"))
            }
            Advice::Far => "no name was found that differs in one or two characters and would be accepted".to_owned(),
        }
    }
}

fn reads_name(rule: &Rule) -> bool {
    rule.when.reads_name() || rule.except.iter().any(|exception| exception.when.reads_name())
}

impl<'a> Decided<'a> {
    fn rule(&self) -> Option<&'a Rule> {
        self.verdict.rule.and_then(|index| self.snapshot.rules.get(index))
    }

    /// The rules up to the one that decided; what was looked at does not know the counts.
    fn considered(&self) -> impl Iterator<Item = (&'a Rule, &'a Outcome)> {
        let reached = |seen: &&Considered| self.verdict.rule.is_none_or(|rule| seen.rule <= rule);
        self.considered
            .iter()
            .take_while(reached)
            .filter_map(|seen| Some((self.snapshot.rules.get(seen.rule)?, &seen.outcome)))
    }

    pub(super) fn text(&self, out: &mut impl Write) -> io::Result<()> {
        match &self.verdict.decision {
            Decision::Allow => writeln!(out, "\u{1b}[32mallow\u{1b}[0m")?,
            Decision::Deny { code, message } if message.is_empty() => {
                writeln!(out, "\u{1b}[31mdeny\u{1b}[0m with code {code}")?;
            }
            Decision::Deny { code, message } => {
                writeln!(out, "\u{1b}[31mdeny\u{1b}[0m with code {code}: {}", text::visible(message))?;
            }
        }
        self.name(out)?;
        match self.rule() {
            Some(rule) => {
                writeln!(out, "  rule     {} ({}:{})", rule.id, rule.file, rule.line)?;
                if let Some(counted) = self.counters.counted(rule) {
                    writeln!(out, "  quota    {}", counted.sentence())?;
                }
                if rule.when.tests_name() {
                    writeln!(out, "  matched  `{}`", text::visible(message::matched(rule, self.views)))?;
                }
            }
            None => writeln!(out, "  rule     none: no enforced rule applies")?,
        }
        if let Some(advice) = &self.nearest {
            writeln!(out, "  nearest  {}", advice.sentence())?;
        }
        self.rules(out)?;
        writeln!(out, "\nrevision {}", self.snapshot.revision)
    }

    fn name(&self, out: &mut impl Write) -> io::Result<()> {
        let name = &self.views.facts().name;
        let mut shown = text::visible(name);
        write!(out, "  name     `{shown}`")?;
        let [lookalike, squeezed] = self.views.looks();
        let read = text::fold(name);
        // Also where only an `l` became an `i`: this is the text that the tests were held against, and that they quote.
        for (how, view) in [("read as", Some(&*read)), ("looks like", lookalike), ("squeezed to", squeezed)] {
            let Some(view) = view.map(text::visible).filter(|view| *view != shown) else { continue };
            write!(out, ", {how} `{view}`")?;
            shown = view;
        }
        writeln!(out)
    }

    fn rules(&self, out: &mut impl Write) -> io::Result<()> {
        let decided = self.rule().map(|rule| rule.id.as_str());
        let mut others = self.considered().filter(|(rule, _)| decided != Some(rule.id.as_str())).peekable();
        if others.peek().is_some() {
            let before = if decided.is_some() { "the rules before it:" } else { "the rules that were asked:" };
            writeln!(out, "\n{before}")?;
        }
        for (rule, outcome) in others {
            let mode = if rule.mode == Mode::Shadow { " (shadow)" } else { "" };
            writeln!(out, "  {}{mode}", rule.id)?;
            match outcome {
                Outcome::Applies if self.is_within_quota(rule) => {
                    let counted = self.counters.counted(rule).map(|counted| counted.sentence()).unwrap_or_default();
                    writeln!(out, "    {}:{}: {counted}", rule.file, rule.line)?;
                }
                Outcome::Applies => {
                    writeln!(out, "    {}:{}: would have decided, if it were enforced", rule.file, rule.line)?;
                }
                Outcome::Passed(standing) => {
                    let Passed { line, text } = explain::passed(self.snapshot, rule, *standing, self.views.facts());
                    writeln!(out, "    {}:{line}: {text}", rule.file)?;
                }
                Outcome::Fails(reason) => because(rule, reason, "    ", out)?,
            }
        }
        Ok(())
    }

    /// Whether a rule would apply, had more requests of the same key come before.
    fn is_within_quota(&self, rule: &Rule) -> bool {
        rule.quota.is_some_and(|quota| !quota.is_over(self.counters.before(&rule.id).saturating_add(1)))
    }

    pub(super) fn json(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let decision = &self.verdict.decision;
        let rule = self.rule();
        let [looks_like, squeezed_to] = self.views.looks();
        let shadow = self.verdict.shadow.iter().filter_map(|index| self.snapshot.rules.get(*index));
        let json = Json {
            decision: decision.name(),
            code: decision.code(),
            message: decision.message(),
            rule: rule.map(named),
            matched: rule.filter(|rule| rule.when.tests_name()).map(|rule| message::matched(rule, self.views)),
            looks_like,
            squeezed_to,
            shadow: shadow.map(|rule| rule.id.as_str()).collect(),
            excepted_by: self.verdict.excepted_by(self.snapshot),
            considered: self.considered().map(|(rule, outcome)| self.seen(rule, outcome)).collect(),
            nearest: self.nearest.as_ref().map(|advice| match advice {
                Advice::Nearest(Nearest { name, edits }) => Some(Edited { name, edits: *edits }),
                _ => None,
            }),
            at: self.views.facts().at.to_string(),
            revision: &self.snapshot.revision,
        };
        serde_json::to_writer_pretty(&mut *out, &json)?;
        writeln!(out)?;
        Ok(())
    }

    fn seen(&self, rule: &'a Rule, found: &'a Outcome) -> Seen<'a> {
        let (outcome, reason) = match found {
            Outcome::Applies if self.is_within_quota(rule) => ("within_quota", None),
            Outcome::Applies => ("applies", None),
            Outcome::Passed(standing) => {
                let Passed { line, text } = explain::passed(self.snapshot, rule, *standing, self.views.facts());
                (word(*standing), Some(Why { line, text, test: None, saw: None }))
            }
            Outcome::Fails(reason) => ("does_not_apply", Some(why(reason))),
        };
        let quota = if let Outcome::Applies = found { self.counters.counted(rule) } else { None };
        Seen { rule: named(rule), mode: rule.mode.name(), outcome, quota, reason }
    }
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

/// One line for each test that counts.
fn because(rule: &Rule, reason: &Reason, indent: &str, out: &mut impl Write) -> io::Result<()> {
    let place = format!("{}:{}", rule.file, reason.line());
    let Reason::Any { branches, .. } = reason else { return writeln!(out, "{indent}{place}: {reason}") };
    writeln!(out, "{indent}{place}: none of `any` holds")?;
    branches.iter().try_for_each(|branch| because(rule, branch, &format!("{indent}  "), out))
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
