//! Which rules may match what a pattern looks for.

use std::collections::{BTreeSet, HashSet};

use regex_syntax::hir::Hir;

use crate::{
    analysis::{
        Reason, Whole, bare,
        overlaps::{
            embed::Ways,
            parts::{Parts, is_made_of},
        },
        table::Table,
    },
    facts::Field,
};

/// What was found out about a pattern.
pub(super) struct Hits {
    /// A shortest name.
    pub(super) shortest: Option<String>,
    /// Names that have what a rule needs, with the place of the rule.
    pub(super) names: Vec<(usize, String)>,
    /// The rules of which such a name may have what they need: no other does.
    pub(super) possible: HashSet<usize>,
}

/// Looks for what rules need of each view.
pub(super) fn of(
    whole: &Whole,
    pattern: &Hir,
    needed: &[(Field, Parts)],
    states_left: &mut usize,
) -> Result<Hits, Reason> {
    let ways = Ways::of(&whole.table)?;
    let mut hits = Hits { shortest: ways.shortest(), names: Vec::new(), possible: HashSet::new() };
    for (view, parts) in needed.iter().filter(|(_, parts)| !parts.all().is_empty()) {
        let names = ways.texts(parts, states_left)?;
        if is_made_of(whole.field, *view) {
            hits.possible.extend(names.iter().map(|(owner, _)| *owner));
        } else {
            hits.possible.extend(seen_in(pattern, *view, parts, states_left)?);
        }
        hits.names.extend(names);
    }
    Ok(hits)
}

/// The rules of which a part may be seen in such a name by a view that shows it otherwise.
fn seen_in(pattern: &Hir, view: Field, parts: &Parts, states_left: &mut usize) -> Result<Vec<usize>, Reason> {
    let looks = bare::looks(pattern);
    if view == Field::NameLookalike {
        let table = Table::alone(looks)?;
        return Ok(Ways::of(&table)?.texts(parts, states_left)?.into_iter().map(|(owner, _)| owner).collect());
    }
    let Some(characters) = bare::characters(&looks) else { return Ok(parts.owners(|_| true)) };
    let characters: BTreeSet<char> = characters.into_iter().collect();
    Ok(parts.owners(|part| part.chars().all(|character| characters.contains(&character))))
}
