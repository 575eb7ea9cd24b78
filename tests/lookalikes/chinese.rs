//! The classes of Chinese characters: a simplified one with its traditional ones, by OpenCC's table of single characters.

use std::collections::BTreeMap;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use topicgate::text::fold;

/// Each traditional character with the simplified one that is written for it most.
pub fn pairs() -> BTreeMap<char, char> {
    let chinese = OpenCC::from_config(BuiltinConfig::T2s).unwrap();
    let simple = |character: char| {
        let text = chinese.convert(character.encode_utf8(&mut [0; 4]));
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none()).unwrap()
    };
    let characters = ('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{3ffff}');
    let folded = characters.filter(|it| fold(it.encode_utf8(&mut [0; 4])) == it.to_string());
    // Twice: what `薴` is simplified to is itself simplified elsewhere.
    let pairs = folded.map(|it| (it, simple(simple(it))));
    pairs.filter(|(it, simple)| it != simple).collect()
}
