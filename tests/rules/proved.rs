//! What `check` proves of rules that share tests, that together take a list, and that count characters.

use topicgate::{analysis::Budget, rules};

/// The codes of what is found, each with the line that it is about.
fn found(text: &str) -> Vec<(&'static str, usize)> {
    let loaded = rules::check(crate::input(&[("rules.yaml", text)]), crate::now(), Budget::default());
    let findings = loaded.report.findings.iter();
    let proofs = ["rule-never-decides", "rule-never-matches", "rule-always-matches", "not-proved"];
    findings
        .map(|found| (found.code.word(), found.place.start.line))
        .filter(|(code, _)| proofs.contains(code))
        .collect()
}

/// A set with a rule for each of these conditions, the first on line 2.
fn set(conditions: &[&str]) -> String {
    let rule = |(index, when): (usize, &&str)| format!("  - {{id: r{index}, action: deny, when: {when}}}\n");
    format!("rules:\n{}", conditions.iter().enumerate().map(rule).collect::<String>())
}

#[test]
fn a_rule_that_asks_the_same_as_an_earlier_one_never_decides() {
    for when in [
        "{name: {contains_word: casino}}",
        "{name: {length: {min: 3}}}",
        "{name: {length: {min: 3, max: 8}, contains: ab}}",
        "{name: {scripts: mixed}}",
        "{name: {contains: casino, ignoring: casino royale}}",
        r"{name: {matches: '\bbets?\b'}}",
        "{not: {name: {contains_word: [b, a]}}}",
    ] {
        assert_eq!(found(&set(&[when, when])), [("rule-never-decides", 3)], "{when}");
    }
    let windows = "{id: a, action: deny, when: always, schedule: {start: '22:00', duration: 8h}}";
    let text = format!("rules:\n  - {windows}\n  - {}\n", windows.replace("id: a", "id: b"));
    assert_eq!(found(&text), [("rule-never-decides", 3)]);
}

#[test]
fn a_large_list_in_two_rules_is_the_same_test() {
    let words: Vec<String> = (0..900).map(|number| format!("word-number-{number}")).collect();
    let text = format!(
        "lists: {{bad: [{}]}}\n{}guarantees: [{{id: g, always: deny, when: {{name: {{contains: {{list: bad}}}}}}}}]\n",
        words.join(", "),
        set(&["{name: {contains: {list: bad}}}", "{name: {contains: {list: bad}}, operator: {is: amy}}"])
    );
    assert_eq!(found(&text), [("rule-never-decides", 4)]);
}

#[test]
fn many_rules_together_take_a_list_of_their_words() {
    let words =
        "casino gambling lottery jackpot betting roulette poker slots bingo craps dice wager bookie odds stakes";
    let mut rules: Vec<String> = words.split(' ').map(|word| format!("{{name: {{contains: {word}}}}}")).collect();
    rules.push(format!("{{name: {{contains: [{}]}}}}", words.replace(' ', ", ")));
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    assert_eq!(found(&set(&rules)), [("rule-never-decides", 17)]);
}

#[test]
fn tests_of_length_are_about_one_number() {
    for never in [
        "{name: {length: {max: 2}, contains: casino}}",
        "{name: {length: {max: 2}, contains: 赌博网}}",
        "{all: [{name: {length: {min: 5}}}, {name: {length: {max: 4}}}]}",
        "{name: {length: {min: 5, max: 10}}, not: {name: {length: {min: 3}}}}",
        "{name: {contains_word: a}, not: {name: {contains_word: a}}}",
    ] {
        assert_eq!(found(&set(&[never])), [("rule-never-matches", 2)], "{never}");
    }
    for always in [
        "{any: [{name: {length: {max: 30}}}, {name: {length: {min: 31}}}]}",
        "{any: [{name: {contains_word: x}}, {not: {name: {contains_word: x}}}]}",
    ] {
        assert_eq!(found(&set(&[always])), [("rule-always-matches", 2)], "{always}");
    }
}

/// Of a field that is absent no test of its length holds.
#[test]
fn a_field_that_is_absent_has_no_length() {
    let text = set(&["{type: {length: {max: 5}}}", "{type: {length: {min: 6}}}", "{not: {type: {length: {min: 1}}}}"]);
    assert_eq!(found(&text), []);
}

#[test]
fn names_are_made_for_what_a_rule_asks() {
    let can = [
        "{name: {length: {min: 40}, contains: '#'}}",
        "{name: {bytes: {min: 100}, contains: [spade, 赌场]}}",
        "{all: [{name: {contains_word: casino}}, {name: {contains_word: bonus}}]}",
        "{name: {length: {min: 30}, contains_word: heart}}",
        "{name_squeezed: {contains: diamond}, not: {name: {contains: diamond}}}",
        "{name: {scripts: mixed}}",
        "{name: {scripts: [Cyrl]}}",
        "{name: {scripts: [Thai]}}",
    ];
    for when in can {
        assert_eq!(found(&set(&[when])), [], "{when}");
    }
}

/// A share of the operators is out, so the rules behind it decide.
#[test]
fn a_rule_behind_a_wider_rule_on_roll_out_can_decide() {
    let text = "rules:\n  - {id: trial, action: deny, rollout: 5%, when: {name: {length: {min: 2}}}}\n  - {id: b, action: deny, when: {name: {contains: casino}}}\n  - {id: c, action: deny, when: {operator: {is: mallory}}}\n";
    assert_eq!(found(text), []);
}
