//! Texts that are looked for, which people type in the middle of a list.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    yaml::Node,
};

impl Node {
    /// A text that is looked for; one with punctuation that was meant for YAML is a warning.
    pub fn literal(&self, what: &str, sink: &mut Sink) -> Option<&str> {
        let text = self.text(what, sink)?;
        if self.scalar().is_some_and(|scalar| scalar.plain) {
            let odd = comma(text).map(|odd| (odd, "write a plain comma between two texts: `[one, two]`"));
            let odd = odd.or_else(|| quote(text).map(|odd| (odd, "write plain quotes: `'` or `\"`")));
            if let Some((odd, help)) = odd {
                let message = format!("YAML takes `{odd}` for a letter of the text `{text}`");
                let help = format!("{help}; if it belongs to the text, quote the text: '{text}'");
                let quoted = format!("'{}'", text.replace('\'', "''"));
                sink.push(Diagnostic::new(Code::OddPunctuation, self.place, message).help(help).fix(quoted));
            }
        }
        Some(text)
    }
}

/// What may be meant to stand between two texts.
fn comma(text: &str) -> Option<char> {
    let between = |(at, mark): &(usize, char)| {
        let (before, after) = (text.get(..*at), text.get(at + mark.len_utf8()..));
        matches!(mark, '，' | '、' | '；') && [before, after].into_iter().flatten().all(has_letters)
    };
    text.char_indices().find(between).map(|(_, mark)| mark)
}

/// What may be meant to stand around a text.
fn quote(text: &str) -> Option<char> {
    const QUOTES: [char; 4] = ['“', '”', '‘', '’'];
    let ends = [text.chars().next(), text.chars().next_back()];
    ends.into_iter().flatten().find(|end| has_letters(text) && QUOTES.contains(end))
}

fn has_letters(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}
