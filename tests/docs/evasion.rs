//! The table of evasion techniques in the manual: what each view finds, tried and not claimed.

use topicgate::text::{clean, fold, lookalike, squeezed};

use crate::techniques::TECHNIQUES;

const WORDS: [&str; 2] = ["admin", "casino"];

/// A row for each technique.
pub fn table() -> String {
    let head =
        "| technique | such as | `name` | `name_lookalike` | `name_squeezed` |\n| --- | --- | --- | --- | --- |\n";
    let rows = TECHNIQUES.iter().map(|technique| {
        let names = WORDS.map(|word| (word, (technique.write)(word)));
        let shown: Vec<String> = names.iter().map(|(_, name)| format!("`{}`", clean(name))).collect();
        let found = |view: fn(&str) -> String| {
            if names.iter().all(|(word, name)| view(name).contains(&view(word))) { "found" } else { "-" }
        };
        let (name, shown) = (technique.name, shown.join(" "));
        let lookalike = |raw: &str| lookalike(&fold(raw)).into_owned();
        let squeezed = |raw: &str| squeezed(&topicgate::text::lookalike(&fold(raw))).into_owned();
        let found = [found(|raw| fold(raw).into_owned()), found(lookalike), found(squeezed)].join(" | ");
        format!("| {name} | {shown} | {found} |\n")
    });
    head.to_owned() + &rows.collect::<String>()
}
