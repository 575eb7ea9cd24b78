//! The differences of two sets, as a comment on a change request.
//!
//! Everything that a user wrote is escaped, so that a name of the rules cannot become a link, a mention or a picture; and it is
//! shortened, so that a comment holds all of it.

mod escape;

use std::io::Write;

use crate::{
    analysis::difference::{Change, Kind, Open, Ruling},
    cli::diff::{
        compare::{Compared, How, RuleChange, meaning, told},
        side::{Refused, Side},
        text::{self, SHOWN},
    },
    diagnostic::{Finding, Severity, counted},
    engine::Decision,
};

use escape::{escaped, side};

/// Bytes of the rows of one part. There are seven parts, and a comment holds 65,536 characters.
const MOST_BYTES: usize = 8000;

/// Characters of a request, of a line about a list, and of whatever else has no bounds: even escaped, each row fits into its part.
const LONGEST_REQUEST: usize = 300;
const LONGEST_LIST: usize = 500;
const LONGEST: usize = 120;

pub(super) fn print(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    heading(compared.new, &compared.verdict(), out)?;
    let (old, new) = (side(&compared.old.name), side(&compared.new.name));
    writeln!(out, "From {old}{} to {new}: {}.", compared.old.note(), text::summary(compared))?;
    for kind in compared.kinds() {
        table(compared, kind, out)?;
    }
    open(compared, out)?;
    details(compared, out)
}

/// The old set does not load.
pub(super) fn refused(old: &Refused, new: &Side, out: &mut impl Write) -> anyhow::Result<()> {
    let errors = counted(old.report.count(Severity::Error), "error");
    let (old_name, new_name) = (side(&old.name), side(&new.name));
    heading(new, "not compared, since those before do not load", out)?;
    writeln!(
        out,
        "From {old_name}, which has {errors}, to {new_name}, which loads. What this changes was not looked at."
    )?;
    writeln!(out, "\n<details><summary>{errors} before</summary>\n")?;
    let is_error = |finding: &&Finding| finding.code.severity() == Severity::Error;
    for finding in old.report.findings.iter().filter(is_error).take(SHOWN) {
        let place = format!("{}:{}", finding.place.path, finding.place.start.line);
        writeln!(out, "- {}: {}", escaped(&place), escaped(&finding.message))?;
    }
    if let Some(more) = old.report.count(Severity::Error).checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(out, "- and {more} more")?;
    }
    Ok(writeln!(out, "\n</details>")?)
}

/// Who posts comments finds the one to replace by the first line, where there are others for other directories.
fn heading(new: &Side, verdict: &str, out: &mut impl Write) -> anyhow::Result<()> {
    // Escaped, it has no `>` that could end the comment.
    Ok(writeln!(out, "<!-- topicgate diff {} -->\n### Rules: {verdict}\n", escaped(&new.name))?)
}

fn table(compared: &Compared<'_>, kind: Kind, out: &mut impl Write) -> anyhow::Result<()> {
    let changes = compared.difference.changes.iter().filter(|change| change.kind == kind);
    writeln!(out, "\n**{}**: {}\n\n| request | before | after |\n| --- | --- | --- |", told(kind), meaning(kind))?;
    let row = |change: &Change| {
        let request = shown(&text::request(change, compared.from), LONGEST_REQUEST);
        let (old, new) = (ruling(compared.old, &change.old, kind), ruling(compared.new, &change.new, kind));
        format!("| {request} | {old} | {new} |")
    };
    match rows(changes.map(row), out)? {
        0 => Ok(()),
        more => Ok(writeln!(out, "\nAnd {more} more.")?),
    }
}

/// Writes the first of some rows, as many as there is room for. How many are left.
fn rows(mut rows: impl Iterator<Item = String>, out: &mut impl Write) -> anyhow::Result<usize> {
    let mut left = MOST_BYTES;
    for _ in 0..SHOWN {
        let Some(row) = rows.next() else { return Ok(0) };
        let Some(less) = left.checked_sub(row.len()) else { return Ok(1 + rows.count()) };
        left = less;
        writeln!(out, "{row}")?;
    }
    Ok(rows.count())
}

/// The same in a list of points; `what` are those that are left.
fn points(points: impl Iterator<Item = String>, what: &str, out: &mut impl Write) -> anyhow::Result<()> {
    match rows(points.map(|point| format!("- {point}")), out)? {
        0 => Ok(()),
        more => Ok(writeln!(out, "- and {more} more{what}")?),
    }
}

fn ruling(side: &Side, ruling: &Ruling, kind: Kind) -> String {
    let decision = match &ruling.decision {
        Decision::Allow => "allowed".to_owned(),
        Decision::Deny { code, message } if kind == Kind::Text => {
            format!("refused, {code}: {}", shown(message, LONGEST))
        }
        Decision::Deny { code, .. } => format!("refused, {code}"),
    };
    match Compared::rule_of(side, ruling) {
        Some((id, _)) => format!("{decision}<br>{}", shown(id, LONGEST)),
        None => format!("{decision}<br>no rule"),
    }
}

fn open(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let open = &compared.difference.open;
    if open.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n**not proved**: there may be more that these rules change\n")?;
    let point = |open: &Open| {
        let kinds: Vec<&str> = open.kinds.iter().map(|kind| told(*kind)).collect();
        let (rule, reason) = (shown(&open.rule, LONGEST), shown(&open.reason.to_string(), LONGEST_REQUEST));
        format!("{rule} ({}): {reason}", kinds.join(", "))
    };
    points(open.iter().map(point), "", out)
}

/// What was written, folded.
fn details(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let count = compared.rules.len() + compared.lists.len();
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>{} in the files</summary>\n", counted(count, "change"))?;
    let rule = |change: &RuleChange<'_>| {
        let parts: Vec<String> = change.parts.iter().map(text::part).collect();
        let parts = if change.how == How::Changed {
            format!(": {}", shown(&parts.join(", "), LONGEST_REQUEST))
        } else {
            String::new()
        };
        format!("{} {}{parts}", change.how.name(), shown(&change.rule.id, LONGEST))
    };
    points(compared.rules.iter().map(rule), " rules", out)?;
    points(compared.lists.iter().map(|list| shown(&text::list_line(list), LONGEST_LIST)), " lists", out)?;
    let silent = compared.silent();
    if !silent.is_empty() {
        let named: Vec<&str> = silent.iter().take(SHOWN).copied().collect();
        let named = shown(&named.join(", "), LONGEST_REQUEST);
        let more = silent.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "- not compared, since it decides nothing: {named}{more}")?;
    }
    Ok(writeln!(out, "\n</details>")?)
}

/// At most so many characters of a text that is nothing but text.
fn shown(text: &str, characters: usize) -> String {
    escaped(&crate::text::shortened(&crate::text::visible(text), characters))
}
