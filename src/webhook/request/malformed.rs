//! Why a request cannot be decided.

use super::{MAX_NAME_BYTES, MAX_PARAMETERS};

/// What is wrong with a request; the setting `on_error` says how to answer it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A query key stands there twice and says different things; the key is cleaned and cut.
    #[error("the query repeats `{0}` with different values")]
    RepeatedParameter(String),
    /// More query parameters than anybody sends.
    #[error("the query has more than {MAX_PARAMETERS} parameters")]
    TooManyParameters,
    /// The body is no JSON object.
    #[error("the body is not a JSON object (line {line}, column {column})")]
    InvalidBody {
        /// Where reading stopped, from 1.
        line: usize,
        /// Where reading stopped, in bytes.
        column: usize,
    },
    /// A field that matters stands in the body twice.
    #[error("the body repeats a field")]
    RepeatedField,
    /// A field is neither text nor a number.
    #[error("`{0}` is neither text nor a number")]
    WrongType(&'static str),
    /// Neither query nor body name a command.
    #[error("the request names no command")]
    NoCommand,
    /// Query and body disagree.
    #[error("query and body name different commands")]
    TwoCommands,
    /// `SdkAppid` is missing or no number.
    #[error("the request names no app")]
    NoApp,
    /// `Operator_Account` is missing.
    #[error("the request names no operator")]
    NoOperator,
    /// `Name` is missing.
    #[error("the request has no name")]
    NoName,
    /// `Name` is longer than is decided.
    #[error("the name is longer than {MAX_NAME_BYTES} bytes")]
    LongName,
}

impl Malformed {
    /// Every word for a cause.
    pub const CAUSES: [&str; 11] = [
        "repeated_parameter",
        "too_many_parameters",
        "invalid_body",
        "repeated_field",
        "wrong_type",
        "no_command",
        "two_commands",
        "no_app",
        "no_operator",
        "no_name",
        "long_name",
    ];

    /// A stable word for metrics and logs.
    pub fn cause(&self) -> &'static str {
        match self {
            Malformed::RepeatedParameter(_) => "repeated_parameter",
            Malformed::TooManyParameters => "too_many_parameters",
            Malformed::InvalidBody { .. } => "invalid_body",
            Malformed::RepeatedField => "repeated_field",
            Malformed::WrongType(_) => "wrong_type",
            Malformed::NoCommand => "no_command",
            Malformed::TwoCommands => "two_commands",
            Malformed::NoApp => "no_app",
            Malformed::NoOperator => "no_operator",
            Malformed::NoName => "no_name",
            Malformed::LongName => "long_name",
        }
    }
}
