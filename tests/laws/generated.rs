//! Random rule sets, and requests that they have something to say about.

use proptest::{
    collection::{SizeRange, vec},
    option,
    prelude::*,
    sample::{select, subsequence},
};
use topicgate::{
    diagnostic::render::{self, Style},
    engine::Snapshot,
    facts::{Command, Facts, Rollout},
    rules,
};

use crate::{
    asked::Ask,
    lists, loading,
    model::{self, Condition, Life, Mode, Rule},
    naive::Texts,
    patterns::{self, Atoms},
};

/// Texts that rules and requests are made of; each set has a few, so that they meet often.
const ATOMS: [&str; 52] = [
    "a", "b", "ab", "c", "bc", "k", "K", "\u{212a}", "s", "ſ", "ß", "i", "İ", "ı", "Σ", "σ", "ς", "α", "Ꭰ", "ꭰ", "ა",
    "Ა", "Ⴀ", "赌", "场", "微信", "ス", "ー", "1", "4", "@", "_", " ", "-", "!", "★", "\n", "é", "e\u{301}", "ＶＸ",
    "bet", "casino", "Casino", "alphabet", "bet365", "а", "id7", "id1009", "n5", "\u{200b}", "\r\n", "vx",
];

/// Texts that a person with bad intentions sends.
const HOSTILE: [&str; 12] = [
    "\u{202e}",
    "\u{301}\u{316}\u{301}",
    "\u{feff}",
    "\0",
    "\u{10ffff}",
    "\u{fdfa}",
    "\r\n",
    "👩‍👩‍👧",
    "\u{fffd}",
    "{match}",
    "\u{1b}[31m",
    "각\u{11a8}",
];

/// A rule set and requests.
pub fn case(requests: impl Into<SizeRange>) -> impl Strategy<Value = (Vec<Rule>, Vec<Facts<'static>>)> {
    let requests = requests.into();
    subsequence(&ATOMS[..], 3..8)
        .prop_flat_map(move |atoms| (vec(rule(&atoms), 1..12).prop_map(numbered), vec(facts(&atoms), requests.clone())))
}

/// A set that has to load.
pub fn loaded(text: &str) -> Snapshot {
    let loaded = loading::check(text.as_bytes());
    let said = render::text(&loaded.report, Style::Plain);
    loaded.snapshot.unwrap_or_else(|| panic!("does not load:\n{text}\n{said}"))
}

fn numbered(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.iter_mut().enumerate().for_each(|(id, rule)| rule.id = id);
    rules
}

/// A name: plain, hostile, long or empty.
fn name(atoms: &Atoms) -> impl Strategy<Value = String> + use<> {
    let hostile: Vec<&str> = atoms.iter().copied().chain(HOSTILE).collect();
    let listed = select(lists::WORDS.map(lists::entries).concat());
    prop_oneof![
        60 => vec(select(atoms.clone()), 0..9).prop_map(|pieces| pieces.concat()),
        20 => vec(select(hostile), 0..12).prop_map(|pieces| pieces.concat()),
        8 => listed.clone(),
        4 => vec(listed, 0..30).prop_map(|pieces| pieces.concat()),
        5 => any::<String>(),
        1 => vec(select(atoms.clone()), 1..9).prop_map(|pieces| long(&pieces.concat())),
        1 => vec(select(atoms.clone()), 1000).prop_map(|pieces| cut(pieces.concat())),
        1 => select(&HOSTILE[..]).prop_map(long),
    ]
}

/// A text over and over, as long as a name may be.
fn long(piece: &str) -> String {
    piece.repeat(4096 / piece.len())
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(4096));
    text
}

/// A request.
fn facts(atoms: &Atoms) -> impl Strategy<Value = Facts<'static>> + use<> {
    let who = (
        prop_oneof![4 => Just(Command::CreateTopic), 1 => Just(Command::CreateGroup)],
        name(atoms),
        name(atoms),
        option::of(name(atoms)),
    );
    let addresses = ["10.0.0.1", "10.1.2.3", "192.0.2.7", "2001:db8::1", "::1"].map(|text| text.parse().unwrap());
    let what = (
        option::of(select(vec!["Public", "work", "Private", "ChatRoom", "meeting", "Ｗork", "a"])),
        option::of(select(vec!["Web", "macOS", "mac", "iPad", "Unkown", "vision OS", "b"])),
        option::of(select(addresses.to_vec())),
        option::of(select(vec![1_400_000_000, 1_400_000_001, 7, 8])),
    );
    (who, what, select(vec![Rollout::In, Rollout::Out]), 0..HOURS).prop_map(|(who, what, rollout, hour)| Facts {
        command: who.0,
        owner: who.3.map(Into::into),
        group_type: what.0.map(Into::into),
        platform: what.1.map(Into::into),
        client_ip: what.2,
        app: what.3,
        rollout,
        ..Facts::topic(who.1, who.2, jiff::Timestamp::from_second(hour * 3600 + 1800).unwrap())
    })
}

const FIELDS: [&str; 9] =
    ["name", "name", "name", "name_raw", "name_raw", "operator", "owner", "name_lookalike", "name_squeezed"];

fn texts(atoms: &Atoms) -> impl Strategy<Value = Condition> + use<> {
    let literal = vec(select(atoms.clone()), 1..4).prop_map(|pieces| pieces.concat());
    let plain = select(vec!["is", "in", "starts_with", "ends_with", "contains", "contains", "contains_word"]);
    let matcher = prop_oneof![2 => (plain, Just(0)), 1 => (select(vec!["contains", "contains_word"]), 1..4usize)];
    (select(&FIELDS[..]), matcher).prop_flat_map(move |(field, (matcher, ignored))| {
        let literals = |count| vec(literal.clone(), count);
        (literals(1..4), literals(ignored..ignored + 1))
            .prop_map(move |(texts, ignoring)| Condition::Test(field, Ask::Texts(Texts { matcher, texts, ignoring })))
    })
}

fn listed() -> impl Strategy<Value = Condition> {
    let plain = select(vec!["in", "starts_with", "ends_with", "contains", "contains_word"]);
    let words = || select(&lists::WORDS[..]);
    let ignoring = select(vec!["contains", "contains_word"]);
    prop_oneof![
        4 => (select(&FIELDS[..]), plain, words()).prop_map(|(field, matcher, list)| Condition::Test(field, Ask::Listed(matcher, list, None))),
        2 => (select(&FIELDS[..]), ignoring, words(), words()).prop_map(|(field, matcher, list, ignored)| Condition::Test(field, Ask::Listed(matcher, list, Some(ignored)))),
        3 => (select(vec!["operator", "name"]), select(vec!["many", "more"]))
            .prop_map(|(field, list)| Condition::Test(field, Ask::Listed("in", list, None))),
        1 => Just(Condition::Test("app", Ask::Listed("in", "apps", None))),
        1 => Just(Condition::Test("client_ip", Ask::Listed("in_cidr", "nets", None))),
    ]
}

pub fn patterned(atoms: &Atoms) -> impl Strategy<Value = Condition> + use<> {
    let field = select(vec!["name", "name", "name", "name_raw", "name_raw", "operator", "type"]);
    (field, vec(patterns::pattern(atoms), 1..4)).prop_map(|(field, mut patterns)| {
        if field == "operator" {
            // Where it grants something, a pattern on an account has to be anchored.
            patterns.iter_mut().for_each(|pattern| *pattern = format!("^(?:{pattern})$"));
        }
        Condition::Test(field, Ask::Matches(patterns))
    })
}

fn other() -> impl Strategy<Value = Condition> {
    let field = || select(&FIELDS[..]);
    let codes = vec(select(vec!["Latn", "Hani", "Kana", "Hira", "Grek", "Cyrl", "Cher", "Geor"]), 1..4);
    let some = |from: &'static [&'static str]| vec(select(from).prop_map(str::to_owned), 1..3);
    let keyword = prop_oneof![
        (Just("type"), some(&["Public", "work", "chatroom", "a"])),
        (Just("platform"), some(&["Web", "Mac", "Unknown", "b"])),
    ];
    let networks = some(&["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1"]);
    let optional = select(vec!["owner", "type", "platform", "client_ip", "app"]);
    prop_oneof![
        (field(), 0..4usize, 0..5usize)
            .prop_map(|(field, min, more)| Condition::Test(field, Ask::Length(min, min + more))),
        (field(), 0..9usize, 0..9usize)
            .prop_map(|(field, min, more)| Condition::Test(field, Ask::Bytes(min, min + more))),
        (select(&FIELDS[..7]), codes).prop_map(|(field, codes)| Condition::Test(field, Ask::Scripts(codes))),
        select(&FIELDS[..7]).prop_map(|field| Condition::Test(field, Ask::Mixed)),
        (optional, any::<bool>()).prop_map(|(field, wanted)| Condition::Test(field, Ask::Present(wanted))),
        keyword.prop_map(|(field, texts)| Condition::Test(
            field,
            Ask::Texts(Texts { matcher: "in", texts, ignoring: Vec::new() })
        )),
        some(&["1400000000", "1400000001", "7"]).prop_map(|apps| Condition::Test("app", Ask::Apps(apps))),
        networks.prop_map(|networks| Condition::Test("client_ip", Ask::Networks(networks))),
    ]
}

fn test(atoms: &Atoms) -> impl Strategy<Value = Condition> + use<> {
    let test = prop_oneof![5 => texts(atoms), 2 => listed(), 6 => patterned(atoms), 3 => other()];
    test.prop_filter("a test that says something", is_usable)
}

/// Whether a rule with a condition loads.
pub fn is_usable(when: &Condition) -> bool {
    let set = model::file(&[deny(when.clone())]);
    rules::load(loading::input(set.as_bytes()), jiff::Timestamp::UNIX_EPOCH).snapshot.is_some()
}

pub fn deny(when: Condition) -> Rule {
    let life = Life { from: None, until: None, except: Vec::new(), is_rolled_out: false };
    Rule { id: 0, allow: false, mode: Mode::Enforce, groups: false, when, life }
}

fn condition(atoms: &Atoms) -> impl Strategy<Value = Condition> + use<> {
    let tree = test(atoms).prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 1..4).prop_map(Condition::All),
            3 => vec(inner.clone(), 1..4).prop_map(Condition::Any),
            1 => inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    });
    prop_oneof![1 => Just(Condition::Always), 30 => tree]
}

/// Times lie in so many hours, so that they meet.
const HOURS: i64 = 8;

fn life(atoms: &Atoms) -> impl Strategy<Value = Life> + use<> {
    let hour = || option::weighted(0.5, 0..=HOURS);
    let except = prop_oneof![2 => Just(Vec::new()), 1 => vec((condition(atoms), hour()), 1..3)];
    let lived = (hour(), 1..=HOURS, any::<bool>(), except, any::<bool>());
    let lived = lived.prop_map(|(from, lasts, ends, except, is_rolled_out)| Life {
        from,
        until: ends.then_some(from.unwrap_or(0) + lasts),
        except,
        is_rolled_out,
    });
    prop_oneof![3 => Just(deny(Condition::Always).life), 1 => lived]
}

fn rule(atoms: &Atoms) -> impl Strategy<Value = Rule> + use<> {
    let mode = prop_oneof![4 => Just(Mode::Enforce), 4 => Just(Mode::Shadow), 1 => Just(Mode::Disabled)];
    (any::<bool>(), mode, any::<bool>(), condition(atoms), life(atoms))
        .prop_map(|(allow, mode, groups, when, life)| Rule { id: 0, allow, mode, groups, when, life })
}
