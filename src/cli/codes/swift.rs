//! The codes as a Swift enum.

use std::io::Write;

use super::{
    Entry,
    names::{Shape, identifiers, is_invisible, quoted},
};

/// What a case cannot be called, beside the members of the enum.
const RESERVED: &[&str] = &[
    "allCases",
    "as",
    "associatedtype",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "defer",
    "deinit",
    "do",
    "else",
    "enum",
    "extension",
    "fallthrough",
    "false",
    "fileprivate",
    "for",
    "func",
    "guard",
    "hashValue",
    "if",
    "import",
    "in",
    "init",
    "inout",
    "internal",
    "is",
    "label",
    "let",
    "messages",
    "nil",
    "none",
    "open",
    "operator",
    "precedencegroup",
    "private",
    "protocol",
    "public",
    "rawValue",
    "repeat",
    "rethrows",
    "return",
    "self",
    "some",
    "static",
    "struct",
    "subscript",
    "super",
    "switch",
    "throw",
    "throws",
    "true",
    "try",
    "typealias",
    "var",
    "where",
    "while",
];

pub(super) fn print(entries: &[Entry], out: &mut impl Write) -> anyhow::Result<()> {
    let names = identifiers(entries, Shape::Camel, RESERVED);
    writeln!(out, "// Made by `topicgate codes export --format swift`: change the rules, not this file.\n")?;
    writeln!(out, "public enum TopicgateCode: Int, CaseIterable, Sendable {{")?;
    for (entry, name) in entries.iter().zip(&names) {
        if !entry.comment().is_empty() {
            writeln!(out, "    /// {}", entry.comment())?;
        }
        writeln!(out, "    case {name} = {}", entry.number)?;
    }
    writeln!(out, "\n    public var label: String {{\n        switch self {{")?;
    for (entry, name) in entries.iter().zip(&names) {
        writeln!(out, "        case .{name}: return {}", literal(&entry.name()))?;
    }
    writeln!(out, "        }}\n    }}\n\n    public var messages: [String] {{\n        switch self {{")?;
    for (entry, name) in entries.iter().zip(&names) {
        let messages: Vec<String> = entry.registered.messages.iter().map(|message| literal(message)).collect();
        writeln!(out, "        case .{name}: return [{}]", messages.join(", "))?;
    }
    Ok(writeln!(out, "        }}\n    }}\n}}")?)
}

fn literal(text: &str) -> String {
    quoted(text, |character| is_invisible(character).then(|| format!("\\u{{{:x}}}", u32::from(character))))
}
