//! Prints the table and what has to be known about it.

use crate::measure::Row;

/// The first lines of the table.
pub fn head() {
    println!("| policy | engine | load, ms | ns a decision | least | most | decisions a second | compared |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
}

/// One line of the table.
pub fn row(policy: &str, row: &Row) {
    let all = &row.nanoseconds;
    let (least, median, most) = (all[0], all[all.len() / 2], all[all.len() - 1]);
    let (compared, of) = row.compared;
    println!(
        "| {policy} | {} | {:.1} | {} | {} | {} | {} | {} of {} |",
        row.name,
        row.load.as_secs_f64() * 1e3,
        grouped(median),
        grouped(least),
        grouped(most),
        grouped(1e9 / median),
        compared,
        of,
    );
}

/// With a comma between each three digits.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What stands under the table.
pub fn notes(fold: f64) {
    println!("\n{NOTES}\n- Folding one of these names takes {fold:.0} ns by itself.");
}

const NOTES: &str = "\
- Nanoseconds are the median, the least and the most of the rounds; decisions a second are those of one core, by the median.
- topicgate folds each name in its time and reads its files in its load time. The others get names that are folded already, and
  policies that lie in memory.
- compared: so many answers were the same as those of topicgate. Slow engines are asked fewer, for 20 s.
- plain: two `HashSet`s and a `RegexSet` with its own limit for the states that it keeps, 2 MiB; plain-256: with 256 MiB. Names
  from a small vocabulary, like these, need few new states.
- regorus: Rego on its virtual machine, lists and texts as data, the patterns of a rule joined as far as its limit lets them, its
  cache of patterns large enough for all.
- cedar: has no regular expressions. A pattern that is at most 64 texts is as many `like`; what is more is searched outside by a
  `RegexSet` as in plain-256, within its time. Operators are entities in groups.
- casbin: a row for each rule, own functions: a set for operators, one compiled pattern for the texts of a rule.
- zen: one decision table with its index on operators. A pattern that is at most 64 texts is as many `contains`; the others are
  `matches`, which compiles them for each decision.";
