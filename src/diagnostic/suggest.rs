//! "Did you mean": the nearest word of a closed list.

/// Shorter beginnings fit too many words.
const SHORTEST_BEGINNING: usize = 4;

/// A set may have a hundred thousand lists and rules; the names behind these are not compared.
const MOST_CANDIDATES: usize = 1000;

/// The candidate that a mistyped word most likely stands for, if one is near enough.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: String = word.chars().take(80).collect::<String>().to_lowercase();
    let length = word.chars().count();
    // A third of the letters may be wrong.
    let allowed = (length / 3).max(1);
    let distance = |candidate: &str| {
        if length >= SHORTEST_BEGINNING && candidate.starts_with(&word) {
            return 0;
        }
        strsim::damerau_levenshtein(&word, &candidate.to_lowercase())
    };
    let comparable = |candidate: &&str| candidate.chars().take(2 * length + 8).count() <= 2 * length + 7;
    let candidates = candidates.into_iter().take(MOST_CANDIDATES).filter(comparable);
    let near = candidates.map(|candidate| (distance(candidate), candidate));
    near.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|near| near.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_or_a_beginning_is_near_enough() {
        let words = ["contains", "contains_word", "starts_with", "in", "is"];
        let near = |word| did_you_mean(word, words);
        assert_eq!(near("contians"), Some("contains"));
        assert_eq!(near("Contains"), Some("contains"));
        assert_eq!(near("start"), Some("starts_with"));
        assert_eq!(near("im"), Some("in"));
        assert_eq!(near("equals"), None);
        assert_eq!(near(""), None);
    }
}
