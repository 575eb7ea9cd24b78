//! A few rules of any texts and patterns, and one name: the index leaves none out that applies, and a pattern is found where
//! the `regex` crate finds it.
//!
//! The input is the name and the rules, split at the byte 0x1E. The first character of a rule chooses its field, its matcher
//! and whether the test stands under `any` or `all`; the rest is its texts, split at 0x1F.

#![no_main]

#[path = "../../laws/loading.rs"]
mod loading;
#[path = "../../laws/naive.rs"]
mod naive;

use topicgate::{
    engine::{self, Excepted, Mode, Plan, Snapshot, Standing, Views},
    facts::Facts,
    rules,
};

const FIELDS: [&str; 5] = ["name", "name_raw", "operator", "name_lookalike", "name_squeezed"];

const MATCHERS: [&str; 7] = ["matches", "matches", "contains", "contains_word", "starts_with", "ends_with", "in"];

const AROUND: [&str; 3] = ["TEST", "{any: [TEST, {owner: {is: nobody}}]}", "{all: [TEST, {not: {app: {is: 7}}}]}"];

/// The field, the matcher and the texts of a rule, and what stands around its test.
fn read(part: &str) -> Option<(&str, &str, Vec<String>, &str)> {
    let chosen = usize::try_from(u32::from(part.chars().next()?)).ok()?;
    let texts = part.split('\u{1f}').skip(1).filter(|text| !text.is_empty()).map(str::to_owned).collect();
    let (field, rest) = (FIELDS[chosen % FIELDS.len()], chosen / FIELDS.len());
    Some((field, MATCHERS[rest % MATCHERS.len()], texts, AROUND[rest / MATCHERS.len() % AROUND.len()]))
}

fn rule(number: usize, part: &str) -> Option<String> {
    let (field, matcher, texts, around) = read(part)?;
    let mode = if number.is_multiple_of(4) { "enforce" } else { "shadow" };
    let test = format!("{{{field}: {{{matcher}: {}}}}}", naive::list(&texts));
    Some(format!("- {{id: r{number}, action: deny, mode: {mode}, when: {}}}\n", around.replace("TEST", &test)))
}

/// Every rule asked, one after the other.
fn every(snapshot: &Snapshot, views: &Views<'_>) -> Plan {
    let mut plan = Plan::default();
    for (index, rule) in snapshot.rules.iter().enumerate() {
        match rule.standing(views) {
            Standing::Excepted(exception) => plan.excepted.push(Excepted { rule: index, exception }),
            Standing::Applies => plan.applies.push(index),
            _ => {}
        }
        if plan.applies.contains(&index) && rule.mode == Mode::Enforce && rule.quota.is_none() {
            break;
        }
    }
    plan
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (name, parts) = text.split_once('\u{1e}').unwrap_or_default();
    // A rule that does not load would keep the others from being tried.
    let load = |rules: &str| {
        rules::load(loading::input(format!("rules:\n{rules}").as_bytes()), jiff::Timestamp::UNIX_EPOCH).snapshot
    };
    let parts: Vec<&str> = parts.split('\u{1e}').take(8).collect();
    let rules = parts.iter().enumerate().filter_map(|(number, part)| Some((*part, rule(number, part)?)));
    let rules: Vec<(&str, String)> = rules.filter(|(_, rule)| load(rule).is_some()).collect();
    let Some(snapshot) = load(&rules.iter().map(|(_, rule)| rule.as_str()).collect::<String>()) else { return };
    let facts = Facts::topic(name, name, jiff::Timestamp::UNIX_EPOCH);
    let views = Views::of(&facts);
    assert_eq!(engine::evaluate(&snapshot, &views), every(&snapshot, &views), "{rules:?} {name:?}");
    let asked: Vec<usize> = snapshot.index.candidates(&views).collect();
    assert!(asked.is_sorted_by(|one, next| one < next), "{asked:?} {rules:?} {name:?}");
    for (index, (part, written)) in rules.iter().enumerate() {
        let Some((field, "matches", texts, _)) = read(part) else { continue };
        let is_folded = field == "name";
        let value = if is_folded { naive::folded(name) } else { name.to_owned() };
        let compiled = |text: &String| regex::RegexBuilder::new(text).case_insensitive(is_folded).build().unwrap();
        let is_found = texts.iter().any(|text| compiled(text).is_match(&value));
        assert_eq!(snapshot.rules[index].standing(&views) == Standing::Applies, is_found, "{written} {name:?}");
    }
});
