//! Where the cursor stands in a text that is being typed: the keys above it. Reads broken text too, so it is no parser; it
//! only follows indentation, brackets and quotes.

use std::ops::Range;

/// What stands between two words.
const BETWEEN: [char; 12] = [' ', '\t', ',', '[', ']', '{', '}', ':', '\'', '"', '\n', '\r'];

/// The step into an item of a list.
pub(super) const ITEM: &str = "-";

/// A place in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// The keys above it, outermost first; [`ITEM`] for an item of a list.
    pub(super) path: Vec<String>,
    /// The bytes of the word that is being typed.
    pub(super) word: Range<usize>,
    /// Whether the word stands in quotes.
    pub(super) quoted: bool,
    /// Whether it stands in a comment.
    pub(super) in_comment: bool,
}

impl Spot {
    /// The place of a byte.
    pub(super) fn at(text: &str, offset: usize) -> Spot {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let (before, after) = text.split_at(offset);
        let start = before.rfind(BETWEEN).map_or(0, |at| at + 1);
        let end = offset + after.find(BETWEEN).unwrap_or(after.len());
        let mut reader = Reader::default();
        let (above, line) = text.split_at(before.rfind('\n').map_or(0, |end| end + 1));
        above.split_inclusive('\n').for_each(|line| reader.line(line));
        let in_comment = reader.is_comment(line.get(..offset - above.len()).unwrap_or_default());
        let known = line.get(..start.saturating_sub(above.len())).unwrap_or_default();
        if known.is_empty() {
            reader.leave(0, false);
        } else {
            reader.line(known);
        }
        let quoted = reader.quote.is_some();
        Spot { path: reader.path(), word: start..end, quoted, in_comment }
    }
}

/// What is open where the text ends.
#[derive(Default)]
struct Reader {
    /// The keys and items of block style, each with its column.
    block: Vec<(usize, String)>,
    /// The brackets that are open.
    flow: Vec<Bracket>,
    quote: Option<char>,
    /// The column of the key whose text stands in the lines below, by `|` or `>`.
    literal: Option<usize>,
}

enum Bracket {
    Sequence,
    Mapping(Option<String>),
}

impl Reader {
    fn line(&mut self, line: &str) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_blank = line.trim().is_empty();
        if self.quote.is_some() || !self.flow.is_empty() {
            return self.flow(line);
        }
        if self.literal.is_some_and(|column| indent > column || (is_blank && line.ends_with('\n'))) {
            return;
        }
        self.literal = None;
        if is_blank {
            // The last line has no end: the word begins behind it.
            if !line.ends_with('\n') {
                self.leave(indent, false);
            }
            return;
        }
        let rest = line.trim_start_matches(' ');
        if !rest.starts_with('#') {
            self.content(indent, rest);
        }
    }

    /// Whether a comment has begun where a line that is being read ends.
    fn is_comment(&self, line: &str) -> bool {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if self.literal.is_some_and(|column| indent > column) {
            return false;
        }
        let (mut quote, mut last) = (self.quote, ' ');
        for character in line.chars() {
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (None, '\'' | '"') if BETWEEN.contains(&last) => quote = Some(character),
                (None, '#') if last.is_whitespace() => return true,
                _ => {}
            }
            last = character;
        }
        false
    }

    /// Markers of items, a key, and what is behind them.
    fn content(&mut self, mut column: usize, mut rest: &str) {
        while let Some(item) = rest.strip_prefix('-').filter(|item| item.is_empty() || item.starts_with([' ', '\n'])) {
            self.leave(column, true);
            self.block.push((column, ITEM.to_owned()));
            let inner = item.trim_start_matches(' ');
            column += 1 + item.len() - inner.len();
            rest = inner;
        }
        match key(rest) {
            Some((key, value)) => {
                self.leave(column, false);
                self.block.push((column, key.to_owned()));
                self.value(column, value.trim_start_matches(' '));
            }
            None if rest.trim().is_empty() => {}
            None => self.value(column, rest),
        }
    }

    fn value(&mut self, column: usize, value: &str) {
        match value.chars().next() {
            Some('|' | '>') => self.literal = Some(column),
            Some('{' | '[' | '\'' | '"') => self.flow(value),
            _ => {}
        }
    }

    /// Leaves what a line that begins at a column is not part of. An item may stand below its key.
    fn leave(&mut self, column: usize, is_item: bool) {
        while self.block.last().is_some_and(|(at, step)| *at > column || (*at == column && (!is_item || step == ITEM)))
        {
            self.block.pop();
        }
    }

    fn flow(&mut self, text: &str) {
        let mut token = String::new();
        for character in text.chars() {
            match (self.quote, character) {
                (Some(quote), _) if quote == character => self.quote = None,
                (Some(_), _) => token.push(character),
                (None, '\'' | '"') if token.trim().is_empty() => self.quote = Some(character),
                (None, '#') if token.ends_with(' ') || token.is_empty() => return,
                (None, '{') => self.flow.push(Bracket::Mapping(None)),
                (None, '[') => self.flow.push(Bracket::Sequence),
                (None, '}' | ']') => drop(self.flow.pop()),
                (None, ':') => self.key(&token),
                (None, ',') => self.key_done(),
                (None, _) => token.push(character),
            }
            if self.quote.is_none() && matches!(character, '{' | '[' | '}' | ']' | ':' | ',') {
                token.clear();
            }
        }
    }

    fn key(&mut self, token: &str) {
        if let Some(Bracket::Mapping(key)) = self.flow.last_mut().filter(|_| !token.trim().is_empty()) {
            key.get_or_insert_with(|| token.trim().to_owned());
        }
    }

    fn key_done(&mut self) {
        if let Some(Bracket::Mapping(key)) = self.flow.last_mut() {
            *key = None;
        }
    }

    fn path(self) -> Vec<String> {
        let flow = self.flow.into_iter().filter_map(|bracket| match bracket {
            Bracket::Sequence => Some(ITEM.to_owned()),
            Bracket::Mapping(key) => key,
        });
        self.block.into_iter().map(|(_, step)| step).chain(flow).collect()
    }
}

/// A key at the beginning of a text, and what is behind its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let is_end = value.is_empty() || value.starts_with([' ', '\n', '\r']);
    let is_key = is_end && !key.contains(['{', '[', '#', '"', '\'', '\n']);
    let quoted = ['\'', '"'].into_iter().find_map(|quote| key.strip_prefix(quote)?.strip_suffix(quote));
    match quoted {
        Some(key) if is_end => Some((key, value)),
        _ => is_key.then(|| (key.trim_end(), value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path and the word at `|`.
    fn at(text: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let spot = Spot::at(&text, offset);
        format!("{} <{}>", spot.path.join("/"), text.get(spot.word.clone()).unwrap())
    }

    #[test]
    fn the_keys_above_the_cursor_are_known() {
        for (text, found) in [
            ("|", " <>"),
            ("ru|", " <ru>"),
            ("rules:\n  - |", "rules/- <>"),
            ("rules:\n- i|", "rules/- <i>"),
            ("rules:\n  - id: a\n    act|ion: deny", "rules/- <action>"),
            ("rules:\n  - id: a\n    action: de|", "rules/-/action <de>"),
            ("rules:\n  - id: a\n    when: { name: { con|", "rules/-/when/name <con>"),
            ("rules:\n  - when: { name: { in: { list: banne|d } } }", "rules/-/when/name/in/list <banned>"),
            ("rules:\n  - when:\n      any:\n        - name:\n            |", "rules/-/when/any/-/name <>"),
            ("rules:\n  - when:\n      all: [{ operator: { in: [a, 'b, c', d|", "rules/-/when/all/-/operator/in/- <d>"),
            ("rules:\n  - message: >-\n      a: b\n    wh|", "rules/- <wh>"),
            ("rules:\n  - id: a\n\ntests:\n  - ex|", "tests/- <ex>"),
            ("rules:\n  - id: a\n    \n    wh|", "rules/- <wh>"),
            ("lists:\n  a: [x] # b: {\n  |", "lists <>"),
            ("rules:\n  - commands: [create_topic, |", "rules/-/commands/- <>"),
            ("rules:\n  - when: {name: {is: 赌场🎰, |", "rules/-/when/name <>"),
        ] {
            assert_eq!(at(text), found, "{text}");
        }
    }

    #[test]
    fn every_place_of_every_text_has_an_answer() {
        let text = "rules:\r\n\t- id: 'a\n  when: {{[ \"赌: 场\n🎰: |\n  x\n}}]]] - -- : ::\n- \n";
        for offset in 0..=text.len() + 2 {
            Spot::at(text, offset);
        }
    }
}
