//! The body of a request: what is read of it, and what is refused.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use topicgate::webhook::request::{Body, Query, read};

use crate::{TOPIC, check};

#[test]
fn an_empty_body_is_an_empty_object() {
    for body in ["", " \n", "\u{feff}", "\u{feff} {} ", "{\n}"] {
        check("CallbackCommand=Group.CallbackBeforeCreateTopic", body, "verification");
    }
}

#[test]
fn an_empty_body_for_an_app_names_no_operator() {
    check(TOPIC, "", "no_operator: the request names no operator");
}

#[test]
fn what_is_no_object_is_malformed() {
    for body in ["[]", "null", r#""x""#, r#"["Group.CallbackBeforeCreateTopic","a",null,null,"x"]"#] {
        check(TOPIC, body, "invalid_body: the body is not a JSON object (line 1, column 1)");
    }
    check(TOPIC, "{\n \"Name\": x}", "invalid_body: the body is not a JSON object (line 2, column 10)");
}

#[test]
fn what_follows_the_object_is_malformed() {
    check(TOPIC, "{} {}", "invalid_body: the body is not a JSON object (line 1, column 4)");
}

#[test]
fn a_comment_is_malformed() {
    check(TOPIC, "{ // no", "invalid_body: the body is not a JSON object (line 1, column 3)");
}

#[test]
fn a_field_given_twice_is_malformed() {
    check(TOPIC, r#"{"Name":"a","N\u0061me":"b"}"#, "repeated_field: the body repeats a field");
    check(TOPIC, r#"{"Name":null,"Name":"b"}"#, "repeated_field: the body repeats a field");
}

#[test]
fn an_unknown_field_may_be_anything_and_stand_there_twice() {
    let body = r#"{"Operator_Account":"a","Name":"b","x":[1],"x":{"y":null},"GroupId":7,"MemberList":"?"}"#;
    check(TOPIC, body, r#"create_topic operator=a name="b""#);
}

#[test]
fn numbers_keep_their_characters() {
    let body = r#"{"Operator_Account":1e3,"Owner_Account":-0,"Type":0.10,"Name":18446744073709551616}"#;
    check(TOPIC, body, r#"create_topic operator=1e3 name="18446744073709551616" owner=-0 type=0.10"#);
}

#[test]
fn a_field_that_is_no_text_is_malformed() {
    for value in ["true", "[]", "{}"] {
        let body = format!(r#"{{"Operator_Account":"a","Name":{value}}}"#);
        check(TOPIC, body, "wrong_type: `Name` is neither text nor a number");
    }
}

#[test]
fn null_is_absent() {
    check(TOPIC, r#"{"Operator_Account":null,"Name":"x"}"#, "no_operator: the request names no operator");
    check(TOPIC, r#"{"Operator_Account":"a","Name":null}"#, "no_name: the request has no name");
    let body = r#"{"Operator_Account":"a","Owner_Account":null,"Type":null,"Name":"x"}"#;
    check(TOPIC, body, r#"create_topic operator=a name="x""#);
}

#[test]
fn an_empty_name_is_still_evaluated() {
    let body = r#"{"Operator_Account":"","Owner_Account":"","Type":"","Name":""}"#;
    check(TOPIC, body, r#"create_topic operator= name="""#);
}

#[test]
fn escapes_are_decoded() {
    let body = r#"{"Operator_Account":"a\"b","Name":"\u5fae\n\ud83d\ude00\/"}"#;
    check(TOPIC, body, r#"create_topic operator=a"b name="微\n😀/""#);
}

#[test]
fn every_odd_character_at_once_is_repaired() {
    let body = b"\xef\xbb\xbf{\"Operator_Account\":\"a\\\\\",\"Name\":\"\\ude00\t\xff\\ud83d\\ud83d\\ude00\\\"\0\"}";
    check(TOPIC, body, r#"create_topic operator=a\ name="�\t��😀\"\0""#);
}

#[test]
fn deep_nesting_does_not_overflow() {
    let (open, close) = ("[".repeat(30_000), "]".repeat(30_000));
    let body = format!(r#"{{"Operator_Account":"a","Name":"b","x":{open}1{close}}}"#);
    check(TOPIC, body, r#"create_topic operator=a name="b""#);
    assert!(Body::parse(format!(r#"{{"Name":{}"#, r#"{"x":"#.repeat(12_000)).as_bytes()).is_err());
}

#[test]
fn a_name_over_4_kib_is_malformed() {
    let body = |length: usize| json!({"Operator_Account": "a", "Name": "x".repeat(length)}).to_string();
    check(TOPIC, body(4097), "long_name: the name is longer than 4096 bytes");
    check(TOPIC, body(4096), &format!("create_topic operator=a name={:?}", "x".repeat(4096)));
}

proptest! {
    #[test]
    fn no_query_and_no_body_panics(query in "[ -~]{0,60}|\\PC{0,20}", body in prop::collection::vec(any::<u8>(), 0..80)) {
        let query = Query::parse(&query);
        let _ = read(&query, &body, Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn no_damaged_body_panics(at in 0..120usize, byte in any::<u8>()) {
        let mut body = br#"{"CallbackCommand":"Group.CallbackBeforeCreateTopic","Operator_Account":"a\ud83d\n","Name":"x"}"#.to_vec();
        let at = at % body.len();
        body[at] = byte;
        let _ = Body::parse(&body);
        let _ = Body::parse(&body[..at]);
    }

    #[test]
    fn a_name_survives_the_wire(name in any::<String>(), operator in any::<String>()) {
        let body = json!({"Operator_Account": operator, "Name": name}).to_string();
        let body = Body::parse(body.as_bytes()).expect("JSON");
        prop_assert_eq!(body.name.as_deref(), Some(&*name));
        prop_assert_eq!(body.operator.as_deref(), Some(&*operator));
    }
}
