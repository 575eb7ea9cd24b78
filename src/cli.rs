//! The command line: one command a file, fixed exit codes.

mod ask;
mod bench;
mod check;
mod codes;
mod collateral;
mod diff;
mod drill;
mod edited;
mod eval;
mod explain;
mod fmt;
mod health;
mod init;
mod lsp;
mod percent;
mod reference;
mod replace;
mod rule_set;
mod schema;
mod serve;
mod status;
mod test;
mod time;

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  topicgate serve --app 1400000000           answer Chat, with the rules of ./rules
  topicgate check rules                      what is wrong in the rule files
  topicgate test rules                       run their examples and tests
  topicgate eval --operator leckie --name 'Free coins'
                                             what they say of one topic, and why
  topicgate bench rules                      what they cost
  topicgate codes export rules               their codes, for the app's clients
  topicgate collateral rules                 which harmless names they would refuse
  topicgate diff main:rules                  what a change of rules means
  topicgate drill rules                      which spellings of a refused name get through
  topicgate explain quote-it                 what a finding means
  topicgate fmt rules                        lay the rule files out in the one canonical way
  topicgate init                             a rule directory to start from
  topicgate lsp                              help an editor with rule files
  topicgate schema                           what a rule file may hold, for editors
  topicgate status                           how the running service is

Exit codes: 0 fine, 1 problems found, 2 wrong usage, nothing to do, or nobody to ask.";

/// Decides by YAML rules whether a topic may be created in a Tencent Cloud Chat community
#[derive(Debug, Parser)]
#[command(name = "topicgate", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::Arguments>),
    Check(check::Arguments),
    Test(test::Arguments),
    Eval(Box<eval::Arguments>),
    Bench(bench::Arguments),
    Codes(codes::Arguments),
    Collateral(collateral::Arguments),
    Drill(drill::Arguments),
    Diff(diff::Arguments),
    Explain(explain::Arguments),
    Fmt(fmt::Arguments),
    Init(init::Arguments),
    Lsp(lsp::Arguments),
    Schema(schema::Arguments),
    Health(health::Arguments),
    Status(status::Arguments),
    Completions(reference::Completions),
    Man(reference::Man),
}

/// How a command ends. The numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything is fine.
    Clean = 0,
    /// Problems were found.
    Problems = 1,
    /// Wrong usage, nothing to do, or nobody to ask.
    Usage = 2,
}

/// Runs the command of the process's arguments.
pub fn run() -> ExitCode {
    // Colours are left out where the output is no terminal, or `NO_COLOR` is set.
    let mut out = anstream::stdout().lock();
    let done = match Cli::parse().command {
        Command::Serve(arguments) => serve::run(*arguments),
        Command::Check(arguments) => check::run(arguments, &mut out),
        Command::Test(arguments) => test::run(arguments, &mut out),
        Command::Eval(arguments) => eval::run(*arguments, &mut out),
        Command::Bench(arguments) => bench::run(arguments, &mut out),
        Command::Lsp(arguments) => lsp::run(arguments),
        Command::Codes(arguments) => codes::run(arguments, &mut out),
        Command::Collateral(arguments) => collateral::run(arguments, &mut out),
        Command::Drill(arguments) => drill::run(arguments, &mut out),
        Command::Diff(arguments) => diff::run(arguments, &mut out),
        Command::Health(arguments) => health::run(&arguments, &mut out),
        Command::Status(arguments) => status::run(&arguments, &mut out),
        Command::Explain(arguments) => explain::run(arguments, &mut out),
        Command::Fmt(arguments) => fmt::run(&arguments, &mut out),
        Command::Init(arguments) => init::run(&arguments, &mut out),
        Command::Schema(_) => schema::run(&mut out),
        Command::Completions(arguments) => reference::completions(&arguments, Cli::command(), &mut out),
        Command::Man(_) => reference::man(Cli::command(), &mut out),
    };
    let done = done.and_then(|exit| out.flush().map(|()| exit).map_err(Into::into));
    match done {
        Ok(exit) => ExitCode::from(exit as u8),
        // Whoever read the output has seen enough, as in `topicgate explain | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(Exit::Clean as u8),
        Err(error) => {
            let _ = writeln!(anstream::stderr(), "error: {error:#}");
            ExitCode::from(Exit::Usage as u8)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let text = error.downcast_ref::<io::Error>().map(io::Error::kind);
    let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    text.or(json) == Some(ErrorKind::BrokenPipe)
}
