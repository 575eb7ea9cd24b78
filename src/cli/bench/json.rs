//! The figures for programs.

use std::io::Write;

use serde::Serialize;

use crate::{
    cli::bench::{
        Measured,
        text::{load_time, per_second},
    },
    diagnostic::{
        Report,
        json::{self, Findings},
    },
};

#[derive(Serialize)]
struct Refused<'a> {
    decision: Option<Decision<'a>>,
    rules: Findings<'a>,
}

/// Times are nanoseconds unless their names say otherwise.
#[derive(Serialize)]
struct Json<'a> {
    decision: Decision<'a>,
    requests: Requests,
    load: Load,
    rules_asked: RulesAsked,
    views: Vec<View>,
    finding_ns: f64,
    by_rule: Vec<Rule<'a>>,
    verdict_ns: f64,
    rest_ns: f64,
    memory: Memory<'a>,
    notes: &'a [String],
    revision: &'a str,
}

#[derive(Serialize)]
struct Decision<'a> {
    median_ns: f64,
    p99_ns: f64,
    slowest_ns: f64,
    slowest_name: &'a str,
    in_turn_ns: f64,
    per_second: f64,
    rounds: usize,
    fastest_round_ns: f64,
    p90_round_ns: f64,
}

#[derive(Serialize)]
struct Requests {
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<usize>,
    built_in: usize,
    of_the_set: usize,
    refused: usize,
}

#[derive(Serialize)]
struct Load {
    median_ms: f64,
    times: usize,
}

#[derive(Serialize)]
struct RulesAsked {
    mean: f64,
    live: usize,
}

#[derive(Serialize)]
struct View {
    view: &'static str,
    ns: f64,
    share: f64,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    file: &'a str,
    line: usize,
    ns: f64,
    asked_ns: f64,
    share: f64,
    always_asked: bool,
}

#[derive(Serialize)]
struct Memory<'a> {
    lists: Vec<List<'a>>,
    index_bytes: usize,
    process_before_bytes: Option<u64>,
    process_bytes: Option<u64>,
}

#[derive(Serialize)]
struct List<'a> {
    name: &'a str,
    entries: usize,
    bytes: Option<usize>,
}

/// A set that does not load.
pub(super) fn refused(report: &Report, out: &mut impl Write) -> anyhow::Result<()> {
    write(&Refused { decision: None, rules: json::findings(report) }, out)
}

pub(super) fn print(measured: &Measured<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let Measured { snapshot, requests, costs, loads, notes, .. } = measured;
    let views = costs.views.iter();
    let json = Json {
        decision: decision(measured),
        requests: Requests {
            given: requests.given,
            built_in: requests.built_in,
            of_the_set: requests.own,
            refused: costs.refused,
        },
        load: Load { median_ms: load_time(loads).as_secs_f64() * 1000.0, times: loads.len() },
        rules_asked: RulesAsked { mean: costs.asked(), live: snapshot.rules.len() },
        views: views.map(|view| View { view: view.field.name(), ns: view.cost, share: view.share }).collect(),
        finding_ns: costs.finding,
        by_rule: by_rule(measured),
        verdict_ns: costs.settling,
        rest_ns: costs.rest(),
        memory: memory(measured),
        notes,
        revision: &snapshot.revision,
    };
    write(&json, out)
}

fn decision<'a>(measured: &'a Measured<'_>) -> Decision<'a> {
    let Measured { requests, costs, .. } = measured;
    let (slowest, slowest_ns) = costs.slowest();
    let (fastest_round_ns, p90_round_ns) = costs.scatter();
    Decision {
        median_ns: costs.median(),
        p99_ns: costs.p99(),
        slowest_ns,
        slowest_name: requests.all.get(slowest).map(|facts| facts.name.as_ref()).unwrap_or_default(),
        in_turn_ns: costs.mean(),
        per_second: per_second(costs.mean()),
        rounds: costs.rounds.len(),
        fastest_round_ns,
        p90_round_ns,
    }
}

fn by_rule<'a>(measured: &Measured<'a>) -> Vec<Rule<'a>> {
    let rules = measured.costliest().into_iter().filter_map(|(index, cost)| {
        let rule = measured.snapshot.rules.get(index)?;
        Some(Rule {
            id: &rule.id,
            file: &rule.file,
            line: rule.line,
            ns: cost.added(),
            asked_ns: cost.cost,
            share: cost.share,
            always_asked: measured.snapshot.index.is_always_asked(index),
        })
    });
    rules.collect()
}

fn memory<'a>(measured: &Measured<'a>) -> Memory<'a> {
    let lists = measured.snapshot.counts.lists.iter();
    Memory {
        lists: lists.map(|list| List { name: &list.name, entries: list.entries, bytes: list.bytes }).collect(),
        index_bytes: measured.snapshot.index.memory(),
        process_before_bytes: measured.memory.before,
        process_bytes: measured.memory.with_set,
    }
}

fn write(json: &impl Serialize, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, json)?;
    writeln!(out)?;
    Ok(())
}
