//! `topicgate status`: how a service is, on one screen.

mod print;
mod wire;

use std::{io::Write, path::PathBuf, time::Duration};

use anyhow::{Context, anyhow, bail};
use serde_json::value::RawValue;

use crate::{
    cli::{
        Exit,
        ask::{self, Answer, Ask, Target, Trust, Way},
        status::wire::Status,
    },
    settings::tokens,
};

const EXAMPLES: &str = "\
Examples:
  topicgate status
  topicgate status --config topicgate.yaml
  topicgate status --token-file admin-token --ca ca.pem https://gate.internal:9090

Without a URL, the address and the token are those of the settings.
Exit codes: 0 all is well, 1 something needs attention, 2 it cannot be asked.";

/// How much of an answer is read, in bytes: rules and lists by the ten thousand, and thousands of findings.
const MOST_BYTES: u64 = 32 << 20;

/// Show how a service is: what decides, since when, what failed, and what needs attention
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: Target,

    /// A file with a token of the admin side
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// An environment variable with a token of the admin side
    #[arg(long, value_name = "NAME", conflicts_with = "token_file")]
    token_env: Option<String>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// How long the answer may take
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = ask::duration)]
    timeout: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// As the service gives it
    Json,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let way = arguments.target.way()?;
    let token = arguments.token(&way)?;
    let url = format!("{}/-/status", way.url);
    let ask =
        Ask { token: token.as_deref(), timeout: arguments.timeout, most_bytes: MOST_BYTES, trust: Trust::Verified };
    let answer = arguments.target.get(&url, &ask).map_err(|error| helped(error, &way))?;
    let body = answered(&url, answer)?;
    let status: Status = serde_json::from_slice(&body).ok().with_context(|| format!("{url}: this is no status"))?;
    match arguments.format {
        Format::Text => print::status(&status, &way.url, out)?,
        Format::Json => out.write_all(safe(&body)?.as_bytes())?,
    }
    Ok(if status.ready && status.problems.is_empty() { Exit::Clean } else { Exit::Problems })
}

impl Arguments {
    /// The token to send.
    fn token(&self, way: &Way) -> anyhow::Result<Option<String>> {
        let file = self.token_file.clone().map(tokens::Source::File);
        let given = file.or_else(|| self.token_env.clone().map(tokens::Source::Variable)).map(tokens::admin::Source);
        let settings = way.reach.iter().flat_map(|reach| reach.tokens.first()).next();
        let Some(source) = given.as_ref().or(settings) else { return Ok(None) };
        source.check().map_err(|fault| anyhow!(fault.message))?;
        let tokens = source.read().map_err(|fault| anyhow!(fault.message))?;
        Ok(tokens.first().map(|token| token.secret().to_owned()))
    }
}

/// A certificate seldom names the address that a service listens on.
fn helped(error: anyhow::Error, way: &Way) -> anyhow::Error {
    let is_named = way.reach.as_ref().is_none_or(|reach| !reach.is_encrypted);
    if is_named {
        return error;
    }
    anyhow!("{error:#}\n  = help: give the URL with a name of its certificate: `topicgate status https://NAME:PORT`")
}

/// The body of a good answer.
fn answered(url: &str, answer: Answer) -> anyhow::Result<Vec<u8>> {
    if answer.code == 200 {
        return Ok(answer.body);
    }
    let said = String::from_utf8_lossy(&answer.body);
    let said = ask::shown(said.lines().next().unwrap_or_default());
    let help = if answer.code == 401 {
        "\n  = help: `--token-file` names a file with a token, `--cert` and `--key` a certificate"
    } else {
        ""
    };
    bail!("{url}: answered with {}: {said}{help}", answer.code)
}

/// The same JSON, in which no character does anything to a terminal. Such characters can stand in its strings only, but for
/// the carriage returns between them.
fn safe(json: &[u8]) -> anyhow::Result<String> {
    let json: &RawValue = serde_json::from_slice(json)?;
    let mut safe = String::with_capacity(json.get().len() + 1);
    for character in json.get().chars() {
        let mut units = [0; 2];
        match character {
            '\n' | ' '..='~' => safe.push(character),
            _ if character.is_ascii_control() && character != '\u{7f}' => {}
            _ if ask::shown(character.encode_utf8(&mut [0; 4])).is_empty() => {
                safe.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            }
            _ => safe.push(character),
        }
    }
    safe.push('\n');
    Ok(safe)
}
