//! What came of a drill, for people and for programs.

use std::{collections::BTreeMap, io::Write};

use serde::Serialize;

use crate::{
    cli::{
        drill::{
            ask::{Drilled, Tally},
            mend::{MOST_RULES, Mend},
        },
        test::percent,
    },
    diagnostic::counted,
    engine::coverage::Share,
    text::{self, evasion::TECHNIQUES},
};

/// Names that are shown of a rule to people, and to programs; the rest are counted.
const SHOWN: usize = 3;
const LISTED: usize = 100;

/// The wire form: stable; fields are only added.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    seed: u64,
    #[serde(flatten)]
    total: Counts,
    techniques: Vec<Row>,
    rules: Vec<Line<'a>>,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Counts {
    stopped: usize,
    through: usize,
    no_view: usize,
    known_miss: usize,
}

#[derive(Serialize)]
struct Row {
    technique: &'static str,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize)]
struct Line<'a> {
    rule: &'a str,
    file: &'a str,
    line: usize,
    mode: &'static str,
    #[serde(flatten)]
    counts: Counts,
    stopped_by_others: &'a BTreeMap<&'a str, usize>,
    names: Vec<Name<'a>>,
    change: Option<Change>,
    stale_known_misses: &'a [&'a str],
    notes: &'a [String],
}

#[derive(Serialize)]
struct Name<'a> {
    technique: &'static str,
    example: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Change {
    stops: usize,
    edits: Vec<Word>,
}

#[derive(Serialize)]
struct Word {
    line: usize,
    from: &'static str,
    to: &'static str,
}

impl Counts {
    fn of<'t>(tallies: impl IntoIterator<Item = &'t Tally>) -> Counts {
        tallies.into_iter().fold(Counts::default(), |sum, tally| Counts {
            stopped: sum.stopped + tally.stopped,
            through: sum.through + tally.through,
            no_view: sum.no_view + tally.beyond,
            known_miss: sum.known_miss + tally.accepted,
        })
    }

    fn share(self) -> Share {
        Share { seen: self.stopped, possible: self.stopped + self.through }
    }
}

impl<'a> Report<'a> {
    pub(super) fn of(seed: u64, drilled: &'a [Drilled<'a>]) -> Report<'a> {
        let row = |(place, technique): (usize, &'static str)| Row {
            technique,
            counts: Counts::of(drilled.iter().filter_map(|rule| rule.tallies.get(place))),
        };
        Report {
            seed,
            total: Counts::of(drilled.iter().flat_map(|rule| &rule.tallies)),
            techniques: TECHNIQUES.iter().map(|technique| technique.name).enumerate().map(row).collect(),
            rules: drilled.iter().map(line).collect(),
        }
    }

    /// How much is stopped of what a view could find and nobody accepted.
    pub(super) fn share(&self) -> Share {
        self.total.share()
    }

    pub(super) fn json(&self, out: &mut impl Write) -> anyhow::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        Ok(writeln!(out)?)
    }

    pub(super) fn text(&self, out: &mut impl Write) -> anyhow::Result<()> {
        writeln!(out, "{:<44} {:>8} {:>8} {:>8} {:>11}", "", "stopped", "through", "no view", "known miss")?;
        for Row { technique, counts } in &self.techniques {
            let Counts { stopped, through, no_view, known_miss } = counts;
            writeln!(out, "{technique:<44} {stopped:>8} {through:>8} {no_view:>8} {known_miss:>11}")?;
        }
        for line in &self.rules {
            line.text(out)?;
        }
        if self.rules.iter().filter(|line| line.counts.through > 0).count() > MOST_RULES {
            writeln!(out, "\nA change was looked for in the first {MOST_RULES} of these rules only.")?;
        }
        let Share { seen, possible } = self.share();
        writeln!(out, "\nstopped: {} ({seen} of {possible} names that a view could find)", percent(self.share()))?;
        Ok(())
    }
}

fn line<'a>(drilled: &'a Drilled<'a>) -> Line<'a> {
    let names = drilled.through.iter().take(LISTED).map(|variant| Name {
        technique: variant.technique,
        example: &variant.example,
        name: &variant.facts.name,
    });
    Line {
        rule: &drilled.rule.id,
        file: &drilled.rule.file,
        line: drilled.rule.line,
        mode: drilled.rule.mode.name(),
        counts: Counts::of(&drilled.tallies),
        stopped_by_others: &drilled.by_others,
        names: names.collect(),
        change: drilled.mend.as_ref().map(change),
        stale_known_misses: &drilled.stale,
        notes: &drilled.notes,
    }
}

fn change(mend: &Mend) -> Change {
    let words = mend.edits.iter().map(|edit| Word { line: edit.line, from: edit.from, to: edit.to });
    Change { stops: mend.stops, edits: words.collect() }
}

impl Line<'_> {
    fn text(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let Counts { stopped, through, .. } = self.counts;
        let is_silent = through == 0 && self.notes.is_empty() && self.stale_known_misses.is_empty();
        if is_silent {
            return Ok(());
        }
        let file = text::clean(self.file);
        write!(out, "\n{} ({file}:{})", self.rule, self.line)?;
        match stopped + through {
            0 => writeln!(out)?,
            asked => writeln!(out, ": {through} of {asked} get through")?,
        }
        if !self.names.is_empty() {
            let shown: Vec<String> =
                self.names.iter().take(SHOWN).map(|name| format!("`{}`", text::visible(name.name))).collect();
            let more = through.saturating_sub(shown.len());
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            writeln!(out, "  {}{more}", shown.join(", "))?;
        }
        for (other, count) in self.stopped_by_others {
            writeln!(out, "  {other} stops {}", counted(*count, "name"))?;
        }
        for miss in self.stale_known_misses {
            writeln!(out, "  the known miss `{}` is stopped now: move it to `match`", text::visible(miss))?;
        }
        for note in self.notes {
            writeln!(out, "  not drilled: {note}")?;
        }
        let Some(change) = &self.change else { return Ok(()) };
        let words = change.edits.iter().map(|word| format!("line {}: `{}` -> `{}`", word.line, word.from, word.to));
        let words: Vec<String> = words.collect();
        Ok(writeln!(out, "  help: {}; stops {} of the {through}", words.join(", "), change.stops)?)
    }
}
