//! `topicgate check`: what is wrong in rule files and settings.

#![expect(clippy::disallowed_methods, reason = "rules are loaded as of now")]

mod settle;

use std::{io::Write, path::PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    analysis::{Budget, DEFAULT_STATES},
    cli::{
        Exit,
        rule_set::{self, ListRoots, OnDisk},
        time::time,
    },
    diagnostic::{
        Report, Severity, counted, github, gitlab,
        json::{self, Findings},
        render::{self, Style},
        sarif,
    },
    engine::{Snapshot, snapshot::Counts},
    settings::{Flags, Settings},
    source::Options,
};

const EXAMPLES: &str = "\
Examples:
  topicgate check rules
  topicgate check --deny-warnings --format github rules
  topicgate check --format sarif rules > topicgate.sarif
  topicgate check --config topicgate.yaml    the settings, and the rules that they name

Exit codes: 0 clean, 1 problems found, 2 wrong usage or nothing to check.";

/// Check rule files and settings: every problem, where it is and what to do
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Rule directories or files; all of them together are one set
    #[arg(value_name = "PATH", required_unless_present = "config")]
    paths: Vec<PathBuf>,

    /// Check this settings file too; without PATH, the rules that it names
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// The time that findings about dates are told for, with its zone: 2026-11-23T18:00:00+08:00 [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,

    /// How many states a proof about one rule may look at; with fewer it is faster, with more it may find out more
    #[arg(long, value_name = "STATES", default_value_t = DEFAULT_STATES)]
    proof_states: usize,

    /// Add a test for each two rules that overlap, which says that the first of them decides; comments stay
    #[arg(long)]
    write_witness: bool,

    /// Exit with 1 on warnings too
    #[arg(long)]
    deny_warnings: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// GitHub workflow commands, shown beside the changed lines
    Github,
    /// SARIF 2.1.0, which code hosts and editors show
    Sarif,
    /// A Code Quality report of GitLab
    Gitlab,
}

/// What was checked.
struct Checked {
    settings: Option<Report>,
    /// Whether there is no settings file of the given name.
    is_misused: bool,
    rules: Option<OnDisk>,
    /// What the rules were read from.
    paths: Vec<PathBuf>,
    options: Options,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let (format, deny_warnings, writes) = (arguments.format, arguments.deny_warnings, arguments.write_witness);
    let checked = check(arguments);
    match format {
        Format::Text => print_text(&checked, out)?,
        Format::Json => print_json(&checked, out)?,
        Format::Github => {
            for report in checked.reports() {
                out.write_all(github::text(report).as_bytes())?;
            }
        }
        Format::Sarif => print_as(&sarif::log(checked.reports()), out)?,
        Format::Gitlab => print_as(&gitlab::entries(checked.reports()), out)?,
    }
    if let Some(rules) = checked.rules.as_ref().filter(|_| writes) {
        settle::write(&checked.paths, &checked.options, &rules.loaded.witnesses, &mut anstream::stderr())?;
    }
    Ok(checked.exit(if deny_warnings { Severity::Warning } else { Severity::Error }))
}

fn check(arguments: Arguments) -> Checked {
    let mut paths = arguments.paths;
    let mut options = arguments.list_roots.options();
    let mut is_misused = false;
    let settings = arguments.config.map(|config| {
        let loaded = Settings::load(Flags { config: Some(config), ..Flags::default() });
        is_misused = loaded.is_misused;
        if let Some(settings) = loaded.settings {
            options.list_roots.extend(settings.source.list_roots);
            options.max_list_bytes = settings.source.max_list_bytes;
            if paths.is_empty() {
                paths = settings.rules;
            }
        }
        loaded.report
    });
    let proofs = Budget { states: arguments.proof_states };
    let at = arguments.at.unwrap_or_else(Timestamp::now);
    let rules = (!paths.is_empty()).then(|| rule_set::check(&paths, &options, at, proofs));
    Checked { settings, is_misused, rules, paths, options }
}

impl Checked {
    fn reports(&self) -> impl Iterator<Item = &Report> {
        self.settings.iter().chain(self.rules.as_ref().map(|rules| &rules.loaded.report))
    }

    fn count(&self, severity: Severity) -> usize {
        self.reports().map(|report| report.count(severity)).sum()
    }

    /// What is said of accepted findings, if there are some.
    fn accepted(&self) -> Option<String> {
        let accepted: usize = self.reports().map(|report| report.accepted).sum();
        (accepted > 0).then(|| format!("{accepted} accepted"))
    }

    fn snapshot(&self) -> Option<&Snapshot> {
        self.rules.as_ref().and_then(|rules| rules.loaded.snapshot.as_ref())
    }

    /// `worst` is the mildest severity that counts as a problem.
    fn exit(&self, worst: Severity) -> Exit {
        let nothing = self.rules.as_ref().is_some_and(|rules| rules.files == 0);
        let problems = [Severity::Error, Severity::Warning].into_iter().filter(|severity| *severity <= worst);
        match problems.map(|severity| self.count(severity)).sum() {
            _ if nothing || self.is_misused => Exit::Usage,
            0 => Exit::Clean,
            _ => Exit::Problems,
        }
    }
}

fn print_text(checked: &Checked, out: &mut impl Write) -> anyhow::Result<()> {
    for report in checked.reports() {
        out.write_all(render::text(report, Style::Colour).as_bytes())?;
    }
    let found: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (checked.count(severity), severity.name()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| counted(count, name))
        .chain(checked.accepted())
        .collect();
    let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    match checked.snapshot() {
        Some(snapshot) => writeln!(out, "{found}: {}, revision {}", told(&snapshot.counts), snapshot.revision)?,
        None if checked.count(Severity::Error) > 0 => writeln!(out, "{found}: nothing of it would be loaded")?,
        None => writeln!(out, "{found}")?,
    }
    Ok(())
}

/// The counts of a set in one line.
fn told(counts: &Counts) -> String {
    let rules = counts.enforced + counts.shadow + counts.disabled;
    let modes = [(counts.shadow, "shadow"), (counts.disabled, "disabled")];
    let modes: Vec<String> =
        modes.iter().filter(|(count, _)| *count > 0).map(|(count, mode)| format!("{count} {mode}")).collect();
    let modes = if modes.is_empty() { String::new() } else { format!(" ({})", modes.join(", ")) };
    let sizes: Vec<String> = counts.lists.iter().map(|list| format!("{} {}", list.name, list.entries)).collect();
    let sizes = if sizes.is_empty() { String::new() } else { format!(" ({})", sizes.join(", ")) };
    let guarantees = match (counts.guarantees, counts.guarantees - counts.proved) {
        (0, _) => String::new(),
        (all, 0) => format!(", {} proved", counted(all, "guarantee")),
        (all, open) => format!(", {} ({open} not proved)", counted(all, "guarantee")),
    };
    format!(
        "{}, {}{modes}, {}{sizes}, {}, {}{guarantees}",
        counted(counts.files, "file"),
        counted(rules, "rule"),
        counted(counts.lists.len(), "list"),
        counted(counts.examples, "example"),
        counted(counts.tests, "test"),
    )
}

#[derive(Serialize)]
struct Json<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Findings<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Findings<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<Set<'a>>,
}

/// What a set that loads consists of.
#[derive(Serialize)]
struct Set<'a> {
    revision: &'a str,
    content: &'a str,
    files: usize,
    enforced: usize,
    shadow: usize,
    disabled: usize,
    lists: Vec<ListSize<'a>>,
    examples: usize,
    tests: usize,
    guarantees: usize,
    proved: usize,
}

#[derive(Serialize)]
struct ListSize<'a> {
    name: &'a str,
    entries: usize,
}

fn print_json(checked: &Checked, out: &mut impl Write) -> anyhow::Result<()> {
    let json = Json {
        settings: checked.settings.as_ref().map(json::findings),
        rules: checked.rules.as_ref().map(|rules| json::findings(&rules.loaded.report)),
        set: checked.snapshot().map(set),
    };
    print_as(&json, out)
}

fn print_as(json: &impl Serialize, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, json)?;
    writeln!(out)?;
    Ok(())
}

fn set(snapshot: &Snapshot) -> Set<'_> {
    let counts = &snapshot.counts;
    Set {
        revision: &snapshot.revision,
        content: &snapshot.content,
        files: counts.files,
        enforced: counts.enforced,
        shadow: counts.shadow,
        disabled: counts.disabled,
        lists: counts.lists.iter().map(|list| ListSize { name: &list.name, entries: list.entries }).collect(),
        examples: counts.examples,
        tests: counts.tests,
        guarantees: counts.guarantees,
        proved: counts.proved,
    }
}
