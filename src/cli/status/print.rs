//! A status on one screen. What needs attention stands last, where a terminal shows it.

use std::{cmp::Reverse, collections::BTreeMap, io::Write};

use jiff::Timestamp;

use crate::{
    cli::{
        ask::shown,
        status::wire::{Durations, Failure, Finding, Place, Status},
    },
    diagnostic::counted,
};

/// How many rules and lists are named.
const MOST_NAMED: usize = 6;

/// How many findings are shown.
const MOST_FINDINGS: usize = 10;

pub(super) fn status(status: &Status, url: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let state = if status.ready { "ready" } else { "draining" };
    writeln!(out, "topicgate {} at {} is {state}\n", shown(&status.version), shown(url))?;
    for (name, text) in lines(status).into_iter().filter(|(_, text)| !text.is_empty()) {
        writeln!(out, "{name:<15}{text}")?;
    }
    if let Some(failure) = &status.last_failure {
        last_failure(failure, status, out)?;
    }
    if status.problems.is_empty() {
        writeln!(out, "\nnothing needs attention")?;
        return Ok(());
    }
    writeln!(out, "\nneeds attention:")?;
    for problem in &status.problems {
        writeln!(out, "  - {}", shown(problem))?;
    }
    Ok(())
}

fn lines(status: &Status) -> Vec<(&'static str, String)> {
    let attempt = &status.last_attempt;
    let (took, ended) = (attempt.took_seconds, if attempt.succeeded { "succeeded" } else { "failed" });
    let connections = &status.connections;
    let (rejected, undecided) = (causes(&status.causes.rejected), causes(&status.causes.undecided));
    vec![
        ("live since", moment(&status.since, status)),
        ("revision", format!("{}, content {}", shown(&status.revision), shown(&status.content))),
        ("reloads", format!("generation {}, {}", status.generation, counted_of(status.attempts, "attempt"))),
        ("last attempt", format!("{ended} {}, took {took:.3} s", moment(&attempt.at, status))),
        ("followed by", if status.watch == "auto" { "events and looks".to_owned() } else { "looks only".to_owned() }),
        ("rules", rules(status)),
        ("most matches", most_matches(status)),
        ("lists", lists(status)),
        ("quotas", quotas(status)),
        ("warnings", warnings(status)),
        ("kept", status.data.as_ref().map(|data| kept(data.stored.as_deref(), status)).unwrap_or_default()),
        ("apps", apps(status)),
        ("admin side", admin(status)),
        ("certificates", certificates(status)),
        ("requests", requests(status)),
        ("rejected", rejected),
        ("undecided", undecided),
        ("admin refused", causes(&status.causes.admin_rejected)),
        ("answers", durations(&status.durations)),
        (
            "connections",
            format!("{} of {}, {}", connections.open, connections.most, counted_of(connections.workers, "worker")),
        ),
        (
            "lost log",
            if connections.lost_log_lines > 0 { counted_of(connections.lost_log_lines, "line") } else { String::new() },
        ),
        ("started", moment(&status.started_at, status)),
    ]
}

fn rules(status: &Status) -> String {
    let counts = &status.counts;
    let (enforced, shadow, disabled) = (counts.enforced, counts.shadow, counts.disabled);
    let guarantees = match (counts.guarantees, counts.guarantees.saturating_sub(counts.proved)) {
        (0, _) => String::new(),
        (all, 0) => format!(", {} proved", counted_of(all, "guarantee")),
        (all, open) => format!(", {} ({open} not proved)", counted_of(all, "guarantee")),
    };
    let files = counted_of(counts.files, "file");
    format!("{enforced} enforced, {shadow} shadow, {disabled} disabled, in {files}{guarantees}")
}

fn most_matches(status: &Status) -> String {
    let mut rules: Vec<_> = status.rules.iter().filter(|rule| rule.matches > 0).collect();
    rules.sort_by_key(|rule| Reverse(rule.matches));
    let named = rules.iter().map(|rule| {
        let trial = if rule.mode == "shadow" { " (shadow)" } else { "" };
        format!("{} {}{trial}", shown(&rule.id), rule.matches)
    });
    some(named.collect())
}

fn lists(status: &Status) -> String {
    let mut lists: Vec<_> = status.counts.lists.iter().collect();
    lists.sort_by_key(|list| Reverse(list.entries));
    some(lists.iter().map(|list| format!("{} {}", shown(&list.name), list.entries)).collect())
}

fn quotas(status: &Status) -> String {
    let counting = status.quota.as_ref().filter(|quota| quota.keys > 0);
    counting.map(|quota| format!("{} of {} keys", quota.keys, quota.max_keys)).unwrap_or_default()
}

fn warnings(status: &Status) -> String {
    let found = &status.report;
    let first =
        found.findings.first().map(|finding| format!(", such as {}: {}", at(&finding.place), shown(&finding.message)));
    if found.warnings == 0 {
        String::new()
    } else {
        format!("{} in the live rules{}", found.warnings, first.unwrap_or_default())
    }
}

fn kept(stored: Option<&str>, status: &Status) -> String {
    stored.map_or_else(|| "nothing yet".to_owned(), |stored| format!("for the next start, {}", moment(stored, status)))
}

fn apps(status: &Status) -> String {
    let apps = status.apps.iter().map(|app| match app.tokens {
        0 => format!("{} unsigned", app.id),
        tokens => format!("{} with {}", app.id, counted_of(tokens, "token")),
    });
    some(apps.collect())
}

fn admin(status: &Status) -> String {
    let access = match status.admin.access.as_str() {
        "loopback" => "open to this machine".to_owned(),
        "closed" => "closed: it has no token".to_owned(),
        _ if status.admin.tokens == 0 => "asks for a certificate".to_owned(),
        _ => format!("asks for a token, has {}", status.admin.tokens),
    };
    let listeners = &status.listeners;
    let addresses = listeners.admin.iter().map(|admin| format!("{}, ", shown(admin)));
    let webhook = listeners.webhook.iter().map(|webhook| format!("; webhook at {}", shown(webhook)));
    addresses.chain([access]).chain(webhook).collect()
}

fn certificates(status: &Status) -> String {
    let certificates = status.certificates.iter();
    let ends = certificates
        .map(|one| format!("{} until {} ({} days)", shown(&one.listener), shown(&one.not_after), one.days_left));
    some(ends.collect())
}

fn requests(status: &Status) -> String {
    let requests = &status.requests;
    let counts = [
        (requests.allowed, "allowed"),
        (requests.refused, "refused"),
        (requests.not_evaluated, "without rules"),
        (requests.verifications, "verifications"),
        (requests.rejected, "rejected"),
    ];
    let counts: Vec<String> = counts.iter().map(|(count, what)| format!("{count} {what}")).collect();
    let answer = if status.on_error == "deny" { "refused" } else { "let through" };
    format!("{}, {} undecided (those are {answer})", counts.join(", "), requests.undecided)
}

fn causes(causes: &BTreeMap<String, u64>) -> String {
    let mut causes: Vec<_> = causes.iter().collect();
    causes.sort_by_key(|(_, count)| Reverse(**count));
    some(causes.iter().map(|(cause, count)| format!("{} {count}", shown(cause))).collect())
}

fn durations(durations: &Durations) -> String {
    let within =
        |part: &str, seconds: Option<f64>| seconds.map(|seconds| format!("{part} within {} ms", seconds * 1e3));
    let parts = [within("half", durations.p50_seconds), within("99 %", durations.p99_seconds)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The first ones, and how many more there are.
fn some(all: Vec<String>) -> String {
    let more = all.len().saturating_sub(MOST_NAMED);
    let named = all.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named}, and {more} more") } else { named }
}

fn last_failure(failure: &Failure, status: &Status, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "\nthe latest failure, {}: {}", moment(&failure.at, status), shown(&failure.problem))?;
    if status.last_attempt.succeeded {
        return Ok(());
    }
    writeln!(out)?;
    for found in failure.report.findings.iter().take(MOST_FINDINGS) {
        finding(found, out)?;
    }
    let (errors, warnings) = (failure.report.errors, failure.report.warnings);
    if failure.report.findings.len() > MOST_FINDINGS {
        writeln!(out, "... of {errors} errors and {warnings} warnings in all; `--format json` has more")?;
    }
    Ok(())
}

/// As `check` prints it, without the text of the file, which is not here.
fn finding(found: &Finding, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "{}[{}]: {}", shown(&found.severity), shown(&found.code), shown(&found.message))?;
    writeln!(out, " --> {}", at(&found.place))?;
    for related in &found.related {
        writeln!(out, " ::: {}: {}", at(&related.place), shown(&related.message))?;
    }
    if let Some(help) = &found.help {
        writeln!(out, "  = help: {}", shown(help))?;
    }
    writeln!(out)?;
    Ok(())
}

fn at(place: &Place) -> String {
    format!("{}:{}:{}", shown(&place.file), place.line, place.column)
}

/// A time, and how long before the status that was.
fn moment(text: &str, status: &Status) -> String {
    let (time, now) = (text.parse::<Timestamp>(), status.at.parse::<Timestamp>());
    match (time, now) {
        (Ok(time), Ok(now)) => format!("{time:.0} ({} ago)", age(now.as_second().saturating_sub(time.as_second()))),
        _ => shown(text),
    }
}

/// Seconds in the two largest units that tell something.
fn age(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds @ 3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        seconds => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

fn counted_of(count: u64, what: &str) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), what)
}
