//! The differences of two sets, as a comment on a change request.
//!
//! Everything that a user wrote is escaped, so that a name of the rules cannot become a link, a mention or a picture.

use std::io::Write;

use crate::{
    analysis::difference::{Change, Kind, Ruling},
    cli::diff::{
        compare::{Compared, How, meaning, told},
        side::{Refused, Side},
        text::{self, SHOWN},
    },
    diagnostic::{Finding, Severity, counted},
    engine::Decision,
};

pub(super) fn print(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    heading(compared.new, &compared.verdict(), out)?;
    let (old, new) = (escaped(&compared.old.name), escaped(&compared.new.name));
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
    let (old_name, new_name) = (escaped(&old.name), escaped(&new.name));
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
    let changes: Vec<&Change> = compared.difference.changes.iter().filter(|change| change.kind == kind).collect();
    writeln!(out, "\n**{}**: {}\n\n| request | before | after |\n| --- | --- | --- |", told(kind), meaning(kind))?;
    for change in changes.iter().take(SHOWN) {
        let request = escaped(&text::request(change, compared.from));
        let (old, new) = (ruling(compared.old, &change.old, kind), ruling(compared.new, &change.new, kind));
        writeln!(out, "| {request} | {old} | {new} |")?;
    }
    if let Some(more) = changes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(out, "\nAnd {more} more.")?;
    }
    Ok(())
}

fn ruling(side: &Side, ruling: &Ruling, kind: Kind) -> String {
    let decision = match &ruling.decision {
        Decision::Allow => "allowed".to_owned(),
        Decision::Deny { code, message } if kind == Kind::Text => format!("refused, {code}: {}", escaped(message)),
        Decision::Deny { code, .. } => format!("refused, {code}"),
    };
    match Compared::rule_of(side, ruling) {
        Some((id, _)) => format!("{decision}<br>{}", escaped(id)),
        None => format!("{decision}<br>no rule"),
    }
}

fn open(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let open = &compared.difference.open;
    if open.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n**not proved**: there may be more that these rules change\n")?;
    for open in open.iter().take(SHOWN) {
        let kinds: Vec<&str> = open.kinds.iter().map(|kind| told(*kind)).collect();
        writeln!(out, "- {} ({}): {}", escaped(&open.rule), kinds.join(", "), escaped(&open.reason.to_string()))?;
    }
    if let Some(more) = open.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(out, "- and {more} more")?;
    }
    Ok(())
}

/// What was written, folded.
fn details(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let count = compared.rules.len() + compared.lists.len();
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>{} in the files</summary>\n", counted(count, "change"))?;
    for change in compared.rules.iter().take(SHOWN) {
        let parts: Vec<String> = change.parts.iter().map(text::part).collect();
        let parts =
            if change.how == How::Changed { format!(": {}", escaped(&parts.join(", "))) } else { String::new() };
        writeln!(out, "- {} {}{parts}", change.how.name(), escaped(&change.rule.id))?;
    }
    if let Some(more) = compared.rules.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(out, "- and {more} more rules")?;
    }
    for list in compared.lists.iter().take(SHOWN) {
        writeln!(out, "- {}", escaped(&text::list_line(list)))?;
    }
    let silent = compared.silent();
    if !silent.is_empty() {
        writeln!(out, "- not compared, since it decides nothing: {}", escaped(&silent.join(", ")))?;
    }
    Ok(writeln!(out, "\n</details>")?)
}

/// Signs that mean nothing within a line.
const PLAIN: &str = " ,-/()';?=+";

/// Mentions and references are looked for when entities have been read: a character that takes no room breaks them.
const REFERENCES: &str = "@#!~%$&";

/// A text that is nothing but text, in a table too: signs become entities.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in crate::text::visible(text).chars() {
        if !character.is_ascii_punctuation() || PLAIN.contains(character) {
            escaped.push(character);
            continue;
        }
        escaped.push_str(&format!("&#{};", u32::from(character)));
        if REFERENCES.contains(character) {
            escaped.push('\u{2060}');
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_user_wrote_means_anything() {
        for text in ["|", "`", "<img>", "@all", "[x](y)", "*_~", "![", "&lt;", "\\", "#1", "\n", "http://x", "www.x"] {
            let shown = escaped(text);
            let signs: String = shown.chars().filter(|character| !character.is_alphanumeric()).collect();
            assert!(signs.chars().all(|sign| "&#;\u{2060}".contains(sign) || PLAIN.contains(sign)), "{text}: {shown}");
        }
        assert_eq!(escaped("@all"), "&#64;\u{2060}all");
    }
}
