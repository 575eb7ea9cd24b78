//! Where tokens come from, and what they are now. No message and no log ever shows one.

#![expect(clippy::disallowed_methods, reason = "variables are read here")]

pub mod admin;

use std::{env::VarError, fmt, path::PathBuf};

use crate::{
    settings::{small_file::file_text, value::Fault},
    webhook::signature::Token,
};

/// The largest token file, in bytes.
const MAX_BYTES: u64 = 64 * 1024;

const NO_NAME: &str = "cannot be read: a name is letters, digits and `_`, with no digit first";

const HOLDS: &str = "it holds the token of the Chat console, or several, each on a line of its own";

const UNREADABLE: &str =
    "it must be there; where settings are only checked, as in CI, any text from 1 to 128 characters will do as a token";

/// A place that holds tokens, one a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File(path) => write!(formatter, "{} `{}`", self.kind(), path.display()),
            Source::Variable(name) => write!(formatter, "{} `{name}`", self.kind()),
        }
    }
}

impl Source {
    /// The tokens that it holds now.
    ///
    /// # Errors
    /// When it cannot be read, holds none, or holds something that is not a token.
    pub fn read(&self) -> Result<Vec<Token>, Fault> {
        self.tokens().map_err(|problem| problem.of(&self.to_string()))
    }

    /// The same before the source was ever used, when its name may be a token that was given by mistake.
    ///
    /// # Errors
    /// When it cannot be used; a name that may be a token is not shown.
    pub fn check(&self) -> Result<(), Fault> {
        let checked =
            if self.is_possible() { self.tokens() } else { Err(Problem { what: NO_NAME.to_owned(), help: HOLDS }) };
        let name = if self.may_be_token() { self.kind().to_owned() } else { self.to_string() };
        checked.map(drop).map_err(|problem| problem.of(&name))
    }

    /// Whether its name may be a token: no path that leads somewhere, and not what variables are usually called.
    pub fn may_be_token(&self) -> bool {
        match self {
            Source::File(path) => !path.exists() && !path.to_string_lossy().contains(['/', '.']),
            Source::Variable(name) => !self.is_possible() || name.bytes().any(|byte| byte.is_ascii_lowercase()),
        }
    }

    fn is_possible(&self) -> bool {
        let Source::Variable(name) = self else { return true };
        let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        letters && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
    }

    fn kind(&self) -> &'static str {
        match self {
            Source::File(_) => "token file",
            Source::Variable(_) => "variable",
        }
    }

    fn tokens(&self) -> Result<Vec<Token>, Problem> {
        let text = match self {
            Source::File(path) => file_text(path, MAX_BYTES),
            Source::Variable(name) => read_variable(name),
        };
        let unreadable = |error| Problem { what: format!("cannot be read: {error}"), help: UNREADABLE };
        tokens(&text.map_err(unreadable)?).map_err(|what| Problem { what, help: HOLDS })
    }
}

/// What is wrong with a source, whatever its name is.
struct Problem {
    what: String,
    help: &'static str,
}

impl Problem {
    fn of(self, name: &str) -> Fault {
        Fault { message: format!("the {name} {}", self.what), help: Some(self.help.to_owned()) }
    }
}

fn read_variable(name: &str) -> Result<String, String> {
    // The error of the standard library shows what it found.
    std::env::var(name).map_err(|error| match error {
        VarError::NotPresent => "it is not set".to_owned(),
        VarError::NotUnicode(_) => "it is not UTF-8".to_owned(),
    })
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    if text.trim().is_empty() {
        return Err("is blank".to_owned());
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate();
    let lines = lines.filter(|(_, line)| !is_comment(line));
    let tokens: Vec<Token> = lines.map(|(index, line)| token(index + 1, line)).collect::<Result<_, _>>()?;
    if tokens.is_empty() { Err("has only comments".to_owned()) } else { Ok(tokens) }
}

/// As in list files; a token may begin with `#`.
fn is_comment(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

fn token(line: usize, text: &str) -> Result<Token, String> {
    let problem = |problem: &str| format!("cannot be used: line {line}: {problem}");
    if !text.is_empty() && (text.trim() != text || text.starts_with('\u{feff}')) {
        return Err(problem("the token begins or ends with white space"));
    }
    if text.chars().any(char::is_control) {
        return Err(problem("the token has a control character"));
    }
    Token::new(text).map_err(|error| problem(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        tokens(text).map(|tokens| tokens.len()).unwrap_err()
    }

    #[test]
    fn each_line_is_a_token() {
        assert_eq!(tokens("one").unwrap().len(), 1);
        assert_eq!(tokens("one\ntwo\n").unwrap().len(), 2);
        assert_eq!(tokens("one\r\ntwo\r\n").unwrap().len(), 2);
    }

    #[test]
    fn a_token_may_hold_spaces_and_han() {
        assert_eq!(tokens("a&b=c d+%\n令牌\n").unwrap().len(), 2);
    }

    #[test]
    fn a_comment_is_no_token() {
        assert_eq!(tokens("# the old one\none\n#\n#two\n").unwrap().len(), 2);
        assert_eq!(refused("# none\n"), "has only comments");
    }

    #[test]
    fn a_blank_file_is_refused() {
        assert_eq!(refused(" \n\n"), "is blank");
    }

    #[test]
    fn a_blank_line_is_refused() {
        assert_eq!(refused("one\n\ntwo\n"), "cannot be used: line 2: the token is blank");
    }

    #[test]
    fn white_space_around_a_token_is_refused() {
        assert_eq!(refused("one \n"), "cannot be used: line 1: the token begins or ends with white space");
    }

    #[test]
    fn a_token_has_at_most_128_characters() {
        assert!(tokens(&"令".repeat(128)).is_ok());
        assert_eq!(refused(&"令".repeat(129)), "cannot be used: line 1: the token has more than 128 characters");
    }
}
