//! `topicgate serve`: answer Chat.

use std::io::Write;

use anyhow::Context;

use crate::{
    cli::Exit,
    diagnostic::{
        Report,
        render::{self, Style},
    },
    live::NoRules,
    server::{self, Error},
    settings::{Flags, Settings},
    telemetry, text,
};

const EXAMPLES: &str = "\
Examples:
  topicgate serve --app 1400000000
  topicgate serve --app 1400000000 --token-file chat-token --listen 0.0.0.0:8080
  topicgate serve --config topicgate.yaml

Every flag has a variable and a key of the settings file: --allow-from is TOPICGATE_ALLOW_FROM and allow_from. A flag wins
over the variable, and both win over the file. A blank variable counts as not set.
SIGHUP reloads rules, tokens and certificates at once; SIGTERM ends after a while of answering (--drain), a second one at once.";

/// Answer Chat's webhook, with rules that follow their files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<Exit> {
    let loaded = Settings::load(arguments.flags.or_variables());
    print(&loaded.report)?;
    let Some(settings) = loaded.settings else {
        return Ok(if loaded.is_misused { Exit::Usage } else { Exit::Problems });
    };
    let _writes_the_rest = telemetry::log_to_stderr().context("logging cannot be started")?;
    match server::run(settings) {
        Ok(()) => Ok(Exit::Clean),
        Err(error) => {
            explain(&error)?;
            Ok(Exit::Problems)
        }
    }
}

fn explain(error: &Error) -> anyhow::Result<()> {
    let rules = if let Error::Rules(rules) = error { Some(rules) } else { None };
    rules.map_or(Ok(()), |rules| print(&rules.files.report))?;
    writeln!(anstream::stderr(), "error: {error}")?;
    if let Some(NoRules { kept: Some(kept), .. }) = rules {
        print(&kept.report)?;
        writeln!(anstream::stderr(), "error: the stored rules cannot be used either: {}", text::clean(&kept.problem))?;
    }
    Ok(())
}

fn print(report: &Report) -> anyhow::Result<()> {
    anstream::stderr().write_all(render::text(report, Style::Colour).as_bytes())?;
    Ok(())
}
