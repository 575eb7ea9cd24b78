//! The golden requests.

use crate::{check, vectors};

#[track_caller]
fn check_vector(note: &str, expected: &str) {
    let vector = vectors("requests").into_iter().find(|vector| vector["note"] == note).expect("a vector of this note");
    let query = vector["query"].as_str().expect("every vector has a query");
    match vector["raw_hex"].as_str() {
        Some(hex) => check(query, bytes(hex), expected),
        None => check(query, vector["body"].to_string(), expected),
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    pairs.iter().map(byte).collect::<Option<_>>().expect("hexadecimal digits")
}

#[test]
fn every_vector_has_its_test() {
    let tests = include_str!("vectors.rs");
    for vector in vectors("requests") {
        assert!(tests.contains(&vector["note"].to_string()), "{}", vector["note"]);
    }
}

#[test]
fn the_documented_sample_is_decided() {
    check_vector(
        "the documented sample",
        r#"create_topic operator=leckie name="MyFirstTopic" type=Community platform=Android client_ip=127.0.0.1"#,
    );
}

#[test]
fn a_rest_creation_is_decided() {
    check_vector(
        "created by the admin through REST, with an undocumented request id",
        r#"create_topic operator=@TLS#NOT_FOUND name="公告" type=Community platform=RESTAPI client_ip=192.0.2.10"#,
    );
}

#[test]
fn a_group_creation_is_decided() {
    check_vector(
        "group creation, sent to the same URL",
        r#"create_group operator=leckie name="MyFirstGroup" owner=leckie type=Public platform=iOS client_ip=127.0.0.1"#,
    );
}

#[test]
fn a_group_creation_of_newer_traffic_is_decided() {
    check_vector(
        "group creation, newer count field is a map, no owner",
        r#"create_group operator=leckie name="MyFirstGroup" type=Community platform=Unkown client_ip=::1"#,
    );
}

#[test]
fn another_command_is_not_evaluated() {
    check_vector("a command that is not evaluated: always answered OK/0", "not evaluated: Group.CallbackAfterSendMsg");
}

#[test]
fn the_console_can_verify() {
    check_vector("console verification: signed, no app id, empty object", "verification");
}

#[test]
fn a_byte_order_mark_is_dropped() {
    check_vector(
        "a byte order mark before the object; answered like the sample",
        r#"create_topic operator=leckie name="MyFirstTopic" type=Community"#,
    );
}

#[test]
fn a_lone_surrogate_is_replaced() {
    check_vector(
        "a lone surrogate in the name; the rest of the name is still evaluated",
        "create_topic operator=leckie name=\"casino\u{fffd}\" type=Community",
    );
}

#[test]
fn invalid_utf8_is_replaced() {
    check_vector(
        "invalid UTF-8 in the name; the rest of the name is still evaluated",
        "create_topic operator=leckie name=\"casino\u{fffd}\" type=Community",
    );
}

#[test]
fn a_raw_control_character_is_accepted() {
    check_vector(
        "a raw control character in the name",
        r#"create_topic operator=leckie name="cas\u{1}ino" type=Community"#,
    );
}

#[test]
fn two_commands_are_malformed() {
    check_vector(
        "malformed: query and body name different commands",
        "two_commands: query and body name different commands",
    );
}

#[test]
fn a_repeated_key_is_malformed() {
    check_vector(
        "malformed: a query key repeated with different values",
        "repeated_parameter: the query repeats `SdkAppid` with different values",
    );
}

#[test]
fn an_operator_beyond_64_bits_keeps_its_digits() {
    check_vector(
        "an operator sent as a number beyond 64 bits",
        r#"create_topic operator=144115198371610486123 name="x" type=Community"#,
    );
}
