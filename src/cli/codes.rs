//! `topicgate codes export`: the app's own codes, as source text for its clients.

#![expect(clippy::disallowed_methods, reason = "rules are loaded as of now")]

mod json;
mod kotlin;
mod names;
mod swift;
mod ts;

use std::{io::Write, path::PathBuf};

use anyhow::bail;
use jiff::Timestamp;

use crate::{
    cli::{Exit, rule_set::ListRoots},
    diagnostic::render::{self, Style},
    rules::{self, Registered},
    source, text,
};

const EXAMPLES: &str = "\
Examples:
  topicgate codes export rules > codes.json
  topicgate codes export --format ts rules > topicgate-codes.ts
  topicgate codes export --format kotlin rules > TopicgateCode.kt
  topicgate codes export --format swift rules > TopicgateCode.swift

Messages are printed as they are written in the rules, with placeholders such as `{match}`:
what Chat passes on to a client has them filled in.

Exit codes: 0 printed, 1 the set has errors, 2 wrong usage or no codes.";

/// Print the codes of a rule set for its clients
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Export(Export),
}

/// Print the register of codes, with names and messages, in the language of a client
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
struct Export {
    /// Rule directories or files; all of them together are one set
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object
    Json,
    /// TypeScript
    Ts,
    /// Kotlin
    Kotlin,
    /// Swift
    Swift,
}

/// A code, as the languages print it.
struct Entry {
    number: u32,
    registered: Registered,
}

impl Entry {
    /// For the comment above it, in one line.
    fn comment(&self) -> String {
        let said = self.registered.messages.first().cloned().unwrap_or_else(|| self.registered.rules.join(", "));
        let line = said.split_whitespace().collect::<Vec<&str>>().join(" ");
        // Comments nest in Kotlin and Swift.
        text::visible(&line).replace("*/", "* /").replace("/*", "/ *")
    }

    /// Its name, or its number where it has none.
    fn name(&self) -> String {
        self.registered.name.clone().unwrap_or_else(|| self.number.to_string())
    }
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Command::Export(Export { paths, list_roots, format }) = arguments.command;
    let input = source::read(&paths, &list_roots.options());
    let is_empty = input.files.is_empty();
    let (loaded, register) = rules::register(input, Timestamp::now());
    if loaded.snapshot.is_none() {
        anstream::stderr().write_all(render::text(&loaded.report, Style::Colour).as_bytes())?;
        return Ok(if is_empty { Exit::Usage } else { Exit::Problems });
    }
    let entries: Vec<Entry> = register.into_iter().map(|(number, registered)| Entry { number, registered }).collect();
    if entries.is_empty() {
        bail!(
            "the rules use no code of the app\nhelp: give rules a `code` from 10100 to 10200, and declare it under `codes`"
        );
    }
    match format {
        Format::Json => json::print(&entries, out)?,
        Format::Ts => ts::print(&entries, out)?,
        Format::Kotlin => kotlin::print(&entries, out)?,
        Format::Swift => swift::print(&entries, out)?,
    }
    Ok(Exit::Clean)
}
