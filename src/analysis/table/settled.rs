//! States of a table from which on all texts are the same: in the language, or out of it.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::LazyLock,
};

use regex_automata::util::primitives::StateID;

use crate::{
    analysis::{table::Table, walk::representatives},
    engine::Language,
};

/// What is UTF-8: in the middle of a character no text ends.
static TEXTS: LazyLock<Option<Table>> = LazyLock::new(|| Table::of(&Language::Every).ok());

/// A state of the table beside one of `TEXTS`.
type Pair = [StateID; 2];

/// The states that are settled, with what they are.
pub(super) fn states(table: &Table) -> HashMap<StateID, bool> {
    let Some(texts) = TEXTS.as_ref() else { return HashMap::new() };
    let (pairs, before) = reached(table, texts);
    let ends = |index: &usize| pairs.get(*index).is_some_and(|[_, text]| texts.accepts(*text));
    let accepts = |index: &usize| pairs.get(*index).is_some_and(|[state, _]| table.accepts(*state));
    let all = 0..pairs.len();
    let may_be_in = leading_to(all.clone().filter(|index| ends(index) && accepts(index)).collect(), &before);
    let may_be_out = leading_to(all.filter(|index| ends(index) && !accepts(index)).collect(), &before);
    let mut found: HashMap<StateID, [bool; 2]> = HashMap::new();
    for ((pair, is_in), is_out) in pairs.iter().zip(may_be_in).zip(may_be_out) {
        let [both_in, both_out] = found.entry(pair[0]).or_default();
        (*both_in, *both_out) = (*both_in | is_in, *both_out | is_out);
    }
    found.into_iter().filter(|(_, [is_in, is_out])| is_in != is_out).map(|(state, [is_in, _])| (state, is_in)).collect()
}

/// Every pair that some beginning of a text leads to, and for each those before it.
fn reached(table: &Table, texts: &Table) -> (Vec<Pair>, Vec<Vec<usize>>) {
    let bytes = representatives(&[table, texts]);
    let mut pairs: Vec<Pair> =
        table.start().zip(texts.start()).map(|(state, text)| [state, text]).into_iter().collect();
    let mut numbers: HashMap<Pair, usize> = pairs.iter().map(|pair| (*pair, 0)).collect();
    let mut before = vec![Vec::new(); pairs.len()];
    let mut at = 0;
    while let Some([state, text]) = pairs.get(at).copied() {
        for byte in &bytes {
            let next = [table.next(state, *byte), texts.next(text, *byte)];
            if texts.is_dead(next[1]) {
                continue;
            }
            let number = match numbers.entry(next) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    pairs.push(next);
                    before.push(Vec::new());
                    *new.insert(pairs.len() - 1)
                }
            };
            before.get_mut(number).into_iter().for_each(|from| from.push(at));
        }
        at += 1;
    }
    (pairs, before)
}

/// For each pair, whether it leads to one of these.
fn leading_to(mut open: Vec<usize>, before: &[Vec<usize>]) -> Vec<bool> {
    let mut leads = vec![false; before.len()];
    while let Some(pair) = open.pop() {
        if let Some(known) = leads.get_mut(pair).filter(|known| !**known) {
            *known = true;
            open.extend(before.get(pair).into_iter().flatten());
        }
    }
    leads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::set::TextSet;

    fn settled(language: &Language<'_>, text: &str) -> Option<bool> {
        let table = Table::of(language).unwrap();
        let state = text.bytes().fold(table.start().unwrap(), |state, byte| table.next(state, byte));
        table.settled(state)
    }

    #[test]
    fn a_text_that_was_found_stays_found() {
        let set: TextSet = ["赌场", "bet"].into_iter().collect();
        let parts = Language::Parts(&set);
        assert_eq!(settled(&parts, "my bet"), Some(true));
        assert_eq!(settled(&parts, "去赌场 x"), Some(true));
        assert_eq!(settled(&parts, "my be"), None);
    }

    #[test]
    fn a_text_that_began_otherwise_never_begins_right() {
        let set: TextSet = ["bet"].into_iter().collect();
        assert_eq!(settled(&Language::Starts(&set), "x"), Some(false));
        assert_eq!(settled(&Language::Starts(&set), "be"), None);
        assert_eq!(settled(&Language::Ends(&set), "bet"), None);
        assert_eq!(settled(&Language::Characters(0..=2), "赌场x"), Some(false));
        assert_eq!(settled(&Language::Characters(2..=usize::MAX), "赌场"), Some(true));
    }
}
