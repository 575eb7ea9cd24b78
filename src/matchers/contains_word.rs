//! `contains_word`: one of these occurs in the text as a word of its own.
//!
//! ```yaml
//! name: { contains_word: [bet, 赌] }
//! ```
//!
//! `bet` is found in `bet now`, `bet365` and `我要bet`, not in `alphabet`. A word is a run of letters and marks; digits,
//! `_` and a change to or from a script written without spaces (Han, Kana, Thai ...) end it. A literal's end in such a
//! script needs no boundary, because there is none to see.
//!
//! On `name_lookalike` a digit or a sign that is read as a letter still ends a word: `admin` is found in `adm1n`, in
//! `admin1` and in `admin!`, not in `administrator`.

use crate::{
    diagnostic::Sink,
    engine::Matcher,
    facts::Field,
    matchers::{Argument, Context, Fit, Kind, Role, ignoring, is_text, literals, search::Unit},
    yaml::Node,
};

pub(super) const KIND: Kind = Kind {
    name: "contains_word",
    summary: "one of these occurs in the text as a word of its own",
    argument: "texts or `{list: NAME}`",
    takes: Argument::SomeOrList,
    fits: |field| match field {
        Field::NameSqueezed => Fit::Not(NO_WORDS),
        _ => is_text(field),
    },
    role: Role::Test(build),
};

const NO_WORDS: &str =
    "nothing is left between the words there: use `contains`, or `contains_word` on `name_lookalike`";

fn build(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) -> Option<Box<dyn Matcher>> {
    literals::warn_if_loose(context, KIND.name, argument.place, sink);
    Some(Box::new(ignoring::search(context, argument, Unit::Word, sink)?))
}
