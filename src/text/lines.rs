//! The entries of a list file: its lines without white space around them, blank lines and comments left out.

/// Each entry and the byte that it begins at.
pub fn entries(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split('\n').filter_map(move |line| {
        let start = next;
        next += line.len() + 1;
        let entry = line.trim_start();
        let at = start + (line.len() - entry.len());
        let entry = entry.trim_end();
        let is_comment = entry == "#" || entry.starts_with("# ");
        (!entry.is_empty() && !is_comment).then_some((at, entry))
    })
}

/// The entry that begins at a byte.
pub(super) fn entry_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_line_without_white_space_around_it() {
        let text = "ops_amy\r\n\n  # the old ones\n\t#bo \n#\n 长 长\n\u{3000}\nlast";
        let found: Vec<_> = entries(text).collect();
        assert_eq!(found.iter().map(|(_, entry)| *entry).collect::<Vec<_>>(), ["ops_amy", "#bo", "长 长", "last"]);
        assert!(found.iter().all(|(at, entry)| entry_at(text, *at) == *entry));
    }
}
