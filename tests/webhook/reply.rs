//! The bytes of a reply.

use serde_json::Value;
use topicgate::webhook::reply;

use crate::vectors;

#[test]
fn every_reply_vector_is_met_byte_for_byte() {
    for vector in vectors("replies") {
        let body = &vector["body"];
        let code = u32::try_from(body["ErrorCode"].as_u64().expect("a code")).expect("a small code");
        let message = body["ErrorInfo"].as_str().expect("a text");
        let reply = if code == 0 { reply::ALLOW.to_vec() } else { reply::deny(code, message) };
        let expected = format!(r#"{{"ActionStatus":"OK","ErrorInfo":"{message}","ErrorCode":{code}}}"#);
        assert_eq!(String::from_utf8_lossy(&reply), expected);
        assert_eq!(serde_json::from_slice::<Value>(&reply).expect("JSON"), *body);
    }
}

#[test]
fn a_code_that_chat_does_not_define_is_sent_as_1() {
    for code in [0, 2, 10016, 10099, 10201, u32::MAX] {
        assert_eq!(reply::deny(code, ""), reply::deny(1, ""));
    }
    assert_ne!(reply::deny(10100, ""), reply::deny(10200, ""));
}

#[test]
fn a_message_is_escaped() {
    let reply: Value = serde_json::from_slice(&reply::deny(1, "\"微\\\n\u{1}")).expect("JSON");
    assert_eq!(reply["ErrorInfo"], "\"微\\\n\u{1}");
}
