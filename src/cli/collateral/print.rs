//! Refused names, for people and for programs.

use std::io::Write;

use serde::Serialize;

use crate::{cli::collateral::Refused, diagnostic::counted, text};

#[derive(Serialize)]
struct Report<'a> {
    /// How many were asked about.
    names: usize,
    refused: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    rule: &'a str,
    file: &'a str,
    line: usize,
    found: &'a str,
}

pub(super) fn text(asked: usize, refused: &[Refused<'_>], out: &mut impl Write) -> anyhow::Result<()> {
    for Refused { name, rule, file, line, found } in refused {
        let (name, found, file) = (text::visible(name), text::visible(found), text::clean(file));
        writeln!(out, "`{name}`: {rule} found `{found}` ({file}:{line})")?;
    }
    writeln!(out, "{} asked about, {} refused", counted(asked, "name"), refused.len())?;
    if !refused.is_empty() {
        writeln!(
            out,
            "help: `ignoring` beside `contains` and `contains_word` keeps such names, and `contains_word` many"
        )?;
    }
    Ok(())
}

pub(super) fn json(asked: usize, refused: &[Refused<'_>], out: &mut impl Write) -> anyhow::Result<()> {
    let lines =
        refused.iter().map(|Refused { name, rule, file, line, found }| Line { name, rule, file, line: *line, found });
    serde_json::to_writer_pretty(&mut *out, &Report { names: asked, refused: lines.collect() })?;
    Ok(writeln!(out)?)
}
