//! `topicgate init`: a rule directory to start from, with an example of each thing, and files for CI.

#![expect(clippy::disallowed_methods, reason = "it writes files, with dates that are not over")]

mod ci;
mod template;

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use jiff::{Timestamp, tz::TimeZone};

use crate::{cli::Exit, text::visible};

use ci::{Ci, File};

const EXAMPLES: &str = "\
The rules show each key, field and matcher of the language, with comments. Whatever might surprise is on
trial and refuses nothing. Nothing that is there is overwritten.

In a repository of git there are files for CI at its top, too: for GitLab if that is where it came from,
else for GitHub, and for pre-commit. `--ci` says which ones.

Examples:
  topicgate init                       into ./rules
  topicgate init config/topic-rules
  topicgate init --ci gitlab rules
  topicgate init --ci none rules

Exit codes: 0 written, 2 wrong usage, or the directory is not empty.";

/// Write a rule directory to start from, and files for CI
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The directory; it is made, or empty
    #[arg(value_name = "PATH", default_value = "rules")]
    path: PathBuf,

    /// Which files for CI there are; several with commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHICH")]
    ci: Vec<Ci>,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<Exit> {
    let directory = place(&arguments.path)?;
    let rules = template::rules(
        &visible(&arguments.path.to_string_lossy()),
        TimeZone::UTC.to_datetime(Timestamp::now()).date(),
    )?;
    let continuous = ci::files(&directory, &arguments.ci)?;
    for (name, text) in rules {
        create(&directory.join(name), &text)?;
        writeln!(out, "created {}", visible(&arguments.path.join(name).to_string_lossy()))?;
    }
    let here = std::env::current_dir().unwrap_or_default();
    for File { path, text, note } in continuous {
        let shown = visible(&path.strip_prefix(&here).unwrap_or(&path).to_string_lossy());
        if path.exists() {
            writeln!(out, "left alone {shown}: it is there already; docs/ci.md says what to add")?;
            continue;
        }
        create(&path, &text)?;
        writeln!(out, "created {shown}{note}")?;
    }
    next(&visible(&arguments.path.to_string_lossy()), out)
}

fn next(path: &str, out: &mut impl Write) -> anyhow::Result<Exit> {
    let commands = [
        (format!("topicgate check {path}"), "what is wrong; nothing yet"),
        (format!("topicgate test {path}"), "run the examples and tests"),
        (format!("topicgate serve --rules {path} --app SDKAPPID"), "answer Chat"),
    ];
    let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    writeln!(out, "\nnext:")?;
    for (command, what) in commands {
        writeln!(out, "  {command:<width$}  {what}")?;
    }
    Ok(Exit::Clean)
}

/// Where the directory is; it need not be there, but the one around it must.
fn place(path: &Path) -> anyhow::Result<PathBuf> {
    let shown = visible(&path.to_string_lossy());
    match fs::read_dir(path) {
        Ok(entries) => {
            let is_seen = |name: &std::ffi::OsStr| !name.as_encoded_bytes().starts_with(b".");
            if entries.filter_map(Result::ok).any(|entry| is_seen(&entry.file_name())) {
                bail!(
                    "`{shown}` is not empty, and nothing was written\nhelp: name another directory: topicgate init PATH"
                );
            }
            Ok(fs::canonicalize(path)?)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let name = path.file_name().with_context(|| format!("`{shown}` has no name"))?;
            let around = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            match fs::canonicalize(around) {
                Ok(around) => Ok(around.join(name)),
                Err(_) => bail!(
                    "cannot create `{shown}`: there is no directory `{}`\nhelp: create that first",
                    visible(&around.to_string_lossy())
                ),
            }
        }
        Err(error) => Err(error).with_context(|| format!("cannot write to `{shown}`")),
    }
}

fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
    };
    write().with_context(|| format!("cannot write `{}`", visible(&path.to_string_lossy())))
}
