//! Whether a request comes from Chat: `Sign` is the SHA-256 of a token and `RequestTime`.
//!
//! Neither body nor query are covered, and all requests of one second share a signature: HTTPS protects the rest.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// The longest token, in characters.
pub const MAX_TOKEN_CHARS: usize = 128;

/// A secret shared with Chat.
// INVARIANT: 1 to 128 characters, not blank; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why a text cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing but white space.
    #[error("the token is blank")]
    Blank,
    /// More than [`MAX_TOKEN_CHARS`].
    #[error("the token has more than {MAX_TOKEN_CHARS} characters")]
    TooLong,
}

/// Why a request is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `Sign` or `RequestTime` is missing.
    #[error("the request is not signed")]
    Missing,
    /// `Sign` is not 64 hexadecimal digits, or `RequestTime` not a number of seconds.
    #[error("the signature is malformed")]
    Malformed,
    /// None of the tokens made it.
    #[error("the signature was made with another token")]
    Wrong,
    /// One of the tokens made it, at another time.
    #[error("the signature is {seconds_old} seconds old by this machine's time")]
    Expired {
        /// How old it is; negative where it comes from the future.
        seconds_old: i64,
    },
}

impl Token {
    /// Takes a token as it stands, spaces included.
    ///
    /// # Errors
    /// A text that Chat would not take as a token.
    pub fn new(text: impl Into<String>) -> Result<Token, TokenError> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(TokenError::Blank);
        }
        if text.chars().count() > MAX_TOKEN_CHARS {
            return Err(TokenError::TooLong);
        }
        Ok(Token(text))
    }

    /// The text itself: for whoever compares it, never to be shown.
    pub fn secret(&self) -> &str {
        &self.0
    }

    fn digest(&self, request_time: &str) -> [u8; 32] {
        Sha256::new().chain_update(&self.0).chain_update(request_time).finalize().into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Refusal {
    /// A stable word for metrics and logs.
    pub fn cause(self) -> &'static str {
        match self {
            Refusal::Missing => "signature_missing",
            Refusal::Malformed => "signature_malformed",
            Refusal::Wrong => "signature_wrong",
            Refusal::Expired { .. } => "signature_expired",
        }
    }
}

/// Checks `Sign` and `RequestTime` of a query, as they were sent, against every token of an app.
///
/// The time is judged last, so that an expired signature means a clock that is off or a replay, never a wrong token.
///
/// # Errors
/// Why the request is not trusted.
pub fn verify(
    tokens: &[Token],
    sign: Option<&str>,
    request_time: Option<&str>,
    now: Timestamp,
    window: Duration,
) -> Result<(), Refusal> {
    let (sign, request_time) = sign.zip(request_time).ok_or(Refusal::Missing)?;
    let (sent, second) = digest_of(sign).zip(second_of(request_time)).ok_or(Refusal::Malformed)?;
    // Every token is compared, so that the time it takes says nothing about which one is right.
    let made = tokens.iter().fold(Choice::from(0), |made, token| made | token.digest(request_time).ct_eq(&sent));
    if !bool::from(made) {
        return Err(Refusal::Wrong);
    }
    if now.as_second().abs_diff(second) > window.as_secs() {
        return Err(Refusal::Expired { seconds_old: now.as_second().saturating_sub(second) });
    }
    Ok(())
}

fn digest_of(sign: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let (pairs, rest) = sign.as_bytes().as_chunks::<2>();
    if pairs.len() != digest.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = digit(*high)? * 16 + digit(*low)?;
    }
    Some(digest)
}

fn digit(character: u8) -> Option<u8> {
    u8::try_from(char::from(character).to_digit(16)?).ok()
}

fn second_of(request_time: &str) -> Option<i64> {
    request_time.bytes().all(|byte| byte.is_ascii_digit()).then(|| request_time.parse().ok())?
}
