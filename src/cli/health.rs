//! `topicgate health`: whether a service is up, for a container's HEALTHCHECK.

use std::{io::Write, time::Duration};

use crate::cli::{
    Exit,
    ask::{self, Ask, Target, Trust},
};

const EXAMPLES: &str = "\
Examples:
  topicgate health                           the admin address of the variables, or 127.0.0.1:9090
  topicgate health --config topicgate.yaml
  topicgate health --ready http://10.0.0.7:9090

Without a URL it asks this machine, sends nothing secret, and takes whatever certificate is shown.
Exit codes: 0 healthy, 1 not healthy or no answer, 2 wrong usage.";

/// How much of an answer is read, in bytes.
const MOST_BYTES: u64 = 4096;

/// Ask whether a service is up: exit code 0 or 1, for a container's HEALTHCHECK
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: Target,

    /// Ask whether it wants requests: it does not while it ends
    #[arg(long)]
    ready: bool,

    /// How long the answer may take
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = ask::duration)]
    timeout: Duration,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    // Whatever goes wrong is 1: containers know no other code.
    let (exit, line) = match asked(arguments) {
        Ok((200, line)) => (Exit::Clean, line),
        Ok((_, line)) => (Exit::Problems, line),
        Err(error) => (Exit::Problems, format!("{error:#}")),
    };
    writeln!(out, "{line}")?;
    Ok(exit)
}

fn asked(arguments: &Arguments) -> anyhow::Result<(u16, String)> {
    let way = arguments.target.way()?;
    let url = way.url + if arguments.ready { "/readyz" } else { "/healthz" };
    let trust = if way.reach.is_some() { Trust::Any } else { Trust::Verified };
    let ask = Ask { token: None, timeout: arguments.timeout, most_bytes: MOST_BYTES, trust };
    let answer = arguments.target.get(&url, &ask)?;
    let said = String::from_utf8_lossy(&answer.body);
    let said = ask::shown(said.lines().next().unwrap_or_default());
    Ok((answer.code, format!("{url}: {} {said}", answer.code)))
}
