//! The codes as a Kotlin enum.

use std::io::Write;

use super::{
    Entry,
    names::{Shape, identifiers, is_invisible, quoted, utf16_escape},
};

pub(super) fn print(entries: &[Entry], out: &mut impl Write) -> anyhow::Result<()> {
    let names = identifiers(entries, Shape::Screaming, &[]);
    writeln!(out, "// Made by `topicgate codes export --format kotlin`: change the rules, not this file.\n")?;
    writeln!(out, "enum class TopicgateCode(val code: Int, val label: String, val messages: List<String>) {{")?;
    for (entry, name) in entries.iter().zip(&names) {
        if !entry.comment().is_empty() {
            writeln!(out, "    /** {} */", entry.comment())?;
        }
        let messages: Vec<String> = entry.registered.messages.iter().map(|message| literal(message)).collect();
        let messages =
            if messages.is_empty() { "emptyList()".to_owned() } else { format!("listOf({})", messages.join(", ")) };
        writeln!(out, "    {name}({}, {}, {messages}),", entry.number, literal(&entry.name()))?;
    }
    writeln!(out, "    ;\n\n    companion object {{")?;
    writeln!(out, "        fun of(code: Int): TopicgateCode? = values().firstOrNull {{ it.code == code }}")?;
    Ok(writeln!(out, "    }}\n}}")?)
}

fn literal(text: &str) -> String {
    quoted(text, |character| match character {
        '$' => Some("\\$".to_owned()),
        other => is_invisible(other).then(|| utf16_escape(other)),
    })
}
