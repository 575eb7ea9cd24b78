//! Patterns that are a few plain texts, for engines without regular expressions.

use regex_syntax::{
    hir::{
        Hir, Look, LookSet,
        literal::{ExtractKind, Extractor, Seq},
    },
    parse,
};

use super::Failure;
use crate::policy::{Ask, NameRule};

/// More than so many texts in place of one pattern would be no help.
const LIMIT: usize = 64;

/// A text and where it has to be found.
pub enum Literal {
    /// Anywhere in the name.
    Anywhere(String),
    /// Where the name begins.
    AtStart(String),
}

/// The texts of a rule, divided.
pub struct Divided {
    /// Any of which is enough.
    pub literals: Vec<Literal>,
    /// The patterns that are more than a few texts.
    pub patterns: Vec<String>,
}

/// Divides the texts of a rule.
pub fn divide(rule: &NameRule) -> Result<Divided, Failure> {
    let mut divided = Divided { literals: Vec::new(), patterns: Vec::new() };
    for text in &rule.texts {
        match rule.ask {
            Ask::Contains => divided.literals.push(Literal::Anywhere(text.clone())),
            Ask::Matches => match expand(&parse(text)?)? {
                Some(literals) => divided.literals.extend(literals),
                None => divided.patterns.push(text.clone()),
            },
        }
    }
    Ok(divided)
}

fn expand(pattern: &Hir) -> Result<Option<Vec<Literal>>, Failure> {
    let properties = pattern.properties();
    let start = LookSet::singleton(Look::Start);
    let place = match properties.look_set() {
        looks if looks.is_empty() => Literal::Anywhere,
        looks if looks == start && properties.look_set_prefix() == start => Literal::AtStart,
        _ => return Ok(None),
    };
    let Some(texts) = texts(pattern) else { return Ok(None) };
    let texts =
        texts.literals().unwrap_or_default().iter().map(|text| Ok(place(str::from_utf8(text.as_bytes())?.to_owned())));
    texts.collect::<Result<_, Failure>>().map(Some)
}

fn texts(pattern: &Hir) -> Option<Seq> {
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_class(LIMIT).limit_repeat(1).limit_literal_len(256).limit_total(LIMIT);
    let mut texts = extractor.extract(pattern);
    if !texts.is_exact() || texts.is_empty() {
        return None;
    }
    // What begins with another of the texts is found with it.
    texts.sort();
    texts.minimize_by_preference();
    Some(texts)
}
