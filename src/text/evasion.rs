//! Ways to write a name so that people read it and rules should not: the one list of them, for the drill and the manual.

use super::{fold, lookalike, squeezed};

/// A way to write a word.
pub struct Technique {
    /// What it is called in the manual.
    pub name: &'static str,
    /// Writes a name that way, at these letters.
    write: fn(&str, Spots) -> String,
}

/// Which letters of a name are written differently.
#[derive(Clone, Copy, Debug)]
enum Spots {
    All,
    /// About half of them, which ones follows from the seed.
    Half(u64),
}

impl Technique {
    /// Every letter of a name written that way.
    pub fn whole(&self, name: &str) -> String {
        (self.write)(name, Spots::All)
    }

    /// The different names that come of it: all letters, and about half of them, drawn by the seed.
    pub fn variants(&self, name: &str, seed: u64) -> Vec<String> {
        let whole = self.whole(name);
        let half = (self.write)(name, Spots::Half(seed));
        let is_new = half != whole && half != name;
        let variants = [Some(whole).filter(|whole| whole != name), Some(half).filter(|_| is_new)];
        variants.into_iter().flatten().collect()
    }
}

/// A name as `name`, `name_lookalike` and `name_squeezed` see it.
pub fn seen(name: &str) -> [String; 3] {
    let folded = fold(name).into_owned();
    let looks = lookalike(&folded).into_owned();
    let squeezed = squeezed(&looks).into_owned();
    [folded, looks, squeezed]
}

/// For each of these views, whether it finds a name in a variant of it.
pub fn found(name: &str, variant: &str) -> [bool; 3] {
    let (seen, shown) = (seen(name), seen(variant));
    let mut found = [false; 3];
    for ((found, name), variant) in found.iter_mut().zip(&seen).zip(&shown) {
        *found = !name.is_empty() && variant.contains(name.as_str());
    }
    found
}

const fn technique(name: &'static str, write: fn(&str, Spots) -> String) -> Technique {
    Technique { name, write }
}

/// Every way, the weakest first.
pub const TECHNIQUES: &[Technique] = &[
    technique("capitals", |name, at| each(name, at, |letter| letter.to_uppercase().collect())),
    technique("zero-width characters", |name, at| between(name, at, "\u{200b}")),
    technique("soft hyphens", |name, at| between(name, at, "\u{ad}")),
    technique("Hangul fillers", |name, at| between(name, at, "\u{3164}")),
    technique("bidi controls", |name, at| format!("\u{202d}{}\u{202c}", between(name, at, "\u{2060}"))),
    technique("full-width letters", |name, at| shifted(name, at, 0xff41)),
    technique("mathematical alphabets", |name, at| shifted(name, at, 0x1d586)),
    technique("circled letters", |name, at| shifted(name, at, 0x24d0)),
    technique("letters in dark circles and squares", |name, at| shifted(name, at, 0x1f150)),
    technique("small capitals", |name, at| replaced(name, at, "aᴀbʙcᴄdᴅeᴇgɢiɪlʟmᴍnɴoᴏrʀtᴛuᴜ")),
    technique("homoglyphs from Cyrillic", |name, at| replaced(name, at, "aаcсeеiіmмnпoоpрsѕxхyу")),
    technique("homoglyphs from Greek", |name, at| replaced(name, at, "aαdδeεiιkκmμnνoοpρtτuυ")),
    technique("homoglyphs from Armenian", |name, at| replaced(name, at, "dժhհiւmՠnոoօsտuսgց")),
    technique("homoglyphs from Cherokee", |name, at| replaced(name, at, "aᎪbᏴcᏟdᎠeᎬgᏀiᎥlᏞmᎷoᎾpᏢsᏚtᎢwᎳ")),
    technique("Canadian syllabics", |name, at| replaced(name, at, "aᗩbᗷcᑕdᗪiᒪmᗰnᑎsᔕuᑌvᐯzᘔ")),
    technique("digits and signs for letters", |name, at| replaced(name, at, "a4b8e3g9i!l1o0s$t7z2")),
    technique("letters of other languages", |name, at| replaced(name, at, "aąbɓcçdđeęiįlłnñoøsștŧuů")),
    technique("traditional Chinese characters", |name, at| replaced(name, at, TRADITIONAL)),
    technique("combining marks", |name, at| between(name, at, "\u{336}\u{489}\u{301}") + "\u{20dd}"),
    technique("a digit behind it", |name, at| behind(name, at, "1")),
    technique("signs behind it", |name, at| behind(name, at, "!!")),
    technique("™ behind it", |name, at| behind(name, at, "™")),
    technique("a look-alike, and a digit behind it", |name, at| behind(&replaced(name, at, "i1"), at, "2")),
    technique("separators", |name, at| between(name, at, ".")),
    technique("Japanese long vowels between", |name, at| between(name, at, "ー")),
    technique("brackets around", |name, at| each(name, at, |letter| format!("【{letter}】"))),
    technique("spaces", |name, at| between(name, at, " ")),
    technique("emoji between", |name, at| between(name, at, "🔥")),
    technique("repeats", |name, at| each(name, at, |letter| String::from_iter([letter; 3]))),
    technique("all of it", |name, at| between(&replaced(name, at, "aａiІo0s$n𝖓mМ"), at, "\u{200b}\u{301}-")),
    technique("two letters for one", |name, _| name.replace('m', "rn").replace("ci", "cl").replace('n', "ri")),
    technique("Chinese and Japanese characters for letters", |name, at| replaced(name, at, "a卂m从i工n几o口sㄎc匚")),
    technique("the Greek ϲ, which is a sigma", |name, _| name.replace('c', "ϲ")),
    technique("Chinese characters that sound alike", |name, at| replaced(name, at, "微薇信芯赌堵场厂加伽群裙博搏炮泡")),
    technique("Chinese characters taken apart", |name, _| apart(name)),
    technique("letters between", |name, at| between(name, at, "x")),
    technique("flags", |name, at| shifted(name, at, 0x1f1e6)),
    technique("upside down", |name, _| replaced(&backwards(name), Spots::All, "aɐdpiᴉmɯnucɔ")),
    technique("backwards", |name, _| backwards(name)),
    technique("a bidi control, and backwards", |name, _| format!("\u{202e}{}", backwards(name))),
    technique("letters left out", |name, at| replaced(name, at, "a*i*o*")),
];

/// Some that adverts use, each behind its simplified form.
const TRADITIONAL: &str =
    "赌賭场場贷貸钱錢币幣账賬号號电電话話网網红紅单單职職买買卖賣门門发發财財万萬级級黄黃视視频頻员員联聯";

/// Characters as the parts that they are written with.
const PARTS: [(char, &str); 8] = [
    ('赌', "贝者"),
    ('场', "土昜"),
    ('加', "力口"),
    ('信', "亻言"),
    ('贷', "代贝"),
    ('钱', "钅戋"),
    ('账', "贝长"),
    ('炮', "火包"),
];

fn apart(name: &str) -> String {
    let parts = |letter: char| PARTS.iter().find(|(whole, _)| *whole == letter).map(|(_, parts)| (*parts).to_owned());
    name.chars().map(|letter| parts(letter).unwrap_or_else(|| letter.to_string())).collect()
}

fn backwards(name: &str) -> String {
    name.chars().rev().collect()
}

impl Spots {
    fn has(self, place: usize) -> bool {
        let Spots::Half(seed) = self else { return true };
        // The finalizer of SplitMix64: a fixed seed gives the same spots on every machine.
        let mixed = seed.wrapping_add((place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }
}

/// Each letter at these spots as `write` writes it.
fn each(name: &str, at: Spots, write: impl Fn(char) -> String) -> String {
    let letters = name.chars().enumerate();
    letters.map(|(place, letter)| if at.has(place) { write(letter) } else { letter.to_string() }).collect()
}

/// With something between the letters of its words.
fn between(name: &str, at: Spots, what: &str) -> String {
    let mut written = String::new();
    let mut before = ' ';
    for (place, letter) in name.chars().enumerate() {
        if before != ' ' && letter != ' ' && at.has(place) {
            written.push_str(what);
        }
        written.push(letter);
        before = letter;
    }
    written
}

/// With something behind its words.
fn behind(name: &str, at: Spots, what: &str) -> String {
    let words = name.split(' ').enumerate();
    let written =
        words.map(|(place, word)| format!("{word}{}", if at.has(place) && !word.is_empty() { what } else { "" }));
    written.collect::<Vec<_>>().join(" ")
}

/// Each Latin letter as the one in the same place of an alphabet that begins there.
fn shifted(name: &str, at: Spots, start: u32) -> String {
    each(name, at, |letter| {
        let small = letter.to_ascii_lowercase();
        let moved = small.is_ascii_lowercase().then(|| u32::from(small) - u32::from('a') + start);
        moved.and_then(char::from_u32).unwrap_or(letter).to_string()
    })
}

/// Each letter as the one behind it in the pairs, where it stands there.
fn replaced(name: &str, at: Spots, pairs: &str) -> String {
    let plain = pairs.chars().step_by(2);
    let pairs: Vec<(char, char)> = plain.zip(pairs.chars().skip(1).step_by(2)).collect();
    each(name, at, |letter| {
        let small = letter.to_ascii_lowercase();
        pairs.iter().find(|(plain, _)| *plain == small).map_or(letter, |(_, like)| *like).to_string()
    })
}
