//! The classes of letters, digits and symbols: made of Unicode's confusables, Unicode's names, and what people write for
//! what.

use std::collections::{BTreeMap, BTreeSet};

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizer;
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{Emoji, GeneralCategory, GeneralCategoryGroup, Script},
    script::ScriptWithExtensions,
};
use topicgate::text::fold;
use unicode_security::skeleton;

/// Characters used for a letter, whatever Unicode says of their shape: the letter first.
const BY_HAND: &[&str] = &[
    "a4@₳ʌ∆△▲ᗩ",
    "b86₿฿",
    "c¢©₡₵ᑕ",
    "d₫ð∂ẟδժծԃⲇ",
    "e3€єɛǝ∃∑₤",
    "f₣ƒ",
    "g9₲",
    "hђћ",
    "il1!|¡¦£Ꮖ",
    "jʝ",
    "k₭ĸ",
    "лӆ",
    "nиπ₦ŋ",
    "o0¤",
    "p₱",
    "r®я",
    "s5$₴ᔕ",
    "t7+†₮₸",
    "v√",
    "w₩ωшщ",
    "x×",
    "y¥",
    "z2ᘔ",
];

/// Characters that stay themselves: as another letter they would damage common words.
const STAY: &[char] = &['л'];

/// The alphabets whose letters stand for Latin ones: cousins of Latin, and those that nobody types a name in.
const ALPHABETS: [Script; 18] = [
    Script::Latin,
    Script::Greek,
    Script::Cyrillic,
    Script::Armenian,
    Script::Cherokee,
    Script::Coptic,
    Script::Lisu,
    Script::Deseret,
    Script::Osage,
    Script::CanadianAboriginal,
    Script::WarangCiti,
    Script::OldItalic,
    Script::Lycian,
    Script::Carian,
    Script::Lydian,
    Script::Runic,
    Script::Elbasan,
    Script::Gothic,
];

/// Behind it there are Han characters, tags and selectors.
const LAST: char = '\u{1ffff}';

const DIGITS: [&str; 10] = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];

/// Each character that is not its own representative, with the one that is.
pub fn pairs() -> BTreeMap<char, char> {
    let shapes = Shapes::new();
    let by_hand = BY_HAND.iter().flat_map(|class| {
        let first = class.chars().next().unwrap();
        class.chars().skip(1).map(move |member| (member, first))
    });
    let mut pairs: BTreeMap<char, char> = by_hand.collect();
    for character in ('\u{80}'..=LAST).filter(|it| is_plain(*it)) {
        if !pairs.contains_key(&character)
            && !STAY.contains(&character)
            && let Some(like) = shapes.like(character)
        {
            pairs.insert(character, like);
        }
    }
    let ends = pairs.keys().map(|member| (*member, end(&pairs, *member)));
    let useful = |member: char, end: char| end.is_ascii() || (member.is_alphabetic() && is_cousin(end));
    ends.filter(|(member, end)| member != end && useful(*member, *end)).collect()
}

/// Where the way from a character to what it looks like ends; of a circle, at its least.
fn end(pairs: &BTreeMap<char, char>, member: char) -> char {
    let mut seen = vec![member];
    while let Some(next) = pairs.get(seen.last().unwrap()) {
        if seen.contains(next) {
            return seen.into_iter().skip_while(|it| it != next).min().unwrap();
        }
        seen.push(*next);
    }
    *seen.last().unwrap()
}

/// Whether it is folded, and no letter with a mark: marks are removed by another step.
fn is_plain(character: char) -> bool {
    let text = character.to_string();
    fold(&text) == text && DecomposingNormalizer::new_nfd().is_normalized(&text)
}

/// Whether a class of letters may be named after it, though no ASCII letter looks like it.
fn is_cousin(character: char) -> bool {
    let script = CodePointMapData::<Script>::new().get(character);
    character.is_alphabetic() && matches!(script, Script::Latin | Script::Greek | Script::Cyrillic)
}

/// What characters look like, by Unicode.
struct Shapes {
    /// The prototype of each ASCII character: that of `m` is `rn`, and so is that of what looks like `m`.
    ascii: BTreeMap<String, char>,
    /// The capitals of each folded character.
    capitals: BTreeMap<char, BTreeSet<char>>,
}

impl Shapes {
    fn new() -> Shapes {
        let case = CaseMapper::new();
        let mut capitals: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
        for character in '\u{80}'..=LAST {
            let folded = case.simple_fold(character);
            if folded != character {
                capitals.entry(folded).or_default().insert(character);
            }
        }
        let mut ascii = BTreeMap::new();
        for character in ('a'..='z').chain('A'..='Z').chain('!'..='~') {
            ascii.entry(prototype(character)).or_insert(character.to_ascii_lowercase());
        }
        Shapes { ascii, capitals }
    }

    /// The one character that another looks like.
    fn like(&self, character: char) -> Option<char> {
        if let Some(named) = named(character) {
            return Some(named);
        }
        let of_alphabet = |script| matches!(script, Script::Common | Script::Inherited) || ALPHABETS.contains(&script);
        let mut scripts = ScriptWithExtensions::new().get_script_extensions_val(character).iter();
        let category = CodePointMapData::<GeneralCategory>::new().get(character);
        if !scripts.all(of_alphabet)
            || GeneralCategoryGroup::Mark.contains(category)
            || CodePointSetData::new::<Emoji>().contains(character)
        {
            return None;
        }
        // Capitals first: those of Greek and Cyrillic are the very shapes of Latin ones.
        let forms = self.capitals.get(&character).into_iter().flatten().copied().chain([character]);
        let found: Vec<char> = forms.filter_map(|form| self.shape(form)).filter(|like| *like != character).collect();
        found.iter().find(|like| like.is_ascii()).or(found.first()).copied()
    }

    fn shape(&self, form: char) -> Option<char> {
        let prototype = prototype(form);
        if let Some(ascii) = self.ascii.get(&prototype) {
            return Some(*ascii);
        }
        let prototype = fold(&prototype).into_owned();
        let mut characters = prototype.chars();
        characters.next().filter(|_| characters.next().is_none())
    }
}

/// What Unicode takes a character for, without its marks.
fn prototype(character: char) -> String {
    let skeleton: String = skeleton(character.encode_utf8(&mut [0; 4])).collect();
    let category = CodePointMapData::<GeneralCategory>::new();
    let decomposed = DecomposingNormalizer::new_nfd().normalize(&skeleton).into_owned();
    decomposed.chars().filter(|it| category.get(*it) != GeneralCategory::NonspacingMark).collect()
}

/// The letter or digit that a character is a variant of, by its name.
fn named(character: char) -> Option<char> {
    let name = unicode_names2::name(character)?.to_string();
    if let Some((before, digit)) = name.split_once(" DIGIT ").filter(|(before, _)| before.contains("CIRCLED")) {
        let value = DIGITS.iter().position(|word| *word == digit)?;
        return before.contains("CIRCLED").then(|| char::from_digit(value.try_into().unwrap(), 10)).flatten();
    }
    let of_form = ["LATIN LETTER SMALL CAPITAL ", "LATIN SMALL LETTER ", "NEGATIVE CIRCLED LATIN CAPITAL LETTER "];
    let of_form = of_form.into_iter().chain(["NEGATIVE SQUARED LATIN CAPITAL LETTER "]);
    let letter = of_form.filter_map(|form| name.strip_prefix(form)).next()?;
    let letter = letter.split_once(" WITH ").map_or(letter, |(letter, _)| letter);
    let mut letters = letter.chars();
    letters.next().filter(|it| it.is_ascii_uppercase() && letters.next().is_none()).map(|it| it.to_ascii_lowercase())
}
