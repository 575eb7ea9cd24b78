//! Ways to write a word so that people read it and rules should not: each makes a name of any word of small Latin letters.

/// A way to write a word.
pub struct Technique {
    /// What it is called in the manual.
    pub name: &'static str,
    /// Writes a word that way.
    pub write: fn(&str) -> String,
}

const fn technique(name: &'static str, write: fn(&str) -> String) -> Technique {
    Technique { name, write }
}

/// Every way, the weakest first.
pub const TECHNIQUES: &[Technique] = &[
    technique("capitals", str::to_uppercase),
    technique("zero-width characters", |word| between(word, "\u{200b}")),
    technique("soft hyphens", |word| between(word, "\u{ad}")),
    technique("Hangul fillers", |word| between(word, "\u{3164}")),
    technique("bidi controls", |word| format!("\u{202d}{}\u{202c}", between(word, "\u{2060}"))),
    technique("full-width letters", |word| shifted(word, 0xff41)),
    technique("mathematical alphabets", |word| shifted(word, 0x1d586)),
    technique("circled letters", |word| shifted(word, 0x24d0)),
    technique("letters in dark circles and squares", |word| shifted(word, 0x1f150)),
    technique("small capitals", |word| replaced(word, "aᴀbʙcᴄdᴅeᴇgɢiɪlʟmᴍnɴoᴏrʀtᴛuᴜ")),
    technique("homoglyphs from Cyrillic", |word| replaced(word, "aаcсeеiіmмnпoоpрsѕxхyу")),
    technique("homoglyphs from Greek", |word| replaced(word, "aαdδeεiιkκmμnνoοpρtτuυ")),
    technique("homoglyphs from Armenian", |word| replaced(word, "dժhհiւmՠnոoօsտuսgց")),
    technique("homoglyphs from Cherokee", |word| replaced(word, "aᎪbᏴcᏟdᎠeᎬgᏀiᎥlᏞmᎷoᎾpᏢsᏚtᎢwᎳ")),
    technique("Canadian syllabics", |word| replaced(word, "aᗩbᗷcᑕdᗪiᒪmᗰnᑎsᔕuᑌvᐯzᘔ")),
    technique("digits and signs for letters", |word| replaced(word, "a4b8e3g9i!l1o0s$t7z2")),
    technique("letters of other languages", |word| replaced(word, "aąbɓcçdđeęiįlłnñoøsștŧuů")),
    technique("combining marks", |word| between(word, "\u{336}\u{489}\u{301}") + "\u{20dd}"),
    technique("a digit behind it", |word| word.to_owned() + "1"),
    technique("signs behind it", |word| word.to_owned() + "!!"),
    technique("™ behind it", |word| word.to_owned() + "™"),
    technique("a look-alike, and a digit behind it", |word| word.replace('i', "1") + "2"),
    technique("separators", |word| between(word, ".")),
    technique("Japanese long vowels between", |word| between(word, "ー")),
    technique("spaces", |word| between(word, " ")),
    technique("emoji between", |word| between(word, "🔥")),
    technique("repeats", |word| word.chars().flat_map(|letter| [letter, letter, letter]).collect()),
    technique("all of it", |word| between(&replaced(word, "aａiІo0s$n𝖓mМ"), "\u{200b}\u{301}-")),
    technique("two letters for one", |word| word.replace('m', "rn").replace("ci", "cl").replace('n', "ri")),
    technique("Chinese and Japanese characters for letters", |word| replaced(word, "a卂m从i工n几o口sㄎc匚")),
    technique("the Greek ϲ, which is a sigma", |word| word.replace('c', "ϲ")),
    technique("flags", |word| shifted(word, 0x1f1e6)),
    technique("upside down", |word| replaced(&word.chars().rev().collect::<String>(), "aɐdpiᴉmɯnucɔ")),
    technique("backwards", |word| word.chars().rev().collect()),
    technique("a bidi control, and backwards", |word| format!("\u{202e}{}", word.chars().rev().collect::<String>())),
    technique("letters left out", |word| word.replace(['a', 'i', 'o'], "*")),
];

fn between(word: &str, what: &str) -> String {
    let letters: Vec<String> = word.chars().map(String::from).collect();
    letters.join(what)
}

/// Each letter as the one in the same place of an alphabet that begins there.
fn shifted(word: &str, start: u32) -> String {
    let place = |letter: char| u32::from(letter) - u32::from('a');
    word.chars().map(|letter| char::from_u32(start + place(letter)).unwrap_or(letter)).collect()
}

/// Each letter as the one behind it in the pairs, where it stands there.
fn replaced(word: &str, pairs: &str) -> String {
    let letters = pairs.chars().step_by(2);
    let pairs: Vec<(char, char)> = letters.zip(pairs.chars().skip(1).step_by(2)).collect();
    let like = |letter| pairs.iter().find(|(plain, _)| *plain == letter).map_or(letter, |(_, like)| *like);
    word.chars().map(like).collect()
}
