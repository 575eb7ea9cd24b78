//! Rule files that somebody, or something, got wrong.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::{generated, loading, model};

const EVERY_MATCHER: &str = include_str!("../fuzz/every-matcher.yaml");
const LANGUAGE_PAGE: &str = include_str!("../rules/language-page.yaml");

/// What means something to YAML, to a pattern, to the rule language or to a terminal.
const MARKS: [&str; 48] = [
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\t",
    "#",
    " #",
    "&a ",
    "*a",
    "!t ",
    "!!str ",
    "|",
    ">-",
    "'",
    "\"",
    "\\",
    "\\x",
    "{",
    "}",
    "[",
    "]",
    ",",
    "? ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: ",
    "@",
    "`",
    "~",
    "\r\n",
    "\r",
    "\u{feff}",
    "\0",
    "\u{1e}",
    "\u{85}",
    "\u{2028}",
    "ß",
    "Ａ",
    "微",
    "{match}",
    "{{",
    "null",
    "0x1f",
    "list: ",
    "name: ",
    "(?i",
];

#[derive(Clone, Debug)]
enum Change {
    Delete(usize),
    Duplicate(usize),
    Swap(usize, usize),
    Indent(usize, usize),
    Insert(usize, &'static str),
    Cut(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = || 0..10_000usize;
    prop_oneof![
        at().prop_map(Change::Delete),
        at().prop_map(Change::Duplicate),
        (at(), at()).prop_map(|(one, other)| Change::Swap(one, other)),
        (at(), 0..9usize).prop_map(|(line, spaces)| Change::Indent(line, spaces)),
        (at(), select(&MARKS[..])).prop_map(|(at, mark)| Change::Insert(at, mark)),
        (at(), select(&MARKS[..])).prop_map(|(at, mark)| Change::Insert(at, mark)),
        (at(), 1..20usize).prop_map(|(at, length)| Change::Cut(at, length)),
    ]
}

fn apply(text: &str, change: &Change) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let line = |at: usize| at % lines.len().max(1);
    match *change {
        _ if lines.is_empty() => {}
        Change::Delete(at) => drop(lines.remove(line(at))),
        Change::Duplicate(at) => lines.insert(line(at), lines[line(at)].clone()),
        Change::Swap(one, other) => {
            let (one, other) = (line(one), line(other));
            lines.swap(one, other);
        }
        Change::Indent(at, spaces) => {
            let at = line(at);
            lines[at] = " ".repeat(spaces) + lines[at].trim_start();
        }
        Change::Insert(at, mark) => {
            let at = text.floor_char_boundary(at % (text.len() + 1));
            return [&text[..at], mark, &text[at..]].concat();
        }
        Change::Cut(at, length) => {
            let from = text.floor_char_boundary(at % (text.len() + 1));
            let to = text.ceil_char_boundary((from + length).min(text.len()));
            return [&text[..from], &text[to..]].concat();
        }
    }
    lines.concat()
}

fn valid() -> impl Strategy<Value = String> {
    let list = "\u{feff}mallory\r\n# gone\n#eve\nMallory\nbob # spam\n";
    prop_oneof![
        Just(EVERY_MATCHER.to_owned()),
        Just(format!("{LANGUAGE_PAGE}\u{1e}rules: [{{id: a, action: allow, when: always}}]\u{1e}{list}")),
        generated::case(1).prop_map(|(rules, _)| model::file(&rules)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_rule_file_is_told_and_never_a_panic(text in valid(), changes in vec(change(), 1..6)) {
        loading::check(changes.iter().fold(text, |text, change| apply(&text, change)).as_bytes());
    }

    #[test]
    fn any_text_is_told_and_never_a_panic(marks in vec(select(&MARKS[..]), 0..40), text in any::<String>()) {
        loading::check((marks.concat() + &text).as_bytes());
        loading::check(format!("rules:\n  - id: {text}\n    when: {{name: {{matches: \"{}\"}}}}", marks.concat()).as_bytes());
    }

    #[test]
    fn any_bytes_are_told_and_never_a_panic(bytes in vec(any::<u8>(), 0..200), at in 0..500usize) {
        loading::check(&bytes);
        let mut text = LANGUAGE_PAGE.as_bytes().to_vec();
        text.splice(at..at, bytes);
        loading::check(&text);
    }

    #[test]
    fn any_text_is_a_pattern_or_told(pattern in "[a-zＡ微ß\\[\\](){}|*+?.^$\\\\pxuPLlIi&~ :=-]{0,24}", field in select(vec!["name", "name_raw", "type"])) {
        let quoted = serde_json::to_string(&pattern).unwrap();
        loading::check(format!("rules: [{{id: a, action: deny, when: {{{field}: {{matches: {quoted}}}}}}}]").as_bytes());
    }
}
