//! Results for programs: one JSON object.

use std::io::Write;

use serde::Serialize;

use crate::{
    cli::{
        percent::Percent,
        test::{Run, missing},
    },
    diagnostic::{
        Place, Sources,
        json::{self, Findings},
    },
    engine::{
        Coverage,
        coverage::{Covered, Item, Share, Unseen},
    },
    rules::{Check, Difference, Outcome},
};

/// The wire form of a run: stable; fields are only added.
#[derive(Serialize)]
struct Json<'a> {
    problem: Option<String>,
    passed: usize,
    failed: usize,
    results: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Seen<'a>>,
    rules: Findings<'a>,
}

#[derive(Serialize)]
struct At<'a> {
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    kind: &'static str,
    title: &'a str,
    #[serde(flatten)]
    at: At<'a>,
    passed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<Differs<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Differs<'a> {
    what: &'static str,
    expected: &'a str,
    found: &'a str,
    #[serde(flatten)]
    at: At<'a>,
}

#[derive(Serialize)]
struct Part {
    percent: f64,
    seen: usize,
    possible: usize,
}

#[derive(Serialize)]
struct Seen<'a> {
    #[serde(flatten)]
    share: Part,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_percent: Option<Percent>,
    rules: Vec<SeenRule<'a>>,
    missing: Vec<Missing<'a>>,
}

#[derive(Serialize)]
struct SeenRule<'a> {
    id: &'a str,
    #[serde(flatten)]
    at: At<'a>,
    #[serde(flatten)]
    share: Part,
}

#[derive(Serialize)]
struct Missing<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<usize>,
    #[serde(flatten)]
    at: At<'a>,
    never: &'static [&'static str],
    message: String,
}

pub(super) fn print(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    let failed = run.failed().count();
    let json = Json {
        problem: run.problem().map(|problem| problem.to_string()),
        passed: run.loaded.outcomes.len() - failed,
        failed,
        results: run.loaded.outcomes.iter().map(|outcome| entry(outcome, &run.loaded.sources)).collect(),
        coverage: run.coverage.as_ref().map(|coverage| seen(coverage, run.min_coverage)),
        rules: json::findings(&run.loaded.report),
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)?;
    Ok(())
}

fn at(place: Place, sources: &Sources) -> At<'_> {
    At { file: sources.path(place.file), line: sources.line(place) }
}

fn entry<'a>(outcome: &'a Outcome, sources: &'a Sources) -> Entry<'a> {
    let differs = |difference: &'a Difference| Differs {
        what: difference.what,
        expected: &difference.expected,
        found: &difference.found,
        at: at(difference.place, sources),
    };
    Entry {
        kind: if outcome.check == Check::Example { "example" } else { "test" },
        title: &outcome.title,
        at: at(outcome.place, sources),
        passed: !outcome.failed(),
        differences: outcome.differences.iter().map(differs).collect(),
        help: outcome.finding.as_ref().and_then(|finding| finding.help.as_deref()),
    }
}

fn seen(coverage: &Coverage, min_percent: Option<Percent>) -> Seen<'_> {
    Seen {
        share: part(coverage.share()),
        min_percent,
        rules: coverage.rules.iter().map(seen_rule).collect(),
        missing: missing::all(coverage).map(|(rule, item, unseen)| lacking(rule, item, unseen)).collect(),
    }
}

fn seen_rule(rule: &Covered) -> SeenRule<'_> {
    SeenRule { id: &rule.id, at: At { file: &rule.file, line: rule.line }, share: part(rule.share()) }
}

fn part(share: Share) -> Part {
    let per_mille = u16::try_from(share.per_mille()).unwrap_or(u16::MAX);
    Part { percent: f64::from(per_mille) / 10.0, seen: share.seen, possible: share.possible }
}

fn lacking<'a>(rule: &'a Covered, item: &'a Item, unseen: Unseen) -> Missing<'a> {
    Missing {
        rule: &rule.id,
        exception: item.exception.as_deref(),
        branch: item.branch,
        at: At { file: &rule.file, line: item.line },
        never: match unseen {
            Unseen::Holds => &["holds"],
            Unseen::Fails => &["fails"],
            Unseen::Both => &["holds", "fails"],
        },
        message: missing::sentence(item, unseen),
    }
}
