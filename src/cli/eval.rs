//! `topicgate eval`: what a rule set says of one request, and why.

#![expect(
    clippy::disallowed_methods,
    reason = "the request is read from a file, decided now, and explained in another"
)]

mod advice;
mod decided;
mod html;
mod json;
mod quota;
mod request;
mod text;
mod written;

use std::{fs, io::Write, path::PathBuf};

use anyhow::Context;
use jiff::Timestamp;

use advice::Advice;
use decided::Decided;

use crate::{
    cli::{
        Exit,
        rule_set::{self, ListRoots},
        time::time,
    },
    diagnostic::render::{self, Style},
    engine::{self, Counts, Views, explain},
    facts::{Facts, Rollout},
};

const EXAMPLES: &str = "\
Examples:
  topicgate eval --operator leckie --name 'Free coins, vx: coin_888'
  topicgate eval --operator ops_amy --name x --platform Web --client-ip 192.0.2.7 --app 1400000000
  topicgate eval --operator leckie --name News --count newcomers=3
  topicgate eval --operator leckie --name 'Free coins' --nearest
  topicgate eval --operator leckie --name 'Free coins' --nearest --html why.html
  topicgate eval --request request.json --format json
  echo '{\"Operator_Account\":\"leckie\",\"Name\":\"MyFirstTopic\"}' | topicgate eval --request -

Exit codes: 0 decided, 1 the rules do not load, 2 wrong usage.";

/// Decide one request and say why: the deciding rule, and why each rule before it did not apply
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A rule directory or file; may be repeated
    #[arg(
        long = "rules",
        value_name = "PATH",
        env = "TOPICGATE_RULES",
        default_value = "rules",
        value_delimiter = ','
    )]
    rules: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    #[command(flatten)]
    request: request::Arguments,

    /// When the request is decided: a time with its zone, such as 2026-11-23T18:00:00+08:00 [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,

    /// How many requests of the same key came before, for a rule with a quota; may be repeated [default: none]
    #[arg(long = "count", value_name = "RULE=N")]
    counts: Vec<quota::Before>,

    /// Whether the operator is part of every share of a `rollout` [default: what follows from the operator]
    #[arg(long, value_enum, value_name = "in|out")]
    rollout: Option<Share>,

    /// Show the smallest change of a refused name, of at most two characters, that would be accepted
    #[arg(long)]
    nearest: bool,

    /// Write the explanation as a page of HTML too, to send to somebody: it has the request and the text of the rule in it
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// How to print the decision
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Share {
    /// It is
    In,
    /// It is not
    Out,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let at = arguments.at.unwrap_or_else(Timestamp::now);
    let read = request::read(arguments.request)?;
    let rollout = match arguments.rollout {
        None => Rollout::ByOperator,
        Some(Share::In) => Rollout::In,
        Some(Share::Out) => Rollout::Out,
    };
    let facts = Facts { rollout, ..read.facts(at)? };
    let set = rule_set::load(&arguments.rules, &arguments.list_roots.options(), at);
    let Some(snapshot) = set.loaded.snapshot else {
        match arguments.format {
            Format::Text => out.write_all(render::text(&set.loaded.report, Style::Colour).as_bytes())?,
            Format::Json => json::undecided(&set.loaded.report, out)?,
        }
        return Ok(if set.files == 0 { Exit::Usage } else { Exit::Problems });
    };
    let counters = quota::Counters::of(arguments.counts, &snapshot)?;
    let views = Views::of(&facts);
    let plan = engine::evaluate(&snapshot, &views);
    let counts = Counts::after(&snapshot, &facts, &plan, |rule| counters.before(rule));
    let verdict = engine::settle(&snapshot, &views, &plan, &counts);
    let decided = Decided {
        snapshot: &snapshot,
        views: &views,
        verdict: &verdict,
        counters: &counters,
        considered: &explain::explain(&snapshot, &views),
        nearest: arguments.nearest.then(|| Advice::of(&snapshot, &verdict, &facts, &counters)),
    };
    if let Some(path) = &arguments.html {
        let written = decided.rule().and_then(|rule| written::written(&set.loaded.sources, rule));
        fs::write(path, html::page(&decided, written.as_deref()))
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    match arguments.format {
        Format::Text => text::print(&decided, out)?,
        Format::Json => json::print(&decided, out)?,
    }
    Ok(Exit::Clean)
}
