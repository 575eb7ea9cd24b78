//! `topicgate explain`: the long text of a finding.

use std::io::Write;

use crate::{
    cli::Exit,
    diagnostic::{Code, did_you_mean},
};

const EXAMPLES: &str = "\
Examples:
  topicgate explain quote-it
  topicgate explain            every code, with what it means";

/// Explain what a finding means, with a wrong and a right example
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The code of the finding, such as `duplicate-rule-id`; all of them are listed without it
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let Some(word) = arguments.code else {
        for code in Code::ALL {
            writeln!(out, "{:<24} {:<8} {}", code.word(), code.severity().name(), code.summary())?;
        }
        return Ok(Exit::Clean);
    };
    match Code::named(&word) {
        Some(code) => {
            out.write_all(code.explanation().as_bytes())?;
            Ok(Exit::Clean)
        }
        None => {
            let near = did_you_mean(&word, Code::ALL.iter().map(|code| code.word()));
            let help = near.map_or_else(
                || "`topicgate explain` lists them all".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            anyhow::bail!("there is no code `{word}`\nhelp: {help}")
        }
    }
}
