//! The differences of two sets, for people.

use std::io::Write;

use jiff::Timestamp;

use crate::{
    analysis::difference::{Change, Counted, Kind, Ruling},
    cli::diff::{
        compare::{Compared, How, PartChange, meaning, told},
        lists::ListChange,
        side::{Refused, Side},
    },
    diagnostic::render::{self, Style},
    engine::Decision,
    facts::{Command, Facts},
    text,
};

/// So many of one thing are shown, the others are counted.
pub(super) const SHOWN: usize = 20;

/// So many entries of a list.
pub(super) const SHOWN_ENTRIES: usize = 5;

pub(super) fn print(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    rules(compared, out)?;
    for list in &compared.lists {
        writeln!(out, "{}", list_line(list))?;
    }
    for kind in compared.kinds() {
        kind_of(compared, kind, out)?;
    }
    if !compared.difference.open.is_empty() {
        writeln!(out, "\nnot proved")?;
    }
    for open in &compared.difference.open {
        let kinds: Vec<&str> = open.kinds.iter().map(|kind| told(*kind)).collect();
        writeln!(out, "  {} ({}): {}", open.rule, kinds.join(", "), open.reason)?;
    }
    let silent = compared.silent();
    if !silent.is_empty() {
        writeln!(out, "\nnot compared, since it decides nothing: {}", silent.join(", "))?;
    }
    Ok(writeln!(out, "\n{}", compared.verdict())?)
}

/// OLD does not load.
pub(super) fn refused(old: &Refused, new: &Side, out: &mut impl Write) -> anyhow::Result<()> {
    let (old_name, new_name) = (text::visible(&old.name), text::visible(&new.name));
    write!(out, "{}", render::text(&old.report, Style::Colour))?;
    Ok(writeln!(out, "from `{old_name}` to `{new_name}`: not compared, since `{old_name}` does not load")?)
}

fn rules(compared: &Compared<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let names = (text::visible(&compared.old.name), text::visible(&compared.new.name));
    writeln!(out, "from `{}`{} to `{}`: {}", names.0, compared.old.note(), names.1, summary(compared))?;
    for change in compared.rules.iter().take(SHOWN) {
        let parts: Vec<String> = change.parts.iter().map(part).collect();
        let parts = if change.how == How::Changed { format!(": {}", parts.join(", ")) } else { String::new() };
        let place = format!("{}:{}", text::clean(&change.rule.file), change.rule.line);
        writeln!(out, "  {:<8} {}{parts} ({place})", change.how.name(), change.rule.id)?;
    }
    if let Some(more) = compared.rules.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(out, "  and {more} more")?;
    }
    Ok(())
}

/// How many rules are not as they were.
pub(super) fn summary(compared: &Compared<'_>) -> String {
    let count = |how| compared.rules.iter().filter(|change| change.how == how).count();
    let counts = [How::Added, How::Removed, How::Changed, How::Moved].map(|how| (count(how), how.name()));
    let told: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, how)| format!("{count} {how}")).collect();
    match (told.is_empty(), compared.lists.len()) {
        (true, 0) => "the same rules".to_owned(),
        (true, _) => "the same rules with other lists".to_owned(),
        (false, _) => format!("rules {}", told.join(", ")),
    }
}

pub(super) fn part(part: &PartChange<'_>) -> String {
    match part.values {
        Some((old, new)) => format!("{} {old} -> {new}", part.name),
        None => part.name.clone(),
    }
}

/// A list in one line.
pub(super) fn list_line(list: &ListChange<'_>) -> String {
    let told = |entries: &[&str], how: &str| {
        let shown: Vec<String> =
            entries.iter().take(SHOWN_ENTRIES).map(|entry| format!("`{}`", text::shortened(entry, 40))).collect();
        let more = entries.len().saturating_sub(SHOWN_ENTRIES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!entries.is_empty()).then(|| format!("{} {how}: {}{more}", entries.len(), shown.join(", ")))
    };
    let parts: Vec<String> =
        [told(&list.added, "added"), told(&list.removed, "removed")].into_iter().flatten().collect();
    let effects: Vec<String> = list
        .effects
        .iter()
        .map(|(kind, (count, first))| format!("{count} {} (`{}`)", told_of(*kind), text::shortened(first, 40)))
        .collect();
    let of = if list.is_cut() { format!(", of {} that were asked about,", list.asked) } else { String::new() };
    let effects = match (effects.is_empty(), list.is_cut()) {
        (true, false) => String::new(),
        (true, true) => format!("; by themselves{of} none is decided differently"),
        (false, _) => format!("; by themselves{of} {}", effects.join(", ")),
    };
    format!("list `{}`: entries {}{effects}", list.name, parts.join("; "))
}

fn told_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Tightened => "become refused",
        Kind::Loosened => "become allowed",
        Kind::Code => "get another code",
        Kind::Text => "get another message",
    }
}

fn kind_of(compared: &Compared<'_>, kind: Kind, out: &mut impl Write) -> anyhow::Result<()> {
    let changes: Vec<&Change> = compared.difference.changes.iter().filter(|change| change.kind == kind).collect();
    writeln!(out, "\n{}: {}", told(kind), meaning(kind))?;
    for change in changes.iter().take(SHOWN) {
        writeln!(out, "  {}", request(change, compared.from))?;
        writeln!(out, "    was {}", ruling(compared.old, &change.old, kind))?;
        writeln!(out, "    now {}", ruling(compared.new, &change.new, kind))?;
    }
    if let Some(more) = changes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(out, "  and {more} more")?;
    }
    Ok(())
}

/// A request in words.
pub(super) fn request(change: &Change, from: Timestamp) -> String {
    let facts = &change.facts;
    let quoted = |text: &str| format!("`{}`", text::visible(text));
    let mut words = vec![format!("{} by {}", quoted(&facts.name), quoted(&facts.operator))];
    words.extend(others(facts).into_iter().map(|(field, value)| format!("{field} {}", quoted(&value))));
    if facts.at != from {
        words.push(format!("at {}", facts.at));
    }
    words.extend(change.counted.iter().map(counted));
    words.join(", ")
}

fn counted(Counted { rule, old, new }: &Counted) -> String {
    match (old, new) {
        (Some(old), Some(new)) if old != new => {
            format!("after {old} that `{rule}` counted in the old set and {new} in the new one")
        }
        _ => format!("after {} that `{rule}` counted", old.or(*new).unwrap_or_default()),
    }
}

/// The fields of a request that are there besides name and operator, in the words of rules.
pub(super) fn others(facts: &Facts<'_>) -> Vec<(&'static str, String)> {
    let command = (facts.command != Command::CreateTopic).then(|| facts.command.name().to_owned());
    let fields = [
        ("command", command),
        ("owner", facts.owner.as_deref().map(str::to_owned)),
        ("type", facts.group_type.as_deref().map(str::to_owned)),
        ("platform", facts.platform.as_deref().map(str::to_owned)),
        ("client_ip", facts.client_ip.map(|address| address.to_string())),
        ("app", facts.app.map(|app| app.to_string())),
    ];
    fields.into_iter().filter_map(|(field, value)| Some((field, value?))).collect()
}

/// A decision in words, with its message where that is what changed.
pub(super) fn ruling(side: &Side, ruling: &Ruling, kind: Kind) -> String {
    let decision = match &ruling.decision {
        Decision::Allow => "allowed".to_owned(),
        Decision::Deny { code, message } if kind == Kind::Text => {
            format!("refused with code {code}: {}", text::shortened(message, 120))
        }
        Decision::Deny { code, .. } => format!("refused with code {code}"),
    };
    match Compared::rule_of(side, ruling) {
        Some((id, place)) => format!("{decision}, by {id} ({})", text::clean(&place)),
        None => format!("{decision}: no rule applies"),
    }
}
