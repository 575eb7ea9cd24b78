//! Which characters a person cannot see.

use icu_properties::{CodePointSetData, CodePointSetDataBorrowed, props::DefaultIgnorableCodePoint};

const DEFAULT_IGNORABLE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();

/// Whether a character takes no part in what a person reads: `Default_Ignorable_Code_Point` (which holds every
/// `Bidi_Control`), controls that are not white space, the interlinear annotation marks, and the braille blank, which
/// draws nothing and is no white space either.
pub fn is_invisible(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\0'..='\u{9f}' => !character.is_whitespace(),
        '\u{2800}' | '\u{fff9}'..='\u{fffb}' => true,
        _ => DEFAULT_IGNORABLE.contains(character),
    }
}

#[cfg(test)]
mod tests {
    use icu_properties::props::BidiControl;

    use super::*;

    #[test]
    fn every_bidi_control_is_invisible() {
        let bidi = CodePointSetData::new::<BidiControl>();
        assert!(('\0'..=char::MAX).filter(|c| bidi.contains(*c)).all(is_invisible));
    }

    #[test]
    fn every_control_is_invisible_or_white_space() {
        let odd = ('\0'..=char::MAX).find(|c| c.is_control() && is_invisible(*c) == c.is_whitespace());
        assert_eq!(odd, None);
    }

    #[test]
    fn no_white_space_is_invisible() {
        assert_eq!(('\0'..=char::MAX).find(|c| c.is_whitespace() && is_invisible(*c)), None);
    }
}
