//! `when`: conditions and the tests in them.

use crate::{
    diagnostic::{Code, Diagnostic, Sink, did_you_mean},
    facts::{Field, FieldType},
    matchers::{Fit, Kind, REGISTRY},
    rules::{
        ast::{Condition, Test, Written},
        grammar::{self, ALWAYS},
        parse::empty,
    },
    yaml::{
        Key, Node, Value,
        read::{full_width_colon, listed},
    },
};

const STRUCTURE: [&str; 3] = ["all", "any", "not"];

/// The condition of a rule: a mapping, or the word `always`.
pub(super) fn parse<'t>(node: &'t Node, sink: &mut Sink) -> Option<Condition<'t>> {
    if node.scalar().is_some_and(|scalar| scalar.text == ALWAYS) {
        return Some(Condition::Always);
    }
    let Some(scalar) = node.scalar() else { return condition(node, sink) };
    let message = "`when` must be a condition, or the word `always`";
    let colon = full_width_colon(&scalar.text).map(str::to_owned);
    sink.push(
        Diagnostic::new(Code::WrongType, node.place, message)
            .help("write it like `when: { name: { contains: casino } }`")
            .help_if(colon)
            .meant_if(did_you_mean(&scalar.text, [ALWAYS])),
    );
    None
}

/// Every key of a mapping must hold.
fn condition<'t>(node: &'t Node, sink: &mut Sink) -> Option<Condition<'t>> {
    if node.is_null() {
        empty(node, "this condition", sink);
        return None;
    }
    if let Value::Sequence(_) = node.value {
        let message = "a condition must be a mapping, not a list";
        let help = "put the list under `all:` if each of it must hold, under `any:` if one of it must";
        sink.push(Diagnostic::new(Code::WrongType, node.place, message).help(help));
        return None;
    }
    let entries = node.mapping("a condition", sink)?;
    if entries.is_empty() {
        empty(node, "this condition", sink);
        return None;
    }
    let parts = entries.iter().map(|(key, value)| part(key, value, sink).unwrap_or(Condition::Reported));
    Some(all(parts.collect()))
}

fn part<'t>(key: &'t Key, node: &'t Node, sink: &mut Sink) -> Option<Condition<'t>> {
    match key.text.as_str() {
        "all" => branches(node, "`all`", sink).map(Condition::All),
        "any" => branches(node, "`any`", sink).map(|branches| Condition::Any(branches, key.place)),
        "not" => condition(node, sink).map(|inner| Condition::Not(Box::new(inner), key.place)),
        name => match Field::named(name) {
            Some(field) => test(Written { value: field, place: key.place }, node, sink),
            None => {
                sink.push(unknown_field(key));
                None
            }
        },
    }
}

fn branches<'t>(node: &'t Node, what: &str, sink: &mut Sink) -> Option<Vec<Condition<'t>>> {
    let items = node.sequence(what, sink)?;
    if items.is_empty() {
        empty(node, what, sink);
        return None;
    }
    Some(items.iter().map(|item| condition(item, sink).unwrap_or(Condition::Reported)).collect())
}

/// A mapping with one key is no different from what stands under the key.
fn all(mut parts: Vec<Condition<'_>>) -> Condition<'_> {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Condition::All(parts)
        }
        None => Condition::Reported,
    }
}

fn unknown_field(key: &Key) -> Diagnostic {
    let fields = Field::ALL.iter().map(|field| field.name());
    let known: Vec<&str> = fields.chain(STRUCTURE).collect();
    let text = key.text.as_str();
    let found = Diagnostic::new(Code::UnknownKey, key.place, format!("there is no field `{text}`"));
    match (text, Kind::named(text)) {
        ("or", _) => found.meant("any"),
        ("and", _) => found.meant("all"),
        (_, Some(kind)) if !kind.hosts().is_empty() => found.help(put_beside(Field::Name, kind)),
        (_, Some(_)) => {
            found.help(format!("`{text}` is a matcher: put it under a field, such as `name: {{ {text}: ... }}`"))
        }
        (_, None) => match misplaced(text) {
            Some(help) => found.help(help),
            None => found
                .help(format!("a condition takes {}", listed(&known)))
                .meant_if(did_you_mean(text, known.iter().copied())),
        },
    }
}

/// What to do about a key of the rule that was indented into its condition, or about a colon that YAML takes for a letter.
fn misplaced(text: &str) -> Option<String> {
    let is_of_rule = grammar::RULE.entry(text).is_some();
    let of_rule = is_of_rule.then(|| format!("`{text}` belongs to the rule: indent it like `when`"));
    of_rule.or_else(|| full_width_colon(text).map(str::to_owned))
}

/// Every matcher of a mapping must pass.
fn test<'t>(field: Written<Field>, node: &'t Node, sink: &mut Sink) -> Option<Condition<'t>> {
    let name = field.value.name();
    let Value::Mapping(entries) = &node.value else {
        if node.is_null() {
            empty(node, &format!("the test of `{name}`"), sink);
        } else if !matches!(node.value, Value::Reported) {
            let message = format!("the test of `{name}` must name a matcher");
            let matcher = if field.value.holds() == FieldType::Address { "in_cidr" } else { "is" };
            sink.push(
                Diagnostic::new(Code::WrongType, node.place, message)
                    .help(format!("write `{name}: {{ {matcher}: ... }}`")),
            );
        }
        return None;
    };
    if entries.is_empty() {
        empty(node, &format!("the test of `{name}`"), sink);
        return None;
    }
    if let Some((key, help)) = missing_brackets(entries) {
        let message = format!("there is no matcher `{}`", key.text);
        sink.push(Diagnostic::new(Code::UnknownKey, key.place, message).help(help));
        return None;
    }
    let kinds: Vec<Option<&'static Kind>> = entries.iter().map(|(key, _)| kind_of(field.value, key, sink)).collect();
    let written: Vec<Asked> = entries.iter().zip(kinds).map(|((key, node), kind)| Asked { key, kind, node }).collect();
    let parts = written.iter().filter_map(|asked| part_of_test(field, asked, &written, sink));
    Some(all(parts.collect()))
}

/// A key of a test, what it stands for, and its argument.
struct Asked<'t> {
    key: &'t Key,
    kind: Option<&'static Kind>,
    node: &'t Node,
}

/// What a key of a test asks; `None` where it is for the one beside it.
fn part_of_test<'t>(
    field: Written<Field>,
    asked: &Asked<'t>,
    beside: &[Asked<'t>],
    sink: &mut Sink,
) -> Option<Condition<'t>> {
    let Some(kind) = asked.kind else { return Some(Condition::Reported) };
    if !kind.hosts().is_empty() {
        let misplaced = misplaced_beside(field.value, asked.key, kind, beside)?;
        sink.push(misplaced);
        return Some(Condition::Reported);
    }
    let narrows = |other: &&Asked<'t>| {
        let narrowing = other.kind.filter(|narrowing| narrowing.hosts().contains(&kind.name));
        narrowing.is_some_and(|narrowing| misplaced_beside(field.value, other.key, narrowing, beside).is_none())
    };
    let ignoring = beside.iter().find(narrows).map(|other| other.node);
    let matcher = Written { value: kind, place: asked.key.place };
    Some(Condition::Test(Test { field, matcher, argument: asked.node, ignoring }))
}

/// The finding for a key that must stand beside exactly one of some others, where it does not.
fn misplaced_beside(field: Field, key: &Key, kind: &Kind, beside: &[Asked<'_>]) -> Option<Diagnostic> {
    let names = |name: &&str| beside.iter().any(|asked| asked.key.text == **name);
    let hosts: Vec<&str> = kind.hosts().iter().copied().filter(names).collect();
    let name = kind.name;
    match hosts.as_slice() {
        // One that is misspelt may be what it belongs to.
        [] if beside.iter().any(|asked| asked.kind.is_none()) => None,
        [] => {
            let message = format!("`{name}` has nothing to stand beside");
            Some(Diagnostic::new(Code::UnknownKey, key.place, message).help(put_beside(field, kind)))
        }
        [_] => None,
        hosts => {
            let message = format!("`{name}` may be meant for {}", listed(hosts));
            let help = "put each of them into a test of its own, under `all`, with what is to be ignored";
            Some(Diagnostic::new(Code::UnknownKey, key.place, message).help(help))
        }
    }
}

/// Where a key that does not stand alone belongs.
fn put_beside(field: Field, kind: &Kind) -> String {
    let fitting = |host: &&str| Kind::named(host).is_some_and(|host| host.is_for(field));
    let hosts: Vec<&str> = kind.hosts().iter().copied().filter(fitting).collect();
    let (first, field) = (hosts.first().copied().unwrap_or_default(), field.name());
    format!("put it beside {}: `{field}: {{ {first}: ..., {}: ... }}`", listed(&hosts), kind.name)
}

/// What to write for `in: amy, bo` at the end of some braces, where YAML takes `bo` for a key without a value.
fn missing_brackets(entries: &[(Key, Node)]) -> Option<(&Key, String)> {
    let is_text = |(key, value): &(Key, Node)| Kind::named(&key.text).is_none() && value.is_null();
    let matchers = entries.iter().take_while(|entry| !is_text(entry)).count();
    let (before, rest) = entries.split_at_checked(matchers)?;
    let (matcher, first) = before.last()?;
    let kind = Kind::named(&matcher.text)?;
    let first = &first.scalar().filter(|_| !rest.is_empty() && rest.iter().all(is_text))?.text;
    let texts: Vec<&str> = [first.as_str()].into_iter().chain(rest.iter().map(|(key, _)| key.text.as_str())).collect();
    let help = format!("put several texts into brackets: `{}: [{}]`", kind.name, texts.join(", "));
    rest.first().map(|(key, _)| (key, help))
}

/// What a key of a test stands for, if that fits the field.
fn kind_of(field: Field, key: &Key, sink: &mut Sink) -> Option<&'static Kind> {
    let fitting: Vec<&str> = REGISTRY.iter().filter(|kind| kind.is_for(field)).map(|kind| kind.name).collect();
    let name = field.name();
    let Some(kind) = Kind::named(&key.text) else {
        let meant = if key.text == "ignore" { "ignoring" } else { &key.text };
        let found = Diagnostic::new(Code::UnknownKey, key.place, format!("there is no matcher `{}`", key.text));
        sink.push(match misplaced(&key.text) {
            Some(help) => found.help(help),
            None => found
                .help(format!("`{name}` takes {}", listed(&fitting)))
                .meant_if(did_you_mean(meant, fitting.iter().copied())),
        });
        return None;
    };
    let help = match (kind.fits)(field) {
        Fit::Yes => return Some(kind),
        Fit::No => format!("`{name}` takes {}", listed(&fitting)),
        Fit::Not(reason) => reason.to_owned(),
    };
    let message = format!("`{}` does not fit `{name}`", kind.name);
    sink.push(Diagnostic::new(Code::MatcherNotForField, key.place, message).help(help));
    None
}
