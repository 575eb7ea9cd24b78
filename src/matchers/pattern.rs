//! What can be said of a regular expression before it is used.

mod empty;
mod folded;

use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_syntax::{
    ast::{self, Ast},
    hir::{Hir, Look, translate::TranslatorBuilder},
};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    yaml::Node,
};

pub(super) use empty::is_everywhere;
pub(super) use folded::check as check_folded;

/// The most states of the automaton of one pattern.
const MAX_STATES: usize = 20_000;

/// The most states of the automata of all patterns of a set together: they take up to about 100 bytes each.
const MAX_STATES_OF_SET: usize = 4_000_000;

/// What the smallest pattern takes beside its states, in states.
const STATES_OF_ANY: usize = 50;

/// What building that automaton may take, so that counting its states cannot exhaust the memory.
const MAX_AUTOMATON_BYTES: usize = 16 << 20;

/// The deepest nesting of groups: the passes over a pattern are recursive.
const MAX_NESTING: u32 = 100;

/// Whether letters match in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Sensitive,
    Insensitive,
}

/// Reads the syntax, with a finding at the character.
pub(super) fn parse(node: &Node, text: &str, sink: &mut Sink) -> Option<Ast> {
    let parsed = ast::parse::ParserBuilder::new().nest_limit(MAX_NESTING).build().parse(text);
    parsed
        .map_err(|error| {
            let place = node.place_of(error.span().start.offset..error.span().end.offset);
            let wildcard = matches!(error.kind(), ast::ErrorKind::RepetitionMissing).then(|| wildcard(text)).flatten();
            sink.push(invalid(place, &error.kind().to_string()).help_if(wildcard));
        })
        .ok()
}

/// What to write for `*casino*`, which means something in the names of files and nothing in a pattern.
fn wildcard(text: &str) -> Option<String> {
    let word = text.trim_matches('*');
    let plain = text.starts_with('*') && !word.is_empty() && !word.contains(regex_syntax::is_meta_character);
    plain.then(|| format!("for this text anywhere, write `contains: {word}`"))
}

/// Gives the syntax its meaning.
pub(super) fn translate(ast: &Ast, case: Case, node: &Node, text: &str, sink: &mut Sink) -> Option<Hir> {
    let mut translator = TranslatorBuilder::new().case_insensitive(case == Case::Insensitive).utf8(true).build();
    let translated = translator.translate(text, ast);
    translated
        .map_err(|error| {
            let place = node.place_of(error.span().start.offset..error.span().end.offset);
            sink.push(invalid(place, &error.kind().to_string()));
        })
        .ok()
}

fn invalid(place: crate::diagnostic::Place, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidPattern, place, format!("this pattern cannot be read: {reason}")).help(
        "put a backslash before a character that is meant literally; look-around and back-references do not exist here",
    )
}

/// Whether a match is always the whole text.
pub(super) fn is_anchored(hir: &Hir) -> bool {
    let properties = hir.properties();
    properties.look_set_prefix().contains(Look::Start) && properties.look_set_suffix().contains(Look::End)
}

/// Says what is too large about the automaton, alone or with those before it, whose states are `used` up.
pub(super) fn check_size(hir: &Hir, used: &mut usize) -> Result<(), String> {
    let too_many = || format!("the patterns of the set have more than {MAX_STATES_OF_SET} states together");
    if *used > MAX_STATES_OF_SET {
        return Err(too_many());
    }
    let config = thompson::Config::new().nfa_size_limit(Some(MAX_AUTOMATON_BYTES)).which_captures(WhichCaptures::None);
    let built = thompson::Compiler::new().configure(config).build_from_hir(hir);
    let too_large = |_| {
        let most = MAX_AUTOMATON_BYTES >> 20;
        format!("its automaton takes more than {most} MiB, and at most {MAX_STATES} states are allowed")
    };
    let states = built.map_err(too_large)?.states().len();
    if states > MAX_STATES {
        return Err(format!("its automaton has {states} states, at most {MAX_STATES} are allowed"));
    }
    *used = used.saturating_add(states + STATES_OF_ANY);
    if *used > MAX_STATES_OF_SET {
        return Err(too_many());
    }
    Ok(())
}
