//! The table of evasion techniques in the manual: what each view finds, tried and not claimed.

use topicgate::text::{
    clean,
    evasion::{self, TECHNIQUES},
};

const WORDS: [&str; 2] = ["admin", "casino"];

/// For the techniques that leave those as they are.
const CHINESE: [&str; 2] = ["赌场", "微信号"];

/// A row for each technique.
pub fn table() -> String {
    let head =
        "| technique | such as | `name` | `name_lookalike` | `name_squeezed` |\n| --- | --- | --- | --- | --- |\n";
    let rows = TECHNIQUES.iter().map(|technique| {
        let of = |words: [&'static str; 2]| words.map(|word| (word, technique.whole(word)));
        let names = if of(WORDS).iter().any(|(word, name)| word != name) { of(WORDS) } else { of(CHINESE) };
        let shown: Vec<String> = names.iter().map(|(_, name)| format!("`{}`", clean(name))).collect();
        let [first, second] = names.map(|(word, name)| evasion::found(word, &name));
        let found: Vec<&str> =
            first.iter().zip(second).map(|(first, second)| if *first && second { "found" } else { "-" }).collect();
        format!("| {} | {} | {} |\n", technique.name, shown.join(" "), found.join(" | "))
    });
    head.to_owned() + &rows.collect::<String>()
}
