//! The rule language: from the bytes of a rule set to a [`Snapshot`], or to everything that is wrong with it.
//!
//! No file is read here: [`source`](crate::source) brings the bytes. [`load`] reads straight down.

mod accept;
mod ast;
mod calendar;
mod cases;
mod causes;
mod compile;
mod coverage;
mod entries;
mod expiry;
pub mod grammar;
mod guarantees;
mod hinge;
mod input;
mod inventory;
mod lists;
mod message;
mod outline;
mod overlaps;
mod parse;
mod proofs;
mod register;
mod requests;
mod revision;
mod samples;
mod schema;
mod sentence;
mod slow;
mod unused;
mod validate;
pub mod witness;

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    analysis::Budget,
    diagnostic::{Code, Diagnostic, FileId, Place, Report, Sink, Sources},
    engine::{
        Coverage, Index, Rule, Snapshot,
        snapshot::{Counts, ListSize},
    },
    facts::Facts,
    matchers::{Lists, lists::Completeness},
    yaml::{self, Node, format::Unformatted},
};

pub use cases::{Check, Difference, Outcome};
pub use input::{Input, ListFault, ListFile, Problem, RuleFile, lists_named};
pub use inventory::{Entered, Inventory, Member, SHOWN};
pub use outline::{Entries, Named, Outline, outline};
pub use parse::instant;
pub use register::{Register, Registered};
pub use revision::name_of;
pub use samples::{Ignoring, NameTest, Samples};
pub use schema::schema;

use ast::{Mode, RuleSet};
use compile::{Compiled, Compiler};
use expiry::Patience;
use witness::Witnesses;

/// The outcome of loading a rule set.
#[derive(Debug)]
pub struct Loaded {
    /// The set, unless it has errors that forbid it to load.
    pub snapshot: Option<Snapshot>,
    /// Every finding, sorted by place.
    pub report: Report,
    /// The examples and tests that were run; none where the set has other errors.
    pub outcomes: Vec<Outcome>,
    /// What was read, to name the places of [`outcomes`](Loaded::outcomes).
    pub sources: Sources,
    /// Tests that would settle the overlaps that a check found.
    pub witnesses: Witnesses,
}

/// Parses, validates and compiles a rule set, and proves its examples and tests.
///
/// `at` is now: some findings say what expires soon. None of those keeps a set from loading, and the same text and time
/// always give the same findings.
pub fn load(input: Input, at: Timestamp) -> Loaded {
    read(input, at, None, |_| ()).0
}

/// The same, for somebody who looks after the set: patterns that are run on every request are noted, and an exception that
/// expired 30 days ago is an error. It is the only one that leaves a [`snapshot`](Loaded::snapshot).
pub fn check(input: Input, at: Timestamp, proofs: Budget) -> Loaded {
    read(input, at, Some(proofs), |_| ()).0
}

/// Loads a set, and measures what the examples and tests show of it; nothing where they were not run.
pub fn cover(input: Input, at: Timestamp) -> (Loaded, Option<Coverage>) {
    read(input, at, None, |whole| coverage::of(whole.snapshot, whole.set))
}

/// Loads a set, and gives what its examples and tests ask, in written order: nothing where they were not run. The operator
/// of an example that only has a name is empty, and what has no time is asked at the epoch.
pub fn requests(input: Input, at: Timestamp) -> (Loaded, Vec<Facts<'static>>) {
    let (loaded, requests) = read(input, at, None, |whole| requests::of(whole.set));
    (loaded, requests.unwrap_or_default())
}

/// Loads a set, and gives what each live rule was written to match; nothing where it does not load.
pub fn samples(input: Input, at: Timestamp) -> (Loaded, Vec<Samples>) {
    let (loaded, samples) = read(input, at, None, samples::of);
    (loaded, samples.unwrap_or_default())
}

/// Loads a set, and gives its codes; none where it does not load.
pub fn register(input: Input, at: Timestamp) -> (Loaded, Register) {
    let (loaded, register) = read(input, at, None, |whole| register::of(whole.set));
    (loaded, register.unwrap_or_default())
}

/// Loads a set, and tells what it consists of; nothing where it does not load.
pub fn inventory(input: Input, at: Timestamp) -> (Loaded, Inventory) {
    let (loaded, inventory) = read(input, at, None, inventory::of);
    (loaded, inventory.unwrap_or_default())
}

/// A set that can be loaded, and what it was made from.
struct Whole<'a, 't> {
    snapshot: &'a Snapshot,
    set: &'a RuleSet<'t>,
    lists: &'a Lists<'a>,
    sources: &'a Sources,
}

/// Loads a set; `look` is shown it once its examples and tests were run.
fn read<T>(
    input: Input,
    at: Timestamp,
    proofs: Option<Budget>,
    look: impl FnOnce(&Whole<'_, '_>) -> T,
) -> (Loaded, Option<T>) {
    let mut sink = Sink::default();
    let mut sources = Sources::default();
    let texts = Texts::of(input, &mut sources, &mut sink);
    let trees: Vec<Option<Node>> =
        texts.files.iter().map(|file| yaml::parse((*file)?, sources.text((*file)?), &mut sink)).collect();
    let set = parsed(&trees, &mut sink);
    validate::check(&set, &mut sink);
    let mut lists = lists::resolve(&set, &texts.lists, &sources, &mut sink);
    let zone = calendar::zone_of(&set);
    let mut compiler = Compiler::new(&zone, &sources, &mut lists);
    let rules = compiler.rules(&set.rules, &mut sink);
    let sizes = list_sizes(compiler.lists);
    let guarantees = compiler.guarantees(&set.guarantees, &mut sink);
    let patience = if proofs.is_some() { Patience::Limited } else { Patience::Endless };
    let dated = expiry::findings(&rules, &zone, at, patience);
    let slow = if proofs.is_some() { looked_after(&rules, &lists) } else { Vec::new() };
    let live = proofs::live(&rules);
    let mut outcomes = Vec::new();
    let mut witnesses = Witnesses::default();
    let mut unproved = Vec::new();
    let mut looked = None;
    let mut snapshot = None;
    if !sink.has_errors() {
        outcomes.extend(rules.iter().flat_map(|rule| cases::examples(rule)));
        let mut built = snapshot_of(&texts, &set, zone, rules, &lists);
        built.counts.lists = sizes;
        outcomes.extend(set.tests.iter().map(|case| cases::case(&built, case)));
        outcomes.iter().filter_map(|outcome| outcome.finding.clone()).for_each(|finding| sink.push(finding));
        let found = guarantees::findings(&built, &live, &guarantees, at, proofs, &mut sink);
        built.counts.proved = found.proved;
        unproved = found.open;
        if let Some(budget) = proofs {
            unused::findings(&set, &lists, &mut sink);
            let settled = proofs::findings(&built, &set, &live, at, budget, &mut sink);
            witnesses = overlaps::findings(&built, &set, &settled, &live, at, budget, &mut sink);
        }
        looked = Some(look(&Whole { snapshot: &built, set: &set, lists: &lists, sources: &sources }));
        snapshot = Some(built).filter(|_| !sink.has_errors());
    }
    drop(lists);
    dated.into_iter().chain(slow).chain(unproved).for_each(|finding| sink.push(finding));
    accept::apply(&set.rules, &mut sink);
    (Loaded { snapshot, report: Report::new(&sources, sink), outcomes, sources, witnesses }, looked)
}

/// What is told to somebody who looks after the set, besides what is proved.
fn looked_after(rules: &[Compiled<'_, '_>], lists: &Lists<'_>) -> Vec<Diagnostic> {
    [slow::findings(rules), entries::findings(rules, lists)].concat()
}

/// The canonical form of a rule file.
///
/// # Errors
///
/// When it cannot be read, or not be laid out without a risk to what it says.
pub fn format(text: &str) -> Result<String, Unformatted> {
    yaml::format::format(text, &grammar::FILE)
}

/// Those who hold the exact set of a list besides rules: the lists, and who asks.
const HELD_WHILE_LOADING: usize = 2;

/// The files of a set, as texts that places can point into.
struct Texts {
    content: String,
    files: Vec<Option<FileId>>,
    lists: lists::Files,
}

impl Texts {
    fn of(input: Input, sources: &mut Sources, sink: &mut Sink) -> Texts {
        for problem in input.problems {
            let place = Place::whole(sources.add(problem.path, ""));
            sink.push(Diagnostic::new(problem.code, place, problem.message).help_if(problem.help));
        }
        if input.files.is_empty() && !sink.has_errors() {
            let place = Place::whole(sources.add("rules", ""));
            sink.push(Diagnostic::new(Code::NoRuleFiles, place, "there is no rule file"));
        }
        let mut files = Vec::new();
        for file in input.files {
            files.push(match file.bytes {
                Ok(bytes) => text(file.path, bytes, sources, sink),
                Err(message) => {
                    let place = Place::whole(sources.add(file.path, ""));
                    let help = "a rule file is a regular file that this process may read: mend the link or the permissions, \
                                or remove it";
                    sink.push(Diagnostic::new(Code::UnreadableFile, place, message).help(help));
                    None
                }
            });
        }
        let read = input.list_files.into_iter().map(|list| match list.text {
            Ok(text) => Some(shared(list.path, text, sources)),
            Err(bytes) => text(list.path, bytes, sources, sink),
        });
        let read: Vec<Option<FileId>> = read.collect();
        let file = |index: usize| read.get(index).copied().flatten();
        let lists = input.lists.into_iter().map(|(key, named)| (key, named.map(file))).collect();
        Texts { content: input.content, files, lists }
    }
}

/// Adds a file to the sources; `None` after a finding where it is not UTF-8.
fn text(path: String, bytes: Vec<u8>, sources: &mut Sources, sink: &mut Sink) -> Option<FileId> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(shared(path, Arc::new(text), sources)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let file = sources.add(path, String::from_utf8_lossy(error.as_bytes()));
            let place = Place::new(file, valid..valid + char::REPLACEMENT_CHARACTER.len_utf8());
            let wide = error.as_bytes().starts_with(&[0xff, 0xfe]) || error.as_bytes().starts_with(&[0xfe, 0xff]);
            let message = if wide { "the file is UTF-16, not UTF-8" } else { "the file is not UTF-8" };
            sink.push(Diagnostic::new(Code::NotUtf8, place, message).help("save it as UTF-8 in the editor"));
            None
        }
    }
}

/// Adds a text to the sources.
fn shared(path: String, text: Arc<String>, sources: &mut Sources) -> FileId {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => sources.add(path, rest),
        None => sources.share(path, text),
    }
}

fn parsed<'t>(trees: &'t [Option<Node>], sink: &mut Sink) -> RuleSet<'t> {
    // What was reported so far are files that could not be read: what they declare is not known.
    let whole = trees.iter().all(Option::is_some) && !sink.has_errors();
    let completeness = if whole { Completeness::Whole } else { Completeness::Partial };
    let mut set = RuleSet { completeness, ..RuleSet::default() };
    for (index, tree) in trees.iter().enumerate() {
        if let Some(root) = tree {
            parse::file(index, root, &mut set, sink);
        }
    }
    if let Some(root) = trees.iter().flatten().next().filter(|_| set.rules.is_empty() && !sink.has_errors()) {
        let found = Diagnostic::new(Code::NoRules, root.place, "the set has no rules");
        sink.push(found.help(
            "add one under `rules:`; to allow everything on purpose, write one with `action: allow` and `when: always`",
        ));
    }
    set
}

fn snapshot_of(
    texts: &Texts,
    set: &RuleSet<'_>,
    zone: TimeZone,
    rules: Vec<Compiled<'_, '_>>,
    lists: &Lists<'_>,
) -> Snapshot {
    let with = |mode: Mode| rules.iter().filter(|compiled| compiled.written.mode == mode).count();
    let counts = Counts {
        files: texts.files.len(),
        enforced: with(Mode::Enforce),
        shadow: with(Mode::Shadow),
        disabled: with(Mode::Disabled),
        lists: Vec::new(),
        examples: set.rules.iter().map(|rule| rule.examples.len()).sum(),
        tests: set.tests.len(),
        guarantees: set.guarantees.len(),
        proved: 0,
    };
    let revision = revision::of(&rules, lists);
    let live = rules.into_iter().filter(|compiled| compiled.written.mode != Mode::Disabled);
    let rules: Vec<Rule> = live.map(|compiled| compiled.rule).collect();
    let index = Index::of(&rules);
    Snapshot { content: texts.content.clone(), revision, zone, rules, index, counts }
}

/// Asked before guarantees are compiled: they are gone once the set is loaded.
fn list_sizes(lists: &Lists<'_>) -> Vec<ListSize> {
    lists.declared.keys().map(|name| list_size(name, lists)).collect()
}

/// Whoever has a list exactly holds its set; for all others it is dropped when the set is loaded.
fn list_size(name: &str, lists: &Lists<'_>) -> ListSize {
    let exact = lists.exact(name);
    let held = exact.as_ref().filter(|set| Arc::strong_count(set) > HELD_WHILE_LOADING);
    ListSize {
        name: name.to_owned(),
        entries: exact.as_ref().map_or(0, |set| set.len()),
        bytes: held.map(|set| set.memory()),
    }
}
