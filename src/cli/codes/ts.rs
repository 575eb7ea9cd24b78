//! The codes as a TypeScript module.

use std::io::Write;

use super::{
    Entry,
    names::{Shape, identifiers, is_invisible, quoted, utf16_escape},
};

pub(super) fn print(entries: &[Entry], out: &mut impl Write) -> anyhow::Result<()> {
    let names = identifiers(entries, Shape::Pascal, &[]);
    writeln!(out, "// Made by `topicgate codes export --format ts`: change the rules, not this file.\n")?;
    writeln!(out, "export const TopicgateCode = {{")?;
    for (entry, name) in entries.iter().zip(&names) {
        if !entry.comment().is_empty() {
            writeln!(out, "  /** {} */", entry.comment())?;
        }
        writeln!(out, "  {name}: {},", entry.number)?;
    }
    writeln!(out, "}} as const;\n")?;
    writeln!(out, "export type TopicgateCode = (typeof TopicgateCode)[keyof typeof TopicgateCode];\n")?;
    writeln!(out, "export interface TopicgateCodeEntry {{")?;
    writeln!(out, "  readonly name: string;\n  readonly messages: readonly string[];\n}}\n")?;
    writeln!(out, "export const topicgateCodes: Readonly<Record<TopicgateCode, TopicgateCodeEntry>> = {{")?;
    for entry in entries {
        let messages: Vec<String> = entry.registered.messages.iter().map(|message| literal(message)).collect();
        let name = literal(&entry.name());
        writeln!(out, "  {}: {{ name: {name}, messages: [{}] }},", entry.number, messages.join(", "))?;
    }
    Ok(writeln!(out, "}};")?)
}

fn literal(text: &str) -> String {
    quoted(text, |character| is_invisible(character).then(|| utf16_escape(character)))
}
