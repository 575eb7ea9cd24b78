//! A request that two rules match, as an entry of `tests:` that says who decides, and where it goes in a rule file.

use jiff::Timestamp;

use crate::{
    analysis::Overlap,
    diagnostic::{Sink, Sources},
    engine::{Decision, Snapshot, Views},
    facts::{Command, Facts},
    rules::ast::RuleSet,
    text,
    yaml::{self, Node, Value},
};

/// A test that settles which of two rules decides.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The file of the later one of the two rules, as users know it.
    pub file: String,
    /// The lines of the entry, the first without its dash.
    lines: [String; 3],
}

/// Tests that settle overlaps.
#[derive(Clone, Debug, Default)]
pub struct Witnesses {
    /// The tests.
    pub tests: Vec<Witness>,
    /// How many overlaps there are besides.
    pub left: usize,
}

/// What a request is about besides the name and the command, for the fields that somebody looks at; the operator only if it
/// is not anybody.
pub(super) fn besides(facts: &Facts<'_>) -> Vec<(&'static str, String)> {
    let operator = Some(facts.operator.to_string()).filter(|operator| operator != ANYBODY);
    let mut besides = given(facts);
    besides.splice(0..0, operator.map(|operator| ("operator", operator)));
    if facts.command != Command::CreateTopic {
        besides.insert(0, ("command", facts.command.name().to_owned()));
    }
    besides
}

/// The operator where nothing depends on it.
const ANYBODY: &str = "someone";

fn given(facts: &Facts<'_>) -> Vec<(&'static str, String)> {
    let fields = [
        ("owner", facts.owner.as_deref().map(str::to_owned)),
        ("type", facts.group_type.as_deref().map(str::to_owned)),
        ("platform", facts.platform.as_deref().map(str::to_owned)),
        ("client_ip", facts.client_ip.map(|address| address.to_string())),
        ("app", facts.app.map(|app| app.to_string())),
    ];
    fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

pub(super) fn of(snapshot: &Snapshot, set: &RuleSet<'_>, overlap: &Overlap) -> Option<Witness> {
    let [winner, other] = overlap.rules.map(|rule| snapshot.rules.get(rule));
    let (winner, other) = (winner?, other?);
    let facts = &overlap.facts;
    let decision = winner.decide(&Views::of(facts));
    let name = scalar(&format!("{} comes before {}", winner.id, other.id));
    let at = at(set, facts).map(|at| format!("\nat: {at}")).unwrap_or_default();
    let mut request: Vec<String> = Vec::new();
    if facts.command != Command::CreateTopic {
        request.push(format!("command: {}", facts.command.name()));
    }
    request.push(format!("operator: {}", scalar(&facts.operator)));
    request.push(format!("name: {}", scalar(&facts.name)));
    request.extend(given(facts).into_iter().map(|(key, value)| {
        let value = if key == "app" { value } else { scalar(&value) };
        format!("{key}: {value}")
    }));
    let code = if matches!(decision, Decision::Allow) { String::new() } else { format!(", code: {}", decision.code()) };
    let expect = format!("decision: {}, rule: {}{code}", decision.name(), scalar(&winner.id));
    let lines = [
        format!("name: {name}{at}"),
        format!("request: {{ {} }}", request.join(", ")),
        format!("expect: {{ {expect} }}"),
    ];
    Some(Witness { file: other.file.clone(), lines })
}

/// When the request comes, in a set that depends on the time.
fn at(set: &RuleSet<'_>, facts: &Facts<'_>) -> Option<Timestamp> {
    let is_timed = set.rules.iter().any(|rule| rule.life.depends_on_time());
    Timestamp::from_second(facts.at.as_second()).ok().filter(|_| is_timed)
}

/// Words that YAML may read as something else than text.
const READ_OTHERWISE: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"];

/// A text as it is written in YAML, also between brackets.
pub fn scalar(text: &str) -> String {
    let is_word = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b' '))
            && !text.ends_with(' ')
            && !READ_OTHERWISE.contains(&text.to_lowercase().as_str())
    };
    if is_word(text) {
        text.to_owned()
    } else if text::visible(text) == text {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        let escaped = text.chars().map(|character| match character {
            '"' | '\\' => format!("\\{character}"),
            _ if text::visible(character.encode_utf8(&mut [0; 4])) == character.to_string() => character.to_string(),
            _ => format!("\\U{:08x}", u32::from(character)),
        });
        format!("\"{}\"", escaped.collect::<String>())
    }
}

/// A rule file with such tests at the end of its `tests:`, which it gets if it has none; all else stays as it is. `None`
/// where they cannot be added without a risk.
pub fn added(text: &str, witnesses: &[&Witness]) -> Option<String> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tree = read(bare)?;
    let before = tests(&tree);
    let (at, entries) = match before {
        Some((index, node)) => inside(bare, &tree, index, node, witnesses)?,
        None => (bare.len(), format!("{}tests:\n{}", gap(bare), block(witnesses, "  ", Gap::Wide))),
    };
    let entries = if bare.contains("\r\n") { entries.replace('\n', "\r\n") } else { entries };
    let edited = format!("{}{entries}{}", bare.get(..at)?, bare.get(at..)?);
    let count = |tree: &Node| tests(tree).and_then(|(_, node)| sequence(node)).map_or(0, <[Node]>::len);
    let again = read(&edited)?;
    let is_right = count(&again) == count(&tree) + witnesses.len()
        && keys(&again).len() == keys(&tree).len().max(1) + usize::from(before.is_none());
    let mark = text.get(..text.len() - bare.len())?;
    is_right.then(|| format!("{mark}{edited}"))
}

/// Whether a rule file has tests.
pub fn has_tests(text: &str) -> bool {
    read(text.strip_prefix('\u{feff}').unwrap_or(text)).is_some_and(|tree| tests(&tree).is_some())
}

fn read(text: &str) -> Option<Node> {
    let mut sink = Sink::default();
    yaml::parse(Sources::default().add("", ""), text, &mut sink).filter(|_| !sink.has_errors())
}

fn keys(tree: &Node) -> &[(yaml::Key, Node)] {
    if let Value::Mapping(entries) = &tree.value { entries } else { &[] }
}

/// The place of the tests among the keys of a file, and the tests.
fn tests(tree: &Node) -> Option<(usize, &Node)> {
    let index = keys(tree).iter().position(|(key, _)| key.text == "tests")?;
    Some((index, &keys(tree).get(index)?.1))
}

fn sequence(node: &Node) -> Option<&[Node]> {
    if let Value::Sequence(items) = &node.value { Some(items) } else { None }
}

/// Where tests go into those that there are, and what is put there.
fn inside(text: &str, tree: &Node, index: usize, node: &Node, witnesses: &[&Witness]) -> Option<(usize, String)> {
    let items = sequence(node)?;
    if text.get(node.place.range())?.starts_with('[') {
        let at = node.place.range().end.checked_sub(1)?;
        let flow: Vec<String> = witnesses.iter().map(|witness| witness.flow()).collect();
        let comma = if items.is_empty() { "" } else { ", " };
        return Some((at, format!("{comma}{}", flow.join(", "))));
    }
    let first = text.get(..items.first()?.place.range().start)?;
    let line = first.rsplit('\n').next()?;
    let indent: String = line.chars().take_while(|character| *character == ' ').collect();
    let end = keys(tree).get(index + 1).map_or(text.len(), |(key, _)| key.place.range().start);
    let at = end_of_content(text.get(..end)?);
    let last = items.last()?.place.range().start;
    let second = items.get(1).map(|second| second.place.range().start).unwrap_or(last);
    let apart = text.get(first.len()..second)?.contains("\n\n") || items.len() == 1;
    let gap = if text.get(..at)?.ends_with('\n') { "" } else { "\n" };
    let entries = block(witnesses, &indent, if apart { Gap::Wide } else { Gap::None });
    let between = if apart { "\n" } else { "" };
    Some((at, format!("{gap}{between}{entries}")))
}

/// Where the last line ends that is neither empty nor a comment at the margin.
fn end_of_content(text: &str) -> usize {
    let mut end = text.len();
    for line in text.split_inclusive('\n').rev() {
        if !line.trim().is_empty() && !line.starts_with('#') {
            break;
        }
        end -= line.len();
    }
    end
}

/// What stands between two entries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Wide,
}

fn block(witnesses: &[&Witness], indent: &str, gap: Gap) -> String {
    let entries: Vec<String> = witnesses.iter().map(|witness| witness.block(indent)).collect();
    entries.join(if gap == Gap::Wide { "\n" } else { "" })
}

/// What ends the text before new keys.
fn gap(text: &str) -> &'static str {
    if text.is_empty() || text.ends_with("\n\n") {
        ""
    } else if text.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    }
}

impl Witness {
    /// The entry, as it stands under `tests:`.
    pub fn entry(&self) -> String {
        self.block("  ")
    }

    fn block(&self, indent: &str) -> String {
        let lines = self.lines.iter().flat_map(|line| line.lines()).enumerate();
        lines.map(|(index, line)| format!("{indent}{} {line}\n", if index == 0 { '-' } else { ' ' })).collect()
    }

    fn flow(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().flat_map(|line| line.lines()).collect();
        format!("{{ {} }}", lines.join(", "))
    }
}
