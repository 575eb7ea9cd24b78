//! `topicgate fmt`: rule files in the one canonical layout.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use similar::TextDiff;

use crate::{
    cli::{Exit, replace::replace},
    diagnostic::{
        Code, Diagnostic, Place, Report, Severity, Sink, Sources, counted,
        render::{self, Style},
    },
    rules::{self, RuleFile},
    source::{self, Options},
    yaml::format::{self, Unformatted},
};

const EXAMPLES: &str = "\
Examples:
  topicgate fmt rules                        write each file again that is laid out in another way
  topicgate fmt --check --diff rules         only show what would change
  topicgate fmt --stdin < rules/10-names.yaml

Keys of rules and tests come in the order of docs/rules.md, texts in single quotes where they are quoted, two spaces a
level. Comments stay with what they are about, conditions in their order. What the rules mean never changes: a file
that cannot be read, or not be laid out safely, is left as it is.

Exit codes: 0 fine, 1 a file cannot be formatted, or with --check is not, 2 wrong usage or no rule file.";

/// Lay rule files out in the one canonical way
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Rule directories or files
    #[arg(value_name = "PATH", required_unless_present = "stdin", conflicts_with = "stdin")]
    paths: Vec<PathBuf>,

    /// Write nothing; exit with 1 if a file is not laid out so
    #[arg(long, conflicts_with = "stdin")]
    check: bool,

    /// Show what changes
    #[arg(long, conflicts_with = "stdin")]
    diff: bool,

    /// Read one rule file from standard input, and write it to standard output
    #[arg(long)]
    stdin: bool,
}

/// What came of some files.
#[derive(Default)]
struct Tally {
    changed: usize,
    unchanged: usize,
    left: usize,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    if arguments.stdin {
        return from_stdin(out);
    }
    let (files, mut problems) = source::rule_files(&arguments.paths, &Options::default());
    // Files are read one by one here: how they sort is nothing to it, and one that is given twice is laid out once.
    problems.retain(|problem| problem.code.severity() == Severity::Error && problem.code != Code::FileTwice);
    for problem in &problems {
        writeln!(out, "error: {}: {}", problem.path, problem.message)?;
    }
    if files.is_empty() {
        return Ok(Exit::Usage);
    }
    let mut tally = Tally::default();
    for (path, file) in &files {
        one(path, file, arguments, &mut tally, out)?;
    }
    let changed = if arguments.check { "would change" } else { "changed" };
    write!(out, "{} {changed}, {} unchanged", counted(tally.changed, "file"), tally.unchanged)?;
    if tally.left > 0 {
        write!(out, ", {} left as it is", tally.left)?;
    }
    writeln!(out)?;
    let is_clean = tally.left == 0 && problems.is_empty() && (!arguments.check || tally.changed == 0);
    Ok(if is_clean { Exit::Clean } else { Exit::Problems })
}

fn from_stdin(out: &mut impl Write) -> anyhow::Result<Exit> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).context("standard input cannot be read as UTF-8")?;
    match rules::format(&text) {
        Ok(formatted) => {
            out.write_all(formatted.as_bytes())?;
            Ok(Exit::Clean)
        }
        Err(unformatted) => {
            explain("<stdin>", &text, unformatted, &mut anstream::stderr())?;
            Ok(Exit::Problems)
        }
    }
}

fn one(
    path: &Path,
    file: &RuleFile,
    arguments: &Arguments,
    tally: &mut Tally,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let text = match file.bytes.as_ref().map(|bytes| str::from_utf8(bytes)) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => return unreadable(file, "the file is not UTF-8", tally, out),
        Err(reason) => return unreadable(file, reason, tally, out),
    };
    match rules::format(text) {
        Ok(formatted) if formatted == text => tally.unchanged += 1,
        Ok(formatted) => {
            tally.changed += 1;
            writeln!(out, "{}", file.path)?;
            if arguments.diff {
                show(&file.path, text, &formatted, out)?;
            }
            if !arguments.check {
                replace(path, &formatted).with_context(|| format!("{} cannot be written", file.path))?;
            }
        }
        Err(unformatted) => {
            tally.left += 1;
            explain(&file.path, text, unformatted, out)?;
        }
    }
    Ok(())
}

fn unreadable(file: &RuleFile, reason: &str, tally: &mut Tally, out: &mut impl Write) -> anyhow::Result<()> {
    tally.left += 1;
    writeln!(out, "error: {}: {reason}", file.path)?;
    Ok(())
}

/// Says why a file was left as it is.
fn explain(path: &str, text: &str, unformatted: Unformatted, out: &mut impl Write) -> anyhow::Result<()> {
    let line = unformatted.line(text).map(|line| format!(":{line}")).unwrap_or_default();
    match unformatted {
        Unformatted::Faulty(found) => {
            let report = report(path, format::plain_line_ends(text), found);
            out.write_all(render::text(&report, Style::Colour).as_bytes())?;
        }
        Unformatted::Unsafe(_, what) => writeln!(out, "error: {path}{line}: {what}")?,
    }
    Ok(())
}

/// The findings of the only file that they are about.
fn report(path: &str, text: String, found: Vec<Diagnostic>) -> Report {
    let mut sources = Sources::default();
    let file = sources.add(path, text);
    let here = |place: Place| Place { file, ..place };
    let mut sink = Sink::default();
    for mut diagnostic in found {
        diagnostic.place = here(diagnostic.place);
        diagnostic.related.iter_mut().for_each(|(place, _)| *place = here(*place));
        sink.push(diagnostic);
    }
    Report::new(&sources, sink)
}

fn show(path: &str, old: &str, new: &str, out: &mut impl Write) -> io::Result<()> {
    let diff = TextDiff::from_lines(old, new);
    write!(out, "{}", diff.unified_diff().header(path, path))
}
