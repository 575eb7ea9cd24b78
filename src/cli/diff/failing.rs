//! What `--fail-on` takes.

use std::ffi::OsStr;

use clap::{
    Arg, Command, Error,
    builder::{EnumValueParser, PossibleValue, TypedValueParser},
};

use crate::{analysis::difference::Kind, cli::diff::compare::Compared};

/// What `--fail-on` looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Failing {
    /// Something is refused that was allowed
    Tightened,
    /// Something is allowed that was refused
    Loosened,
    /// Something is refused with another code
    Code,
    /// Something is refused with another message
    Text,
    /// Something is not proved
    NotProved,
    /// Any of these
    Any,
}

/// Takes a kind with blanks around it, as people write them around commas.
#[derive(Clone)]
pub(super) struct Parser;

impl TypedValueParser for Parser {
    type Value = Failing;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Failing, Error> {
        let trimmed = value.to_str().map_or(value, |text| OsStr::new(text.trim()));
        EnumValueParser::new().parse_ref(command, argument, trimmed)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values: Vec<PossibleValue> = EnumValueParser::<Failing>::new().possible_values()?.collect();
        Some(Box::new(values.into_iter()))
    }
}

impl Failing {
    pub(super) fn is_met(self, compared: &Compared<'_>) -> bool {
        let has = |kind| compared.difference.has(kind);
        match self {
            Failing::Tightened => has(Kind::Tightened),
            Failing::Loosened => has(Kind::Loosened),
            Failing::Code => has(Kind::Code),
            Failing::Text => has(Kind::Text),
            Failing::NotProved => !compared.difference.open.is_empty(),
            Failing::Any => !compared.difference.is_none(),
        }
    }
}
