//! What holds of the views of a name, whatever the name is. The fuzz target `fold` asserts the same.

use topicgate::text::{Trace, fold, lookalike, squeezed};

/// A view as a rule sees it, made of the raw text.
pub type View = fn(&str) -> String;

/// Makes `name_lookalike`.
pub fn look(raw: &str) -> String {
    lookalike(&fold(raw)).into_owned()
}

/// Makes `name_squeezed`.
pub fn squeeze(raw: &str) -> String {
    squeezed(&look(raw)).into_owned()
}

/// Asserts everything that must hold of one text.
pub fn check(raw: &str) {
    let folded = fold(raw).into_owned();
    for (view, trace) in [
        ((|raw| fold(raw).into_owned()) as View, Trace::of(raw)),
        (look, Trace::of(raw).lookalike()),
        (squeeze, Trace::of(raw).lookalike().squeezed()),
    ] {
        let seen = view(raw);
        assert_eq!(view(&seen), seen, "preparing is idempotent: {raw:?}");
        assert_eq!(view(&folded), seen, "a view is made of the name: {raw:?}");
        assert_eq!(fold(&seen), seen, "a view is folded: {raw:?}");
        assert_eq!(trace.text, seen, "a trace shows the view: {raw:?}");
        check_trace(&trace, raw, view);
    }
    assert_eq!(squeeze(&look(raw)), squeeze(raw));
    check_parts(&folded);
}

/// What a range leads to looks like it, between whole characters: a mark alone leads to the letter that it stands on.
fn check_trace(trace: &Trace, raw: &str, view: View) {
    let letters = trace.text.char_indices().filter(|(_, it)| *it == ' ' || !look(&it.to_string()).is_empty());
    let places: Vec<usize> = letters.map(|(at, _)| at).chain([trace.text.len()]).take(40).collect();
    for (index, start) in places.iter().enumerate() {
        for end in places.iter().skip(index + 1) {
            let typed = raw.get(trace.raw_range(*start..*end)).unwrap();
            let part = trace.text.get(*start..*end).unwrap();
            assert!(view(typed).contains(&view(part)), "{part:?} in {typed:?} of {raw:?}");
        }
    }
}

/// What is found in one view is found in the next, which hides more.
fn check_parts(folded: &str) {
    let places: Vec<usize> = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).take(24).collect();
    let (looks, squeezes) = (look(folded), squeeze(folded));
    for (index, start) in places.iter().enumerate() {
        for end in places.iter().skip(index + 1) {
            let part = folded.get(*start..*end).unwrap();
            let literal = look(part);
            if fold(part) != part {
                continue;
            }
            assert!(looks.contains(&literal), "{part:?} of {folded:?}");
            assert!(*start > 0 || looks.starts_with(&literal), "{part:?} of {folded:?}");
            assert!(*end < folded.len() || looks.ends_with(&literal), "{part:?} of {folded:?}");
            if !has_parts_of_letters(folded) {
                assert!(squeezes.contains(&squeeze(part)), "{part:?} of {folded:?}");
            }
        }
    }
}

/// Whether there are parts of Hangul syllables or of Indic vowels, which are put together once nothing is between them.
fn has_parts_of_letters(folded: &str) -> bool {
    let is_part = |it| matches!(it, '\u{9be}'..='\u{1b35}' | '\u{3099}' | '\u{309a}' | '\u{11000}'..='\u{12000}' | '\u{16000}'..='\u{17000}');
    folded.contains(is_part)
}
