//! `topicgate lsp`: a language server for rule files, over standard input and output.

mod answers;
mod checking;
mod complete;
mod documents;
mod findings;
mod hover;
mod keys;
mod names;
mod position;
mod session;
mod spot;
mod symbols;
mod tree;
mod wire;

use std::{
    io::{self, BufReader},
    path::PathBuf,
    sync::mpsc,
    thread,
};

use crate::cli::{Exit, rule_set::ListRoots};
use documents::{Sets, real};
use session::{Event, Session};

const EXAMPLES: &str = "\
Examples:
  topicgate lsp                              started by an editor; docs/editors.md has the settings
  topicgate lsp --rules policies             the rules are not in a directory `rules`

Without --rules, the set of a file is the outermost directory `rules` around it, within the folder that is open in the
editor; elsewhere, the directory of the file, if the file has `rules:` with `action` or `when`.

Exit codes: 0 ended by the editor as the protocol says, 1 without a shutdown before.";

/// How many messages wait before the client has to.
const MOST_WAITING: usize = 64;

/// Help an editor with rule files: findings as you type, completion, hover, definitions, quick fixes
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A rule directory or file; may be repeated, all of them together are one set
    #[arg(long, value_name = "PATH")]
    rules: Vec<PathBuf>,

    #[command(flatten)]
    list_roots: ListRoots,

    /// Where docs/diagnostics.md can be read: codes of findings become links to it
    #[arg(long, value_name = "URL")]
    docs: Option<String>,

    /// Taken and not needed: some editors give it
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<Exit> {
    let (events, received) = mpsc::sync_channel(MOST_WAITING);
    let (jobs, queue) = mpsc::channel();
    let sets = Sets { given: arguments.rules.iter().map(|path| real(path)).collect(), folders: Vec::new() };
    let session = Session::new(sets, arguments.list_roots.options(), arguments.docs, jobs);
    let checked = events.clone();
    thread::Builder::new().name("check".to_owned()).spawn(move || checking::run(&queue, &checked))?;
    // It may wait for input for ever, so nobody waits for it.
    thread::Builder::new().name("read".to_owned()).spawn(move || read(&events))?;
    session.run(&received, &mut io::stdout().lock())
}

/// Reads until the client has closed its end, or says something behind which nothing can be understood.
fn read(events: &mpsc::SyncSender<Event>) {
    let mut input = BufReader::new(io::stdin());
    loop {
        let event = match wire::read(&mut input) {
            Ok(Some(message)) => Event::Message(message),
            Ok(None) => Event::Closed(None),
            Err(error) => Event::Closed(Some(error)),
        };
        let is_last = matches!(event, Event::Closed(_));
        if events.send(event).is_err() || is_last {
            return;
        }
    }
}
