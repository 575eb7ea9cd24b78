//! `topicgate schema`: what a rule file may hold, for editors and other tools.

use std::io::Write;

use crate::{cli::Exit, rules};

const EXAMPLES: &str = "\
Examples:
  topicgate schema > topicgate.schema.json
  # yaml-language-server: $schema=topicgate.schema.json      as the first line of a rule file

It is JSON Schema 2020-12, of a rule file as YAML 1.2 reads it. Every file that `check` accepts is valid; what a value
means is for `check` alone.";

/// Print the JSON Schema of rule files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {}

pub(super) fn run(out: &mut impl Write) -> anyhow::Result<Exit> {
    serde_json::to_writer_pretty(&mut *out, &rules::schema())?;
    writeln!(out)?;
    Ok(Exit::Clean)
}
