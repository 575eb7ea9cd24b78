//! Asks git, as a process.

use std::{
    io::{self, Write},
    process::{Command, Output, Stdio},
    thread,
};

use anyhow::{Context, bail};

use crate::cli::diff::git::tree::Entry;

const INCOMPLETE: &str = "git does not have every file of the revision";

/// What it prints, as a text without the line end.
pub(super) fn text(arguments: &[&str]) -> anyhow::Result<String> {
    Ok(String::from_utf8_lossy(&bytes(arguments, "")?).trim_end_matches('\n').to_owned())
}

/// What it prints.
pub(super) fn bytes(arguments: &[&str], input: &str) -> anyhow::Result<Vec<u8>> {
    let output = run(arguments, input).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            anyhow::anyhow!("git is not installed\nhelp: install it, or name directories instead of revisions")
        }
        _ => anyhow::Error::new(error).context("cannot run git"),
    })?;
    if output.status.success() { Ok(output.stdout) } else { Err(refusal(&output)) }
}

fn run(arguments: &[&str], input: &str) -> io::Result<Output> {
    let mut git = Command::new("git");
    git.arg("--no-pager").args(arguments);
    // What it says is read, so it is asked to say it in English; it must not ask for a password.
    git.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdin = child.stdin.take();
    // It answers while it is asked: whoever writes everything first waits for ever.
    thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
        child.wait_with_output()
    })
}

fn refusal(output: &Output) -> anyhow::Error {
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("not a git repository") {
        return anyhow::anyhow!(
            "this directory is in no git repository\nhelp: a path with a colon is read as REVISION:PATH"
        );
    }
    if said.contains("dubious ownership") {
        return anyhow::anyhow!(
            "the repository belongs to another user\nhelp: if you trust it: `git config --global --add safe.directory DIRECTORY`"
        );
    }
    let first = said.lines().next().unwrap_or("it ended with an error");
    anyhow::anyhow!("git: {}", first.trim_start_matches("fatal: ").trim_start_matches("error: "))
}

/// The id of the tree of a revision, if there is one.
pub(super) fn tree(revision: &str) -> anyhow::Result<Option<String>> {
    let said = bytes(&["cat-file", "--batch-check=%(objecttype) %(objectname)"], &format!("{revision}^{{tree}}\n"))?;
    let said = String::from_utf8_lossy(&said);
    Ok(match said.trim_end().split_once(' ') {
        Some(("tree", id)) => Some(id.to_owned()),
        _ => None,
    })
}

/// The bytes of some files, in order.
pub(super) fn contents(files: &[Entry], most: u64) -> anyhow::Result<Vec<Vec<u8>>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let asked: String = files.iter().map(|file| format!("{}\n", file.id)).collect();
    let said = bytes(&["cat-file", "--batch-check=%(objectsize)"], &asked)?;
    let sizes: Option<Vec<u64>> = String::from_utf8_lossy(&said).lines().map(|size| size.parse().ok()).collect();
    let size = sizes.context(INCOMPLETE)?.into_iter().fold(0, u64::saturating_add);
    if size > most {
        bail!("the files together have {size} bytes, and at most {most} are read");
    }
    let said = bytes(&["cat-file", "--batch=%(objecttype) %(objectsize)"], &asked)?;
    let mut rest = said.as_slice();
    let read: Option<Vec<Vec<u8>>> = files.iter().map(|_| content(&mut rest)).collect();
    read.context(INCOMPLETE)
}

/// One answer: a line, the bytes and a line end.
fn content(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (line, after) = rest.split_at_checked(end)?;
    let size: usize = std::str::from_utf8(line).ok()?.strip_prefix("blob ")?.parse().ok()?;
    let (bytes, after) = after.get(1..)?.split_at_checked(size)?;
    *rest = after.get(1..)?;
    Some(bytes.to_owned())
}
