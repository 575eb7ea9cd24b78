//! `topicgate collateral`: which harmless names a rule set would refuse.

#![expect(clippy::disallowed_methods, reason = "it reads the file of names that it is given, and rules as of now")]

mod print;
mod suggest;

use std::{fs, io::Write, ops::Range, path::PathBuf};

use anyhow::{Context, bail};
use jiff::Timestamp;

use crate::{
    cli::{Exit, rule_set::ListRoots},
    diagnostic::render::{self, Style},
    engine::{self, Counts, Decision, Snapshot, Views, message},
    facts::Facts,
    rules, source,
};

use suggest::Set;

/// Without `--names`: English and Chinese names in which people have found words that they do not contain.
const BUILT_IN: [&str; 2] = [include_str!("collateral/english.txt"), include_str!("collateral/chinese.txt")];

const EXAMPLES: &str = "\
Each name is asked about as a new topic of an operator without a name, now, with no quota used up.
A file of names has one on a line; blank lines and lines that begin with `# ` are skipped.
A text to ignore is told after the rules were loaded with it and let the name pass: look at it
before you take it over, because names that hide behind it pass, too.

Examples:
  topicgate collateral rules                  with the built-in names: Scunthorpe, Essex, 做爱好者聚会 ...
  topicgate collateral --names ours.txt rules
  topicgate collateral --fail-on-any rules    for CI

Exit codes: 0 printed, 1 the set has errors, or `--fail-on-any` and a name is refused,
            2 wrong usage or no names.";

/// Find harmless names that a rule set would refuse
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Rule directories or files; all of them together are one set
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// Names that ought to be allowed, one on a line, instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,

    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Exit with 1 when any name is refused
    #[arg(long)]
    fail_on_any: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// A harmless name that is refused.
struct Refused<'a> {
    name: &'a str,
    /// An index into [`Snapshot::rules`].
    rule: usize,
    /// The bytes of the name that the rule found.
    found: Range<usize>,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Arguments { paths, list_roots, names, format, fail_on_any } = arguments;
    let text = match &names {
        Some(path) => {
            let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            String::from_utf8(bytes).map_err(|_| {
                anyhow::anyhow!(
                    "`{}` is not UTF-8\nhelp: save it as UTF-8 in the editor, one name on a line",
                    path.display()
                )
            })?
        }
        None => BUILT_IN.concat(),
    };
    let names: Vec<&str> = names_of(&text).collect();
    if names.is_empty() {
        bail!("there are no names to ask about\nhelp: write one on a line");
    }
    let now = Timestamp::now();
    let input = source::read(&paths, &list_roots.options());
    let (loaded, samples) = rules::samples(input.clone(), now);
    let Some(snapshot) = &loaded.snapshot else {
        anstream::stderr().write_all(render::text(&loaded.report, Style::Colour).as_bytes())?;
        return Ok(if input.files.is_empty() { Exit::Usage } else { Exit::Problems });
    };
    let refused: Vec<Refused<'_>> = names.iter().filter_map(|name| refused(snapshot, name, now)).collect();
    let set = Set { input: &input, sources: &loaded.sources, snapshot, samples: &samples, at: now };
    let suggestions = set.suggest(&refused);
    let report = print::Report::of(snapshot, names.len(), &refused, &suggestions);
    match format {
        Format::Text => report.text(out)?,
        Format::Json => report.json(out)?,
    }
    Ok(if fail_on_any && !refused.is_empty() { Exit::Problems } else { Exit::Clean })
}

fn names_of(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "#" && !line.starts_with("# "))
}

fn refused<'a>(snapshot: &Snapshot, name: &'a str, at: Timestamp) -> Option<Refused<'a>> {
    let facts = Facts::topic("", name, at);
    let views = Views::of(&facts);
    let plan = engine::evaluate(snapshot, &views);
    let verdict = engine::settle(snapshot, &views, &plan, &Counts::default());
    let Decision::Deny { .. } = verdict.decision else { return None };
    let rule = verdict.rule?;
    let found = message::matched_bytes(snapshot.rules.get(rule)?, &views);
    Some(Refused { name, rule, found })
}
