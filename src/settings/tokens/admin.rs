//! Tokens of the admin side: made by the operator, and sent in a header. They stand in files and variables like those of
//! apps, but they must not be easy to guess: whoever has one may read everything and ask for a reload.

use std::fmt;

use crate::{
    settings::{tokens, value::Fault},
    webhook::signature::Token,
};

/// The shortest token, in characters.
const MIN_CHARS: usize = 16;

const HOLDS: &str = "it holds what `openssl rand -hex 32` prints; while a token is replaced, the old and the new one, each on a line of its own";

/// A place that holds tokens of the admin side, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(pub tokens::Source);

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Source {
    /// The tokens that it holds now.
    ///
    /// # Errors
    /// When it cannot be read, holds none, or holds something that is no token, cannot be sent or is too short.
    pub fn read(&self) -> Result<Vec<Token>, Fault> {
        self.0.read().and_then(|tokens| self.fit(tokens)).map_err(help)
    }

    /// The same before the source was ever used, when its name may be a token that was given by mistake.
    ///
    /// # Errors
    /// When it cannot be used; a name that may be a token is not shown.
    pub fn check(&self) -> Result<(), Fault> {
        self.0.check().map_err(help).and_then(|()| self.read().map(drop))
    }

    fn fit(&self, tokens: Vec<Token>) -> Result<Vec<Token>, Fault> {
        let problem = tokens.iter().find_map(|token| problem(token.secret()));
        match problem {
            Some(problem) => Err(Fault { message: format!("the {} cannot be used: {problem}", self.0), help: None }),
            None => Ok(tokens),
        }
    }
}

fn problem(token: &str) -> Option<String> {
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("a token has characters that a header cannot carry".to_owned());
    }
    (token.len() < MIN_CHARS).then(|| format!("a token has fewer than {MIN_CHARS} characters"))
}

fn help(fault: Fault) -> Fault {
    Fault { help: Some(HOLDS.to_owned()), ..fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_fits_into_a_header() {
        for token in ["0123456789abcdef", "dG9waWNnYXRlLWFkbWlu+/==", "~!@#$%^&*()-_=0123"] {
            assert_eq!(problem(token), None, "{token}");
        }
        assert_eq!(problem("0123456789abcde").unwrap(), "a token has fewer than 16 characters");
        for token in ["0123456789 abcdef", "0123456789abcdé0123", "令牌令牌令牌令牌令牌令牌令牌令牌"] {
            assert_eq!(problem(token).unwrap(), "a token has characters that a header cannot carry", "{token}");
        }
    }
}
