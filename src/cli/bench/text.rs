//! The figures for people.

use std::{
    fmt::Display,
    io::{self, Write},
    time::Duration,
};

use crate::{
    cli::bench::{Measured, costs::View, measure},
    diagnostic::counted,
    text,
};

/// How many rules are shown by themselves.
const MOST_RULES: usize = 10;

/// The most characters of a name, an id or the name of a list.
const MOST_SHOWN: usize = 32;

/// The longest bar.
const WIDTH: u8 = 24;

/// A part of a decision.
struct Row {
    what: String,
    cost: f64,
    remark: String,
}

pub(super) fn print(measured: &Measured<'_>, out: &mut impl Write) -> io::Result<()> {
    summary(measured, out)?;
    writeln!(out, "\nwhere the time goes: nanoseconds a decision, and beside it what one costs in how many of them")?;
    chart(&rows(measured), out)?;
    memory(measured, out)?;
    if !measured.notes.is_empty() {
        writeln!(out, "\nnotes")?;
    }
    measured.notes.iter().try_for_each(|note| writeln!(out, "  {note}"))
}

fn summary(measured: &Measured<'_>, out: &mut impl Write) -> io::Result<()> {
    let Measured { snapshot, requests, costs, .. } = measured;
    let names = match requests.given {
        Some(given) => format!("{} of the file", counted(given, "name")),
        None => format!("{} built in", counted(requests.built_in, "name")),
    };
    let (own, refused) = (counted(requests.own, "request"), costs.refused);
    let live = snapshot.rules.len();
    writeln!(out, "{names}, {own} of the examples and tests; {refused} are refused")?;
    writeln!(out, "{}, {}, revision {}", counted(live, "live rule"), lists(measured), snapshot.revision)?;
    let (slowest, cost) = costs.slowest();
    let name = requests.all.get(slowest).map(|facts| text::shortened(&facts.name, MOST_SHOWN)).unwrap_or_default();
    let (median, p99) = (nanos(costs.median()), nanos(costs.p99()));
    writeln!(out)?;
    writeln!(out, "a decision  median {median} ns, 99th percentile {p99} ns, slowest {} ns: `{name}`", nanos(cost))?;
    let (fastest, most) = costs.scatter();
    writeln!(
        out,
        "one core    {} decisions a second: {} ns each in turn (9 of 10 rounds: {} to {} ns)",
        grouped(per_second(costs.mean())),
        nanos(costs.mean()),
        nanos(fastest),
        nanos(most)
    )?;
    let took = load_time(&measured.loads).as_secs_f64() * 1000.0;
    let times = counted(measured.loads.len(), "load");
    writeln!(out, "loading     {took:.1} ms, without reading the files (median of {times})")?;
    writeln!(out, "asked       {:.1} of {} for an average request", costs.asked(), counted(live, "rule"))
}

fn lists(measured: &Measured<'_>) -> String {
    counted(measured.snapshot.counts.lists.len(), "list")
}

/// The views, what finds the rules, the costliest rules, all others, and what is left.
fn rows(measured: &Measured<'_>) -> Vec<Row> {
    let Measured { snapshot, costs, .. } = measured;
    let mut rows: Vec<Row> = costs.views.iter().map(view).collect();
    rows.push(Row { what: "finding the rules".to_owned(), cost: costs.finding, remark: String::new() });
    let costliest = measured.costliest();
    for (index, cost) in costliest.iter().take(MOST_RULES).filter(|(_, cost)| cost.added() > 0.0) {
        let id = snapshot.rules.get(*index).map(|rule| rule.id.as_str()).unwrap_or_default();
        let remark = where_asked(cost.cost, cost.share);
        rows.push(Row { what: format!("rule {}", text::shortened(id, MOST_SHOWN)), cost: cost.added(), remark });
    }
    let others = costliest.get(MOST_RULES..).unwrap_or_default();
    if !others.is_empty() {
        let cost = others.iter().map(|(_, cost)| cost.added()).sum();
        rows.push(Row { what: counted(others.len(), "other rule"), cost, remark: String::new() });
    }
    rows.push(Row { what: "the verdict".to_owned(), cost: costs.settling, remark: String::new() });
    rows.push(Row { what: "the rest".to_owned(), cost: costs.rest(), remark: String::new() });
    rows
}

fn view(view: &View) -> Row {
    let remark = if view.share < 1.0 { where_asked(view.cost, view.share) } else { String::new() };
    Row { what: format!("view {}", view.field.name()), cost: view.added(), remark }
}

/// What a part costs where it is needed, and where that is.
fn where_asked(cost: f64, share: f64) -> String {
    format!("{} ns in {}", nanos(cost), percent(share))
}

fn chart(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    let longest = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or_default();
    let most = rows.iter().map(|row| row.cost).fold(0.0, f64::max);
    for Row { what, cost, remark } in rows {
        let bar = bar(cost / most);
        let line = format!("  {what:longest$} {:>9}  {bar:24}  {remark}", nanos(*cost), longest = longest);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn memory(measured: &Measured<'_>, out: &mut impl Write) -> io::Result<()> {
    let lists = &measured.snapshot.counts.lists;
    let names: Vec<String> = lists.iter().map(|list| text::shortened(&list.name, MOST_SHOWN)).collect();
    let longest = names.iter().map(|name| name.chars().count() + "list ".len()).max().unwrap_or_default().max(7);
    writeln!(out, "\nmemory")?;
    for (name, list) in names.iter().zip(lists) {
        let bytes = list.bytes.map_or_else(|| "in the rules that use it".to_owned(), |bytes| size(bytes as u64));
        let entries = if list.entries == 1 { "entry" } else { "entries" };
        let name = format!("list {name}");
        writeln!(out, "  {name:longest$}  {bytes}, {} {entries}", grouped(list.entries))?;
    }
    let index = size(measured.snapshot.index.memory() as u64);
    writeln!(out, "  {:longest$}  {index}", "index")?;
    if let (Some(before), Some(with_set)) = (measured.memory.before, measured.memory.with_set) {
        let (before, with_set) = (size(before), size(with_set));
        writeln!(out, "  {:longest$}  {with_set} once the set was loaded, {before} before", "process")?;
    }
    Ok(())
}

/// A bar for a share of the longest one.
fn bar(share: f64) -> String {
    (0..WIDTH).take_while(|length| (f64::from(*length) + 0.5) / f64::from(WIDTH) <= share).map(|_| '#').collect()
}

/// The load in the middle.
pub(super) fn load_time(loads: &[Duration]) -> Duration {
    let mut seconds: Vec<f64> = loads.iter().map(Duration::as_secs_f64).collect();
    Duration::from_secs_f64(measure::median(&mut seconds))
}

/// How many take a second.
pub(super) fn per_second(nanos: f64) -> f64 {
    (1e9 / nanos.max(1.0)).floor()
}

fn nanos(nanos: f64) -> String {
    if nanos < 9.95 { format!("{nanos:.1}") } else { grouped(nanos.round()) }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 { "under 0.1 %".to_owned() } else { format!("{percent:.1} %") }
}

/// Thousands apart.
fn grouped(number: impl Display) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = units.into_iter().find(|(unit, _)| bytes >= *unit);
    unit.map_or_else(|| format!("{bytes} bytes"), |(unit, name)| format!("{:.1} {name}", bytes as f64 / unit as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_easy_to_read() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0.04, 9.94, 9.96, 1234.4].map(nanos), ["0.0", "9.9", "10", "1,234"]);
        assert_eq!([0.0, 0.0004, 0.25, 1.0].map(percent), ["0.0 %", "under 0.1 %", "25.0 %", "100.0 %"]);
        assert_eq!([12, 1536, 5 << 20, 3 << 29].map(size), ["12 bytes", "1.5 KiB", "5.0 MiB", "1.5 GiB"]);
    }

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_longest() {
        let row = |what: &str, cost: f64| Row { what: what.to_owned(), cost, remark: String::new() };
        let mut out = Vec::new();
        chart(&[row("view name", 480.0), row("rule a", 120.0), row("rule b", 1.0)], &mut out).unwrap();
        let bar = "#".repeat(24);
        let expected = format!("  view name       480  {bar}\n  rule a          120  ######\n  rule b          1.0\n");
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
