//! Who is trusted: signatures, tokens and times.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use topicgate::webhook::signature::{Refusal, Token, TokenError, verify};

use crate::vectors;

const WINDOW: Duration = Duration::from_secs(60);
const SIGN: &str = "fdedb59e60a8d79ebb349080c302a68a79ac6602cc5dbed2a4a94b9ced465f23";

fn token(text: &str) -> Token {
    Token::new(text).expect("a usable token")
}

/// What Chat sends as `Sign`.
fn sign(token: &str, time: &str) -> String {
    Sha256::digest(format!("{token}{time}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time that exists")
}

#[test]
fn every_signature_vector_is_judged_right() {
    for vector in vectors("signatures") {
        let text = |key: &str| vector[key].as_str().expect("a text").to_owned();
        let (secret, sent, time) = (text("token"), text("sign"), text("request_time"));
        let now = at(time.parse().expect("a number of seconds"));
        let expected = if vector["valid"] == true { Ok(()) } else { Err(Refusal::Wrong) };
        assert_eq!(verify(&[token(&secret)], Some(&sent), Some(&time), now, WINDOW), expected, "{vector}");
        assert_eq!(sign(&secret, &time) == sent, expected.is_ok(), "{vector}");
    }
}

#[track_caller]
fn check_signature(sign: Option<&str>, time: Option<&str>, now: i64, expected: Result<(), Refusal>) {
    let tokens = [token("next-token"), token("test-token")];
    assert_eq!(verify(&tokens, sign, time, at(now), WINDOW), expected);
}

#[test]
fn any_of_several_tokens_will_do() {
    check_signature(Some(SIGN), Some("1700000000"), 1_700_000_000, Ok(()));
}

#[test]
fn upper_case_digits_are_accepted() {
    check_signature(Some(&SIGN.to_uppercase()), Some("1700000000"), 1_700_000_000, Ok(()));
}

#[test]
fn the_window_includes_both_ends() {
    check_signature(Some(SIGN), Some("1700000000"), 1_700_000_060, Ok(()));
    check_signature(Some(SIGN), Some("1700000000"), 1_699_999_940, Ok(()));
    check_signature(Some(SIGN), Some("1700000000"), 1_700_000_061, Err(Refusal::Expired { seconds_old: 61 }));
    check_signature(Some(SIGN), Some("1700000000"), 1_699_999_939, Err(Refusal::Expired { seconds_old: -61 }));
}

#[test]
fn a_clock_that_jumps_is_judged_by_where_it_stands() {
    for (now, jumped) in [(1_700_000_000, 0), (1_700_086_400, 86_400), (1_699_913_600, -86_400), (1_700_000_000, 0)] {
        let expected = if jumped == 0 { Ok(()) } else { Err(Refusal::Expired { seconds_old: jumped }) };
        check_signature(Some(SIGN), Some("1700000000"), now, expected);
    }
}

#[test]
fn the_last_second_that_can_be_written_is_far_away() {
    let time = i64::MAX.to_string();
    let seconds_old = 1_700_000_000 - i64::MAX;
    check_signature(
        Some(&sign("test-token", &time)),
        Some(&time),
        1_700_000_000,
        Err(Refusal::Expired { seconds_old }),
    );
}

#[test]
fn a_missing_part_of_a_signature_is_told_apart() {
    check_signature(None, Some("1700000000"), 1_700_000_000, Err(Refusal::Missing));
    check_signature(Some(SIGN), None, 1_700_000_000, Err(Refusal::Missing));
}

#[test]
fn what_is_no_signature_is_malformed() {
    let (time, now) = (Some("1700000000"), 1_700_000_000);
    for sign in
        ["", "00", SIGN.trim_start_matches('f'), &format!("{SIGN}0"), &SIGN.replace('f', "+"), &SIGN.replace('f', "ｆ")]
    {
        check_signature(Some(sign), time, now, Err(Refusal::Malformed));
    }
    for time in ["", "+1700000000", "-1", "1700000000.0", " 1700000000", "99999999999999999999", "١"] {
        check_signature(Some(SIGN), Some(time), now, Err(Refusal::Malformed));
    }
}

#[test]
fn the_time_is_signed_as_it_was_sent() {
    let padded = "01700000000";
    check_signature(Some(SIGN), Some(padded), 1_700_000_000, Err(Refusal::Wrong));
    check_signature(Some(&sign("test-token", padded)), Some(padded), 1_700_000_000, Ok(()));
}

#[test]
fn a_wrong_and_old_signature_is_wrong() {
    check_signature(Some(&"0".repeat(64)), Some("1"), 1_700_000_000, Err(Refusal::Wrong));
}

#[test]
fn without_tokens_nothing_is_trusted() {
    let now = at(1_700_000_000);
    assert_eq!(verify(&[], Some(SIGN), Some("1700000000"), now, WINDOW), Err(Refusal::Wrong));
}

#[test]
fn a_token_has_1_to_128_characters_and_is_not_blank() {
    assert_eq!(Token::new(""), Err(TokenError::Blank));
    assert_eq!(Token::new(" \n"), Err(TokenError::Blank));
    assert_eq!(Token::new("令".repeat(129)), Err(TokenError::TooLong));
    assert!(Token::new("令".repeat(128)).is_ok());
}

#[test]
fn a_token_is_never_printed() {
    assert_eq!(format!("{:?}", token("secret")), "Token(..)");
}

proptest! {
    #[test]
    fn what_is_signed_verifies(text in "[!-~]{1,128}", second in 0..4_000_000_000i64) {
        let time = second.to_string();
        let made = sign(&text, &time);
        prop_assert_eq!(verify(&[token(&text)], Some(&made), Some(&time), at(second), WINDOW), Ok(()));
    }
}
