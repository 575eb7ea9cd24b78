//! What each character is to the views of a name: the class that it looks like, whether it is a mark, whether a letter.
//!
//! One table, made once of `lookalike/classes.txt` and Unicode's properties; a look-up is two loads.

use std::{collections::HashMap, sync::LazyLock};

use icu_normalizer::properties::{CanonicalDecomposition, CanonicalDecompositionBorrowed, Decomposed};
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed,
    props::{GeneralCategory, GeneralCategoryGroup, Script},
    script::ScriptWithExtensions,
};

/// A class on each line but the first ones: the character that stands for it, a space, the others.
const CLASSES: &str = include_str!("lookalike/classes.txt");

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
const DECOMPOSITION: CanonicalDecompositionBorrowed<'static> = CanonicalDecomposition::new();

/// The scripts whose marks say how a word is spoken, not which word it is.
const BARE: [Script; 6] =
    [Script::Latin, Script::Greek, Script::Cyrillic, Script::Arabic, Script::Hebrew, Script::Inherited];

const PAGE: usize = 128;

static LETTERS: LazyLock<Letters> = LazyLock::new(Letters::read);

/// Makes the table of look-alikes, unless that was done before: what loads rules waits for it, so that no request has to.
pub fn make_lookalikes() {
    LazyLock::force(&LETTERS);
}

/// What becomes of the marks on a character.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// They are ornament.
    Go,
    /// They tell words apart.
    Stay,
}

/// What one character is. The lower bits hold what it stands as, 0 for itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Entry(u32);

const STANDS_AS: u32 = 0x1f_ffff;
/// It is a mark.
const MARK: u32 = 1 << 21;
/// Marks on it go.
const BARES: u32 = 1 << 22;
/// It is a letter, a digit or another number once it stands as what it looks like.
const LETTER: u32 = 1 << 23;
/// It is a mark that belongs to the letter under it.
const VOWEL: u32 = 1 << 24;

impl Entry {
    pub(super) fn stands_as(self, character: char) -> char {
        match self.0 & STANDS_AS {
            0 => character,
            other => char::from_u32(other).unwrap_or(character),
        }
    }

    pub(super) fn is_mark(self) -> bool {
        self.0 & MARK != 0
    }

    pub(super) fn marks(self) -> Marks {
        if self.0 & BARES != 0 { Marks::Go } else { Marks::Stay }
    }

    pub(super) fn is_letter(self) -> bool {
        self.0 & LETTER != 0
    }

    pub(super) fn is_vowel(self) -> bool {
        self.0 & VOWEL != 0
    }
}

/// The table: pages of entries, each distinct page once.
pub(super) struct Letters {
    pages: Vec<[Entry; PAGE]>,
    /// The page of each run of characters; the runs behind the last are like that one.
    runs: Vec<u16>,
    own_ascii: [bool; 256],
}

impl Letters {
    pub(super) fn get() -> &'static Letters {
        &LETTERS
    }

    pub(super) fn entry(&self, character: char) -> Entry {
        let at = character as usize;
        let page = self.runs.get(at / PAGE).and_then(|page| self.pages.get(usize::from(*page)));
        page.and_then(|page| page.get(at % PAGE)).copied().unwrap_or(Entry(0))
    }

    /// Whether a byte is an ASCII character that stands for itself.
    pub(super) fn is_own_ascii(&self, byte: u8) -> bool {
        self.own_ascii.get(usize::from(byte)).copied().unwrap_or(false)
    }

    fn read() -> Letters {
        let classes = classes();
        let (mut pages, mut runs, mut known) = (Vec::new(), Vec::new(), HashMap::new());
        // Behind plane 3 there are no letters: tags, selectors and private characters.
        for start in (0..0x4_0000_u32).step_by(PAGE) {
            let mut page = [Entry(0); PAGE];
            for (entry, at) in page.iter_mut().zip(start..) {
                *entry = char::from_u32(at).map_or(Entry(0), |character| describe(character, &classes));
            }
            let index = *known.entry(page).or_insert_with(|| {
                pages.push(page);
                u16::try_from(pages.len() - 1).unwrap_or_default()
            });
            runs.push(index);
        }
        let mut letters = Letters { pages, runs, own_ascii: [false; 256] };
        letters.own_ascii = std::array::from_fn(|byte| {
            let character = u8::try_from(byte).map_or('\u{80}', char::from);
            character.is_ascii() && letters.entry(character).stands_as(character) == character
        });
        letters
    }
}

/// Each member of a class, with the character that stands for it.
fn classes() -> HashMap<char, char> {
    let lines = CLASSES.lines().filter(|line| !line.starts_with("//"));
    let classes = lines.filter_map(|line| {
        let mut characters = line.chars();
        Some((characters.next()?, characters.skip(1)))
    });
    classes.flat_map(|(first, members)| members.map(move |member| (member, first))).collect()
}

fn describe(character: char, classes: &HashMap<char, char>) -> Entry {
    let category = CATEGORY.get(character);
    if GeneralCategoryGroup::Mark.contains(category) {
        let scripts = ScriptWithExtensions::new().get_script_extensions_val(character);
        let vowel = if scripts.iter().any(|script| BARE.contains(&script)) { 0 } else { VOWEL };
        return Entry(MARK | vowel);
    }
    let base = base(character);
    let like = |character: char| classes.get(&character).copied().unwrap_or(character);
    let bare = base != ' ' && is_bare(like(base));
    let first = like(if bare { base } else { character });
    let stands_as = if first == character { 0 } else { u32::from(first) };
    Entry(stands_as | if bare { BARES } else { 0 } | if is_letter(first) { LETTER } else { 0 })
}

/// What a character is without its marks.
fn base(character: char) -> char {
    match DECOMPOSITION.decompose(character) {
        Decomposed::Singleton(other) | Decomposed::Expansion(other, _) => base(other),
        Decomposed::Default => character,
    }
}

fn is_bare(first: char) -> bool {
    let script = CodePointMapData::<Script>::new().get(first);
    first.is_ascii_graphic() || matches!(script, Script::Latin | Script::Greek | Script::Cyrillic)
}

/// The Arabic elongation draws a line and says nothing.
fn is_letter(character: char) -> bool {
    let category = CATEGORY.get(character);
    let is_letter = GeneralCategoryGroup::Letter.contains(category) || GeneralCategoryGroup::Number.contains(category);
    is_letter && character != '\u{640}'
}
