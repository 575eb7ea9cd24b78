//! Refused names, for people and for programs.

use std::io::Write;

use serde::Serialize;

use crate::{
    cli::collateral::{Refused, suggest::Suggestion},
    diagnostic::counted,
    engine::Snapshot,
    rules::witness,
    text,
};

/// The wire form: stable; fields are only added.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    /// How many were asked about.
    names: usize,
    refused: Vec<Line<'a>>,
    suggestions: Vec<Ignore<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    rule: &'a str,
    file: &'a str,
    line: usize,
    found: &'a str,
}

#[derive(Serialize)]
struct Ignore<'a> {
    rule: &'a str,
    file: &'a str,
    line: usize,
    matcher: &'static str,
    list: Option<&'a str>,
    ignoring: &'a [String],
}

impl<'a> Report<'a> {
    pub(super) fn of(
        snapshot: &'a Snapshot,
        names: usize,
        refused: &[Refused<'a>],
        suggestions: &'a [Suggestion],
    ) -> Report<'a> {
        let line = |Refused { name, rule, found }: &Refused<'a>| {
            let rule = snapshot.rules.get(*rule)?;
            let found = name.get(found.clone()).unwrap_or(name);
            Some(Line { name, rule: &rule.id, file: &rule.file, line: rule.line, found })
        };
        let ignore = |suggestion: &'a Suggestion| Ignore {
            rule: &suggestion.rule,
            file: &suggestion.file,
            line: suggestion.line,
            matcher: suggestion.matcher,
            list: suggestion.list.as_deref(),
            ignoring: &suggestion.texts,
        };
        Report {
            names,
            refused: refused.iter().filter_map(line).collect(),
            suggestions: suggestions.iter().map(ignore).collect(),
        }
    }

    pub(super) fn text(&self, out: &mut impl Write) -> anyhow::Result<()> {
        for Line { name, rule, file, line, found } in &self.refused {
            let (name, found, file) = (text::visible(name), text::visible(found), text::clean(file));
            writeln!(out, "`{name}`: {rule} found `{found}` ({file}:{line})")?;
        }
        writeln!(out, "{} asked about, {} refused", counted(self.names, "name"), self.refused.len())?;
        for Ignore { rule, file, line, matcher, list, ignoring } in &self.suggestions {
            let file = text::clean(file);
            let shown = |show: fn(&str) -> String| {
                ignoring.iter().map(|ignored| show(ignored)).collect::<Vec<String>>().join(", ")
            };
            let advice = match list {
                Some(list) => format!("add to the list `{list}`: {}", shown(text::visible)),
                None => format!("beside `{matcher}`, ignoring: [{}]", shown(witness::scalar)),
            };
            writeln!(out, "help: {rule} ({file}:{line}): {advice}")?;
        }
        if !self.refused.is_empty() && self.suggestions.is_empty() {
            let help = "`contains_word` finds whole words only, and an exception (`except`) lets single names pass";
            writeln!(out, "help: nothing to ignore was found that lets them pass; {help}")?;
        }
        Ok(())
    }

    pub(super) fn json(&self, out: &mut impl Write) -> anyhow::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        Ok(writeln!(out)?)
    }
}
