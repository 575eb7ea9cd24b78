//! The bytes that Chat understands as an answer.

use serde_json::Value;

use crate::facts::{OWN_CODES, PLAIN_REFUSAL};

/// The `Content-Type` of every reply.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// The reply that lets an action go on, also for commands that are not evaluated.
pub const ALLOW: &[u8] = br#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;

/// The reply that refuses an action.
///
/// Chat defines 1 and 10100 to 10200; any other code is sent as 1, because what it would do is unknown.
pub fn deny(code: u32, message: &str) -> Vec<u8> {
    let code = if OWN_CODES.contains(&code) { code } else { PLAIN_REFUSAL };
    let message = Value::from(message);
    format!(r#"{{"ActionStatus":"OK","ErrorInfo":{message},"ErrorCode":{code}}}"#).into_bytes()
}
