//! Rule sets as a team of moderators may have them after some years: words, patterns, lists, networks and lives.

use crate::policy::{Ask, LIST, Policy, accounts};

/// The entries of the list that all sets have.
const BANNED: usize = 1000;

/// How many rules before stands what is written again.
const EARLIER: usize = 9;

/// The accounts of the list.
pub fn banned() -> String {
    accounts(BANNED).flat_map(|account| [account, "\n".to_owned()]).collect()
}

/// The rule files of a set of so many rules.
pub fn files(rules: usize) -> Vec<(String, String)> {
    let policy = Policy::mixed(rules, 5 * rules);
    let head = format!("lists:\n  banned: {{ file: {LIST} }}\nrules:\n");
    let before = |index: usize| index.checked_sub(EARLIER).and_then(|index| policy.rules.get(index));
    let written = policy.rules.iter().enumerate().map(|(index, rule)| {
        // What an earlier rule has already happens to be written again, often in another way.
        let (rule, test) = match (index % 25, before(index)) {
            (11, Some(before)) => (before, "name: { starts_with"),
            (12, Some(before)) => (before, "name: { contains_word"),
            (13, Some(before)) => (before, "name_lookalike: { contains"),
            (14, Some(before)) if before.ask == Ask::Matches => (before, "name_raw: { matches"),
            _ if rule.ask == Ask::Contains => (rule, "name: { contains"),
            _ => (rule, "name: { matches"),
        };
        let is_pattern = rule.ask == Ask::Matches && !test.ends_with("matches");
        let texts = rule.texts.iter().filter(|text| !is_pattern || text.chars().all(char::is_alphanumeric));
        let texts: Vec<String> = texts.map(|text| format!("'{text}'")).collect();
        let texts = if texts.is_empty() { "'nothing like it'".to_owned() } else { texts.join(", ") };
        rule_of(index, rule.code, &format!("{{ {test}: [{texts}] }} }}"))
    });
    vec![("rules.yaml".to_owned(), head + &written.collect::<String>())]
}

/// A rule with a test of the name, of one of the kinds that come again and again.
fn rule_of(index: usize, code: u32, name: &str) -> String {
    let head = format!("  - {{ id: rule-{index}, ");
    let (low, high) = (index % 250, index / 250);
    let rest = match index % 20 {
        0 if index == 0 => format!("action: deny, code: {code}, when: {{ operator: {{ in: {{ list: banned }} }} }}"),
        0 => {
            format!("action: allow, when: {{ all: [{{ operator: {{ in: [ops_{index}, editor_{index}] }} }}, {name}] }}")
        }
        1 => format!("action: deny, code: {code}, when: {{ client_ip: {{ in_cidr: [10.{high}.{low}.0/24] }} }}"),
        2 => format!("action: deny, code: {code}, when: {{ all: [{{ platform: {{ in: [web, ios] }} }}, {name}] }}"),
        3 => format!(
            "action: deny, code: {code}, when: {{ all: [{name}, {{ not: {{ name: {{ contains_word: 'official{index}' }} }} }}] }}"
        ),
        4 => format!(
            "action: deny, code: {code}, when: {name}, except: [{{ id: friends, reason: agreed, expires: 2070-01-01, \
             when: {{ operator: {{ in: [friend_{index}] }} }} }}]"
        ),
        5 => {
            format!("action: deny, code: {code}, when: {{ any: [{name}, {{ name: {{ starts_with: 'ad{index}' }} }}] }}")
        }
        6 => format!("mode: shadow, action: deny, code: {code}, when: {name}"),
        7 => format!("action: deny, code: {code}, active: {{ until: 2070-01-01 }}, when: {name}"),
        8 => format!(
            "action: deny, code: {code}, when: {{ all: [{{ owner: {{ is: owner_{index} }} }}, {{ type: {{ is: Public }} }}] }}, \
             commands: [create_group]"
        ),
        _ => format!("action: deny, code: {code}, when: {name}"),
    };
    format!("{head}{rest} }}\n")
}
