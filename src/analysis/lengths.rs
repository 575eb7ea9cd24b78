//! How many characters a text has: tests of its length are about one number, whatever else is known of the text.

use std::ops::RangeInclusive;

use crate::{analysis::atom::Atom, facts::Field};

/// Whether some number of characters fits everything that is known of tests of length, field by field. Of a field
/// that is absent none holds.
pub(super) fn agree(atoms: &[Atom<'_>], truths: &[Option<bool>]) -> bool {
    let known: Vec<(Field, RangeInclusive<usize>, bool)> = atoms
        .iter()
        .zip(truths)
        .filter_map(|(atom, truth)| {
            let test = atom.test()?;
            Some((test.field, test.matcher.length()?, (*truth)?))
        })
        .collect();
    known.iter().all(|(field, ..)| {
        let of_field = || known.iter().filter(|(other, ..)| other == field);
        let fits = |length: usize| of_field().all(|(_, range, truth)| range.contains(&length) == *truth);
        let is_absent = field.is_optional() && of_field().all(|(.., truth)| !truth);
        let mut changes = of_field().flat_map(|(_, range, _)| [*range.start(), range.end().saturating_add(1)]);
        is_absent || fits(0) || changes.any(fits)
    })
}
