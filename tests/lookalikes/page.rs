//! The generated parts of docs/lookalikes.md.

use std::collections::BTreeMap;

use topicgate::text::{fold, lookalike, squeezed, visible};

const NAMES: [&str; 11] = [
    "аdmіn",
    "ａｄｍｉｎ",
    "adm1n",
    "ADMlN",
    "paypaI",
    "ádmin",
    "a\u{34f}dmin",
    "🅰dmin",
    "𝖆𝖉𝖒𝖎𝖓",
    "a.d.m.i.n",
    "aadmmiinn",
];

/// What each view makes of names that are made to deceive.
pub fn views() -> String {
    let rows = NAMES.map(|name| {
        let folded = fold(name);
        let looks = lookalike(&folded);
        format!("| `{}` | `{folded}` | `{looks}` | `{}` |\n", visible(name), squeezed(&looks))
    });
    "| sent | `name` | `name_lookalike` | `name_squeezed` |\n| --- | --- | --- | --- |\n".to_owned() + &rows.concat()
}

/// Every class but those of Chinese.
pub fn letters(classes: &BTreeMap<char, String>) -> String {
    let rows = classes.iter().filter(|(first, _)| !is_chinese(**first)).map(|(first, members)| {
        let others: Vec<String> = members.chars().map(|member| member.to_string().replace('|', "\\|")).collect();
        let first = first.to_string().replace('`', "&#96;");
        format!("| {} | {} |\n", if first.is_ascii() { format!("`{first}`") } else { first }, others.join(" "))
    });
    "| stands for all | the others |\n| --- | --- |\n".to_owned() + &rows.collect::<String>()
}

/// How many classes of Chinese there are, and the largest.
pub fn chinese(classes: &BTreeMap<char, String>) -> String {
    let chinese: Vec<(&char, &String)> = classes.iter().filter(|(first, _)| is_chinese(**first)).collect();
    let members: usize = chinese.iter().map(|(_, members)| members.chars().count()).sum();
    let large = chinese.iter().filter(|(_, members)| members.chars().count() > 2);
    let large: Vec<String> = large.map(|(first, members)| format!("{first}{members}")).collect();
    format!(
        "{} simplified characters stand for {members} traditional ones. Most have one; these have three or more, the \
         simplified one first:\n\n{}.\n",
        chinese.len(),
        large.join(", ")
    )
}

fn is_chinese(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}
