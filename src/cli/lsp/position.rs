//! Bytes of a text as positions of the protocol, which count UTF-16 units, and back; and paths as URIs.

use std::{
    fmt::Write,
    ops::Range,
    path::{Path, PathBuf},
};

use gen_lsp_types::{Position, Range as Span, Uri};

/// A text and where its lines begin.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Lines<'t> {
        Lines { text, starts: [0].into_iter().chain(line_ends(text)).collect() }
    }

    /// The position of a byte; one that lies inside a character is that of the character.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default().trim_end_matches('\r');
        let clamp = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Position { line: clamp(line), character: clamp(before.encode_utf16().count()) }
    }

    /// The byte of a position; one beyond the end of a line is the end of the line.
    pub(super) fn offset(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize).copied() else { return self.text.len() };
        let line = self.text.get(start..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
        let mut left = position.character as usize;
        for (at, character) in line.char_indices() {
            if left < character.len_utf16() {
                return start + at;
            }
            left -= character.len_utf16();
        }
        start + line.len()
    }

    /// The span of some bytes.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span { start: self.position(range.start), end: self.position(range.end.max(range.start)) }
    }
}

/// The byte behind each end of a line: LF, CR or both.
fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter_map(move |(at, byte)| match byte {
        b'\n' => Some(at + 1),
        b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(at + 1),
        _ => None,
    })
}

/// The path of a `file:` URI.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let path = rest.get(rest.find('/')?..)?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.bytes();
    while let Some(byte) = left.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [left.next()?, left.next()?];
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The URI of a path.
pub(super) fn uri(path: &Path) -> Uri {
    let mut uri = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    Uri::from(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_utf16_units() {
        let text = "赌场 🎰x\r\né\rlast";
        for (found, line, character) in
            [("赌", 0, 0), ("场", 0, 1), ("🎰", 0, 3), ("x", 0, 5), ("é", 1, 0), ("last", 2, 0), ("st", 2, 2)]
        {
            let at = text.find(found).unwrap();
            assert_eq!(Lines::of(text).position(at), Position { line, character }, "{found}");
            assert_eq!(Lines::of(text).offset(Position { line, character }), at, "{found}");
        }
    }

    #[test]
    fn a_position_outside_the_text_is_the_nearest_in_it() {
        let text = "ab\r\n🎰";
        let lines = Lines::of(text);
        assert_eq!(lines.offset(Position { line: 0, character: 99 }), 2);
        assert_eq!(lines.offset(Position { line: 9, character: 0 }), text.len());
        assert_eq!(lines.offset(Position { line: 1, character: 1 }), 4, "inside a character");
        assert_eq!(lines.position(99), Position { line: 1, character: 2 });
        assert_eq!(lines.position(3), Position { line: 0, character: 2 }, "between CR and LF");
    }

    #[test]
    fn a_path_is_a_uri_and_back() {
        let path_of = |uri: &str| path(uri).unwrap();
        assert_eq!(uri(Path::new("/a b/规则#1.yaml")).as_ref(), "file:///a%20b/%E8%A7%84%E5%88%99%231.yaml");
        assert_eq!(path_of("file:///a%20b/%E8%A7%84%E5%88%99%231.yaml"), Path::new("/a b/规则#1.yaml"));
        assert_eq!(path_of("file://localhost/a"), Path::new("/a"));
        for none in ["untitled:Untitled-1", "file://", "file:///%", "file:///%zz", "file:///%ff", "file:///%+1"] {
            assert_eq!(path(none), None, "{none}");
        }
    }
}
