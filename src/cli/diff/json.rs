//! The differences of two sets, for programs.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    analysis::difference::{Change, Kind, Ruling},
    cli::diff::{
        compare::{Compared, RuleChange},
        lists::ListChange,
        side::{Refused, Side},
    },
    diagnostic::json,
};

#[derive(Serialize)]
struct Report<'a> {
    verdict: &'static str,
    kinds: Vec<&'static str>,
    from: String,
    old: Set<'a>,
    new: Set<'a>,
    rules: Vec<Rule<'a>>,
    lists: Vec<List<'a>>,
    changes: Vec<Witness<'a>>,
    not_proved: Vec<Open<'a>>,
    not_compared: Vec<&'a str>,
    /// What is wrong with the old set, where that does not load.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<json::Findings<'a>>,
}

#[derive(Serialize)]
struct Set<'a> {
    name: &'a str,
    /// None where there are no rules, or they do not load.
    revision: Option<&'a str>,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    change: &'static str,
    parts: Vec<Part<'a>>,
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Part<'a> {
    part: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
}

/// Entries of a list; the first of them, at most this many, are named.
const NAMED_ENTRIES: usize = 100;

#[derive(Serialize)]
struct List<'a> {
    name: &'a str,
    added: Entries<'a>,
    removed: Entries<'a>,
    asked: usize,
    effects: Vec<Effect<'a>>,
}

#[derive(Serialize)]
struct Entries<'a> {
    count: usize,
    first: &'a [&'a str],
}

#[derive(Serialize)]
struct Effect<'a> {
    kind: &'static str,
    count: usize,
    first: &'a str,
}

#[derive(Serialize)]
struct Witness<'a> {
    kind: &'static str,
    request: Request<'a>,
    counted: Vec<Counted<'a>>,
    old: Decided<'a>,
    new: Decided<'a>,
}

#[derive(Serialize)]
struct Request<'a> {
    command: &'static str,
    operator: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    group_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<u64>,
    at: String,
}

#[derive(Serialize)]
struct Counted<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<u64>,
}

#[derive(Serialize)]
struct Decided<'a> {
    decision: &'static str,
    code: u32,
    message: &'a str,
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

#[derive(Serialize)]
struct Open<'a> {
    rule: &'a str,
    kinds: Vec<&'static str>,
    reason: String,
}

pub(super) fn print(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let difference = &compared.difference;
    let verdict = match (difference.changes.is_empty(), difference.open.is_empty()) {
        (true, true) => "same",
        (true, false) => "not_proved",
        (false, _) => "different",
    };
    let report = Report {
        verdict,
        kinds: compared.kinds().into_iter().map(Kind::name).collect(),
        from: compared.from.to_string(),
        old: set(compared.old),
        new: set(compared.new),
        rules: compared.rules.iter().map(rule).collect(),
        lists: compared.lists.iter().map(list).collect(),
        changes: difference.changes.iter().map(|change| witness(compared, change)).collect(),
        not_proved: difference
            .open
            .iter()
            .map(|open| Open {
                rule: &open.rule,
                kinds: open.kinds.iter().map(|kind| kind.name()).collect(),
                reason: open.reason.to_string(),
            })
            .collect(),
        not_compared: compared.silent(),
        findings: None,
    };
    write(&report, out)
}

/// The old set does not load.
pub(super) fn refused(old: &Refused, new: &Side, from: Timestamp, out: &mut impl Write) -> anyhow::Result<()> {
    let report = Report {
        verdict: "not_comparable",
        kinds: Vec::new(),
        from: from.to_string(),
        old: Set { name: &old.name, revision: None },
        new: set(new),
        rules: Vec::new(),
        lists: Vec::new(),
        changes: Vec::new(),
        not_proved: Vec::new(),
        not_compared: Vec::new(),
        findings: Some(json::findings(&old.report)),
    };
    write(&report, out)
}

fn write(report: &Report<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    Ok(writeln!(out)?)
}

fn set(side: &Side) -> Set<'_> {
    Set { name: &side.name, revision: side.is_there.then_some(side.snapshot.revision.as_str()) }
}

fn rule<'a>(change: &'a RuleChange<'_>) -> Rule<'a> {
    let parts = change.parts.iter().map(|part| {
        let (old, new) = part.values.unzip();
        Part { part: &part.name, old, new }
    });
    let rule = change.rule;
    Rule { id: &rule.id, change: change.how.name(), parts: parts.collect(), file: &rule.file, line: rule.line }
}

fn list<'a>(list: &'a ListChange<'_>) -> List<'a> {
    let entries = |entries: &'a [&'a str]| Entries {
        count: entries.len(),
        first: entries.get(..NAMED_ENTRIES).unwrap_or(entries),
    };
    let effects = list.effects.iter().map(|(kind, (count, first))| Effect { kind: kind.name(), count: *count, first });
    List {
        name: list.name,
        added: entries(&list.added),
        removed: entries(&list.removed),
        asked: list.asked,
        effects: effects.collect(),
    }
}

fn witness<'a>(compared: &'a Compared<'_>, change: &'a Change) -> Witness<'a> {
    let facts = &change.facts;
    Witness {
        kind: change.kind.name(),
        request: Request {
            command: facts.command.name(),
            operator: &facts.operator,
            name: &facts.name,
            owner: facts.owner.as_deref(),
            group_type: facts.group_type.as_deref(),
            platform: facts.platform.as_deref(),
            client_ip: facts.client_ip.map(|address| address.to_string()),
            app: facts.app,
            at: facts.at.to_string(),
        },
        counted: change.counted.iter().map(|one| Counted { rule: &one.rule, old: one.old, new: one.new }).collect(),
        old: decided(compared.old, &change.old),
        new: decided(compared.new, &change.new),
    }
}

fn decided<'a>(side: &'a Side, ruling: &'a Ruling) -> Decided<'a> {
    let rule = ruling.rule.and_then(|rule| side.snapshot.rules.get(rule));
    Decided {
        decision: ruling.decision.name(),
        code: ruling.decision.code(),
        message: ruling.decision.message(),
        rule: rule.map(|rule| rule.id.as_str()),
        file: rule.map(|rule| rule.file.as_str()),
        line: rule.map(|rule| rule.line),
    }
}
