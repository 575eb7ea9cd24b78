//! Findings about patterns that are run on every request.

use crate::{
    diagnostic::{Code, Diagnostic},
    rules::{ast::Mode, compile::Compiled},
};

/// A note for each such pattern of a live rule.
pub(super) fn findings(rules: &[Compiled<'_, '_>]) -> Vec<Diagnostic> {
    let live = rules.iter().filter(|compiled| compiled.written.mode != Mode::Disabled);
    let places = live.flat_map(|compiled| &compiled.slow);
    let message = "there is no text that this pattern needs, so it is run on every request";
    let help = "a few short ones do no harm; with many, or with counts in braces, add a word that must occur, or a test that few requests pass";
    places.map(|place| Diagnostic::new(Code::PatternWithoutText, *place, message).help(help)).collect()
}
