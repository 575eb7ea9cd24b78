//! Coverage in words: how much was seen, and what was not.

use crate::{
    engine::{
        Coverage,
        coverage::{Covered, Item, Share, Unseen},
    },
    text,
};

/// How many things are listed for people; the rest are counted.
pub(super) const MOST_LISTED: usize = 20;

/// A share, rounded down.
pub(in crate::cli) fn percent(share: Share) -> String {
    let per_mille = share.per_mille();
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// The whole of it in one line.
pub(super) fn total(coverage: &Coverage) -> String {
    let share = coverage.share();
    format!("coverage: {} ({} of {} outcomes)", percent(share), share.seen, share.possible)
}

/// Everything that was not seen, in rule order.
pub(super) fn all(coverage: &Coverage) -> impl Iterator<Item = (&Covered, &Item, Unseen)> {
    let items = coverage.rules.iter().flat_map(|rule| rule.items.iter().map(move |item| (rule, item)));
    items.filter_map(|(rule, item)| Some((rule, item, item.unseen()?)))
}

/// One of them in a sentence.
pub(super) fn sentence(item: &Item, unseen: Unseen) -> String {
    // An example asks `when` alone.
    let (of, checks) = match &item.exception {
        Some(id) => (format!("the exception `{id}`"), "test"),
        None => ("`when`".to_owned(), "example or test"),
    };
    let what = match (item.branch, &item.exception) {
        (None, _) => of,
        (Some(branch), None) => format!("branch {branch} of `any`"),
        (Some(branch), Some(_)) => format!("branch {branch} of `any` in {of}"),
    };
    match unseen {
        Unseen::Holds => format!("no {checks} in which {what} holds"),
        Unseen::Fails => format!("no {checks} in which {what} does not hold"),
        Unseen::Both => format!("no {checks} that asks {what}"),
    }
}

/// One of them in a line: where, which rule, and what.
pub(super) fn line((rule, item, unseen): (&Covered, &Item, Unseen)) -> String {
    format!("{}:{}: {}: {}", text::clean(&rule.file), item.line, rule.id, sentence(item, unseen))
}
